"""Changing when reminders go. What a change would send is found out by making it and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from dlp.errors import Refused
from dlp.outbox.models import LeadPolicy, QuietHours
from dlp.outbox.plans import sweeping
from dlp.outbox.plans.planning import Changes

if TYPE_CHECKING:
    from cohorts.models import Person

T = TypeVar("T")


@transaction.atomic
def save_lead(lead: LeadPolicy, *, by: Person) -> Changes:
    """Keep a reminder as it is now and plan every session of its kind anew, all in one transaction.

    Sessions that somebody is changing at that moment are left to the next sweep. Raises Refused
    where the database would.
    """
    _check(lead)
    lead.save()
    return sweeping.replan(lead.session_kind)


@transaction.atomic
def save_quiet_hours(hours: QuietHours, *, by: Person) -> Changes:
    """Keep the quiet hours as they are now and plan every session anew, as save_lead does."""
    _check(hours)
    hours.save()
    return sweeping.replan()


def try_out(change: Callable[[], T]) -> T:
    """What a change would do: it is made, its outcome kept, and all of it taken back. Nobody is rung."""
    with transaction.atomic():
        outcome = change()
        transaction.set_rollback(True)
    return outcome


def _check(row: LeadPolicy | QuietHours) -> None:
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
