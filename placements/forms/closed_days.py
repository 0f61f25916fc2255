"""The form for days on which a school is closed."""

from __future__ import annotations

from django import forms

from placements.models import ClosedDays


class ClosedDaysForm(forms.Form):
    kind = forms.ChoiceField(
        label="What it is",
        choices=ClosedDays.Kind,
        help_text="On an INSET day staff are in and pupils are not.",
    )
    starts_on = forms.DateField(label="First day", error_messages={"required": "Give the day."})
    ends_on = forms.DateField(
        label="Last day", required=False, help_text="Leave it empty for a single day."
    )
