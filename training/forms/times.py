"""Local times in forms: those that never occur, and those that occur twice."""

from __future__ import annotations

from datetime import date, time

from django import forms

from dlp.calendar import NoSuchTime, TwoSuchTimes, instant


def happens_twice(day: date, at: time) -> bool:
    """Whether the clocks go back over this time."""
    try:
        instant(day, at)
    except TwoSuchTimes:
        return True
    except NoSuchTime:
        return False
    return False


def which_hour(day: date, at: time) -> forms.TypedChoiceField:
    """The question to ask about a time that occurs twice."""
    return forms.TypedChoiceField(
        label=f"Which {at:%H:%M}?",
        help_text=f"The clocks go back on {day:%-d %B %Y}, so {at:%H:%M} happens twice.",
        choices=[
            ("False", f"{at:%H:%M} before the clocks go back"),
            ("True", f"{at:%H:%M} after the clocks go back"),
        ],
        coerce=lambda answer: answer == "True",
        widget=forms.RadioSelect,
        error_messages={"required": f"Say which {at:%H:%M} it is: it happens twice that night."},
    )
