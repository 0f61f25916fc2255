"""The form that chooses the cohort to copy a calendar for."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from cohorts.models import Cohort


class CopyCalendarForm(forms.Form):
    target = forms.ModelChoiceField(
        Cohort.objects.none(),
        label="For which cohort",
        empty_label="Choose a cohort",
        error_messages={"required": "Choose the cohort that is to have these sessions."},
    )

    def __init__(self, *args: Any, source: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        later = Cohort.objects.filter(starts_on__gt=source.starts_on).order_by("starts_on")
        cast(forms.ModelChoiceField, self.fields["target"]).queryset = later
