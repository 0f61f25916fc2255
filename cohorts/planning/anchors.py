"""The days that plans count from, for many people at once.

The app of placements registers how to find when a placement begins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date

from cohorts.models import Participation, ParticipationChange
from cohorts.planning.dates import Absence, Anchors

Kind = ParticipationChange.Kind
Starts = Callable[[Collection[int]], dict[int, date]]


def _nobody_knows(participations: Collection[int]) -> dict[int, date]:
    return {}


_placement_starts: list[Starts] = [_nobody_knows]


def register_placement_starts(ask: Starts) -> None:
    """Use `ask` to find when the first placement of each of these participations begins."""
    _placement_starts[:] = [ask]


def anchors_of(participations: Sequence[Participation], today: date) -> dict[int, Anchors]:
    """The anchors of each participation; their cohorts are loaded. Two queries."""
    keys = [one.pk for one in participations]
    placed = _placement_starts[0](keys)
    absences = _absences(keys, today)
    return {
        one.pk: Anchors(
            starts_on=one.cohort.starts_on if one.continues_id else one.starts_on,
            joined_on=one.starts_on,
            ends_on=one.expected_end_on,
            placement_on=placed.get(one.pk),
            absences=tuple(
                Absence(max(away_on, one.starts_on), back_on)
                for away_on, back_on in absences[one.pk]
                if back_on > one.starts_on
            ),
        )
        for one in participations
    }


def _absences(keys: Collection[int], today: date) -> dict[int, list[Absence]]:
    """The finished deferrals of each, the first one first."""
    steps = ParticipationChange.objects.filter(
        participation__in=keys,
        kind__in=[Kind.DEFERRED, Kind.RESUMED],
        undoes=None,
        undone_by=None,
        effective_on__lte=today,
    )
    away_on: dict[int, date] = {}
    found: dict[int, list[Absence]] = defaultdict(list)
    rows = steps.order_by("effective_on", "recorded_at", "pk")
    for pk, kind, day in rows.values_list("participation", "kind", "effective_on"):
        if kind == Kind.DEFERRED:
            away_on[pk] = day
        elif pk in away_on:
            found[pk].append(Absence(away_on.pop(pk), day))
    return found
