"""What people type about plans."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.models import (
    Cohort,
    PlanItem,
    PlanTemplate,
    Requirement,
    RequirementAttempt,
    TemplateItem,
)
from cohorts.planning.versions import Tally
from dlp.editing import EditForm

Outcome = RequirementAttempt.State


class PlanNameForm(forms.Form):
    name = forms.CharField(
        max_length=100,
        help_text="What staff call it. Its versions are numbered.",
        error_messages={"required": "Give the plan a name."},
    )


class TemplateItemForm(EditForm):
    """Something to do in a draft, and when."""

    class Meta:
        model = TemplateItem
        fields = [
            "key", "requirement", "title", "anchor", "anchor_season", "anchor_term", "offset",
            "unit", "is_optional",
        ]  # fmt: skip
        labels = {"is_optional": "They may leave it out"}
        help_texts = {
            "key": "Short and in lower case. It stays from version to version, so that a new one can say what moves.",
        }
        error_messages = {
            "key": {"required": "Give it a key, such as review-week-6."},
            "title": {"required": "Say what there is to do."},
            "requirement": {"required": "Choose what it counts for."},
            "anchor": {"required": "Choose the day it is counted from."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked_for = Requirement.objects.asked_for()
        self.fields["requirement"].queryset = asked_for  # type: ignore[attr-defined]
        seasons = [("", "All terms"), *TemplateItem.Season.choices]
        self.fields["anchor_season"].choices = seasons  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["key"]


class PublishForm(forms.Form):
    """The cohorts without a plan that are to follow this one at once."""

    cohorts = forms.ModelMultipleChoiceField(
        label="Cohorts that follow it at once",
        queryset=Cohort.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Everybody in them gets their own dates. Others are offered it on their pages.",
    )

    def __init__(self, *args: Any, cohorts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohorts"].queryset = cohorts  # type: ignore[attr-defined]
        if not cohorts.exists():
            del self.fields["cohorts"]


class OfferForm(forms.Form):
    """The version a cohort is to follow, and the effect that was shown before agreeing to it."""

    version = forms.ModelChoiceField(
        queryset=PlanTemplate.objects.none(), required=False, widget=forms.HiddenInput
    )
    told = forms.RegexField(r"^\d{1,9}(,\d{1,9}){6}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = PlanTemplate.objects.published()
        self.fields["version"].queryset = published  # type: ignore[attr-defined]

    def clean_told(self) -> Tally | None:
        said = self.cleaned_data["told"]
        return Tally(*map(int, said.split(","))) if said else None

    def clean(self) -> None:
        if not (self.cleaned_data.get("version") and self.cleaned_data.get("told")):
            raise forms.ValidationError("Choose the plan, and look at what it would do.")


class ExcuseForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label="Why",
        help_text="A few words. They stand on the plan, where the person reads them too.",
        error_messages={"required": "Say in a few words why."},
    )

    def __init__(self, *args: Any, item: PlanItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class PinForm(forms.Form):
    due_on = forms.DateField(
        label="Due",
        help_text="It stays on this day, whatever else moves, until you let it go.",
        error_messages={"required": "Choose the day."},
    )

    def __init__(self, *args: Any, item: PlanItem, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"due_on": item.due_on}, **kwargs})


class RecordForm(forms.Form):
    """The outcome of something that no register, review or certificate reports."""

    STATES = [
        (Outcome.MET, "Met"),
        (Outcome.WAITING_FOR_US, "Waiting for us"),
        (Outcome.WAITING_FOR_YOU, "Waiting for them"),
        (Outcome.TO_REPEAT, "To repeat"),
        (Outcome.NOT_COUNTED, "Nothing after all"),
    ]

    state = forms.ChoiceField(
        label="How it stands",
        choices=STATES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it stands."},
    )
    on = forms.DateField(label="Day", error_messages={"required": "Choose the day."})

    def __init__(self, *args: Any, item: PlanItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
