"""May this person do this? Pure questions about letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohorts.models import Person


def can_see_messages(person: Person) -> bool:
    """Who may look up what was written to whom: programme staff."""
    return person.is_staff


def can_change_messages(person: Person) -> bool:
    """Who may try a letter again or call one off: staff whose group changes what the programme keeps."""
    return person.is_staff and person.has_perm("outbox.change_message")
