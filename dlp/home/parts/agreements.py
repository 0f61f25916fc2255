"""Agreements with a school, with their state today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from placements.models import Partnership


@dataclass(frozen=True)
class Agreement:
    row: Partnership
    standing: str

    @property
    def is_over(self) -> bool:
        return self.standing in (Partnership.State.ENDED, "expired")

    @property
    def is_in_force(self) -> bool:
        return self.standing in (Partnership.State.ACTIVE, "expiring")


def read(rows: Iterable[Partnership], today: date) -> list[Agreement]:
    """Current ones first, the earliest at the top; then past ones."""
    found = [Agreement(row, row.standing(today)) for row in rows]
    found.sort(key=lambda one: one.row.starts_on)
    return sorted(found, key=lambda one: one.is_over)
