"""Correcting a register when the days for it are over."""

from __future__ import annotations

from django import forms

from training.models import Booking
from training.operations.registers import LATE_REASON


class LateCorrectionForm(forms.Form):
    attendance = forms.ChoiceField(label="Mark", choices=Booking.Attendance)
    reason = forms.CharField(
        label="Why so late",
        min_length=LATE_REASON,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In a sentence. It stays with the mark.",
        error_messages={
            "required": "Say why it is corrected so late.",
            "min_length": "Say in a sentence why it is corrected so late.",
        },
    )
