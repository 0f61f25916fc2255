"""How the relay behaves: well for the most part, and in every way badly now and then."""

from __future__ import annotations

import random

from dlp.drill.relay import GOOD, MISDEEDS

MISBEHAVES = 0.12
"""Of so many letters; which way, the dice decide. What is refused for good is left to one mailbox."""
RARELY = ("550 at RCPT", "554 at RCPT", "552 after the body")


class Weather:
    """How the relay behaves with the next letter."""

    def __init__(self, chance: random.Random) -> None:
        self.is_calm = False
        self._chance = chance
        self._misdeeds = [mode for mode in MISDEEDS if mode not in RARELY]

    def __call__(self) -> str:
        if self.is_calm or self._chance.random() > MISBEHAVES:
            return GOOD
        return self._chance.choice(self._misdeeds)
