"""What is typed about agreements, posts and placements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cohorts.models import Cohort, Participation
from placements.models import Opening, Placement, PlacementChange, SchoolContact


class PartnerForm(forms.Form):
    """Make a school a partner, with the person who leads on it there."""

    starts_on = forms.DateField(
        label="First day",
        error_messages={"required": "Give the first day of the agreement."},
    )
    ends_on = forms.DateField(
        label="Last day", required=False, help_text="Left out, it stands until somebody ends it."
    )
    lead_name = forms.CharField(
        label="Lead’s name",
        max_length=200,
        error_messages={"required": "Name the person who leads on it at the school."},
    )
    lead_email = forms.EmailField(
        label="Lead’s e-mail address",
        required=False,
        help_text="They sign in with it. Nothing is sent until you invite them.",
    )
    lead_role = forms.ChoiceField(
        label="Lead’s role",
        choices=SchoolContact.Role.choices,
        initial=SchoolContact.Role.HOST_LEAD,
    )
    signed = forms.BooleanField(
        label="Both sides have signed",
        required=False,
        initial=True,
        help_text="Without it the agreement is a draft, and nobody can be placed yet.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        _check_order(self, cleaned)
        return cleaned


class EndPartnershipForm(forms.Form):
    ends_on = forms.DateField(
        label="Last day",
        error_messages={"required": "Give the last day of the agreement."},
        help_text="A day ahead is possible: it stands until then.",
    )


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
    places = forms.IntegerField(min_value=1, max_value=20, initial=1)
    starts_on = forms.DateField(
        label="First day", required=False, help_text="Left out, the cohort’s first day."
    )
    ends_on = forms.DateField(
        label="Last day", required=False, help_text="Left out, the cohort’s last day."
    )
    notes = forms.CharField(
        label="What they look for",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, cohorts: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cohort"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  narrows the type
        field.queryset = cohorts.filter(ends_on__gte=timezone.localdate())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        _check_order(self, cleaned)
        return cleaned


class LeaderChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Participation) -> str:
        return str(obj.person)


class PlaceForm(forms.Form):
    """Choose who goes to a post, from those of its cohort who have no place."""

    participation = LeaderChoiceField(
        Participation.objects.none(),
        label="Leader",
        empty_label="Choose a leader",
        error_messages={
            "required": "Choose who goes there.",
            "invalid_choice": "That person has a placement already. Choose somebody else.",
        },
    )
    starts_on = forms.DateField(
        label="First day", required=False, help_text="Left out, the first day of the opening."
    )
    ends_on = forms.DateField(
        label="Last day", required=False, help_text="Left out, two years less a day."
    )

    def __init__(self, *args: Any, opening: Opening, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["participation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  narrows the type
        field.queryset = unplaced(opening)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        _check_order(self, cleaned)
        return cleaned


def unplaced(opening: Opening) -> QuerySet[Participation]:
    """People of the opening's cohort who are in it and hold no place."""
    live = Placement.objects.live().filter(participation=OuterRef("pk"))
    return (
        Participation.objects.expected()
        .filter(~Exists(live), cohort=opening.cohort)
        .for_display()
        .order_by("person__search_text", "pk")
    )


class ReasonForm(forms.Form):
    """Whose decision it was."""

    reason = forms.ChoiceField(
        label="Who decided it",
        choices=[
            (PlacementChange.Reason.SCHOOL, "The school"),
            (PlacementChange.Reason.LEADER, "The leader"),
            (PlacementChange.Reason.PROGRAMME, "The programme"),
            (PlacementChange.Reason.OTHER, "Somebody or something else"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who decided it."},
    )


class EndEarlyForm(ReasonForm):
    last_day = forms.DateField(
        label="Last day",
        error_messages={"required": "Give the last day of the placement."},
        help_text="A day ahead is possible: the placement goes on until then.",
    )
    field_order = ["last_day", "reason"]


def _check_order(form: forms.Form, cleaned: dict[str, Any]) -> None:
    first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
    if first and last and last < first:
        form.add_error("ends_on", "The last day cannot be before the first day.")
