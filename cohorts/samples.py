"""Three real people on whom staff try out the wording of a letter before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Length

from cohorts.models import Participation, Person
from cohorts.models.people import PersonQuerySet
from cohorts.reminders import SUBJECT
from dlp.outbox.models import Message
from dlp.outbox.writing.wording import Sample

State = Participation.State


class Chosen(NamedTuple):
    """A kind of person we looked for, the one we found, if any, and a remark about them."""

    who: str
    person: Person | None
    note: str = ""


NOBODY_AWKWARD = Chosen(
    "Paused, or with one name alone", None, "Nobody here is paused or has one name alone."
)


def three_of(people: PersonQuerySet, *, else_of: PersonQuerySet | None = None) -> list[Chosen]:
    """A typical person, the longest name, and the one who is hardest to address.

    If nobody in `people` is hard to address, `else_of` is searched.
    """
    people = people.filter(is_active=True)
    in_two_words = people.filter(full_name__regex=r"^\S+ \S+$", known_as="")
    return [
        Chosen("Somebody typical", in_two_words.first() or people.first()),
        Chosen("The longest name", people.order_by(-Length("full_name"), "pk").first()),
        _awkward(people) or _awkward(else_of) or NOBODY_AWKWARD,
    ]


def _awkward(people: PersonQuerySet | None) -> Chosen | None:
    """Somebody paused with a single name; else whichever of the two there is."""
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


def people_to_invite() -> list[Sample]:
    """People of current and future cohorts, whether or not they have been invited."""
    people = Person.objects.get_queryset().filter(
        email__isnull=False, pk__in=Participation.objects.current().values("person")
    )
    return samples_of(people, _to_them, nobody="Nobody with an address is in a cohort.")


def deferrals_to_look_at() -> list[Sample]:
    """Deferrals with a review day, as their coordinators would read of them."""
    deferred = Participation.objects.filter(
        state=State.DEFERRED, changes__review_on__isnull=False, cohort__coordinator__isnull=False
    )
    people = Person.objects.get_queryset().filter(pk__in=deferred.values("person"))

    def about(person: Person) -> Message:
        one = deferred.filter(person=person).select_related("cohort__coordinator")[:1].get()
        return Message(person=one.cohort.coordinator, subject_kind=SUBJECT, subject_id=one.pk)

    return samples_of(people, about, nobody="No deferral has a day on which to look again.")


def _to_them(person: Person) -> Message:
    return Message(person=person)


def samples_of(
    people: PersonQuerySet, letter_about: Callable[[Person], Message], *, nobody: str
) -> list[Sample]:
    """Three of these people, each with the letter that they would get."""
    found = three_of(people)
    if not any(one.person for one in found):
        return [Sample("Nobody", None, nobody)]
    return [
        Sample(one.who, letter_about(one.person) if one.person else None, one.note) for one in found
    ]
