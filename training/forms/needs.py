"""The form for what somebody needs at sessions."""

from __future__ import annotations

from django import forms


class NeedForm(forms.Form):
    """One free text: people write what they choose to."""

    text = forms.CharField(
        label="What you need in order to take part",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Such as step-free access, a seat near the front, breaks, or large print. Only what "
        "somebody must know to make the session work for you; nothing about pupils.",
        error_messages={"required": "Write what you need, in your own words."},
    )
    agrees = forms.BooleanField(
        label="Whoever leads a session I am coming to may read this",
        error_messages={
            "required": "Tick this to share it. Without your yes nobody reads it, so it is not kept."
        },
    )
