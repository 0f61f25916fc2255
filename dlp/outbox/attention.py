"""What about letters waits for staff."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from dlp import words
from dlp.attention import Line
from dlp.outbox.models import Message

if TYPE_CHECKING:
    from cohorts.models import Person


def lines(person: Person, today: date) -> list[Line]:
    """One line for all letters that were given up, or may not have arrived, and are of use still."""
    count = Message.objects.visible_to(person).needing_staff().count()
    if not count:
        return []
    return [
        Line(
            key=f"letters-waiting:{count}",
            sign="bad",
            title=f"{words.count(count, 'letter')} could not be sent for certain",
            detail="Each was given up, or broke off while it was being handed over.",
            url=f"{reverse('outbox:messages')}?show=ours",
            action="Look at the letters",
            area="Letters",
        )
    ]
