"""Posts that schools offer to a cohort."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction

from cohorts.models import Cohort
from dlp import words
from dlp.errors import Refused
from dlp.words import plain_day
from placements.models import Opening, School

State = Opening.State


class OpeningFields(TypedDict, total=False):
    """The fields that staff may set; those left out take their default."""

    role_title: str
    is_slt: bool
    strand: str
    phase_served: str
    subjects: str
    starts_on: date | None
    ends_on: date | None
    places: int
    essentials: str
    preferences: str
    state: State


@transaction.atomic
def add_opening(school: School, cohort: Cohort, **fields: Unpack[OpeningFields]) -> Opening:
    """Record a post, by default over the cohort's two years.

    Raises Refused for a school that is not open then, and for days outside the cohort's.
    """
    opening = Opening(school=school, cohort=cohort, **fields)
    opening.starts_on = opening.starts_on or cohort.starts_on
    opening.ends_on = opening.ends_on or cohort.ends_on
    _refuse_unless_within(cohort, opening.starts_on)
    refuse_unless_open(school, opening.starts_on)
    opening.save()
    return opening


def _refuse_unless_within(cohort: Cohort, first: date) -> None:
    if not cohort.starts_on <= first <= cohort.ends_on:
        raise Refused(
            f"{cohort} runs from {plain_day(cohort.starts_on)} to {plain_day(cohort.ends_on)}. "
            f"Choose a first day between the two."
        )


def refuse_unless_open(school: School, day: date) -> None:
    """Refuse a post or placement at a school that is closed or not open by then (R-SCH-06)."""
    if why := why_not_open(school, day):
        later = ", or a later first day" if school.status == School.Status.PROPOSED else ""
        raise Refused(f"{why}. Choose another school{later}.")


def why_not_open(school: School, day: date) -> str:
    """Why a school is not open by a day, in words; empty if it is."""
    if school.opens_by(day):
        return ""
    if school.status == School.Status.PROPOSED:
        opens = f"opens on {plain_day(school.opened_on)}" if school.opened_on else "is not open yet"
        return f"{school} {opens}"
    closed = f" closed on {plain_day(school.closed_on)}" if school.closed_on else " is closed"
    return f"{school}{closed}, says GIAS"


@transaction.atomic
def open_opening(opening: Opening) -> Opening:
    """Offer a post that was a draft or withdrawn.

    Raises Refused if it is filled.
    """
    opening = Opening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    if opening.state == State.OPEN:
        return opening
    if opening.state == State.FILLED:
        raise Refused("Every place of this opening is taken.")
    refuse_unless_open(opening.school, opening.starts_on)
    opening.state, opening.withdrawn_on, opening.withdrawn_by_school = State.OPEN, None, False
    opening.save(update_fields=["state", "withdrawn_on", "withdrawn_by_school"])
    settle_opening(opening)
    return opening


@transaction.atomic
def edit_opening(opening: Opening, *, values: dict[str, Any]) -> Opening:
    """Correct a post; placements in it keep what was agreed for them.

    Raises Refused if it is withdrawn, for another cohort once somebody was proposed, and for fewer
    places than are taken.
    """
    opening = Opening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    if opening.state == State.WITHDRAWN:
        raise Refused("This opening is withdrawn. Put it on offer again first.")
    cohort, taken = values["cohort"], opening.placements.held().count()
    if cohort.pk != opening.cohort_id and opening.placements.exists():
        raise Refused("Somebody was proposed here already, so the cohort stays as it is.")
    if values["places"] < taken:
        raise Refused(f"{words.count(taken, 'place')} of it is taken. Choose as many or more.")
    values = values | {
        "starts_on": values["starts_on"] or cohort.starts_on,
        "ends_on": values["ends_on"] or cohort.ends_on,
    }
    _refuse_unless_within(cohort, values["starts_on"])
    for name, value in values.items():
        setattr(opening, name, value)
    opening.save()
    settle_opening(opening)
    return opening


def settle_opening(opening: Opening) -> None:
    """Mark it filled if its places are taken, open if one is free. The caller has locked the row."""
    if opening.state not in (State.OPEN, State.FILLED):
        return
    taken = opening.placements.held().count()
    state = State.FILLED if taken >= opening.places else State.OPEN
    if state != opening.state:
        opening.state = state
        opening.save(update_fields=["state"])
