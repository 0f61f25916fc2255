"""When the demonstration's cohorts meet: sessions as dates, derived from their plans and today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import NamedTuple

from dlp.calendar import is_school_day
from dlp.home.demo.cast import ARTSXCHANGE
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

DAYS = (
    (24, Kind.TRAINING_DAY, "Inclusion 1: who is excluded, and why"),
    (93, Kind.DSL_TRAINING, "DSL training, day 1"),
    (100, Kind.DSL_TRAINING, "DSL training, day 2"),
    (115, Kind.TRAINING_DAY, "Inclusion 2: relationships and behaviour"),
    (205, Kind.TRAINING_DAY, "Inclusion 3: reading, writing and speaking"),
    (300, Kind.TRAINING_DAY, "Inclusion 4: working with families"),
    (400, Kind.TRAINING_DAY, "Inclusion 5: multi-agency work"),
    (505, Kind.TRAINING_DAY, "Inclusion 6: leading a team through change"),
    (560, Kind.DSL_TRAINING, "DSL refresher"),
    (610, Kind.TRAINING_DAY, "Inclusion 7: bringing it back to mainstream"),
)
"""What a cohort learns in order: so many days after it began, like what follows."""
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
AROUND = 10
"""So many days before and after today hold only what makes it a day like any other."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def diary(plans: list[CohortPlan], today: date) -> list[Entry]:
    """Every session of every cohort, in order of day; the same for the same day.

    One facilitator leads all training, so each session takes a day that is still free.
    """
    entries = [entry for plan in plans for entry in _residentials(plan)]
    taken = {entry.day for entry in entries}
    around = list(_around(plans, today, taken))
    near = {today + number * DAY for number in range(-AROUND, AROUND + 1)}
    taken |= near
    entries += around
    for plan in plans:
        taught = [*_days(plan, taken), *_twilights(plan, taken)]
        entries += [entry for entry in taught if entry.day <= plan.ends_on]
    met = {entry.day for entry in entries}
    for plan in plans:
        entries += [entry for entry in _supervision(plan, met) if entry.day not in near]
    return sorted(entries, key=lambda one: (one.day, one.starts, one.title, one.years))


def _take(day: date, taken: set[date], step: timedelta = DAY) -> date:
    """This day, or the next free school day, which is then taken."""
    while day in taken or not is_school_day(day):
        day += step
    taken.add(day)
    return day


def _where(place: int | str, day: date) -> int | str | None:
    return None if WENT_ONLINE <= day <= CAME_BACK else place


def _days(plan: CohortPlan, taken: set[date]) -> Iterator[Entry]:
    """Training and DSL days, one after the other and a week apart at least."""
    day = plan.starts_on
    for number, (after, kind, title) in enumerate(DAYS):
        day = _take(max(plan.starts_on + after * DAY, day + WEEK), taken)
        is_north = plan.year >= 2021 and number % 4 == 0
        place = _where(NORTHERN_HALL if is_north else HALL, day)
        if kind == Kind.DSL_TRAINING and day >= WENT_ONLINE:
            place = None
        yield Entry(kind, title, (plan.year,), day, *FULL_DAY, place)


def _twilights(plan: CohortPlan, taken: set[date]) -> Iterator[Entry]:
    """Alternately at a host and online; before Covid always at a host."""
    hosts = [leader.urn for leader in plan.leaders]
    for number, after in enumerate(TWILIGHT_DAYS):
        day = _take(plan.starts_on + after * DAY, taken)
        title = TWILIGHTS[(3 * (plan.year - PIONEERS) + number) % len(TWILIGHTS)]
        at_host = number % 2 == 1 or day < WENT_ONLINE
        place = _where(hosts[number % len(hosts)], day) if at_host else None
        yield Entry(Kind.TWILIGHT, title, (plan.year,), day, time(16), time(18), place)


