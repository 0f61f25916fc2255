"""Cancelling or postponing a session: the reason, and what happens to marks in its register."""

from __future__ import annotations

from typing import Any

from django import forms

from dlp import words
from training.models import Session


def marks_go(session: Session, label: str) -> forms.BooleanField | None:
    """The field that asks whether marks may be deleted; None if the register has none."""
    marks = session.bookings.exclude(attendance="").count()
    if not marks:
        return None
    people = words.count(marks, "person is", "people are")
    return forms.BooleanField(
        label=label,
        required=False,
        help_text=f"{people} marked in its register. The history keeps the marks.",
    )


class ReasonForm(forms.Form):
    """Why something is cancelled or postponed: everybody who was told of it reads this."""

    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=200,
        help_text="In a sentence; it goes into the letter. It may stay empty.",
    )


class CancelForm(ReasonForm):
    """The same, and that marks may be deleted, if there are any."""

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := marks_go(session, "The marks go"):
            self.fields["marks_go"] = field
