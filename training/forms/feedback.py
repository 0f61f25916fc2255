"""The three questions after a session."""

from __future__ import annotations

from django import forms

from training.models import Feedback


class FeedbackForm(forms.Form):
    useful = forms.TypedChoiceField(
        label="How useful was it?",
        coerce=int,
        choices=Feedback.Useful.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how useful it was."},
    )
    will_try = forms.CharField(
        label="What will you do differently?",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It may stay empty. Name no pupil.",
    )
    would_change = forms.CharField(
        label="What should be different next time?",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It may stay empty.",
    )
