"""Whether there is room for one more: in an opening, and in the school over all its openings."""

from __future__ import annotations

from datetime import date

from dlp.errors import Refused
from dlp.words import plain_day
from placements.models import Opening, Placement, School


def refuse_unless_room(placement: Placement, opening: Opening | None) -> None:
    """Needs the opening locked; locks the school, so that of two who fill its last place one waits."""
    if opening is not None:
        taken = opening.placements.held().exclude(pk=placement.pk).count()
        if taken >= opening.places:
            raise Refused("The last place of this opening has just been taken. Choose another one.")
    rows = School.objects.select_for_update(of=("self",), no_key=True)
    school = rows.get(pk=placement.school_id)
    full_on = first_full_day(school, placement)
    if full_on is not None:
        raise Refused(
            f"{school} hosts {school.hosts_at_once} at once and no more, and has as many on "
            f"{plain_day(full_on)}. Choose other days, or change how many it hosts."
        )


def first_full_day(school: School, placement: Placement) -> date | None:
    """The first day of a placement on which the school has as many leaders as it hosts at once."""
    if school.hosts_at_once is None:
        return None
    first, last = placement.starts_on, placement.ends_on
    others = (
        Placement.objects.held()
        .filter(school=school, starts_on__lte=last, ends_on__gte=first)
        .exclude(pk=placement.pk)
    )
    stays = list(others.values_list("starts_on", "ends_on"))
    # The number of leaders only rises on a day on which somebody begins.
    for day in sorted({first} | {max(first, begins) for begins, _ in stays}):
        if sum(begins <= day <= ends for begins, ends in stays) >= school.hosts_at_once:
            return day
    return None
