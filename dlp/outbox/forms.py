"""What staff narrow the list of letters by, and what they type about letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dlp.outbox import kinds
from dlp.outbox.models import KindText, Message
from dlp.outbox.models.messages import MessageQuerySet, State
from dlp.outbox.wording import Wording, Words
from dlp.text import fold

OPEN, NEEDING_STAFF = "open", "ours"

STATE_CHOICES = [
    ("", "Every state"),
    (NEEDING_STAFF, "Waiting for us"),
    (OPEN, "Still to go"),
    *State.choices,
]


def kind_choices() -> list[tuple[str, str]]:
    """Every kind that an app has registered, asked for anew by each form."""
    return [("", "Every kind"), *((kind.name, kind.label) for kind in kinds.all_kinds())]


class ReasonForm(forms.Form):
    """Why one letter is held or called off by hand."""

    reason = forms.CharField(
        label="Why",
        max_length=200,
        help_text="In a few words, for whoever looks at this letter next. It is not sent to anybody.",
        error_messages={"required": "Say why, in a few words."},
    )


class MessageFilter(forms.Form):
    """Which letters to list. `person` is not on the form: links from a person's page carry it."""

    state = forms.ChoiceField(choices=STATE_CHOICES, required=False)
    kind = forms.ChoiceField(choices=kind_choices, required=False)
    q = forms.CharField(label="To", required=False, max_length=100)
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def narrow(self, messages: MessageQuerySet) -> MessageQuerySet:
        """The letters asked for; an answer that makes no sense is passed over."""
        self.is_valid()
        asked = self.cleaned_data
        if state := asked.get("state"):
            states = {OPEN: Message.OPEN_STATES, NEEDING_STAFF: Message.NEEDING_STAFF}
            messages = messages.filter(state__in=states.get(state, {state}))
        if asked.get("kind"):
            messages = messages.filter(kind=asked["kind"])
        if asked.get("person"):
            messages = messages.filter(person=asked["person"])
        for word in fold(asked.get("q")).split():
            messages = messages.filter(person__search_text__contains=word)
        return messages

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())


class WordsForm(forms.Form):
    """A subject and a body with placeholders, in the words of staff."""

    subject = forms.CharField(
        max_length=KindText.SUBJECT_LENGTH,
        error_messages={
            "required": "A letter needs a subject.",
            "max_length": "Keep the subject to %(limit_value)d characters; this has %(show_value)d.",
        },
    )
    body = forms.CharField(
        label="What it says",
        max_length=KindText.BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text="A blank line begins a new paragraph. A link that begins with https:// can be "
        "clicked. HTML is shown as it is typed.",
        error_messages={
            "required": "A letter needs something to say.",
            "max_length": "Keep it to %(limit_value)d characters; this has %(show_value)d.",
        },
    )

    def __init__(self, wording: Wording, *args: Any, **kwargs: Any) -> None:
        self.wording = wording
        super().__init__(*args, **kwargs)

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        if len(subject.splitlines()) > 1:
            raise ValidationError("A subject stands on one line.")
        return self._fillable(subject)

    def clean_body(self) -> str:
        return self._fillable(self.cleaned_data["body"].replace("\r\n", "\n"))

    def _fillable(self, text: str) -> str:
        if problem := self.wording.problem(text):
            raise ValidationError(problem)
        return text

    @property
    def words(self) -> Words:
        return Words(self.cleaned_data["subject"], self.cleaned_data["body"])
