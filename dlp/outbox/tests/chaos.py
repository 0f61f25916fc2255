"""The relay of the drill, under the name by which the outbox's tests know it."""

from dlp.drill.relay import GOOD, ChaosRelay

__all__ = ["GOOD", "ChaosRelay"]
