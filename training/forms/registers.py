"""Correcting a register late, and choosing what makes up for a missed session."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from dlp import words
from training.marks import EXCUSED, PLAIN, read
from training.models import Booking
from training.operations.catching_up import can_make_up
from training.operations.registers import LATE_REASON


class LateCorrectionForm(forms.Form):
    mark = forms.TypedChoiceField(
        label="Mark",
        choices=[(mark.written, mark.says) for mark in (*PLAIN, *EXCUSED)],
        coerce=read,
    )
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


class BookingChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Booking) -> str:
        return f"{obj.session.title}, {words.short_day(obj.session.starts_at)}"


class CatchUpForm(forms.Form):
    """The session that makes up for a missed one; none is allowed."""

    makes_up = BookingChoiceField(
        label="Session",
        queryset=Booking.objects.none(),
        required=False,
        blank=True,
        empty_label="None",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, missed: Booking, **kwargs: Any) -> None:
        made_up = Booking.objects.filter(makes_up=missed).first()
        kwargs["initial"] = {"makes_up": made_up}
        super().__init__(*args, **kwargs)
        found = can_make_up(missed).select_related("session").order_by("session__starts_at")
        cast(forms.ModelChoiceField, self.fields["makes_up"]).queryset = found
