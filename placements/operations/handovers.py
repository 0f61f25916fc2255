"""Handovers when a lead leaves a school, open until somebody has called their successor."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from dlp.words import plain_day
from placements.models import Handover, Partnership, Placement, SchoolContact

LEADS = frozenset({SchoolContact.Role.HEAD, SchoolContact.Role.HOST_LEAD})
"""Roles whose end begins a handover."""


def open_handover(contact: SchoolContact) -> Handover | None:
    """Open a handover when a lead gets a last day and the school has an agreement; once each."""
    school, today = contact.school, timezone.localdate()
    if contact.role not in LEADS:
        return None
    agreed = Partnership.objects.standing_on(today).filter(school=school).exists()
    if not agreed and not Placement.objects.live().filter(school=school).exists():
        return None
    handover, _ = Handover.objects.get_or_create(
        contact_left=contact, defaults={"school": school, "opened_on": today}
    )
    return handover


@transaction.atomic
def welcome(handover: Handover, *, note: str = "", by: Person) -> Handover:
    """Record the welcome call to the successor.

    Raises Refused if somebody has called already.
    """
    handover = (
        Handover.objects.select_for_update(of=("self",))
        .select_related("by", "school")
        .get(pk=handover.pk)
    )
    if handover.welcomed_on is not None:
        raise Refused(f"{handover.by} called on {plain_day(handover.welcomed_on)}.")
    handover.welcomed_on, handover.by, handover.note = timezone.localdate(), by, note
    handover.save(update_fields=["welcomed_on", "by", "note"])
    return handover
