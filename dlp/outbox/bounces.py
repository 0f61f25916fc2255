"""Who is out of reach: their address takes no letters (R8, R21), or there is none.

Apps record it and answer for whom; the outbox knows no app.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from dlp.outbox import operations
from dlp.outbox.models import Message

COME_BACK = "Letters to this address come back."
NO_ADDRESS = "They have no e-mail address."

Keeper = Callable[[int | None, str], None]
"""Given the address that was refused, and whose it is where that is a person."""

Asked = Callable[[Collection[int]], dict[int, str]]
"""Given people, those whom no letter reaches as far as is known, each with the reason."""

_keepers: list[Keeper] = []
_asked: list[Asked] = []


def register(keeper: Keeper, *, asked: Asked | None = None) -> None:
    """Add a keeper, which records bounces and answers about people. Repeating it changes nothing."""
    if keeper not in _keepers:
        _keepers.append(keeper)
    if asked is not None and asked not in _asked:
        _asked.append(asked)


def note(message: Message, address: str) -> None:
    """Record that the relay refused the recipient of this letter for good.

    Other letters waiting for a recipient who is not a Person are cancelled. For people, their
    keeper knows whose address it is, and whether it still is.
    """
    for keeper in _keepers:
        keeper(message.person_id, address)
    if message.person_id is None:
        operations.cancel_for_recipient(message.recipient, reason=COME_BACK)


def unreachable(people: Collection[int]) -> dict[int, str]:
    """Those of these people whom no letter reaches, and why. No query if nobody is asked about."""
    found: dict[int, str] = {}
    for asked in _asked if people else ():
        found |= asked(people)
    return found
