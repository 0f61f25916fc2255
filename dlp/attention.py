"""What needs attention: each app registers who can tell, and the desk asks them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cohorts.models import Person

Sign = Literal["bad", "due", "soon"]


@dataclass(frozen=True)
class Line:
    """One thing that waits for somebody.

    `key` is the same from day to day for the same matter, so that it can be put off; `action` is
    the word on the button that leads to `url`; `area` the heading to filter by ("People").
    """

    key: str
    sign: Sign
    title: str
    detail: str
    url: str
    action: str
    area: str


Provider = Callable[["Person", date], list[Line]]

_SIGN_ORDER: dict[Sign, int] = {"bad": 0, "due": 1, "soon": 2}
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Ask this provider, too. Call it from `AppConfig.ready`; a second call changes nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def lines_for(person: Person, today: date) -> list[Line]:
    """Everything that waits for this person: what is wrong first, then due, then coming."""
    lines = [line for provider in _providers for line in provider(person, today)]
    return sorted(lines, key=lambda line: _SIGN_ORDER[line.sign])
