"""The steps of a placement's life in one table: which are legal, and how one is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.operations.plans import rebase
from dlp.errors import Refused
from placements import reminders
from placements.models import Opening, Placement, PlacementChange
from placements.operations.gates import PassedOver

NOTHING = PassedOver()
State = Placement.State


@dataclass(frozen=True)
class Step:
    """One legal step, from any of these states to that one. `done` completes "cannot be …"."""

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


def verbs_for(placement: Placement) -> list[str]:
    """The steps that its state allows next, without those whose day has not come."""
    today = timezone.localdate()
    early = {"activate": placement.starts_on > today, "complete": placement.ends_on > today}
    return [
        verb
        for verb, step in STEPS.items()
        if placement.state in step.origins and not early.get(verb)
    ]


def lock_placement(placement: Placement) -> tuple[Placement, Opening | None]:
    """Lock the opening, the person and the placement, in the order in which `place` does."""
    opening = None
    if placement.opening_id:
        opening = Opening.objects.select_for_update(of=("self",)).get(pk=placement.opening_id)
    lock_time_of(placement.participation_id)
    locked = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("school__parent", "participation__person", "participation__cohort")
        .get(pk=placement.pk)
    )
    return locked, opening


def lock_time_of(participation_id: int) -> dict[int, Participation]:
    """Lock all of a person's participations, by key, since they can be in one place at a time."""
    times = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("person", "cohort")
        .filter(person__participations=participation_id)
        .order_by("pk")
    )
    return {one.pk: one for one in times}


def refuse_unless_legal(placement: Placement, step: Step) -> None:
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
    passed_over: PassedOver = NOTHING,
) -> Placement:
    """Change the state of a locked placement; record who did it, and any override."""
    refuse_unless_legal(placement, step)
    was_held = placement.is_held
    placement.state = step.to
    placement.save(update_fields=["state", "continues"])
    record(
        placement,
        by=by,
        reason=reason,
        effective_on=effective_on,
        lacking=passed_over.lacking,
        override_reason=passed_over.reason,
    )
    if placement.is_held != was_held:
        rebase({placement.participation_id})
    reminders.plan_of({placement.participation_id})
    return placement


def record(
    placement: Placement, *, by: Person | None, effective_on: date | None = None, **said: Any
) -> None:
    """Record the state that a placement has reached."""
    PlacementChange.objects.create(
        placement=placement,
        state=placement.state,
        effective_on=effective_on or timezone.localdate(),
        by=by,
        **said,
    )


def one_before(participation: Participation) -> Placement | None:
    """The placement that a transfer continues: ended early or about to, and not continued yet."""
    early = PlacementChange.objects.ending_early().filter(placement=OuterRef("pk"))
    ends_early = Q(state=State.ENDED_EARLY) | Exists(early)
    known = Placement.objects.filter(ends_early, participation=participation, continued_by=None)
    return known.order_by("-ends_on").first()
