"""Forms about supervision groups."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone

from cohorts.models import Cohort
from training.forms.people import PersonField
from training.models import SupervisionGroup

FIRST_DAY = {"required": "Give the first day."}


class GroupForm(forms.Form):
    """Start or change a supervision group."""

    name = forms.CharField(
        max_length=100,
        help_text="Such as “Ruth’s Thursday group”.",
        error_messages={"required": "Give the group a name."},
    )
    supervisor = PersonField(
        help_text="By name or e-mail address. Nobody who leads a member’s school or the programme.",
        error_messages={"required": "Say who supervises."},
    )
    cohort = forms.ModelChoiceField(
        Cohort.objects.none(), required=False, empty_label="More than one, or none"
    )
    starts_on = forms.DateField(label="From", error_messages=FIRST_DAY)
    ends_on = forms.DateField(label="Until", required=False, help_text="Empty while it goes on.")

    def __init__(self, *args: Any, instance: SupervisionGroup | None = None, **kwargs: Any) -> None:
        if instance is not None:
            names = ("name", "supervisor", "cohort", "starts_on", "ends_on")
            kwargs["initial"] = {name: getattr(instance, name) for name in names}
        super().__init__(*args, **kwargs)
        cohorts = Cohort.objects.filter(ends_on__gte=timezone.localdate())
        if instance is not None and instance.cohort_id:
            cohorts |= Cohort.objects.filter(pk=instance.cohort_id)
        cast(forms.ModelChoiceField, self.fields["cohort"]).queryset = cohorts

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day cannot be before the first day.")
        return cleaned


class MemberForm(forms.Form):
    """Let somebody join a group."""

    person = PersonField(
        label="Who joins",
        help_text="By name or e-mail address.",
        error_messages={"required": "Say who joins."},
    )
    starts_on = forms.DateField(label="From", error_messages=FIRST_DAY)


class MemberEndForm(forms.Form):
    """Let somebody leave a group."""

    ends_on = forms.DateField(
        label="Last day",
        help_text="They are taken off the group’s sessions after it.",
        error_messages={"required": "Give the last day."},
    )
