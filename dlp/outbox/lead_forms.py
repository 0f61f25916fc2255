"""Forms about when reminders go."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from dlp.outbox.models import LeadPolicy, QuietHours
from dlp.outbox.models.leads import MOST_DAYS, MOST_HOURS, length_in_words
from dlp.outbox.models.quiet_hours import (
    BEGINS,
    EARLIEST_EVENING,
    ENDS,
    LATEST_MORNING,
    PRESSING,
)
from dlp.outbox.plans import session_kinds

LAST_MOMENTS = (
    *(timedelta(minutes=15), timedelta(minutes=30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 12)),
    *(timedelta(days=days) for days in (1, 2, 4, 8, 14)),
)


class Unit(TextChoices):
    DAYS = "days", "Days before, at a time of day"
    HOURS = "hours", "Hours before"


class LeadForm(forms.Form):
    """One reminder for one kind of session: a new one, or a change of `lead`."""

    session_kind = forms.ChoiceField(label="Before every", choices=session_kinds.choices)
    unit = forms.ChoiceField(
        label="How it is counted", choices=Unit, initial=Unit.DAYS, widget=forms.RadioSelect
    )
    number = forms.IntegerField(
        label="How many", min_value=1, error_messages={"required": "Say how many days or hours."}
    )
    at = forms.TimeField(
        label="At",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Only where days are counted. On a weekend or a bank holiday it goes on the "
        "working day before, at the same time.",
        error_messages={"invalid": "Give the time as on a clock, such as 09:00."},
    )
    useful_until = forms.TypedChoiceField(
        label="Not sent any later than",
        coerce=lambda seconds: timedelta(seconds=int(seconds)),
        help_text="Where letters could not leave for a while, a late one still goes until then.",
    )
    is_on = forms.BooleanField(label="People get this reminder", required=False, initial=True)

    def __init__(
        self, typed: Mapping[str, Any] | None = None, *, lead: LeadPolicy | None = None
    ) -> None:
        super().__init__(typed, initial=_as_typed(lead) if lead else None)
        self.lead = lead
        if lead is not None:
            del self.fields["session_kind"]
        kept = {lead.useful_until} if lead else set()
        last = cast(forms.TypedChoiceField, self.fields["useful_until"])
        last.choices = [
            (int(before.total_seconds()), f"{length_in_words(before)} before the start")
            for before in sorted(kept | set(LAST_MOMENTS))
        ]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        is_days = typed["unit"] == Unit.DAYS
        most = MOST_DAYS if is_days else MOST_HOURS
        if typed["number"] > most:
            for_longer = "" if is_days else " For longer, count in days."
            self.add_error("number", f"Give at most {most} {typed['unit']}.{for_longer}")
        elif is_days and typed["at"] is None:
            self.add_error("at", "Say at what time of day it goes.")
        elif typed["useful_until"] >= timedelta(**{typed["unit"]: typed["number"]}):
            self.add_error("useful_until", "This is before the reminder itself. Choose less.")
        else:
            self._refuse_a_second(self.policy)
        return typed

    @property
    def policy(self) -> LeadPolicy:
        """The reminder as typed, not saved."""
        typed = self.cleaned_data
        is_days = typed["unit"] == Unit.DAYS
        policy = copy(self.lead) if self.lead else LeadPolicy(session_kind=typed["session_kind"])
        policy.days = typed["number"] if is_days else None
        policy.at = typed["at"] if is_days else None
        policy.hours = None if is_days else typed["number"]
        policy.useful_until = typed["useful_until"]
        policy.is_on = typed["is_on"]
        return policy

    def _refuse_a_second(self, policy: LeadPolicy) -> None:
        try:
            policy.validate_constraints()
        except ValidationError as error:
            self.add_error("number", error.messages)


class QuietHoursForm(forms.ModelForm):
    """The hours between which nobody is written to."""

    class Meta:
        model = QuietHours
        fields = ["begins", "ends", "pressing_begins", "pressing_ends"]
        help_texts = {
            "begins": "17:00 or later.",
            "ends": "10:00 or earlier.",
            "pressing_begins": "For a change or a cancellation of something within a day.",
        }
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            for name in ("begins", "ends", "pressing_begins", "pressing_ends")
        }

    def clean(self) -> dict[str, Any]:
        """Report at its field what the database would refuse."""
        typed = super().clean() or self.cleaned_data
        begins, ends = typed.get("begins"), typed.get("ends")
        if begins and begins < EARLIEST_EVENING:
            self.add_error("begins", BEGINS)
        if ends and ends > LATEST_MORNING:
            self.add_error("ends", ENDS)
        if begins and typed.get("pressing_begins", begins) < begins:
            self.add_error("pressing_begins", PRESSING)
        if ends and typed.get("pressing_ends", ends) > ends:
            self.add_error("pressing_ends", PRESSING)
        return typed


def _as_typed(lead: LeadPolicy) -> dict[str, Any]:
    return {
        "unit": Unit.DAYS if lead.hours is None else Unit.HOURS,
        "number": lead.days if lead.hours is None else lead.hours,
        "at": lead.at,
        "useful_until": int(lead.useful_until.total_seconds()),
        "is_on": lead.is_on,
    }
