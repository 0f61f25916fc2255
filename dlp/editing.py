"""Forms about a row that two people may have open at once."""

from __future__ import annotations

from hashlib import blake2s
from typing import Any, cast

from django import forms
from django.http import QueryDict

from dlp import words


class EditForm(forms.ModelForm):
    """A form that does not overwrite unseen what somebody else saved while it was open.

    A hidden field brings back what the row said when the page was opened. If a field says something
    else by now, and saving would change that, nothing is saved: the form names those fields and
    keeps what was typed. Saving once more overwrites them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            hidden = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=self._marks_now
            )
            self.fields["as_opened"] = hidden

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opened = dict(_pairs(cleaned.pop("as_opened", "")))
        now = dict(_pairs(self._marks_now()))
        lost = [
            str(self[name].label)
            for name in self.changed_data
            if name in now and opened.get(name, now[name]) != now[name]
        ]
        if lost:
            typed = cast(QueryDict, self.data).copy()
            typed[self.add_prefix("as_opened")] = self._marks_now()
            self.data = typed
            self.add_error(
                None,
                f"Somebody else has changed this meanwhile: {words.joined(lost)}. Nothing is saved "
                "yet, and what you typed is here. Save again to replace what they wrote.",
            )
        return cleaned

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
