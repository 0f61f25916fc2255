"""The form for safeguarding roles at schools."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from cohorts.models import Person
from placements.models import Placement, SafeguardingRole, School


class RoleForm(forms.Form):
    """One of our leaders at a school takes up the role."""

    person = forms.ModelChoiceField(
        label="Leader",
        queryset=Person.objects.none(),
        help_text="Who is placed at the school, or is about to be.",
        error_messages={"required": "Choose the leader."},
    )
    role = forms.ChoiceField(choices=SafeguardingRole.Role)
    starts_on = forms.DateField(label="From", error_messages={"required": "Give the first day."})

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        placed = Placement.objects.live().filter(school=school).order_by()
        field: Any = self.fields["person"]
        field.queryset = Person.objects.get_queryset().filter(
            pk__in=placed.values("participation__person")
        )


class RoleEndForm(forms.Form):
    ends_on = forms.DateField(label="Last day", error_messages={"required": "Give the last day."})

    def __init__(self, *args: Any, role: SafeguardingRole, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"ends_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.role = role

    def clean_ends_on(self) -> date:
        ends_on: date = self.cleaned_data["ends_on"]
        if ends_on < self.role.starts_on:
            raise forms.ValidationError("The last day cannot be before the first day.")
        return ends_on
