"""The form for placement reviews."""

from __future__ import annotations

from datetime import date

from django import forms

from placements.models import Placement, Review
from placements.operations.reviews import why_not_on

FIELDS = {one.name: one for one in Review._meta.concrete_fields}


class ReviewForm(forms.Form):
    """When a review was held, who was there, and what was agreed."""

    held_on = forms.DateField(
        label="Held on", error_messages={"required": "Give the day on which it was held."}
    )
    present = forms.CharField(
        label="Who was there",
        max_length=FIELDS["present"].max_length,
        help_text="Such as Ada Fenwick, Marcus Bell and Lena Hart.",
        error_messages={"required": "Say who was there."},
    )
    summary = forms.CharField(
        label="What was agreed",
        widget=forms.Textarea,
        max_length=FIELDS["summary"].max_length,
        help_text="The leader, the school’s leads and the programme team read it. "
        "Leave out anybody’s health, children’s names and what belongs in supervision.",
        error_messages={"required": "Write down what was agreed."},
    )

    def __init__(self, *args: object, placement: Placement, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.placement = placement

    def clean_held_on(self) -> date:
        held_on: date = self.cleaned_data["held_on"]
        if why_not := why_not_on(self.placement, held_on):
            raise forms.ValidationError(why_not)
        return held_on


class QueryForm(forms.Form):
    query = forms.CharField(
        label="What is to be put right",
        widget=forms.Textarea,
        max_length=FIELDS["query"].max_length,
        help_text="The school’s leads and the programme team read it.",
        error_messages={"required": "Say what is to be put right."},
    )


class SettleForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=FIELDS["reason"].max_length,
        help_text="The leader reads it.",
        error_messages={"required": "Give the reason."},
    )
