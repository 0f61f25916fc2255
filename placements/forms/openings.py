"""Forms about the posts that schools offer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from cohorts.models import Cohort
from placements.forms.placements import check_order
from placements.models import Opening


class OpeningForm(forms.Form):
    """A post that a school offers to a cohort."""

    cohort = forms.ModelChoiceField(
        Cohort.objects.none(),
        empty_label="Choose a cohort",
        error_messages={"required": "Choose the cohort that it is offered to."},
    )
    role_title = Opening._meta.get_field("role_title").formfield()
    is_slt = Opening._meta.get_field("is_slt").formfield()
    strand = Opening._meta.get_field("strand").formfield()
    phase_served = Opening._meta.get_field("phase_served").formfield()
    subjects = Opening._meta.get_field("subjects").formfield()
    places = forms.IntegerField(min_value=1, max_value=20, initial=1)
    starts_on = forms.DateField(
        label="First day", required=False, help_text="Left out, the cohort’s first day."
    )
    ends_on = forms.DateField(
        label="Last day", required=False, help_text="Left out, the cohort’s last day."
    )
    essentials = Opening._meta.get_field("essentials").formfield(
        widget=forms.Textarea(attrs={"rows": 3})
    )
    preferences = Opening._meta.get_field("preferences").formfield(
        widget=forms.Textarea(attrs={"rows": 3})
    )
    is_draft = forms.BooleanField(
        label="A draft for now",
        required=False,
        help_text="Nobody can be placed in it until it is put on offer.",
    )

    def __init__(
        self,
        *args: Any,
        cohorts: QuerySet[Cohort],
        opening: Opening | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cohort"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  narrows the type
        own = Q(pk=opening.cohort_id) if opening else Q()
        field.queryset = cohorts.filter(Q(ends_on__gte=timezone.localdate()) | own)
        if opening is not None:
            del self.fields["is_draft"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_order(self, cleaned)
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The cleaned values, as `add_opening` takes them."""
        facts = dict(self.cleaned_data)
        if facts.pop("is_draft", False):
            facts["state"] = Opening.State.DRAFT
        return facts


class WithdrawForm(forms.Form):
    """Withdraw an opening; staff say whose decision it was."""

    by_school = forms.BooleanField(
        label="The school takes it back",
        required=False,
        help_text="Left out, it is the programme’s own decision.",
    )
