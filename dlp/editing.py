"""Forms about a row that two people may have open at once."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import date, time
from hashlib import blake2s
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.text import Truncator

from dlp import words


class EditForm(forms.ModelForm):
    """A form that does not overwrite unseen what somebody else saved while it was open.

    A hidden field brings back what the row said when the page was opened. If a field says something
    else by now, and saving would change that, nothing is saved: the form names those fields, says
    at each what it says now, and keeps what was typed. Saving once more overwrites them.

    What is typed goes into a copy of the row, so that the page goes on naming what is saved.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "instance": copy(kwargs.get("instance"))})
        if self.instance.pk is not None:
            hidden = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=self._marks_now
            )
            self.fields["as_opened"] = hidden

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            self._refuse_to_overwrite(dict(_pairs(self.cleaned_data.pop("as_opened", ""))))

    def _refuse_to_overwrite(self, opened: dict[str, str]) -> None:
        now = dict(_pairs(self._marks_now()))
        lost = [
            name
            for name in self.changed_data
            if name in now and opened.get(name, now[name]) != now[name]
        ]
        if not lost:
            return
        typed = cast(QueryDict, self.data).copy()
        typed[self.add_prefix("as_opened")] = self._marks_now()
        self.data = typed
        for name in lost:
            self.add_error(name, _now_says(self.fields[name], self._shown(name)))
        labels = words.joined([str(self[name].label) for name in lost])
        self.add_error(
            None,
            f"Somebody else has changed this meanwhile: {labels}. Nothing is saved yet, and what "
            "you typed is here. Save again to replace what they wrote.",
        )

    def _marks_now(self) -> str:
        """A short mark of what the row says in each field, such as "title:1f0c33aa"."""
        return " ".join(
            f"{name}:{blake2s(str(self._shown(name)).encode(), digest_size=4).hexdigest()}"
            for name in self.fields
            if name != "as_opened"
        )

    def _shown(self, name: str) -> Any:
        field = self.fields[name]
        return field.prepare_value(self.get_initial_for_field(field, name))


def _pairs(marks: str) -> list[tuple[str, str]]:
    return [(name, mark) for name, _, mark in (one.partition(":") for one in marks.split())]


def _now_says(field: forms.Field, value: Any) -> str:
    """It now says “Calm ends”."""
    if isinstance(field, forms.BooleanField):
        return "It is now ticked." if value else "It is now not ticked."
    if value in (None, "", []):
        return "It is now empty."
    return f"It now says “{Truncator(_in_words(field, value)).chars(120)}”."


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        choices: Iterable[tuple[Any, Any]] = flatten_choices(cast(Any, field.choices))
        labels = {str(key): str(label) for key, label in choices}
        chosen = value if isinstance(value, list) else [value]
        return words.joined([labels.get(str(one), str(one)) for one in chosen])
    if isinstance(value, date):
        return words.day(value)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
