"""Addresses that a relay says take no letters (R8, R21). Apps say who remembers it; the outbox knows no app."""

from __future__ import annotations

from collections.abc import Callable, Collection

from dlp.outbox import operations
from dlp.outbox.models import Message

COME_BACK = "Letters to this address come back."

Keeper = Callable[[int | None, str], None]
"""Given the address that was refused, and whose it is where that is a person."""

Asked = Callable[[Collection[int]], set[int]]
"""Given people, those whose address takes no letters as far as is known."""

_keepers: list[Keeper] = []
_asked: list[Asked] = []


def register(keeper: Keeper, *, asked: Asked | None = None) -> None:
    """Tell this keeper, too, and ask it about people; again changes nothing."""
    if keeper not in _keepers:
        _keepers.append(keeper)
    if asked is not None and asked not in _asked:
        _asked.append(asked)


def note(message: Message, address: str) -> None:
    """The relay refused the recipient of this letter for good.

    What else waits for somebody who is no person is called off. Whose address it is that belongs to
    a person, and whether it still is, their keeper knows.
    """
    for keeper in _keepers:
        keeper(message.person_id, address)
    if message.person_id is None:
        operations.cancel_for_recipient(message.recipient, reason=COME_BACK)


def unreachable(people: Collection[int]) -> set[int]:
    """Of these people, those whose letters would come back. No query where nobody is asked about."""
    found = (asked(people) for asked in _asked) if people else ()
    return set().union(*found)
