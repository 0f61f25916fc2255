"""Addresses that a relay says take no letters (R21). Apps say who remembers it; the outbox knows no app."""

from __future__ import annotations

from collections.abc import Callable

Keeper = Callable[[int | None, str], None]
"""Given the address that was refused, and whose it is where that is a person."""

_keepers: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """Tell this keeper, too; again changes nothing."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def note(person_id: int | None, address: str) -> None:
    """The relay refused this recipient for good."""
    for keeper in _keepers:
        keeper(person_id, address)
