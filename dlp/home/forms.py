"""Forms of the pages over several apps."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.models import Person
from dlp.home import permissions


class TimelineFilter(forms.Form):
    """Which kind of event to show; it lives in the URL."""

    kind = forms.ChoiceField(label="What", required=False)

    def __init__(self, data: Any, *, kinds: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [("", "Everything"), *kinds]  # type: ignore[attr-defined]


class CoverForm(forms.Form):
    """Who is away, from when to when, and who covers for them."""

    person = forms.ModelChoiceField(
        label="Who is away",
        queryset=Person.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose who is away."},
    )
    covered_by = forms.ModelChoiceField(
        label="Who covers",
        queryset=Person.objects.none(),
        empty_label="Choose a colleague",
        error_messages={"required": "Choose who covers."},
    )
    starts_on = forms.DateField(
        label="First day away", error_messages={"required": "Choose the first day."}
    )
    ends_on = forms.DateField(
        label="Last day away", error_messages={"required": "Choose the last day."}
    )

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        staff = Person.objects.visible_to(user).filter(is_staff=True, is_active=True)
        person: Any = self.fields["person"]
        covered_by: Any = self.fields["covered_by"]
        if permissions.can_set_cover_of_anybody(user):
            person.queryset, person.initial = staff, user.pk
            covered_by.queryset = staff
        else:
            del self.fields["person"]
            covered_by.queryset = staff.exclude(pk=user.pk)

    def clean(self) -> dict[str, Any]:
        """People who may not choose set their own cover."""
        return {"person": self.user, **self.cleaned_data}
