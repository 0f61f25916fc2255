"""The form that chooses, field by field, which of two records of one person is right."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.models import Person
from cohorts.operations import merges
from dlp.merging import Pair

KEPT, GONE = "kept", "gone"
NAMES = {"home_sector": "Home", "photo": "Photo", "email": "E-mail address to sign in with"}


class MergeForm(forms.Form):
    """One question for each field in which the two records differ."""

    def __init__(self, *args: Any, pair: Pair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = merges.differing(pair)
        for name in self.asked:
            self.fields[name] = forms.ChoiceField(
                label=NAMES.get(name) or _label(name),
                choices=[(KEPT, _shown(pair.kept, name)), (GONE, _shown(pair.gone, name))],
                initial=KEPT if merges.said(pair.kept, name) else GONE,
                widget=forms.RadioSelect,
                error_messages={"required": "Choose one of the two."},
            )

    def taken(self) -> list[str]:
        """The fields that the remaining record takes over from the other."""
        return [name for name in self.asked if self.cleaned_data[name] == GONE]


def _label(name: str) -> str:
    label = str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[0].upper() + label[1:]


def _shown(person: Person, name: str) -> str:
    """What a record says, as a choice to read."""
    if name == "photo":
        return f"The photo of record {person.pk}" if person.photo else "None"
    told = getattr(person, f"get_{name}_display", None)
    return (str(told()) if told else merges.said(person, name)) or "None"
