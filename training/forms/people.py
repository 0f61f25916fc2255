"""Fields that name people, by name or address."""

from __future__ import annotations

from typing import Any

from django import forms

from cohorts.models import Person
from dlp.text import fold


class PeopleField(forms.CharField):
    """People, one per line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """People as text that the field reads back."""
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(spelt(person) for person in value)

    def clean(self, value: Any) -> Any:
        people, errors = [], []
        for line in filter(None, (line.strip() for line in super().clean(value).splitlines())):
            try:
                people.append(find_person(line))
            except forms.ValidationError as error:
                errors.append(error)
        if errors:
            raise forms.ValidationError(errors)
        return list(dict.fromkeys(people))


class PersonField(forms.CharField):
    """One person; None if an optional field is left empty."""

    def prepare_value(self, value: Any) -> Any:
        return spelt(value) if isinstance(value, Person) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value).strip()
        return find_person(typed) if typed else None


def spelt(person: Person) -> str:
    """Ada Fenwick <ada@example.org>; `find_person` reads it back."""
    return f"{person.name} <{person.email}>" if person.email else person.name


def find_person(typed: str) -> Person:
    """The active person with this address or name. Raises ValidationError, saying what to do."""
    address = typed.rpartition("<")[2].rstrip("> ")
    if "@" in address:
        found = list(Person.objects.filter(is_active=True, email=address.lower()))
    else:
        wanted = fold(typed)
        near = Person.objects.matching(typed).filter(is_active=True)[:50] if wanted else []
        found = [who for who in near if wanted in (fold(who.name), fold(who.full_name))]
    if not found:
        raise forms.ValidationError(
            f"Nobody here goes by “{typed}”. Write the whole name, or the e-mail address."
        )
    if len(found) > 1:
        raise forms.ValidationError(
            f"{len(found)} people are called “{typed}”. Write the e-mail address instead."
        )
    return found[0]
