"""The form for where a leader goes after the programme."""

from __future__ import annotations

from typing import Any

from django import forms

from placements.models import Post


class DestinationForm(forms.Form):
    """The next post, or that it is not known."""

    is_not_known = forms.BooleanField(
        label="It is not known",
        required=False,
        help_text="Then nothing else is asked. The post can be written down once it is known.",
    )
    title = forms.CharField(
        label="Post", required=False, max_length=100, help_text="Such as Assistant headteacher."
    )
    level = Post._meta.get_field("level").formfield()
    employer = forms.CharField(
        label="School or employer",
        required=False,
        max_length=200,
        help_text="A school that is spelled as on our list is linked to it.",
    )
    starts_on = forms.DateField(label="First day", required=False)
    is_slt = Post._meta.get_field("is_slt").formfield()

    WANTED = {
        "title": "Name the post.",
        "employer": "Name the school or the employer.",
        "starts_on": "Give the first day of the post.",
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("is_not_known"):
            for name, sentence in self.WANTED.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return cleaned
