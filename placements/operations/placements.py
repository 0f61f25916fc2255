"""Who is placed where. Every change of a placement's state goes through this module."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.operations.plans import rebase
from dlp.errors import Refused
from dlp.words import plain_day, span
from placements import reminders
from placements.models import Opening, Partnership, Placement, PlacementChange
from placements.operations.capacity import refuse_unless_room
from placements.operations.openings import refuse_unless_open, settle_opening

State = Placement.State


@dataclass(frozen=True)
class Step:
    """One legal way on: from any of these states to that one. `done` completes "cannot be …"."""

    origins: frozenset[State]
    to: State
    done: str


def _step(to: State, done: str, *origins: State) -> Step:
    return Step(frozenset(origins), to, done)


STEPS: dict[str, Step] = {
    "offer": _step(State.OFFERED, "offered", State.PROPOSED),
    "accept": _step(State.ACCEPTED, "accepted", State.OFFERED),
    "decline": _step(State.DECLINED, "declined", State.OFFERED),
    "confirm": _step(State.CONFIRMED, "confirmed", State.ACCEPTED),
    "activate": _step(State.ACTIVE, "begun", State.CONFIRMED),
    "pause": _step(State.PAUSED, "paused", State.ACTIVE),
    "resume": _step(State.ACTIVE, "resumed", State.PAUSED),
    "complete": _step(State.COMPLETED, "completed", State.ACTIVE),
    "end_early": _step(State.ENDED_EARLY, "ended early", State.ACTIVE, State.PAUSED),
    "withdraw": _step(
        State.WITHDRAWN,
        "withdrawn",
        State.PROPOSED,
        State.OFFERED,
        State.ACCEPTED,
        State.CONFIRMED,
    ),
}
TAKING = frozenset({State.ACCEPTED, State.CONFIRMED, State.ACTIVE})
"""States in which somebody holds a place of an opening for the days ahead."""


def verbs_for(placement: Placement) -> list[str]:
    """What its state allows next; a beginning or an end whose day is still to come is left out."""
    today = timezone.localdate()
    early = {"activate": placement.starts_on > today, "complete": placement.ends_on > today}
    return [
        verb
        for verb, step in STEPS.items()
        if placement.state in step.origins and not early.get(verb)
    ]


def offer(placement: Placement, *, by: Person | None = None) -> Placement:
    """Let both sides know: from now on the leader and the school see it."""
    return _take(placement, "offer", by=by)


def accept(placement: Placement, *, by: Person | None = None) -> Placement:
    """Both sides said yes; the place is taken. Raises Refused where it is taken already."""
    return _take(placement, "accept", by=by)


def decline(placement: Placement, *, reason: str, by: Person | None = None) -> Placement:
    """One side said no; `reason` says which."""
    return _take(placement, "decline", by=by, reason=reason)


def withdraw(placement: Placement, *, reason: str = "", by: Person | None = None) -> Placement:
    """Take it back before its first day; a place it held is free again."""
    return _take(placement, "withdraw", by=by, reason=reason)


def confirm(placement: Placement, *, by: Person | None = None) -> Placement:
    """It goes ahead. Raises Refused where no partnership covers the first day (R-SCH-07)."""
    return _take(placement, "confirm", by=by)


@transaction.atomic
def activate(placement: Placement, *, by: Person | None = None) -> Placement:
    """It has begun. Raises Refused before its first day."""
    placement, _ = _lock_placement(placement)
    if placement.starts_on > timezone.localdate():
        raise Refused(f"This placement begins on {plain_day(placement.starts_on)}, not before.")
    return move(placement, STEPS["activate"], by=by, effective_on=placement.starts_on)


@transaction.atomic
def pause(placement: Placement, *, by: Person | None = None) -> Placement:
    """Stop for a while; its dates stay as they are."""
    placement, _ = _lock_placement(placement)
    return move(placement, STEPS["pause"], by=by)


@transaction.atomic
def resume(placement: Placement, *, by: Person | None = None) -> Placement:
    """Go on after a pause."""
    placement, _ = _lock_placement(placement)
    return move(placement, STEPS["resume"], by=by)


@transaction.atomic
def complete(placement: Placement, *, by: Person | None = None) -> Placement:
    """It ran to its last day. Raises Refused before that day."""
    placement, _ = _lock_placement(placement)
    if placement.ends_on > timezone.localdate():
        raise Refused(
            f"This placement runs until {plain_day(placement.ends_on)}. End it early instead."
        )
    return move(placement, STEPS["complete"], by=by, effective_on=placement.ends_on)


@transaction.atomic
def end_early(
    placement: Placement, *, last_day: date, reason: str, by: Person | None = None
) -> Placement:
    """Stop before the day agreed; the change keeps that day, and who ended it.

    With a last day that is today or ahead the placement goes on until it has passed.
    Raises Refused for a day outside the placement.
    """
    placement, _ = _lock_placement(placement)
    step = STEPS["end_early"]
    _refuse_unless_legal(placement, step)
    if not placement.starts_on <= last_day < placement.ends_on:
        raise Refused(
            f"This placement is {span(placement.starts_on, placement.ends_on)}. "
            f"Choose a last day from its first day on and before its last."
        )
    agreed_before, placement.ends_on = placement.ends_on, last_day
    if last_day < timezone.localdate():
        placement.state = step.to
    placement.save(update_fields=["ends_on", "state"])
    PlacementChange.objects.create(
        placement=placement,
        state=step.to,
        effective_on=last_day,
        ends_on_before=agreed_before,
        by=by,
        reason=reason,
    )
    reminders.plan_of({placement.participation_id})
    return placement


def settle_due(today: date) -> int:
    """Begin confirmed placements whose first day has come, and close those whose last has passed.

    Run every day; safe to repeat and to miss a day. Returns how many it changed.
    """
    first = Placement.objects.filter(state=State.CONFIRMED, starts_on__lte=today)
    last = Placement.objects.filter(state__in=[State.ACTIVE, State.PAUSED], ends_on__lt=today)
    changed = 0
    for pk in [*first.values_list("pk", flat=True), *last.values_list("pk", flat=True)]:
        changed += _settle(pk, today)
    return changed


@transaction.atomic
def _settle(pk: int, today: date) -> bool:
    placement = Placement.objects.select_for_update(of=("self",)).get(pk=pk)
    before = placement.state
    if placement.state == State.CONFIRMED and placement.starts_on <= today:
        move(placement, STEPS["activate"], by=None, effective_on=placement.starts_on)
    if placement.state in (State.ACTIVE, State.PAUSED) and placement.ends_on < today:
        if placement.changes.filter(state=State.ENDED_EARLY).exists():
            placement.state = State.ENDED_EARLY  # its change was written when it was decided
            placement.save(update_fields=["state"])
        elif placement.state == State.ACTIVE:
            move(placement, STEPS["complete"], by=None, effective_on=placement.ends_on)
    return placement.state != before


def refuse_unless_free(placement: Placement, opening: Opening | None) -> None:
    """Needs the opening and the person's whole time on the programme locked."""
    refuse_unless_room(placement, opening)
    if why := why_not_free(placement):
        raise Refused(why)


