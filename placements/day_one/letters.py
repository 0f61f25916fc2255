"""The letters about a first day: the pack, and that the day has changed or is off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import QuerySet

from cohorts.models import Person
from cohorts.samples import samples_of
from dlp import words
from dlp.http import addresses
from dlp.outbox import kinds, names
from dlp.outbox.models import Message
from dlp.outbox.names import Name, Naming
from dlp.outbox.writing.rendering import as_header
from dlp.outbox.writing.wording import Draft, Placeholder, Sample, Wording, Words
from placements.day_one.pack import pack_of
from placements.day_one.planning import (
    CALLED_OFF,
    CHANGED,
    NOT_THEN,
    PACK,
    STARTING_STATES,
    SUBJECT,
    starts,
)
from placements.models import Placement


def is_wanted(message: Message) -> bool:
    """Whether they start on the day that the letter is about, or do not where it says so."""
    placement = _placement(message)
    if message.lead == CALLED_OFF:
        return placement.state == Placement.State.WITHDRAWN
    if not starts(placement) or str(placement.starts_on) != message.lead:
        raise kinds.NotWanted(NOT_THEN)
    return placement.participation.person_id == message.person_id


def pack(message: Message) -> Draft:
    """All that the page says, so that a telephone without a signal has it, too."""
    placement = _placement(message)
    found = pack_of(placement)
    said = _said(placement) | {"ask": found.ask_words}
    facts = {
        "facts": [fact for fact in found.facts if fact.is_known],
        "address": found.address,
        "page_path": addresses("placements:day_one")(placement.pk),
    }
    return _draft("day_one", placement, said, facts)


def changed(message: Message) -> Draft:
    placement = _placement(message)
    said = _said(placement)
    if message.lead == CALLED_OFF:
        said["what_changed"] = (
            f"You do not start at {placement.school}: the placement was taken back."
        )
    else:
        day = date.fromisoformat(message.lead) if message.lead else placement.starts_on
        said["what_changed"] = (
            f"Your first day at {placement.school} is now {words.day(day)}. "
            f"What to know comes again on the last working day before."
        )
    facts = {"page_path": placement.get_absolute_url(), "is_off": message.lead == CALLED_OFF}
    return _draft("first_day_changed", placement, said, facts)


def _said(placement: Placement) -> dict[str, str]:
    return {
        "first_name": placement.participation.person.first_name,
        "school": str(placement.school),
        "first_day": words.day(placement.starts_on),
        "time_left": words.from_today(placement.starts_on),
    }


def _draft(
    template: str, placement: Placement, said: dict[str, str], facts: Mapping[str, object]
) -> Draft:
    coordinator = placement.participation.cohort.coordinator
    return Draft(
        f"placements/{template}",
        said,
        {**said, **facts},
        reply_to=as_header(coordinator.name, coordinator.email)
        if coordinator is not None and coordinator.email
        else "",
    )


def _placement(message: Message) -> Placement:
    return Placement.objects.select_related(
        "participation__person", "participation__cohort__coordinator", "school"
    ).get(pk=message.subject_id)


def people_who_start() -> list[Sample]:
    """Leaders who are to start or have started, as they would read of it."""
    starting = Placement.objects.filter(state__in=STARTING_STATES).order_by("-starts_on")
    people = Person.objects.get_queryset().filter(
        email__isnull=False, pk__in=starting.order_by().values("participation__person")
    )

    def about(person: Person) -> Message:
        one = starting.filter(participation__person=person)[:1].get()
        return Message(
            person=person, subject_kind=SUBJECT, subject_id=one.pk, lead=str(one.starts_on)
        )

    return samples_of(people, about, nobody="Nobody is about to start.")


def named(viewer: Person, pks: Collection[int]) -> dict[int, Name]:
    """Who is placed where, with the page of it."""
    rows = Placement.objects.visible_to(viewer).filter(pk__in=pks).for_display()
    return {row.pk: Name(str(row), row.get_absolute_url()) for row in rows}


def matching(viewer: Person, said: str) -> QuerySet[Placement]:
    """The placements of people whom the search for people finds, the latest first."""
    people = Person.objects.visible_to(viewer).matching(said).order_by()
    found = Placement.objects.visible_to(viewer).filter(participation__person__in=people)
    return found.order_by("-starts_on")


FIRST_DAY = (
    Placeholder("first_name", "What they are called", "Ada"),
    Placeholder("school", "The school", "Harbour Lane School"),
    Placeholder("first_day", "The first day", "Tue 1 September 2026"),
    Placeholder("time_left", "How long there is", "tomorrow"),
)
PACK_WORDING = Wording(
    Words(
        "Your first day at {school}: {first_day}",
        "Hello {first_name}. You start at {school} on {first_day}, {time_left}. Here is what to "
        "know.\n\n{ask}",
    ),
    (
        *FIRST_DAY,
        Placeholder(
            "ask",
            "What the school has not told, and whom to ask; empty where all is known",
            "Not known yet: parking. Ask Marcus Bell.",
        ),
    ),
    pack,
    people_who_start,
)
CHANGED_WORDING = Wording(
    Words("Your first day at {school} has changed", "Hello {first_name}. {what_changed}"),
    (
        *FIRST_DAY,
        Placeholder(
            "what_changed",
            "The new first day, or that they do not start",
            "Your first day at Harbour Lane School is now Wed 2 September 2026.",
        ),
    ),
    changed,
    people_who_start,
)


def register() -> None:
    names.register(SUBJECT, Naming(named, matching))
    kinds.register(
        kinds.Kind(
            name=PACK,
            label="Day-one pack",
            purpose="Says what a leader has to know before the first day at a school.",
            audience="The leader who starts",
            too_late="At noon of the first day.",
            render=PACK_WORDING,
            priority=kinds.Priority.PERSONAL,
            lock_subject=kinds.share_lock(Placement),
            is_wanted=is_wanted,
        )
    )
    kinds.register(
        kinds.Kind(
            name=CHANGED,
            label="First day changed or called off",
            purpose="Tells a leader who has the day-one pack that the day it gives is not right now.",
            audience="The leader who was to start",
            too_late="At noon of the new first day, or after the old one where it is off.",
            render=CHANGED_WORDING,
            priority=kinds.Priority.UPDATE,
            lock_subject=kinds.share_lock(Placement),
            is_wanted=is_wanted,
        )
    )
