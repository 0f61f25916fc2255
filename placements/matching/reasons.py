"""The reasons for and against somebody in a post: pure functions, one for each.

Hard rules stand apart: some make a match impossible, others ask staff for a reason that is stored.
The rest are preferences, listed beside each other and never added up to a score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Literal, NamedTuple

from cohorts.models import Person
from cohorts.models.strands import Strand
from dlp.text import fold
from dlp.words import plain_day, span
from placements.matching.facts import Between, Candidate, Job, Seat, Stay
from placements.matching.travel import Journey, journey, mode_of

Sign = Literal["good", "rest", "due", "bad"]
SAME_SUBJECT = {
    "maths": "mathematics",
    "math": "mathematics",
    "pe": "physical education",
    "re": "religious education",
    "dt": "design technology",
    "ict": "computing",
    "mfl": "languages",
}
"""What schools call a subject, by what people write."""


STROKES: dict[Sign, str] = {
    "good": "m4 12.5 5 5L20 6.5",
    "rest": "M5 12h14",
    "due": "M12 4v10M12 19v.5",
    "bad": "m5 5 14 14M19 5 5 19",
}
"""A tick, a dash, an exclamation mark and a cross."""
FITS = frozenset({"phase", "subject", "strand"})


class Weight(IntEnum):
    """What a reason decides, the strongest first."""

    CANNOT = 0
    ASKS = 1
    """Possible, with a reason that staff write down."""
    PREFERENCE = 2


TAGS: dict[Weight, tuple[Sign, str]] = {
    Weight.CANNOT: ("bad", "Not possible"),
    Weight.ASKS: ("due", "Needs a reason"),
    Weight.PREFERENCE: ("good", "Possible"),
}


class Part(NamedTuple):
    """One reason, in words."""

    about: str
    weight: Weight
    sign: Sign
    said: str

    @property
    def drawn(self) -> tuple[str, str]:
        """The colour and the stroke of its sign."""
        return ("soft" if self.sign == "rest" else self.sign), STROKES[self.sign]


@dataclass(frozen=True)
class Judgement:
    journey: Journey
    parts: tuple[Part, ...]

    @property
    def cannot(self) -> list[str]:
        return [one.said for one in self.parts if one.weight == Weight.CANNOT]

    @property
    def asks(self) -> list[str]:
        return [one.said for one in self.parts if one.weight == Weight.ASKS]

    @property
    def standing(self) -> Weight:
        """The strongest of its reasons: impossible, possible with a reason, or possible."""
        return min((one.weight for one in self.parts), default=Weight.PREFERENCE)

    @property
    def tag(self) -> tuple[Sign, str]:
        """Where it stands, as a state and a word."""
        return TAGS[self.standing]

    @property
    def fits(self) -> int:
        """How many of phase, subject and strand speak for it."""
        return sum(one.about in FITS and one.sign == "good" for one in self.parts)


def judge(one: Candidate, seat: Seat, between: Between, today: date) -> Judgement:
    """All known reasons for and against, the strongest first."""
    way = journey(one.home, seat.place, mode_of(one.travels_by), between.figure)
    found = [
        *_rules(one, seat, between, today),
        _travel(one, way),
        *_phase(one, seat),
        *_subject(one, seat),
        *_strand(one, seat),
    ]
    return Judgement(way, tuple(sorted(found, key=lambda part: part.weight)))


def _cannot(said: str) -> Part:
    return Part("rule", Weight.CANNOT, "bad", said)


def _rules(one: Candidate, seat: Seat, between: Between, today: date) -> Iterator[Part]:
    if seat.shut:
        yield _cannot(seat.shut)
    if one.not_now:
        yield _cannot(f"{one.not_now}, and cannot be placed now")
    if one.cohort_id != seat.cohort_id:
        yield _cannot(f"The post is offered to {seat.cohort}")
    if stay := placed_then(one, seat):
        days = span(stay.starts_on, stay.ends_on)
        yield _cannot(f"Placed at {stay.host}, {days}")
    if between.is_conflict:
        yield _cannot("A conflict of interest with this school is written down")
    if said := _worked_there(one, seat, today):
        yield Part("employer", Weight.ASKS, "due", said)


def placed_then(one: Candidate, seat: Seat) -> Stay | None:
    """Where else they are placed during the days of a post."""
    first = max(one.starts_on, seat.starts_on)
    meeting = (stay for stay in one.stays if stay.starts_on <= seat.ends_on)
    return next((stay for stay in meeting if stay.ends_on >= first), None)


def _worked_there(one: Candidate, seat: Seat, today: date) -> str:
    """Whether the school, or its parent, employed them before."""
    schools = {seat.school_id, seat.parent_id} - {None}
    for job in one.jobs:
        if job.school_id in schools or _is_called(job, seat):
            until = f" until {plain_day(job.ends_on)}" if job.ends_on else ""
            is_over = job.ends_on is not None and job.ends_on < today
            return f"{'Worked' if is_over else 'Works'} here: {job.title}{until}"
    for stay in one.stays:
        if stay.school_id in schools and stay.ends_on < today:
            return f"Was placed here until {plain_day(stay.ends_on)}"
    return ""


def _is_called(job: Job, seat: Seat) -> bool:
    return job.school_id is None and fold(job.employer) == fold(seat.school)


def _phase(one: Candidate, seat: Seat) -> Iterator[Part]:
    if not seat.phase:
        return
    asked = Person.Phase(seat.phase).label.lower()
    if not one.phase:
        yield Part(
            "phase",
            Weight.PREFERENCE,
            "rest",
            f"Which phase they teach is not known; this is {asked}",
        )
    elif Person.Phase.ALL_THROUGH in (one.phase, seat.phase) or one.phase == seat.phase:
        yield Part(
            "phase",
            Weight.PREFERENCE,
            "good",
            f"Teaches {Person.Phase(one.phase).label.lower()}, as here",
        )
    else:
        taught = Person.Phase(one.phase).label.lower()
        yield Part("phase", Weight.ASKS, "due", f"Teaches {taught}, and this is {asked}")


def _subject(one: Candidate, seat: Seat) -> Iterator[Part]:
    if not seat.subjects or not one.subject:
        return
    if is_among(one.subject, seat.subjects):
        yield Part(
            "subject", Weight.PREFERENCE, "good", f"Teaches {one.subject}, which they look for"
        )
    else:
        yield Part(
            "subject",
            Weight.PREFERENCE,
            "rest",
            f"Teaches {one.subject}; they look for {seat.subjects}",
        )


def is_among(taught: str, asked: str) -> bool:
    """Whether a subject is one of those asked for: English is in "Maths, English literature"."""
    mine = _words(taught)
    return any(
        mine and theirs and (mine <= theirs or theirs <= mine)
        for theirs in map(_words, asked.replace(";", ",").split(","))
    )


def _words(subject: str) -> frozenset[str]:
    folded = fold(subject).replace("&", " ")
    known = [SAME_SUBJECT.get(word, word) for word in folded.split() if word != "and"]
    return frozenset(" ".join(known).split())


def _strand(one: Candidate, seat: Seat) -> Iterator[Part]:
    if not seat.strand or not one.strand:
        return
    wished = Strand(one.strand).label
    if one.strand == seat.strand:
        yield Part("strand", Weight.PREFERENCE, "good", f"Would lead on {wished}, as here")
    else:
        yield Part("strand", Weight.PREFERENCE, "rest", f"Would rather lead on {wished}")


def _travel(one: Candidate, way: Journey) -> Part:
    if way.minutes is None:
        missing = "the school is on no map" if one.home else "their home is on no map"
        return Part("travel", Weight.PREFERENCE, "rest", f"How far is not known: {missing}")
    said = _journey_words(one, way)
    if one.longest_journey is None:
        return Part(
            "travel", Weight.PREFERENCE, "rest", f"{said}. How far they can travel is not said"
        )
    if way.minutes > one.longest_journey:
        return Part(
            "travel", Weight.ASKS, "due", f"{said}, over the {one.longest_journey} they can make"
        )
    return Part(
        "travel",
        Weight.PREFERENCE,
        "good",
        f"{said}, within the {one.longest_journey} they can make",
    )


def _journey_words(one: Candidate, way: Journey) -> str:
    """9 km, about 35 minutes by car; or, where staff found it out, who and when."""
    how = way.by if one.travels_by else f"{way.by} (how they travel is not said)"
    said = [] if way.km is None else [f"{way.km:.0f} km" if way.km >= 1 else "under 1 km"]
    if way.figure is None:
        return ", ".join([*said, f"about {way.minutes} minutes {how}"])
    found = f"says {way.figure.said_by}, {plain_day(way.figure.said_on)}"
    return ", ".join([*said, f"{way.minutes} minutes {how} ({found})"])
