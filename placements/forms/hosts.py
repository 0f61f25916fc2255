"""Forms about a host: its profile, its agreement, its contacts and clashes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from dlp.editing import EditForm
from dlp.files import PDF, UploadField
from placements.models import Partnership, SchoolContact, SchoolProfile

DIGITS = re.compile(r"\d(?:[ -]?\d)*")
A_CODE = range(3, 9)
"""This many digits in a row are a code: a channel has fewer, a phone number more."""


class ProfileForm(EditForm):
    """The practical facts of a school; leaders are told to ask about what is left empty."""

    class Meta:
        model = SchoolProfile
        fields = tuple(SchoolProfile.ABOUT)
        help_texts = {
            "arrive_at": "When a leader should be there.",
            "report_to": "Such as “Main reception, Highgate Road gate”.",
            "met_by": "Name and role.",
            "parking": "Where, and how else one comes there.",
            "access": "Step-free ways: lifts, ramps, parking for a blue badge, quiet ways in.",
            "keys": "How keys, fobs and radios are given out. Never a code itself.",
            "bring": "Such as photo identification and the DBS certificate to show.",
            "safeguarding_lead": "Name, and where to find them.",
            "incident": "Whom to call first, and by what.",
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("parking", "access", "keys", "bring", "incident")
        }

    def clean_keys(self) -> str:
        typed: str = self.cleaned_data["keys"]
        for run in DIGITS.findall(typed):
            if sum(letter.isdigit() for letter in run) in A_CODE:
                raise forms.ValidationError(
                    f"“{run}” looks like a code. Say how codes are given out, never what they are."
                )
        return typed


class AgreementForm(forms.Form):
    """What was agreed, when it was signed, and the paper."""

    signed_on = forms.DateField(label="Signed on", required=False)
    notes = forms.CharField(
        label="What was agreed",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Such as release days and who pays for travel. The school’s leads read it.",
    )
    file = UploadField(label="The agreement", kinds=(PDF,), required=False)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"signed_on": partnership.signed_on, "notes": partnership.notes}
        if partnership.agreement:
            self.fields["file"].label = "Another file in place of the one here"


class RenewalForm(forms.Form):
    """The agreement that follows the one in force."""

    starts_on = forms.DateField(
        label="First day", error_messages={"required": "Give the first day of the agreement."}
    )
    ends_on = forms.DateField(
        label="Last day", required=False, help_text="Left out, it stands until somebody ends it."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day cannot be before the first day.")
        return cleaned


class EditContactForm(EditForm):
    """Corrects a contact; people who sign in have their name and address on their own page."""

    class Meta:
        model = SchoolContact
        fields = ("name", "role", "email", "phone", "starts_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.person_id:
            del self.fields["name"], self.fields["email"]
        else:
            self.fields["name"].required = True
            self.fields["name"].error_messages["required"] = "Give the contact’s name."


class WelcomeForm(forms.Form):
    note = forms.CharField(
        label="What was said",
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For whoever calls next. The school’s leads do not read it.",
    )


class ClashForm(forms.Form):
    """A day on which leaders of a school are out, and what it clashes with there."""

    when = forms.ChoiceField(
        label="Which day",
        error_messages={"required": "Choose the day.", "invalid_choice": "Choose one of the days."},
    )
    text = forms.CharField(
        label="What it clashes with",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say in a few words what it clashes with."},
        help_text="A sentence is enough, such as “Mock exams all week”. No pupils’ names.",
    )

    def __init__(self, *args: Any, days: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["when"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  narrows the type
        field.choices = [("", "Choose a day"), *days]

    @property
    def chosen(self) -> tuple[int, date]:
        """The key of the school, and the day."""
        school, _, day = self.cleaned_data["when"].partition(":")
        return int(school), date.fromisoformat(day)


class AnswerClashForm(forms.Form):
    answer = forms.CharField(
        label="What you tell them",
        max_length=300,
        required=False,
        help_text="They read it beside the day. Left out, it says that you have seen it.",
    )
