"""The filters of the list of letters, and forms about letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from dlp.outbox import kinds, names
from dlp.outbox.listing import HELD, TAB, TABS, letters
from dlp.outbox.models import KindText
from dlp.outbox.models.messages import MessageQuerySet
from dlp.outbox.models.states import State
from dlp.outbox.names import Key
from dlp.outbox.writing.wording import Wording, Words

if TYPE_CHECKING:
    from cohorts.models import Person


def kind_choices() -> list[tuple[str, str]]:
    """Every registered kind, evaluated for each form."""
    return [("", "Every kind"), *((kind.name, kind.label) for kind in kinds.all_kinds())]


class ReasonForm(forms.Form):
    """Why a letter is held or cancelled by hand."""

    reason = forms.CharField(
        label="Why",
        max_length=200,
        help_text="In a few words, for whoever looks at this letter next. It is not sent to anybody.",
        error_messages={"required": "Say why, in a few words."},
    )


class MessageFilter(forms.Form):
    """Which letters to list; it lives in the URL.

    Links from other pages set `person` and `subject`.
    """

    q = forms.CharField(label="To", required=False, max_length=100)
    about = forms.CharField(label="About", required=False, max_length=100)
    kind = forms.ChoiceField(label="Letter", choices=kind_choices, required=False)
    state = forms.ChoiceField(required=False)
    show = forms.ChoiceField(
        choices=[(tab.key, tab.label) for tab in TABS], required=False, widget=forms.HiddenInput
    )
    person = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    subject = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.tab = TAB.get(data.get("show") or "", TABS[0])
        states = [(state.value, state.label) for state in self.tab.states]
        if self.tab.states and State.PLANNED in self.tab.states:
            states.insert(1, (HELD, "Held"))
        self.fields["state"].choices = [("", "Every state"), *states]  # type: ignore[attr-defined]
        if not states:
            del self.fields["state"]
        for name in ("q", "about"):
            search = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
            self.fields[name].widget = search
        self.is_valid()

    def clean_subject(self) -> Key | None:
        return names.parsed(self.cleaned_data["subject"])

    def found(self, viewer: Person) -> MessageQuerySet:
        """The letters that match; invalid filters are ignored."""
        return letters(viewer, self.cleaned_data)

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "show")


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


class MuteForm(forms.Form):
    """Until when somebody does not want letters on a topic."""

    until = forms.DateField(
        label="Last day without them",
        required=False,
        help_text="Leave it empty to switch them off for good.",
        error_messages={"invalid": "Give the day as a date, such as 3 January 2027."},
    )
