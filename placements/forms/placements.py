"""Forms about agreements and placements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F, Max, Q, QuerySet

from cohorts.models import Cohort, Participation
from cohorts.models.cohorts import CohortQuerySet
from dlp.words import plain_day
from placements.forms.schools import ANY
from placements.listing import TIMES
from placements.models import Opening, Placement, PlacementChange, SchoolContact, Setting
from placements.models.placements import LEAST_REASON
from placements.models.schools import Region
from placements.operations.placing import why_not_then


class PartnerForm(forms.Form):
    """Make a school a partner, with its host lead."""

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
        check_order(self, cleaned)
        return cleaned


class EndPartnershipForm(forms.Form):
    ends_on = forms.DateField(
        label="Last day",
        error_messages={"required": "Give the last day of the agreement."},
        help_text="A day ahead is possible: it stands until then.",
    )


class LeaderChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        if obj.placed_until is None:
            return str(obj.person)
        return f"{obj.person} (placed until {plain_day(obj.placed_until)})"


class PlaceForm(forms.Form):
    """Choose who takes a post, from people of its cohort who are free on its days."""

    participation = LeaderChoiceField(
        Participation.objects.none(),
        label="Leader",
        empty_label="Choose a leader",
        error_messages={
            "required": "Choose who goes there.",
            "invalid_choice": "That person cannot be placed now. Choose somebody else.",
        },
    )
    starts_on = forms.DateField(
        label="First day", required=False, help_text="Left out, the first day of the opening."
    )
    ends_on = forms.DateField(
        label="Last day", required=False, help_text="Left out, two years less a day."
    )

    is_thought = forms.BooleanField(
        label="A proposal for now",
        required=False,
        help_text="Only staff see it, and it takes no place until both sides have said yes.",
    )

    def __init__(self, *args: Any, opening: Opening, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["participation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  narrows the type
        field.queryset = candidates(opening)
        self.opening = opening

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_order(self, cleaned)
        if self.errors or cleaned["is_thought"]:
            return cleaned
        asked = (cleaned[name] for name in ("participation", "starts_on", "ends_on"))
        if why := why_not_then(self.opening, *asked):
            self.add_error("starts_on", why)
        return cleaned


def candidates(opening: Opening) -> QuerySet[Any]:
    """People of the opening's cohort who are on the programme, those without a placement first."""
    is_live = Q(person__participations__placements__state__in=Placement.LIVE_STATES)
    until = Max("person__participations__placements__ends_on", filter=is_live)
    return (
        Participation.objects.expected()
        .filter(cohort=opening.cohort)
        .for_display()
        .annotate(placed_until=until)
        .order_by(F("placed_until").asc(nulls_first=True), "person__search_text", "pk")
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


class DaysForm(forms.Form):
    """The first and last day of a placement; a reason is needed once both sides have agreed."""

    starts_on = forms.DateField(
        label="First day", error_messages={"required": "Give the first day of the placement."}
    )
    ends_on = forms.DateField(
        label="Last day", error_messages={"required": "Give the last day of the placement."}
    )
    because = forms.CharField(
        label="Reason",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays with the placement, and staff read it. Write nothing about anybody’s "
        "health or past.",
        error_messages={"required": "Give the reason: both sides count on the days agreed."},
    )

    def __init__(self, *args: Any, is_sure: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_sure:
            del self.fields["because"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_order(self, cleaned)
        return cleaned


class OverrideForm(forms.Form):
    """The reason why a placement goes ahead although something is missing."""

    reason = forms.CharField(
        max_length=1_000,
        min_length=LEAST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays with the placement, and staff read it. Write nothing about anybody’s "
        "health or past.",
        error_messages={
            "required": "Give the reason.",
            "min_length": f"Give a reason of at least {LEAST_REASON} letters.",
        },
    )


def check_order(form: forms.Form, cleaned: dict[str, Any]) -> None:
    first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
    if first and last and last < first:
        form.add_error("ends_on", "The last day cannot be before the first day.")


class PlacementFilterForm(forms.Form):
    """The filters of the list of placements; an invalid value filters nothing."""

    time = forms.ChoiceField(label="When", required=False, choices=TIMES)
    cohort = forms.ModelChoiceField(Cohort.objects.none(), required=False, empty_label="Any")
    setting = forms.ChoiceField(required=False, choices=[ANY, *Setting.choices])
    region = forms.ChoiceField(required=False, choices=[ANY, *Region.choices])

    def __init__(self, *args: Any, cohorts: CohortQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cohort"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  narrows the type
        field.queryset = cohorts.to_choose_from(self.data.get("cohort"))
        self.is_valid()

    @property
    def is_filtered(self) -> bool:
        return any(self.cleaned_data.values())
