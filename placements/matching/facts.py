"""The facts about a person and a post that matching compares: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cohorts.places import Place
from dlp.words import count, span
from placements.matching.travel import Figure


class Stay(NamedTuple):
    """A current or past placement."""

    school_id: int
    host: str
    starts_on: date
    ends_on: date


class Job(NamedTuple):
    """A post in somebody's career; `school_id` is None for an employer not in our list."""

    school_id: int | None
    employer: str
    title: str
    ends_on: date | None


@dataclass(frozen=True)
class Candidate:
    """A participation, and what the person said about themselves."""

    pk: int
    person_id: int
    name: str
    cohort_id: int
    not_now: str
    """Why somebody cannot be placed, in words; empty if they can."""
    starts_on: date
    home: Place | None
    home_sector: str
    travels_by: str
    longest_journey: int | None
    phase: str
    subject: str
    strand: str
    stays: tuple[Stay, ...] = ()
    jobs: tuple[Job, ...] = ()


@dataclass(frozen=True)
class Seat:
    """A post that a school offers, and what stands in everybody's way."""

    pk: int
    school_id: int
    parent_id: int | None
    school: str
    role: str
    cohort_id: int
    cohort: str
    starts_on: date
    ends_on: date
    place: Place | None
    phase: str
    subjects: str
    strand: str
    places: int
    taken: int
    shut: str
    """Why nobody can be placed there; empty if somebody can."""

    @property
    def name(self) -> str:
        return f"{self.role} at {self.school}"

    @property
    def detail(self) -> str:
        """From 1 September 2026; 1 of 2 places taken."""
        taken = f"; {self.taken} of {count(self.places, 'place')} taken"
        return f"{span(self.starts_on, self.ends_on)}{taken if self.taken else ''}"


class Between(NamedTuple):
    """What is known about one person and one school together."""

    figure: Figure | None = None
    is_conflict: bool = False