def why_not_free(placement: Placement) -> str:
    """Where else its leader is on its days, in whichever cohort, as a sentence; empty if nowhere."""
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


def refuse_unless_agreed(placement: Placement) -> None:
    """R-SCH-07: an active partnership, the school's own or its parent's, covers the first day."""
    school = placement.school
    agreed = Partnership.objects.covering(placement.starts_on).filter(
        school__in=[pk for pk in (school.pk, school.parent_id) if pk]
    )
    if not agreed.exists():
        raise Refused(
            f"No partnership with {school} is in force on {plain_day(placement.starts_on)}. "
            f"Make the school a partner from that day or earlier."
        )


def _lock_placement(placement: Placement) -> tuple[Placement, Opening | None]:
    """Lock the post, the person and the placement, in the order in which `place` does."""
    opening = None
    if placement.opening_id:
        opening = Opening.objects.select_for_update(of=("self",)).get(pk=placement.opening_id)
    lock_time_of(placement.participation_id)
    locked = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("school", "participation__person")
        .get(pk=placement.pk)
    )
    return locked, opening


def lock_time_of(participation_id: int) -> dict[int, Participation]:
    """Lock all of a person's time on the programme, by key: they are in one place in all of it."""
    times = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("person", "cohort")
        .filter(person__participations=participation_id)
        .order_by("pk")
    )
    return {one.pk: one for one in times}


@transaction.atomic
def _take(placement: Placement, verb: str, *, by: Person | None, reason: str = "") -> Placement:
    """A step on the way to a confirmed placement, or off it."""
    placement, opening = _lock_placement(placement)
    step = STEPS[verb]
    _refuse_unless_legal(placement, step)
    if step.to in TAKING:
        refuse_unless_open(placement.school, placement.starts_on)
        refuse_unless_free(placement, opening)
    if step.to == State.CONFIRMED:
        refuse_unless_agreed(placement)
    move(placement, step, by=by, reason=reason)
    if opening is not None:
        settle_opening(opening)
    return placement


def _refuse_unless_legal(placement: Placement, step: Step) -> None:
    if placement.state not in step.origins:
        raise Refused(
            f"This placement is {placement.get_state_display().lower()}, "
            f"so it cannot be {step.done}."
        )


def move(
    placement: Placement,
    step: Step,
    *,
    by: Person | None,
    reason: str = "",
    effective_on: date | None = None,
) -> Placement:
    """Change the state of a locked placement and write down who did it."""
    _refuse_unless_legal(placement, step)
    was_held = placement.is_held
    placement.state = step.to
    placement.save(update_fields=["state"])
    record(placement, by=by, reason=reason, effective_on=effective_on)
    if placement.is_held != was_held:
        rebase({placement.participation_id})
    reminders.plan_of({placement.participation_id})
    return placement


def record(
    placement: Placement,
    *,
    by: Person | None,
    reason: str = "",
    effective_on: date | None = None,
) -> None:
    PlacementChange.objects.create(
        placement=placement,
        state=placement.state,
        effective_on=effective_on or timezone.localdate(),
        by=by,
        reason=reason,
    )
