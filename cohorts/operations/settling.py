"""Computing a participation's columns from its changes, and what follows from that."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from cohorts import reminders
from cohorts.models import Participation, ParticipationChange, Person
from cohorts.operations import plans, reporters
from cohorts.standing import Plan, Standing, Step, in_force, replay, steps_of
from dlp import words
from dlp.errors import Refused
from dlp.outbox.operations import cancel_for_person
from dlp.outbox.plans import sweeping

log = logging.getLogger("cohorts")
Kind = ParticipationChange.Kind
State = Participation.State

CALLED_OFF = {State.DEFERRED: "They deferred.", State.WITHDRAWN: "They withdrew."}
"""Why waiting letters are cancelled when somebody reaches this state."""


def settle(participation: Participation, today: date) -> Participation:
    """Compute a participation's columns for today, and carry out a transfer that is due.

    The caller has locked it and loaded its person and cohort. Safe to repeat. Raises Refused if
    they would be in two cohorts on one day.
    """
    changes = in_force(participation.changes.select_related("to_cohort"))
    standing = replay(steps_of(changes), today, plan_of(participation))
    stood = participation.state
    has_changed = standing != standing_of(participation)
    if has_changed:
        has_moved = standing.state != stood
        participation.state = standing.state
        participation.starts_on = standing.starts_on
        participation.held_to = standing.held_to
        participation.expected_end_on = standing.expected_end_on
        or_say_where_they_are(
            participation,
            lambda: participation.save(
                update_fields=["state", "starts_on", "held_to", "expected_end_on"]
            ),
        )
        if participation.is_current:
            plans.lay_out({participation.pk})
            plans.rebase({participation.pk})
        if has_moved and (why := CALLED_OFF.get(State(participation.state))):
            cancel_for_person(participation.person, reason=why)
        elif has_moved:
            sweeping.plan_for(participation.person)
    if State.DEFERRED in (stood, participation.state):
        reminders.plan(participation)
    is_carried_over = Participation.objects.filter(continues=participation).exists()
    if participation.state == State.TRANSFERRED and not is_carried_over:
        _carry_over(participation, changes)
    if has_changed:
        reporters.report_anew({participation.person_id})
    return participation


def apply_due_changes(today: date) -> int:
    """Apply changes recorded for a day that has now come; return for how many people.

    One transaction each. Safe to run at any time, and to run late.
    """
    ahead = Participation.objects.filter(
        changes__effective_on__lte=today,
        changes__effective_on__gt=TruncDate(F("changes__recorded_at")),
    )
    count = 0
    for pk in ahead.order_by("pk").values_list("pk", flat=True).distinct():
        try:
            with transaction.atomic():
                participation = locked(pk)
                before = standing_of(participation)
                settle(participation, today)
        except Refused:
            log.warning("the changes of participation %s cannot take effect", pk)
            continue
        count += standing_of(participation) != before
    return count


def _carry_over(old: Participation, changes: list[ParticipationChange]) -> Participation:
    """Create the participation that continues `old` in the cohort of its transfer."""
    move = changes[-1]
    assert move.to_cohort is not None  # noqa: S101  a constraint holds it
    kinds = [Kind.ACCEPTED]
    if any(change.kind == Kind.STARTED for change in changes):
        kinds.append(Kind.STARTED)
    before = changes[-2]
    if before.kind in ParticipationChange.OF_DEFERRAL:
        kinds.append(Kind.DEFERRED)
    cohort = move.to_cohort
    plan = Plan(cohort.starts_on, cohort.ends_on)
    day = move.effective_on
    standing = replay([Step(kind, day) for kind in kinds], timezone.localdate(), plan)
    new = Participation(
        person=old.person,
        cohort=cohort,
        continues=old,
        state=standing.state,
        starts_on=standing.starts_on,
        expected_end_on=standing.expected_end_on,
        held_to=standing.held_to,
    )
    or_say_where_they_are(new, new.save)
    for kind in kinds:
        change = ParticipationChange(participation=new, kind=kind, effective_on=day, by=move.by)
        if kind == Kind.DEFERRED:
            began = [one for one in changes if one.kind == Kind.DEFERRED][-1]
            change.reason, change.note_private = began.reason, began.note_private
            change.review_on = before.review_on
            back = before.expected_return_on
            change.expected_return_on = back if back and back > day else None
        change.save()
    plans.lay_out({new.pk})
    reminders.plan(new)
    return new


def locked(pk: int) -> Participation:
    """Lock one participation for a change.

    The person is locked first, so that two participations of theirs are changed one after the
    other.
    """
    lock_person(Q(participations=pk))
    return (
        Participation.objects.select_for_update(of=("self",))
        .select_related("person", "cohort")
        .get(pk=pk)
    )


def lock_person(which: Q) -> Person:
    return Person.objects.get_queryset().select_for_update(of=("self",), no_key=True).get(which)


def plan_of(participation: Participation) -> Plan:
    return Plan(participation.cohort.starts_on, participation.cohort.ends_on)


def standing_of(participation: Participation) -> Standing:
    return Standing(
        participation.state,
        participation.starts_on,
        participation.held_to,
        participation.expected_end_on,
    )


def or_say_where_they_are(participation: Participation, save: Callable[[], None]) -> None:
    """Save; if the database finds them in two cohorts at once, say in which."""
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        if "participation_one_at_a_time" not in str(error):
            raise
        raise Refused(_where_they_are(participation)) from None


def _where_they_are(participation: Participation) -> str:
    others = Participation.objects.filter(person=participation.person_id).exclude(
        Q(pk=participation.pk) | Q(state__in=[State.OFFERED, State.DECLINED])
    )
    if participation.held_to is not None:
        others = others.filter(starts_on__lte=participation.held_to)
    others = others.filter(Q(held_to=None) | Q(held_to__gte=participation.starts_on))
    other = others.select_related("cohort").order_by("-starts_on").first()
    if other is None:
        return f"{participation.person} is in a cohort already on some of these days."
    return (
        f"{participation.person} is in {other.cohort} already "
        f"({words.span(other.starts_on, other.held_to or other.expected_end_on)}). "
        f"Transfer them from there, or record first that they left it."
    )
