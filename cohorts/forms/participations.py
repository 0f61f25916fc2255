"""What people type about somebody’s time in a cohort."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from cohorts.models import Cohort, Participation, ParticipationChange
from cohorts.models.completions import LEAST_REASON
from dlp import words


class JoinForm(forms.Form):
    """Which cohort somebody joins, and from when."""

    cohort = forms.ModelChoiceField(
        queryset=Cohort.objects.none(),
        empty_label="Choose a cohort",
        error_messages={"required": "Choose the cohort."},
    )
    starts_on = forms.DateField(
        label="First day",
        required=False,
        help_text="The cohort’s first day, if left out. A later one takes effect by itself.",
    )
    is_offer = forms.BooleanField(
        label="Only an offer for now",
        required=False,
        help_text="They have not accepted yet. An offer keeps no place and no days.",
    )

    def __init__(self, *args: Any, cohorts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """The day from which a change counts; `participation` is the one to change."""

    on = forms.DateField(label="From", error_messages={"required": "Choose the day."})
    day_label = "From"
    day_hint = "The first day on which it counts. A day ahead takes effect by itself."

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": self.usual_day(participation)})
        super().__init__(*args, **kwargs)
        self.participation = participation
        self.fields["on"].label = self.day_label
        self.fields["on"].help_text = self.day_hint

    def usual_day(self, participation: Participation) -> date:
        return timezone.localdate()


class StartForm(DayForm):
    day_label = "First day"
    day_hint = "A day ahead takes effect by itself."

    def usual_day(self, participation: Participation) -> date:
        return participation.starts_on


class CompleteForm(DayForm):
    day_label = "Last day"
    day_hint = "The last day of the two years; it still counts."

    override = forms.CharField(
        label="Why they complete all the same",
        required=False,
        min_length=LEAST_REASON,
        max_length=2_000,
        help_text="At least 20 letters. Staff read it beside what was lacking, so write nothing of health or family.",
        error_messages={"min_length": "Write at least 20 letters, so that it can be understood."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def usual_day(self, participation: Participation) -> date:
        return min(participation.expected_end_on, timezone.localdate())

    @property
    def day(self) -> date:
        """The last day that was typed, else the usual one."""
        typed: date | None = self.cleaned_data.get("on") if self.is_bound else None
        return typed or self.usual_day(self.participation)


class ResumeForm(DayForm):
    day_label = "First day back"
    day_hint = "The expected last day moves by the days they were away."


class _Held(forms.ModelMultipleChoiceField):
    def label_from_instance(self, held: Any) -> str:
        return f"{held.person}, {words.span(held.starts_on, held.expected_end_on)}"


class ManyForm(forms.Form):
    """The people of a cohort who take a step, all on one day or each on their own."""

    people = _Held(
        queryset=Participation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person."},
    )
    on = forms.DateField(label="Day", required=False)

    def __init__(self, data: Any, *, held: Any, chosen: Any, day_hint: str) -> None:
        super().__init__(data, initial={"people": chosen})
        self.fields["people"].queryset = held  # type: ignore[attr-defined]
        self.fields["on"].help_text = day_hint


NOTE_HINT = "Only programme leads and safeguarding leads can read it. It is in no export."
REVIEW_HINT = "A week before, it is put on the desk."


def private_note() -> forms.CharField:
    return forms.CharField(
        label="Private note",
        required=False,
        max_length=2_000,
        help_text=NOTE_HINT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class NoteForm(DayForm):
    note = private_note()


class ReasonForm(NoteForm):
    reason = forms.ChoiceField(
        choices=[("", "Choose a reason"), *ParticipationChange.Reason.choices],
        error_messages={"required": "Choose the reason."},
        help_text="Only programme leads and safeguarding leads can read it.",
    )
    field_order = ["reason", "on"]


class WithdrawForm(ReasonForm):
    day_hint = (
        "The first day on which they are no longer in the cohort. From then on they are taken off the "
        "sessions to come, and whoever waits for their place is offered it."
    )


class DeferForm(ReasonForm):
    day_label = "Away from"
    day_hint = "They get no reminders while they are away, and keep their own record."
    expected_return_on = forms.DateField(
        label="Expected back", required=False, help_text="If you know. It can be looked at again."
    )
    review_on = forms.DateField(label="Look again on", required=False, help_text=REVIEW_HINT)
    field_order = ["reason", "on", "expected_return_on", "review_on", "note"]


class ReviewForm(forms.Form):
    """How long a deferral goes on, when it is reviewed."""

    expected_return_on = forms.DateField(
        label="Expected back", required=False, help_text="Leave it out if nobody knows."
    )
    review_on = forms.DateField(label="Look again on", required=False, help_text=REVIEW_HINT)
    note = private_note()

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        days = participation.changes.of_deferral().values("expected_return_on", "review_on")
        kwargs.setdefault("initial", days.first())
        super().__init__(*args, **kwargs)


class TransferForm(NoteForm):
    to = forms.ModelChoiceField(
        label="To which cohort",
        queryset=Cohort.objects.none(),
        empty_label="Choose a cohort",
        error_messages={"required": "Choose the cohort."},
    )
    day_label = "First day in the new cohort"
    day_hint = "The day belongs to the new cohort; the old one ends the day before."
    field_order = ["to", "on", "note"]

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        super().__init__(*args, participation=participation, **kwargs)
        others = Cohort.objects.exclude(pk=participation.cohort_id)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
