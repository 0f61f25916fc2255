"""What the demonstration's cohort did and will do, as dates relative to today."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import NamedTuple

from dlp.calendar import academic_year, is_working_day
from dlp.home.demo.cast import ARTSXCHANGE


class Entry(NamedTuple):
    """One session: what, when, where (a URN, a venue's name, or None for online)."""

    kind: str
    title: str
    day: date
    starts: time
    ends: time
    place: int | str | None
    group: int | None = None
    last_day: date | None = None
    register: bool = True


TRAINING = (
    "Inclusion 1: who is excluded, and why",
    "Inclusion 2: relationships and behaviour",
    "Inclusion 3: reading, writing and speaking",
    "Inclusion 4: working with families",
    "Inclusion 5: multi-agency work",
    "Inclusion 6: leading a team through change",
)
TWILIGHTS = (
    "The first call home",
    "A timetable that bends",
    "Restorative talk that works",
    "Reading fluency in small groups",
    "Quiet starts to the day",
    "What girls with autism taught us",
    "Careers talk that is not a lecture",
)
HALL = "Walworth Hall, London"
COLLEGE = "The Northern College"


def workday(day: date) -> date:
    """This day, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def cohort_start(today: date) -> date:
    """The cohort began in the September before last: it is always in its second year."""
    return date(academic_year(today) - 1, 9, 1)


def diary(today: date) -> list[Entry]:
    """Every session of the two years, in order of day; the same for the same day."""
    start = cohort_start(today)
    entries = [
        *_training(start, today),
        *_twilights(start, today),
        *_supervision(start, today),
        *_residentials(start),
        *_around(today),
    ]
    return sorted(entries, key=lambda entry: (entry.day, entry.starts, entry.title))


def _clear_of(today: date, day: date) -> bool:
    """Whether a planned day keeps away from the days around today, which `_around` fills."""
    return abs((day - today).days) > 10


def _training(start: date, today: date) -> list[Entry]:
    days = [workday(start + timedelta(days=24 + 105 * n)) for n in range(len(TRAINING))]
    entries = [
        Entry("training_day", title, day, time(9, 30), time(15, 30), HALL)
        for title, day in zip(TRAINING, days, strict=True)
        if _clear_of(today, day)
    ]
    for offset, title in (
        (93, "DSL training, day 1"),
        (100, "DSL training, day 2"),
        (560, "DSL refresher"),
    ):
        day = workday(start + timedelta(days=offset))
        entries.append(Entry("dsl_training", title, day, time(9, 30), time(15, 30), None))
    return entries


def _twilights(start: date, today: date) -> list[Entry]:
    days = [workday(start + timedelta(days=45 + 91 * n)) for n in range(len(TWILIGHTS))]
    return [
        Entry("twilight", title, day, time(16, 0), time(18, 0), ARTSXCHANGE if n % 2 else None)
        for n, (title, day) in enumerate(zip(TWILIGHTS, days, strict=True))
        if _clear_of(today, day) and title != TWILIGHTS[3]
    ]


def _supervision(start: date, today: date) -> list[Entry]:
    first = start + timedelta(days=(1 - start.weekday()) % 7)  # a Tuesday
    return [
        Entry("supervision", "Supervision", day, time(12, 30), time(13, 30), None, group=group)
        for group in range(3)
        for n in range(14)
        if _clear_of(today, day := workday(first + timedelta(days=28 + 49 * n + group)))
    ]


def _residentials(start: date) -> list[Entry]:
    entries = []
    for years, title in ((1, "First summer residential"), (2, "Second summer residential")):
        july = date(start.year + years, 7, 1)
        friday = july + timedelta(days=(4 - july.weekday()) % 7 + 7)
        entries.append(
            Entry(
                "residential",
                title,
                friday,
                time(11, 0),
                time(15, 0),
                COLLEGE,
                last_day=friday + timedelta(days=2),
            )
        )
    return entries


def _around(today: date) -> list[Entry]:
    """What makes today a day like any other: a register due, a twilight at hand, supervision soon."""
    before = today - timedelta(days=4)
    while not is_working_day(before):
        before -= timedelta(days=1)
    return [
        Entry(
            "training_day",
            "Attendance: beyond the letter home",
            before,
            time(9, 30),
            time(15, 30),
            HALL,
            register=False,
        ),
        Entry(
            "twilight",
            TWILIGHTS[3],
            workday(today + timedelta(days=1)),
            time(16, 0),
            time(18, 0),
            ARTSXCHANGE,
        ),
        Entry(
            "supervision",
            "Supervision",
            workday(today + timedelta(days=7)),
            time(12, 30),
            time(13, 30),
            None,
            group=0,
        ),
        Entry(
            "twilight",
            "Ask the room: part-time timetables",
            workday(today + timedelta(days=15)),
            time(16, 0),
            time(17, 30),
            None,
        ),
    ]
