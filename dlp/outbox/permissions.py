"""May this person do this? Pure questions about letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohorts.models import Person


def can_see_messages(person: Person) -> bool:
    """Who may look up letters: programme staff."""
    return person.is_staff


def can_change_messages(person: Person) -> bool:
    """Who may retry or cancel letters: staff whose group may change the programme."""
    return person.is_staff and person.has_perm("outbox.change_message")
