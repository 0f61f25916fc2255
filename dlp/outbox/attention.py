"""What about letters waits for staff."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models.functions import Now
from django.urls import reverse

from dlp import words
from dlp.attention import Line
from dlp.outbox.forms import NEEDING_STAFF
from dlp.outbox.models import Message

if TYPE_CHECKING:
    from cohorts.models import Person


def lines(person: Person, today: date) -> list[Line]:
    """One line for all letters that were given up, or may not have arrived, and are of use still."""
    found = Message.objects.visible_to(person).needing_staff()
    count = found.filter(not_after__gt=Now(), is_secret=False).count()
    if not count:
        return []
    return [
        Line(
            key=f"letters-waiting:{count}",
            sign="bad",
            title=f"{words.count(count, 'letter')} could not be sent for certain",
            detail="Each was given up, or broke off while it was being handed over.",
            url=f"{reverse('outbox:messages')}?state={NEEDING_STAFF}",
            action="Look at the letters",
            area="Letters",
        )
    ]
