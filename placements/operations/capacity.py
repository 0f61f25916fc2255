"""Whether a placement is possible: room in its opening and school, and a leader who is free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dlp.errors import Refused
from dlp.words import plain_day, span
from placements.models import Opening, Placement, School


def refuse_unless_free(placement: Placement, opening: Opening | None) -> None:
    """Refuse a placement for which there is no room. Locks the school.

    The caller has locked the opening and all of the person's time. If two fill the last place at
    once, one waits and is then refused.
    """
    if opening is not None:
        taken = opening.placements.held().exclude(pk=placement.pk).count()
        if taken >= opening.places:
            raise Refused("The last place of this opening has just been taken. Choose another one.")
    rows = School.objects.select_for_update(of=("self",), no_key=True)
    school = rows.get(pk=placement.school_id)
    if full_on := first_full_day(school, placement):
        raise Refused(
            f"{school} hosts {school.hosts_at_once} at once and no more, and has as many on "
            f"{plain_day(full_on)}. Choose other days, or change how many it hosts."
        )
    if why := why_not_free(placement):
        raise Refused(why)


def first_full_day(school: School, placement: Placement) -> date | None:
    """The first day of a placement on which the school already hosts as many as it may."""
    if school.hosts_at_once is None:
        return None
    first, last = placement.starts_on, placement.ends_on
    others = (
        Placement.objects.held()
        .filter(school=school, starts_on__lte=last, ends_on__gte=first)
        .exclude(pk=placement.pk)
    )
    stays = list(others.values_list("starts_on", "ends_on"))
    return full_day_of(stays, school.hosts_at_once, first, last)


def most_at_once(school: School, today: date) -> int:
    """How many leaders the school hosts on its fullest day from today on."""
    here = Placement.objects.held().filter(school=school, ends_on__gte=today)
    stays = list(here.values_list("starts_on", "ends_on"))
    days = {max(today, begins) for begins, _ in stays}
    return max((sum(begins <= day <= ends for begins, ends in stays) for day in days), default=0)


def full_day_of(
    stays: Sequence[tuple[date, date]], most: int, first: date, last: date
) -> date | None:
    """The first of these days on which the maximum is reached; each stay is a first and a last day."""
    # The number of leaders only rises on a day on which somebody begins.
    for day in sorted({first} | {max(first, begins) for begins, _ in stays}):
        if day <= last and sum(begins <= day <= ends for begins, ends in stays) >= most:
            return day
    return None


def why_not_free(placement: Placement) -> str:
    """Where else its leader is placed on its days, in any cohort, as a sentence; empty if nowhere."""
    person = placement.participation.person
    other = (
        Placement.objects.held()
        .filter(
            participation__person=person,
            starts_on__lte=placement.ends_on,
            ends_on__gte=placement.starts_on,
        )
        .exclude(pk=placement.pk)
        .select_related("school")
        .order_by("-ends_on")
        .first()
    )
    if other is None:
        return ""
    return (
        f"{person} is placed at {other.host} from "
        f"{span(other.starts_on, other.ends_on)}. Choose days after that, or end it first."
    )
