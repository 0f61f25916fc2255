"""Confirming a check before the first day, or withdrawing the confirmation."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from placements.models import Check, Placement, SchoolContact
from placements.operations.moving import lock_placement
from placements.operations.settling import settle

State = Placement.State
CONFIRMABLE = frozenset({State.ACCEPTED, State.CONFIRMED, State.ACTIVE, State.PAUSED})


@transaction.atomic
def confirm(check: Check, *, contact: SchoolContact, by: Person) -> Check:
    """Record that the school has done a check; if the first day has come, the placement begins.

    Repeating it changes nothing. Raises Refused before both sides have said yes, and for a contact
    of another school.
    """
    placement, _ = lock_placement(check.placement)
    if placement.state not in CONFIRMABLE:
        raise Refused(
            f"This placement is {placement.get_state_display().lower()}, so nothing of it is checked."
        )
    if contact.school_id not in (placement.school_id, placement.school.parent_id):
        raise Refused(f"{contact.who} is not of {placement.school}. Choose one of its contacts.")
    check = Check.objects.get(pk=check.pk)
    if check.is_confirmed:
        return check
    check.confirmed_on = timezone.localdate()
    check.contact, check.confirmed_by = contact, by
    check.save(update_fields=["confirmed_on", "contact", "confirmed_by"])
    settle(placement.pk, timezone.localdate())
    return check


@transaction.atomic
def confirm_required(placement: Placement, *, contact: SchoolContact, by: Person) -> int:
    """Record that the school has done all required checks. Returns how many."""
    checks = list(placement.checks.outstanding())
    for check in checks:
        confirm(check, contact=contact, by=by)
    return len(checks)


@transaction.atomic
def take_back(check: Check) -> Check:
    """Withdraw the confirmation of a check.

    Raises Refused once the placement has begun.
    """
    placement, _ = lock_placement(check.placement)
    if placement.state not in (State.ACCEPTED, State.CONFIRMED):
        raise Refused("The placement has begun, so what was confirmed for it stays.")
    check = Check.objects.get(pk=check.pk)
    check.confirmed_on = check.contact = check.confirmed_by = None
    check.save(update_fields=["confirmed_on", "contact", "confirmed_by"])
    return check
