"""Random faults of the relay: mostly none, and each kind now and then."""

from __future__ import annotations

import random

from dlp.drill.relay import FAULTS, GOOD

FAULT_RATE = 0.12
"""The share of letters with a random fault. Permanent refusals are left to one mailbox."""
RARELY = ("550 at RCPT", "554 at RCPT", "552 after the body")


class RelayFaults:
    """Draws how the relay treats the next letter."""

    def __init__(self, chance: random.Random) -> None:
        self.are_off = False
        self._chance = chance
        self._modes = [mode for mode in FAULTS if mode not in RARELY]

    def __call__(self) -> str:
        if self.are_off or self._chance.random() > FAULT_RATE:
            return GOOD
        return self._chance.choice(self._modes)
