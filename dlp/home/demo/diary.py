"""What the demonstration's cohorts did and will do: sessions as dates, from their plans and today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import NamedTuple

from dlp.calendar import working_day_on_or_before
from dlp.home.demo.cast import ARTSXCHANGE
from dlp.home.demo.clock import is_school_day, school_day, workday
from dlp.home.demo.leaders import PIONEERS, CohortPlan
from training.models import Kind

GROUPS_A_COHORT = 3


class Group(NamedTuple):
    """A supervision group: that of a cohort, by number."""

    year: int
    number: int


class Entry(NamedTuple):
    """One session: what, for which cohorts, when, where (a URN, a venue's name, None for online)."""

    kind: str
    title: str
    years: tuple[int, ...]
    day: date
    starts: time
    ends: time
    place: int | str | None
    group: Group | None = None
    last_day: date | None = None
    register: bool = True
    is_draft: bool = False
    is_fresh: bool = False
    """Moved by an hour yesterday, after one more person was invited the day before."""

    @property
    def ends_on(self) -> date:
        return self.last_day or self.day


HALL = "Walworth Hall, London"
NORTHERN_HALL = "Kelham Works, Sheffield"
FARM = "Jamie’s Farm"
COLLEGE = "The Northern College"

TRAINING = (
    "Inclusion 1: who is excluded, and why",
    "Inclusion 2: relationships and behaviour",
    "Inclusion 3: reading, writing and speaking",
    "Inclusion 4: working with families",
    "Inclusion 5: multi-agency work",
    "Inclusion 6: leading a team through change",
    "Inclusion 7: bringing it back to mainstream",
)
TRAINING_DAYS = (24, 115, 205, 300, 400, 505, 610)
"""So many days after the cohort began, like those that follow."""
DSL_DAYS = (
    (93, "DSL training, day 1"),
    (100, "DSL training, day 2"),
    (560, "DSL refresher"),
)
TWILIGHTS = (
    "The first call home",
    "A timetable that bends",
    "Restorative talk that works",
    "Quiet starts to the day",
    "What girls with autism taught us",
    "Careers talk that is not a lecture",
    "A uniform policy nobody fights about",
    "Mathematics after a year out of school",
    "The meeting before the meeting",
    "When the police are in the building",
    "Breakfast as a lesson",
    "Small classes, high ceilings",
    "Reintegration that lasts past week three",
    "Speech, language and the corridor",
    "Exam access arrangements, early",
    "Writing an EHC plan people read",
    "Mentors who stay",
    "Outdoor learning on a city site",
    "Governors who ask the right question",
    "Leaving well: the last half-term",
)
TWILIGHT_DAYS = tuple(45 + 91 * number for number in range(8))
SUPERVISION_FIRST, SUPERVISION_EVERY, SUPERVISIONS = 28, 49, 14
WENT_ONLINE, CAME_BACK = date(2020, 3, 18), date(2021, 7, 5)
"""Covid: no training in a room between the two."""
FULL_DAY = (time(9, 30), time(15, 30))
AROUND = timedelta(days=10)


def diary(plans: list[CohortPlan], today: date) -> list[Entry]:
    """Every session of every cohort, in order of day; the same for the same day."""
    entries = [entry for plan in plans for entry in _of(plan) if _clear_of(today, entry)]
    entries += [entry for plan in plans for entry in _residentials(plan)]
    entries += _around(plans, today)
    return sorted(entries, key=lambda one: (one.day, one.starts, one.title, one.years))


def _of(plan: CohortPlan) -> Iterator[Entry]:
    taught = [*_training(plan), *_twilights(plan)]
    planned = [*taught, *_supervision(plan, {entry.day for entry in taught})]
    return (entry for entry in planned if entry.day <= plan.ends_on)


def _clear_of(today: date, entry: Entry) -> bool:
    """Whether a planned day keeps away from the days around today, which `_around` fills."""
    return abs(entry.day - today) > AROUND


def _where(place: int | str, day: date) -> int | str | None:
    return None if WENT_ONLINE <= day <= CAME_BACK else place


def _training(plan: CohortPlan) -> Iterator[Entry]:
    for number, (after, title) in enumerate(zip(TRAINING_DAYS, TRAINING, strict=True)):
        day = school_day(plan.starts_on + timedelta(days=after))
        is_north = plan.year >= 2021 and number % 3 == 2
        place = _where(NORTHERN_HALL if is_north else HALL, day)
        yield Entry(Kind.TRAINING_DAY, title, (plan.year,), day, *FULL_DAY, place)
    for after, title in DSL_DAYS:
        day = school_day(plan.starts_on + timedelta(days=after))
        place = HALL if day < WENT_ONLINE else None
        yield Entry(Kind.DSL_TRAINING, title, (plan.year,), day, *FULL_DAY, place)


def _twilights(plan: CohortPlan) -> Iterator[Entry]:
    """By turns at a host and online; before Covid always at a host."""
    hosts = [leader.urn for leader in plan.leaders]
    for number, after in enumerate(TWILIGHT_DAYS):
        day = school_day(plan.starts_on + timedelta(days=after))
        title = TWILIGHTS[(3 * (plan.year - PIONEERS) + number) % len(TWILIGHTS)]
        at_host = number % 2 == 1 or day < WENT_ONLINE
        place = _where(hosts[number % len(hosts)], day) if at_host else None
        yield Entry(Kind.TWILIGHT, title, (plan.year,), day, time(16), time(18), place)


def _supervision(plan: CohortPlan, taken: set[date]) -> Iterator[Entry]:
    """Each group on its own weekday, every seven weeks; in a room before Covid, online since."""
    tuesday = plan.starts_on + timedelta(days=(1 - plan.starts_on.weekday()) % 7)
    for number in range(GROUPS_A_COHORT):
        for time_round in range(SUPERVISIONS):
            after = SUPERVISION_FIRST + SUPERVISION_EVERY * time_round + number
            day = tuesday + timedelta(days=after)
            while day in taken or not is_school_day(day):
                day += timedelta(days=7)
            place = HALL if day < WENT_ONLINE else None
            yield _supervision_on(day, Group(plan.year, number), place)


def _supervision_on(day: date, group: Group, place: str | None) -> Entry:
    return Entry(
        Kind.SUPERVISION,
        "Supervision",
        (group.year,),
        day,
        time(12, 30),
        time(13, 30),
        place,
        group=group,
    )


def _residentials(plan: CohortPlan) -> Iterator[Entry]:
    """Two summers: at Jamie's Farm before 2021, at The Northern College since the cohorts grew.

    In the summer of 2020 people met in August, once that was allowed.
    """
    first = plan.starts_on.year + (0 if plan.is_pioneer else 1)
    for year, title in (
        (first, "First summer residential"),
        (first + 1, "Second summer residential"),
    ):
        july = date(year, 7, 1)
        friday = july + timedelta(days=(4 - july.weekday()) % 7 + (49 if year == 2020 else 7))
        yield Entry(
            Kind.RESIDENTIAL,
            title,
            (plan.year,),
            friday,
            time(11),
            time(15),
            COLLEGE if year >= 2021 else FARM,
            last_day=friday + timedelta(days=2),
        )


def _around(plans: list[CohortPlan], today: date) -> Iterator[Entry]:
    """What makes today a day like any other: a register due, a twilight at hand, supervision soon."""
    running = [plan for plan in plans if plan.ends_on >= today]
    older, newer = running[0].year, running[-1].year
    both = tuple(dict.fromkeys((older, newer)))
    before = working_day_on_or_before(today - timedelta(days=4))
    at_hand = workday(today + timedelta(days=1))
    title = "Attendance: beyond the letter home"
    yield Entry(Kind.TRAINING_DAY, title, (older,), before, *FULL_DAY, HALL, register=False)
    title = "Reading fluency in small groups"
    yield Entry(Kind.TWILIGHT, title, both, at_hand, time(16), time(18), ARTSXCHANGE)
    tuesday = today + timedelta(days=4 + (1 - today.weekday() - 4) % 7)
    for plan in running:
        yield from _supervision_soon(plan, tuesday)
    title = "Safeguarding case work, in threes"
    draft_on = workday(today + timedelta(days=9))
    yield Entry(Kind.TRAINING_DAY, title, (newer,), draft_on, *FULL_DAY, HALL, is_draft=True)
    title = "Ask the room: part-time timetables"
    later = workday(today + timedelta(days=15))
    yield Entry(Kind.TWILIGHT, title, both, later, time(16), time(17, 30), None, is_fresh=True)


def _supervision_soon(plan: CohortPlan, tuesday: date) -> Iterator[Entry]:
    """The next meetings of a running cohort's groups, one a day, in term."""
    for number in range(GROUPS_A_COHORT):
        day = tuesday + timedelta(days=number)
        if day <= plan.ends_on and is_school_day(day):
            yield _supervision_on(day, Group(plan.year, number), None)
