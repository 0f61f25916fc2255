"""Forms about safeguarding training."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from dlp.files import UploadField
from training.models import Certificate, KnowledgeUpdate

FIELDS = {one.name: one for one in Certificate._meta.concrete_fields}
NOT_TO_COME = "Choose today or an earlier day: it counts once it is done."


def _done_by_now(day: date) -> date:
    if day > timezone.localdate():
        raise ValidationError(NOT_TO_COME)
    return day


class EvidenceForm(forms.Form):
    """The file that proves a certificate."""

    evidence = UploadField(label="The certificate")


class ClaimForm(forms.Form):
    """What a certificate says, with its file if they have it at hand."""

    title = forms.CharField(
        label="Course",
        max_length=FIELDS["title"].max_length,
        help_text="As it stands on the certificate.",
        error_messages={"required": "Write what the course was called."},
    )
    provider = forms.CharField(
        label="Who gave it",
        max_length=FIELDS["provider"].max_length,
        help_text="Such as the council’s safeguarding partnership.",
        error_messages={"required": "Write who gave the course."},
    )
    completed_on = forms.DateField(
        label="Completed on",
        help_text="The last day of the course. It counts from then.",
        error_messages={"required": "Give the day on which it was completed."},
    )
    kind = forms.ChoiceField(
        label="What it was",
        choices=Certificate.Kind,
        help_text="The first two are of a safeguarding lead. Prevent stands apart from that.",
    )
    mode = forms.ChoiceField(label="How it was held", choices=Certificate.Mode)
    hours = forms.DecimalField(
        min_value=0.5,
        max_value=200,
        decimal_places=1,
        help_text="Such as 6 or 7.5.",
        error_messages={"required": "Give the hours it took, such as 6 or 7.5."},
    )
    says_until = forms.DateField(
        label="Valid until",
        required=False,
        help_text="Only if a day stands on it. It can end what it counts for sooner, never later.",
    )
    number = forms.CharField(
        label="Number on it", max_length=FIELDS["number"].max_length, required=False
    )
    evidence = UploadField(label="The certificate itself", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["evidence"]
        field.help_text = f"{field.help_text} A photo will do. Without it, the claim waits."

    def clean_completed_on(self) -> date:
        return _done_by_now(self.cleaned_data["completed_on"])

    def clean_says_until(self) -> date | None:
        until: date | None = self.cleaned_data["says_until"]
        completed_on = self.cleaned_data.get("completed_on")
        if until and completed_on and until < completed_on:
            raise ValidationError("Choose a day after the one on which it was completed.")
        return until


class RejectForm(forms.Form):
    reason = forms.CharField(
        label="Why it does not count",
        max_length=FIELDS["note"].max_length,
        help_text="They read it: say what is missing, and what to do.",
        error_messages={"required": "Say why: they read it."},
    )


class UpdateForm(forms.Form):
    """An update: something small that kept somebody's knowledge fresh."""

    kind = forms.ChoiceField(label="What it was", choices=KnowledgeUpdate.Kind)
    on = forms.DateField(label="Day", error_messages={"required": "Give the day."})
    minutes = forms.IntegerField(
        min_value=1,
        max_value=600,
        help_text="Such as 20 for a bulletin, or 90 for a meeting.",
        error_messages={"required": "Give the minutes it took."},
    )
    reflection = forms.CharField(
        label="What you took from it",
        widget=forms.Textarea,
        max_length=KnowledgeUpdate._meta.get_field("reflection").max_length,
        required=False,
        help_text="A line is enough. Name no child and no family. The programme team can read it.",
    )

    def clean_on(self) -> date:
        return _done_by_now(self.cleaned_data["on"])
