"""Changing when reminders go. The effect is found by making the change and rolling it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from dlp.errors import Refused
from dlp.outbox.models import LeadPolicy, QuietHours
from dlp.outbox.plans import sweeping
from dlp.outbox.plans.planning import Changes

T = TypeVar("T")


@transaction.atomic
def save_lead(lead: LeadPolicy) -> Changes:
    """Save a reminder and plan every session of its kind again, in one transaction.

    Sessions that somebody else has locked are left to the next sweep. Raises Refused if the
    database would.
    """
    _check(lead)
    lead.save()
    return sweeping.replan(lead.session_kind)


@transaction.atomic
def save_quiet_hours(hours: QuietHours) -> Changes:
    """Save the quiet hours and plan every session again, as save_lead does."""
    _check(hours)
    hours.save()
    return sweeping.replan()


def try_out(change: Callable[[], T]) -> T:
    """Make a change, note its effect, and roll it back. No sender is woken."""
    with transaction.atomic():
        outcome = change()
        transaction.set_rollback(True)
    return outcome


def _check(row: LeadPolicy | QuietHours) -> None:
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
