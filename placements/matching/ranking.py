"""Who could take a post, and which posts somebody could take, the best match first.

The order is one that anybody can check: people without objections first, then those with some, then
those who cannot; within each, by the shorter journey (unknown ones last), then by how many of
phase, subject and strand fit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cohorts.models import Participation, Person
from placements.matching.facts import Between, Candidate, Seat
from placements.matching.lists import between, candidates_of, seats_of
from placements.matching.reasons import Judgement, judge, placed_then
from placements.models import Opening, Pencil

NOTHING = Between()


@dataclass(frozen=True)
class Match:
    """One row: a person and a post, the reasons for and against, and who pencilled it already."""

    candidate: Candidate
    seat: Seat
    judgement: Judgement
    pencils: tuple[Pencil, ...] = ()
    """Of this person, for this post and for others."""

    @property
    def here(self) -> list[Pencil]:
        return [one for one in self.pencils if one.opening_id == self.seat.pk]

    @property
    def elsewhere(self) -> list[Pencil]:
        return [one for one in self.pencils if one.opening_id != self.seat.pk]


def order_of(match: Match) -> tuple[object, ...]:
    way = match.judgement.journey
    return (
        -match.judgement.standing,
        way.minutes is None,
        way.minutes or 0,
        -match.judgement.fits,
        way.km is None,
        way.km or 0.0,
    )


@dataclass(frozen=True)
class ForOpening:
    seat: Seat
    free: list[Match]
    """People of its cohort without a placement in its days, the best match first."""
    pencilled: list[Match]
    """People pencilled in for it, even if it has become impossible."""
    placed: int
    """How many people of the cohort are placed during its days."""


def candidates_for(viewer: Person, opening: Opening, today: date) -> ForOpening:
    """The people who could take a post, the best match first."""
    pencils = _pencils(viewer, {"participation__cohort": opening.cohort_id}, today)
    thought_of = [
        pk for pk, known in pencils.items() if any(one.opening_id == opening.pk for one in known)
    ]
    of_cohort = Participation.objects.visible_to(viewer).filter(cohort=opening.cohort_id)
    is_asked = Q(state__in=Participation.EXPECTED_STATES) | Q(pk__in=thought_of)
    candidates = candidates_of(of_cohort.filter(is_asked))
    seats = seats_of(Opening.objects.visible_to(viewer).filter(pk=opening.pk), today)
    ranked = _ranked(candidates, seats, pencils, today)
    return ForOpening(
        seat=seats[0],
        free=[
            one
            for one in ranked
            if not one.candidate.not_now and placed_then(one.candidate, one.seat) is None
        ],
        pencilled=[one for one in ranked if one.here],
        placed=sum(placed_then(one.candidate, one.seat) is not None for one in ranked),
    )


def openings_for(viewer: Person, participation: Participation, today: date) -> list[Match]:
    """The open posts of somebody's cohort, the best match first."""
    asked = Participation.objects.visible_to(viewer).filter(pk=participation.pk)
    on_offer = Opening.objects.visible_to(viewer).filter(
        cohort=participation.cohort_id, state=Opening.State.OPEN, ends_on__gte=today
    )
    pencils = _pencils(viewer, {"participation": participation.pk}, today)
    return _ranked(candidates_of(asked), seats_of(on_offer, today), pencils, today)


def judge_pair(opening: Opening, participation: Participation, today: date) -> Judgement:
    """The reasons for and against one person in one post, as of now."""
    candidates = candidates_of(Participation.objects.filter(pk=participation.pk))
    seats = seats_of(Opening.objects.filter(pk=opening.pk), today)
    return _ranked(candidates, seats, {}, today)[0].judgement


def _ranked(
    candidates: Sequence[Candidate],
    seats: Sequence[Seat],
    pencils: Mapping[int, list[Pencil]],
    today: date,
) -> list[Match]:
    known = between(candidates, seats)
    matches = [
        Match(
            one,
            seat,
            judge(one, seat, known.get((one.person_id, seat.school_id), NOTHING), today),
            tuple(pencils.get(one.pk, ())),
        )
        for one in candidates
        for seat in seats
    ]
    return sorted(matches, key=order_of)


def _pencils(viewer: Person, whose: dict[str, int], today: date) -> dict[int, list[Pencil]]:
    """The current pencils, by participation."""
    found: dict[int, list[Pencil]] = defaultdict(list)
    standing = Pencil.objects.visible_to(viewer).standing_on(today).filter(**whose)
    for one in standing.select_related("made_by", "opening__school"):
        found[one.participation_id].append(one)
    return found
