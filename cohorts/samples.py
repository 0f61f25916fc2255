"""Three people on whom the words of a letter are tried before anybody gets it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Length

from cohorts.models import Participation, Person
from cohorts.models.people import PersonQuerySet

State = Participation.State


class Chosen(NamedTuple):
    """Whom we looked for, whom we found, if anybody, and what about them is worth a word."""

    who: str
    person: Person | None
    note: str = ""


NOBODY_AWKWARD = Chosen(
    "Paused, or with one name alone", None, "Nobody here is paused or has one name alone."
)


def three_of(people: PersonQuerySet, *, else_of: PersonQuerySet | None = None) -> list[Chosen]:
    """Of these: somebody typical, the longest name, and whoever letters find hardest to address.

    `else_of` is where the last is looked for if none of `people` is like that.
    """
    people = people.filter(is_active=True)
    in_two_words = people.filter(full_name__regex=r"^\S+ \S+$", known_as="")
    return [
        Chosen("Somebody typical", in_two_words.first() or people.first()),
        Chosen("The longest name", people.order_by(-Length("full_name"), "pk").first()),
        _awkward(people) or _awkward(else_of) or NOBODY_AWKWARD,
    ]


def _awkward(people: PersonQuerySet | None) -> Chosen | None:
    """Paused, with one name alone; else whichever of the two there is."""
    if people is None:
        return None
    paused = Participation.objects.filter(person=OuterRef("pk"), state=State.DEFERRED)
    has_one_name = Q(full_name__regex=r"^\S+$", known_as="")
    odd: Any = (
        people.annotate(
            is_paused=Exists(paused), has_one_name=ExpressionWrapper(has_one_name, BooleanField())
        )
        .filter(Q(is_paused=True) | Q(has_one_name=True))
        .order_by("-is_paused", "-has_one_name", "pk")
        .first()
    )
    if odd is None:
        return None
    if not odd.is_paused:
        return Chosen("One name alone", odd, "Nobody here is paused.")
    also = " and with one name alone" if odd.has_one_name else ""
    return Chosen(f"Paused{also}", odd)
