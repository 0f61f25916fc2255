"""The page of one opening, and the page of openings for one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator

from cohorts.models import Participation, Person
from dlp import words
from placements.matching.ranking import Match, candidates_for, openings_for
from placements.models import ConflictOfInterest, Opening, Placement

A_PAGE = 20


@dataclass(frozen=True)
class OpeningPage:
    opening: Opening
    facts: list[tuple[str, str]]
    placements: list[Placement]
    pencilled: list[Match]
    """Those of whom somebody thinks for it, as it stands now."""
    pencilled_words: str
    shut: str
    matches: Page[Match]
    placed_elsewhere: int


def opening_page(viewer: Person, opening: Opening, number: str | None, today: date) -> OpeningPage:
    found = candidates_for(viewer, opening, today)
    placements = (
        Placement.objects.visible_to(viewer)
        .filter(opening=opening)
        .select_related("participation__person", "participation__cohort", "school")
    )
    return OpeningPage(
        opening=opening,
        facts=facts_of(opening),
        placements=list(placements),
        pencilled=found.pencilled,
        pencilled_words=pencilled_words(found.pencilled, found.seat.places - found.seat.taken),
        shut=found.seat.shut,
        matches=Paginator(found.free, A_PAGE).get_page(number),
        placed_elsewhere=found.placed,
    )


def facts_of(opening: Opening) -> list[tuple[str, str]]:
    """The known facts of a post, in the order in which people ask; unknown ones are left out."""
    slt = "On the senior leadership team" if opening.is_slt else "Not on the leadership team"
    known = [
        ("Cohort", str(opening.cohort)),
        ("Days", words.span(opening.starts_on, opening.ends_on)),
        ("Places", str(opening.places)),
        ("Team", slt),
        ("Strand", opening.get_strand_display()),
        ("Phase", opening.get_phase_served_display()),
        ("Subjects", opening.subjects),
        ("Essential", opening.essentials),
        ("Preferred", opening.preferences),
    ]
    return [(label, value) for label, value in known if value]


def pencilled_words(pencilled: Sequence[Match], left: int) -> str:
    """Three people are pencilled for one place."""
    people = len(pencilled)
    if people <= max(left, 1):
        return ""
    places = f"{words.in_words(left)} place{'' if left == 1 else 's'}"
    return f"{words.in_words(people).capitalize()} people are pencilled for {places}."


@dataclass(frozen=True)
class OpeningsPage:
    participation: Participation
    matches: Page[Match]
    conflicts: list[ConflictOfInterest]


def openings_page(
    viewer: Person, participation: Participation, number: str | None, today: date
) -> OpeningsPage:
    conflicts = ConflictOfInterest.objects.visible_to(viewer).in_force()
    return OpeningsPage(
        participation=participation,
        matches=Paginator(openings_for(viewer, participation, today), A_PAGE).get_page(number),
        conflicts=list(
            conflicts.filter(person=participation.person_id).select_related("school", "said_by")
        ),
    )
