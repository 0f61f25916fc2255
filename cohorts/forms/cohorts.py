"""What people type about cohorts, and choose on their pages."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.cohort_states import CohortState
from cohorts.models import Cohort, Person, Requirement
from cohorts.models.strands import Strand
from dlp.editing import EditForm


class CohortForm(EditForm):
    """A group that starts together."""

    regions = forms.MultipleChoiceField(
        choices=Cohort.Region, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Cohort
        fields = [
            "name",
            "starts_on",
            "ends_on",
            "target_size",
            "regions",
            "coordinator",
            "colour",
            "is_pioneer",
        ]
        help_texts = {"target_size": "How many people the cohort is for."}
        error_messages = {
            "name": {"required": "Give the cohort a name, such as 2027 Cohort."},
            "starts_on": {"required": "Choose the first day."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Person.objects.get_queryset().filter(is_staff=True, is_active=True)
        self.fields["coordinator"].queryset = staff  # type: ignore[attr-defined]
        self.fields["coordinator"].empty_label = "Nobody yet"  # type: ignore[attr-defined]


class CohortFilter(forms.Form):
    """The filter of the list of cohorts; it lives in the URL."""

    state = forms.ChoiceField(choices=[("", "Any state"), *CohortState.choices], required=False)


class BoardFilter(forms.Form):
    """The filters of the progress board; they live in the URL."""

    SHOWN = [
        ("", "Everyone"),
        ("stuck", "Who is stuck"),
        ("us", "What waits for us"),
        ("them", "What waits for them"),
    ]
    ORDERS = [("", "Longest stuck first"), ("name", "By name")]

    show = forms.ChoiceField(choices=SHOWN, required=False)
    requirement = forms.ModelChoiceField(
        queryset=Requirement.objects.all(),
        to_field_name="key",
        required=False,
        empty_label="Every requirement",
    )
    strand = forms.ChoiceField(choices=[("", "Both strands"), *Strand.choices], required=False)
    order = forms.ChoiceField(choices=ORDERS, required=False)
