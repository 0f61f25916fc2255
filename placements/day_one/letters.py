"""The letter that carries the day-one pack."""

from __future__ import annotations

from cohorts.answering import reply_to
from cohorts.models import Person
from cohorts.samples import samples_of
from dlp import words
from dlp.http import addresses
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.writing.wording import Draft, Placeholder, Sample, Wording, Words
from placements.day_one.pack import pack_of
from placements.day_one.planning import NOT_THEN, PACK, STARTING_STATES, SUBJECT, starts
from placements.models import Placement


def is_wanted(message: Message) -> bool:
    """Whether they still start on the day that the letter names."""
    placement = _placement(message)
    if not starts(placement) or str(placement.starts_on) != message.lead:
        raise kinds.NotWanted(NOT_THEN)
    return placement.participation.person_id == message.person_id


def pack(message: Message) -> Draft:
    """Everything the page says, so that it is there on a phone without signal too."""
    placement = _placement(message)
    found = pack_of(placement)
    said = {
        "first_name": placement.participation.person.first_name,
        "school": str(placement.school),
        "first_day": words.day(placement.starts_on),
        "time_left": words.from_today(placement.starts_on),
        "ask": found.ask_words,
    }
    facts = {
        "facts": [fact for fact in found.facts if fact.is_known],
        "address": found.address,
        "page_path": addresses("placements:day_one")(placement.pk),
    }
    coordinator = placement.participation.cohort.coordinator
    return Draft(
        "placements/day_one",
        said,
        {**said, **facts},
        reply_to=reply_to(coordinator),
    )


def _placement(message: Message) -> Placement:
    return Placement.objects.select_related(
        "participation__person", "participation__cohort__coordinator", "school"
    ).get(pk=message.subject_id)


def people_who_start() -> list[Sample]:
    """Leaders who are about to start or have started, to try the wording on."""
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


PACK_WORDING = Wording(
    Words(
        "Your first day at {school}: {first_day}",
        "Hello {first_name}. You start at {school} on {first_day}, {time_left}. Here is what to "
        "know.\n\n{ask}",
    ),
    (
        Placeholder("first_name", "What they are called", "Ada"),
        Placeholder("school", "The school", "Harbour Lane School"),
        Placeholder("first_day", "The first day", "Tue 1 September 2026"),
        Placeholder("time_left", "How long there is", "tomorrow"),
        Placeholder(
            "ask",
            "What the school has not told, and whom to ask; empty where all is known",
            "Not known yet: parking. Ask Marcus Bell.",
        ),
    ),
    pack,
    people_who_start,
)


def register() -> None:
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
