"""Forms for matching people and posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from placements.models import Pencil, School, TravelTime
from placements.operations.pencils import HOLDS_FOR


class PencilForm(forms.Form):
    """Pencil somebody in for a post; a reason is asked for if something speaks against it."""

    expires_on = forms.DateField(
        label="Until",
        help_text="It holds through this day, then it goes by itself.",
        error_messages={"required": "Give the day through which it holds."},
    )
    note = Pencil._meta.get_field("note").formfield(help_text="For your colleagues.")
    override_reason = forms.CharField(
        label="Why all the same",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="At least 20 letters. It stays with the pencil and with what comes of it.",
    )

    def __init__(self, *args: Any, asks_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_on"].initial = timezone.localdate() + HOLDS_FOR
        if not asks_why:
            del self.fields["override_reason"]


class JourneyForm(forms.ModelForm):
    """The minutes of a journey as staff found out; if empty, our estimate is used again."""

    class Meta:
        model = TravelTime
        fields = ["mode", "minutes"]
        labels = {"minutes": "Minutes from door to door"}
        help_texts = {"minutes": "Left empty, our own estimate counts again."}
        error_messages = {"mode": {"required": "Choose how they travel."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].required = False


class ConflictForm(forms.Form):
    """That somebody must not be placed at a school."""

    school = forms.CharField(
        max_length=200,
        help_text="Its URN, or its name as on our list.",
        error_messages={"required": "Name the school."},
    )
    note = forms.CharField(
        label="Private reason",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Read by programme leads and safeguarding leads alone. It may be left out.",
    )

    def clean_school(self) -> School:
        typed = self.cleaned_data["school"].strip()
        by_urn = {"urn": int(typed)} if typed.isdecimal() and len(typed) == 6 else None
        found = list(School.objects.filter(**(by_urn or {"name__iexact": typed}))[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(f"Several schools are called “{typed}”. Write the URN.")
        raise forms.ValidationError(
            f"No school of ours is called “{typed}”. Find it under Schools, and copy its URN."
        )
