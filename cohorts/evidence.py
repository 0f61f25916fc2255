"""Where the record behind a requirement attempt is shown. Apps register the kinds they report."""

from __future__ import annotations

from collections.abc import Callable

from cohorts.models import Person, RequirementAttempt

Address = Callable[[int, Person], str | None]
"""From a record's key and the viewer to its page; None if they may not see it."""

_addresses: dict[str, Address] = {}


def register(source_kind: str, address: Address) -> None:
    """Have `address` say where records of this kind are shown."""
    _addresses[source_kind] = address


def address_of(attempt: RequirementAttempt, viewer: Person) -> str:
    """The page of the record behind an attempt, else the person's own page."""
    ask = _addresses.get(attempt.source_kind)
    found = ask(attempt.source_id, viewer) if ask else None
    return found or attempt.participation.person.get_absolute_url()