def _supervision(plan: CohortPlan, met: set[date]) -> Iterator[Entry]:
    """Each group on its own weekday, every seven weeks; in a room before Covid, online since."""
    tuesday = _tuesday(plan.starts_on)
    for number in range(GROUPS_A_COHORT):
        day = plan.starts_on - 3 * WEEK
        taken = set(met)
        for time_round in range(SUPERVISIONS):
            after = SUPERVISION_FIRST + SUPERVISION_EVERY * time_round + number
            day = _take(max(tuesday + after * DAY, day + 3 * WEEK), taken, WEEK)
            if day <= plan.ends_on:
                yield _supervision_on(
                    day, Group(plan.year, number), HALL if day < WENT_ONLINE else None
                )


def _tuesday(day: date) -> date:
    """This day, or the first Tuesday after it."""
    return day + (1 - day.weekday()) % 7 * DAY


def _supervision_on(day: date, group: Group, place: str | None) -> Entry:
    """An hour at noon; of two cohorts with the same supervisor, one meets later."""
    hour = time(12, 30) if group.year % 2 == 0 else time(13, 45)
    return Entry(
        Kind.SUPERVISION,
        "Supervision",
        (group.year,),
        day,
        hour,
        hour.replace(hour=hour.hour + 1),
        place,
        group=group,
    )


def _residentials(plan: CohortPlan) -> Iterator[Entry]:
    """Two Julys: at Jamie's Farm before 2021, at The Northern College since the cohorts grew.

    The older cohort goes a week before the newer. In the summer of 2020 people met online.
    """
    first = plan.starts_on.year + (0 if plan.is_pioneer else 1)
    for year, title, weeks in (
        (first, "First summer residential", 1),
        (first + 1, "Second summer residential", 0),
    ):
        july = date(year, 7, 1)
        friday = july + (4 - july.weekday()) % 7 * DAY + weeks * WEEK
        yield Entry(
            Kind.RESIDENTIAL,
            title,
            (plan.year,),
            friday,
            time(11),
            time(15),
            _where(COLLEGE if year >= 2021 else FARM, friday),
            last_day=friday + 2 * DAY,
        )


def _around(plans: list[CohortPlan], today: date, taken: set[date]) -> Iterator[Entry]:
    """What makes today an ordinary day: a register due, a twilight near, supervision soon."""
    running = [plan for plan in plans if plan.ends_on >= today]
    older, newer = running[0], running[-1]
    soon = [entry for plan in running for entry in _supervision_soon(plan, today)]
    yield from soon
    taken.update(entry.day for entry in soon)
    title = "Attendance: beyond the letter home"
    before = _take(today - 4 * DAY, taken, -DAY)
    yield Entry(Kind.TRAINING_DAY, title, (older.year,), before, *FULL_DAY, HALL, register=False)
    title = "Reading fluency in small groups"
    at_hand = _take(today + DAY, taken)
    years = _still_running(running, at_hand)
    yield Entry(Kind.TWILIGHT, title, years, at_hand, time(16), time(18), ARTSXCHANGE)
    title = "Safeguarding case work, in threes"
    draft_on = _take(today + 9 * DAY, taken)
    yield Entry(Kind.TRAINING_DAY, title, (newer.year,), draft_on, *FULL_DAY, HALL, is_draft=True)
    title = "Ask the room: part-time timetables"
    later = _take(today + 15 * DAY, taken)
    years = _still_running(running, later)
    yield Entry(Kind.TWILIGHT, title, years, later, time(16), time(17, 30), None, is_fresh=True)


def _still_running(running: list[CohortPlan], day: date) -> tuple[int, ...]:
    return tuple(plan.year for plan in running if plan.ends_on >= day)


def _supervision_soon(plan: CohortPlan, today: date) -> Iterator[Entry]:
    """The next meetings of a running cohort's groups, one a day, in term."""
    for number in range(GROUPS_A_COHORT):
        day = _tuesday(today + 4 * DAY) + number * DAY
        if day <= plan.ends_on and is_school_day(day):
            yield _supervision_on(day, Group(plan.year, number), None)
