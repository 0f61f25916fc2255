"""Planning a series of sessions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import TextChoices

from training import repeats
from training.forms.sessions import SessionForm
from training.operations.series import MOST_SESSIONS


class Pattern(TextChoices):
    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every other week"
    HALF_TERMLY = "half_termly", "Once each half-term"
    CHOSEN = "chosen", "On dates I choose"


class SeriesForm(SessionForm):
    """Sessions that share everything except their day."""

    pattern = forms.ChoiceField(
        label="How often",
        choices=Pattern,
        initial=Pattern.HALF_TERMLY,
        widget=forms.RadioSelect,
        help_text="The time on the clock stays the same when the clocks change.",
    )
    count = forms.IntegerField(
        label="How many",
        min_value=1,
        max_value=MOST_SESSIONS,
        initial=6,
        required=False,
        help_text="Not needed for dates you choose.",
    )
    chosen = forms.CharField(
        label="Dates I choose",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line, such as 14/1/2027. Only for dates you choose.",
    )
    publish_now = forms.BooleanField(
        label="Publish them and invite everybody now",
        required=False,
        help_text="Otherwise they stay drafts, which nobody sees and which send nothing.",
    )

    first_fields = [
        "title",
        "pattern",
        "starts_on",
        "count",
        "chosen",
        *SessionForm.first_fields[3:],
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("ends_on", None)
        self.fields["starts_on"].label = "First date"
        self.fields["starts_on"].required = False

    def clean_chosen(self) -> list[date]:
        reader, days, errors = forms.DateField(), [], []
        for line in filter(
            None, (part.strip() for part in self.cleaned_data["chosen"].split("\n"))
        ):
            try:
                days.append(reader.clean(line))
            except forms.ValidationError:
                errors.append(forms.ValidationError(f"“{line}” is no date. Write it as 14/1/2027."))
        if errors:
            raise forms.ValidationError(errors)
        return days

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("pattern") == Pattern.CHOSEN:
            if "chosen" not in self.errors and not cleaned.get("chosen"):
                self.add_error("chosen", "Write at least one date.")
        elif "starts_on" not in self.errors and not cleaned.get("starts_on"):
            self.add_error("starts_on", "Say on which date the series begins.")
        elif "count" not in self.errors and not cleaned.get("count"):
            self.add_error("count", "Say how many sessions there are.")
        return cleaned

    def days(self) -> list[date]:
        """The days of the series, in order. Only for a valid form."""
        first, count = self.cleaned_data["starts_on"], self.cleaned_data["count"]
        match Pattern(self.cleaned_data["pattern"]):
            case Pattern.WEEKLY:
                return repeats.weekly(first, count)
            case Pattern.FORTNIGHTLY:
                return repeats.weekly(first, count, every=2)
            case Pattern.HALF_TERMLY:
                return repeats.half_termly(first, count)
            case Pattern.CHOSEN:
                return sorted(set(self.cleaned_data["chosen"]))

    def typed_days(self) -> list[tuple[date, date]]:
        if self.errors.keys() & {"pattern", "starts_on", "count", "chosen"}:
            return []
        return [(day, day) for day in self.days()]

    def values(self) -> Any:
        values: dict[str, Any] = {**super().values()}
        for name in ("pattern", "count", "chosen", "publish_now"):
            del values[name]
        values["starts_on"] = values["ends_on"] = self.days()[0]
        return values
