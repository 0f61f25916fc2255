"""What staff narrow the list of letters by."""

from __future__ import annotations

from django import forms

from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.models.messages import MessageQuerySet, State
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
