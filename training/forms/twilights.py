"""Forms about twilights: an idea, presenters, a file, the practice card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from dlp.editing import EditForm
from dlp.files import DOCUMENTS, UploadField
from training.forms.people import PersonField
from training.models import Circle, PracticeCard, TwilightIdea

NO_PUPIL = "No pupil can be recognised in it: no name, no initials, no picture of a face"


class IdeaForm(EditForm):
    """An idea; a draft needs only a title."""

    class Meta:
        model = TwilightIdea
        fields = ["title", "what_changed", "who_it_helps", "strand"]
        widgets = {
            "what_changed": forms.Textarea(attrs={"rows": 4}),
            "who_it_helps": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "title": "As it could stand on the invitation.",
            "what_changed": "In your school, since you did it. Without anything about one pupil.",
        }
        error_messages = {"title": {"required": "Give it a title."}}


class AnswerForm(forms.Form):
    """The answer to an idea that is not taken up; it goes into the letter."""

    answer = forms.CharField(
        label="Why not this time",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In a sentence or two; whoever proposed it reads it in the letter.",
        error_messages={"required": "Say why, so that they can propose it again."},
    )


class PresenterForm(forms.Form):
    """A person we know, or a name and an address."""

    person = PersonField(
        label="Somebody here", required=False, help_text="By name or e-mail address."
    )
    name = forms.CharField(label="Or somebody from outside: name", required=False, max_length=200)
    email = forms.EmailField(label="Their e-mail address", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_outside = cleaned.get("name") and cleaned.get("email")
        if not self.errors and not cleaned.get("person") and not is_outside:
            self.add_error("name", "Name somebody here, or give a name and an address.")
        return cleaned


class ResourceForm(forms.Form):
    """A file: what it is, who may see it, and two confirmations."""

    file = UploadField(kinds=DOCUMENTS, megabytes=settings.RESOURCE_MEGABYTES)
    title = forms.CharField(
        label="What it is", max_length=120, error_messages={"required": "Say what it is."}
    )
    circle = forms.ChoiceField(
        label="For whom",
        choices=Circle,
        initial=Circle.ATTENDEES,
        widget=forms.RadioSelect,
        help_text="They find it once the session is over.",
        error_messages={"required": "Say for whom it is."},
    )
    has_rights = forms.BooleanField(
        label="We may hand it out: it is ours, or its owner has agreed",
        error_messages={"required": "Say that we may hand it out."},
    )
    no_pupil_named = forms.BooleanField(
        label=NO_PUPIL,
        error_messages={"required": "Say that no pupil can be recognised in it."},
    )


class CardForm(EditForm):
    class Meta:
        model = PracticeCard
        fields = ["context", "what_we_did", "what_changed", "do_again", "no_pupil_named"]
        labels = {"no_pupil_named": NO_PUPIL}
        widgets = {
            name: forms.Textarea(attrs={"rows": 4})
            for name in ("context", "what_we_did", "what_changed", "do_again")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["no_pupil_named"].required = True
        self.fields["no_pupil_named"].error_messages["required"] = (
            "Say that no pupil can be recognised in it."
        )
