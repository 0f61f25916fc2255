"""bin/bench outbox: letters a second through the outbox, beside two loops in the same minute."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from statistics import median

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cohorts.models import Person
from dlp.bench.crew import Crew
from dlp.bench.filling.programme import settle
from dlp.bench.loops import BARE_TABLES, written
from dlp.bench.measuring import CannotMeasure
from dlp.drill.programme import make_people, make_sessions
from dlp.outbox import kinds, operations
from dlp.outbox.models import Message
from training.models import Session
from training.reminders import REMINDER, SUBJECT

PEOPLE = 50
TURNS = 10
WARMING = 20


@dataclass(frozen=True)
class Turn:
    """Letters a second in each of the three ways."""

    ours: float
    limit: float
    sink: float

    def __str__(self) -> str:
        return f"{self.ours:8.0f}{self.limit:8.0f}{self.sink:8.0f}"


def bench_outbox(number: int, senders: int) -> None:
    """Send so many reminders each way, a tenth at a time, so that a busy moment hits all three."""
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(BARE_TABLES)
    people = make_people(PEOPLE)
    kilobytes = len(written(reminders(people, 1)[0])) / 1_000
    print(f"{number:,} letters of {kilobytes:.1f} kB by {senders} senders; letters a second")
    print(f"{'ours':>8}{'limit':>8}{'sink':>8}{'load':>8}", flush=True)
    with Crew(senders) as crew:
        take_turn(crew, people, WARMING * senders)
        turns = []
        for size in shares(number):
            turns.append(take_turn(crew, people, size))
            print(f"{turns[-1]}{os.getloadavg()[0]:8.1f}", flush=True)
    print(*conclusions(turns), sep="\n")


def shares(number: int) -> list[int]:
    """The number in ten parts, the rest in the last."""
    part = max(1, number // TURNS)
    return [*([part] * (min(number, TURNS) - 1)), number - part * (min(number, TURNS) - 1)]


def take_turn(crew: Crew, people: list[Person], size: int) -> Turn:
    """Plan the letters, then let each way send them."""
    letters = reminders(people, size)
    operations.add(letters, now=timezone.now())
    settle()
    seconds = {way: crew.seconds(way, letters) for way in ("limit", "ours", "sink")}
    keys = [message.pk for message in letters]
    sent = Message.objects.filter(pk__in=keys, state=Message.State.SENT).count()
    if sent != size:
        raise CannotMeasure(f"Of {size} letters {sent} were sent, so there is nothing to measure.")
    return Turn(**{way: size / taken for way, taken in seconds.items()})


def reminders(people: list[Person], number: int) -> list[Message]:
    """So many reminders of sessions, due now, not yet in the table."""
    published = Session.State.PUBLISHED
    sessions = make_sessions(-(-number // len(people)), people, state=published)
    now = timezone.now()
    return [
        operations.new_message(
            kinds.get(REMINDER),
            recipient=operations.of_person(person.pk),
            person_id=person.pk,
            subject_kind=SUBJECT,
            subject_id=session.pk,
            revision=session.revision,
            lead="7d",
            now=now,
            leaves_at=now,
            not_after=session.starts_at,
        )
        for session in sessions
        for person in people
    ][:number]


def conclusions(turns: list[Turn]) -> list[str]:
    """The medians, and the line that others read."""
    ratio = median(turn.ours / turn.limit for turn in turns)
    middle = Turn(
        *(median(getattr(turn, way) for turn in turns) for way in ("ours", "limit", "sink"))
    )
    return [
        f"{middle}  medians",
        "\nThe limit is a bare loop that builds the same letters, commits twice a letter and keeps its",
        "connection; the sink is what the relay takes of letters that are written already.",
        f"\nratio: {ratio:.2f}",
    ]
