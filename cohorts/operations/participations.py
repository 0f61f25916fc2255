"""Every change to a participation goes through this module.

Each change is a row of ParticipationChange; the participation's own columns are then computed anew.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cohorts.models import Cohort, Participation, ParticipationChange, Person
from cohorts.operations import completions, fitting, reporters
from cohorts.operations.plans import lay_out
from cohorts.operations.settling import lock_person, locked, or_say_where_they_are, plan_of, settle
from cohorts.standing import TRANSITIONS, NotListed, Plan, Step, in_force, replay, steps_of
from dlp import words
from dlp.errors import Refused

Kind = ParticipationChange.Kind
State = Participation.State


def offer(person: Person, cohort: Cohort, *, by: Person, on: date | None = None) -> Participation:
    """Offer a place. It takes up no days until it is accepted."""
    return _begin(person, cohort, [Kind.OFFERED], by=by, on=on)


@transaction.atomic
def add_to_cohort(
    person: Person, cohort: Cohort, *, by: Person, starts_on: date | None = None
) -> Participation:
    """Add somebody to a cohort: accepted, and started too if the first day has come.

    `starts_on` defaults to the cohort's first day. A first day in the future takes effect by
    itself. Raises Refused if they are in another cohort on some of the days.
    """
    today = timezone.localdate()
    first_day = starts_on or cohort.starts_on
    kinds = [Kind.ACCEPTED]
    if first_day <= today or starts_on is not None:
        kinds.append(Kind.STARTED)
    participation = _begin(person, cohort, kinds[:1], by=by, on=min(first_day, today))
    for kind in kinds[1:]:
        participation = _record(participation, kind, by=by, on=first_day)
    return participation


def accept(participation: Participation, *, by: Person, on: date | None = None) -> Participation:
    return _record(participation, Kind.ACCEPTED, by=by, on=on)


def decline(
    participation: Participation, *, by: Person, on: date | None = None, note: str = ""
) -> Participation:
    return _record(participation, Kind.DECLINED, by=by, on=on, note=note)


def start(participation: Participation, *, by: Person, on: date | None = None) -> Participation:
    """Record the first day; one in the future takes effect by itself."""
    return _record(participation, Kind.STARTED, by=by, on=on)


def defer(
    participation: Participation,
    *,
    by: Person,
    reason: str,
    on: date | None = None,
    expected_return_on: date | None = None,
    review_on: date | None = None,
    note: str = "",
) -> Participation:
    """Pause somebody's participation from a day on.

    They get no reminders until they resume; their record stays theirs.
    """
    day = on or timezone.localdate()
    if expected_return_on is not None and expected_return_on <= day:
        raise Refused("The expected return must come after the deferral begins.")
    if review_on is not None and review_on < day:
        raise Refused("The day to look again cannot come before the deferral begins.")
    return _record(
        participation,
        Kind.DEFERRED,
        by=by,
        on=day,
        reason=reason,
        note=note,
        expected_return_on=expected_return_on,
        review_on=review_on,
    )


def review(
    participation: Participation,
    *,
    by: Person,
    expected_return_on: date | None = None,
    review_on: date | None = None,
    note: str = "",
) -> Participation:
    """Review a deferral: set both days anew, from today; None if a day is not known.

    The same days again change nothing.
    """
    today = timezone.localdate()
    if expected_return_on is not None and expected_return_on <= today:
        raise Refused("Choose a day to come. Somebody who is back has their return recorded.")
    if review_on is not None and review_on < today:
        raise Refused("The day to look again cannot be in the past.")
    last = participation.changes.of_deferral().first()
    days = (expected_return_on, review_on)
    if last is not None and (last.expected_return_on, last.review_on) == days and not note:
        return participation
    return _record(
        participation,
        Kind.REVIEWED,
        by=by,
        note=note,
        expected_return_on=expected_return_on,
        review_on=review_on,
    )


def resume(participation: Participation, *, by: Person, on: date | None = None) -> Participation:
    """End a deferral; the expected last day moves by the days they were away."""
    return _record(participation, Kind.RESUMED, by=by, on=on)


def withdraw(
    participation: Participation,
    *,
    by: Person,
    reason: str,
    on: date | None = None,
    note: str = "",
) -> Participation:
    """Record that somebody left; `on` is the first day on which they are out of the cohort."""
    return _record(participation, Kind.WITHDRAWN, by=by, on=on, reason=reason, note=note)


@transaction.atomic
def complete(
    participation: Participation, *, by: Person, on: date | None = None, override: str = ""
) -> Participation:
    """Record the last day of somebody's two years, which still counts.

    Raises Refused if a criterion is not met on that day, unless a programme lead gives the reason
    in `override` (R-PRG-05).
    """
    participation = _record(participation, Kind.COMPLETED, by=by, on=on)
    change = in_force(participation.changes.filter(kind=Kind.COMPLETED))[-1]
    completions.keep(change, by=by, override=override)
    return participation


def reinstate(
    participation: Participation, *, by: Person, on: date | None = None, note: str = ""
) -> Participation:
    """Undo a withdrawal: they are back as they were before it."""
    return _record(participation, Kind.REINSTATED, by=by, on=on, note=note)


def transfer(
    participation: Participation,
    *,
    by: Person,
    to: Cohort,
    on: date | None = None,
    note: str = "",
) -> Participation:
    """Move somebody to another cohort from a day on.

    Returns the new participation, or the old one if the day is in the future. The day belongs to
    the new cohort. The new participation continues the old: somebody deferred stays so.
    """
    day = on or timezone.localdate()
    if to.pk == participation.cohort_id:
        raise Refused(f"They are in {to} already. Choose another cohort.")
    if day > to.ends_on:
        raise Refused(f"{to} ended on {words.plain_day(to.ends_on)}. Choose another cohort.")
    if participation.state != State.ACCEPTED and day < to.starts_on:
        raise Refused(
            f"{to} starts on {words.plain_day(to.starts_on)}. Choose that day or a later one."
        )
    old = _record(participation, Kind.TRANSFERRED, by=by, on=day, note=note, to_cohort=to)
    return Participation.objects.filter(continues=old).first() or old


@transaction.atomic
def undo(change: ParticipationChange, *, by: Person, note: str = "") -> Participation:
    """Undo a change by adding a row that says so. Locks the participation.

    Raises Refused if it was undone already, or if later changes would not fit without it.
    """
    participation = locked(change.participation_id)
    rows = list(participation.changes.all())
    if change.undoes_id is not None:
        raise Refused("This row undid another. Record the change again instead.")
    if any(row.undoes_id == change.pk for row in rows):
        raise Refused("This has been undone already.")
    if change.kind == Kind.ACCEPTED and participation.continues_id is not None:
        raise Refused("They came here by a transfer. Undo that, in the cohort they came from.")
    remaining = [row for row in in_force(rows) if row.pk != change.pk]
    try:
        replay(steps_of(remaining), timezone.localdate(), plan_of(participation))
    except NotListed as misfit:
        after = remaining[misfit.place]
        raise Refused(
            f"“{after}” was recorded after this and would not fit without it. Undo that first."
        ) from None
    if change.kind == Kind.TRANSFERRED:
        _take_back_transfer(participation, by=by)
    _add_undo(change, by=by, note=note)
    return settle(participation, timezone.localdate())


def next_kinds(participation: Participation) -> frozenset[Kind]:
    """The changes that are possible in their current state, for the buttons of a page."""
    return TRANSITIONS[participation.state]


@transaction.atomic
def _begin(
    person: Person, cohort: Cohort, kinds: list[Kind], *, by: Person, on: date | None
) -> Participation:
    today = timezone.localdate()
    day = on or today
    person = lock_person(Q(pk=person.pk))
    _refuse_to_begin(person, cohort, day, today)
    steps = [Step(kind, day) for kind in kinds]
    standing = replay(steps, today, Plan(cohort.starts_on, cohort.ends_on))
    participation = Participation(
        person=person,
        cohort=cohort,
        state=standing.state,
        starts_on=standing.starts_on,
        expected_end_on=standing.expected_end_on,
        held_to=standing.held_to,
    )
    or_say_where_they_are(participation, participation.save)
    for kind in kinds:
        ParticipationChange.objects.create(
            participation=participation, kind=kind, effective_on=day, by=by
        )
    lay_out({participation.pk})
    reporters.report_anew({person.pk})
    return participation


def _refuse_to_begin(person: Person, cohort: Cohort, day: date, today: date) -> None:
    if not person.is_active:
        raise Refused(f"{person} was deactivated. Reactivate them first.")
    if day > today:
        raise Refused("Choose today or an earlier day: the place begins with what has happened.")
    if day > cohort.ends_on:
        raise Refused(f"{cohort} ended on {words.plain_day(cohort.ends_on)}.")
    fitting.refuse_far_days(day, cohort)


@transaction.atomic
def _record(
    participation: Participation,
    kind: Kind,
    *,
    by: Person | None,
    on: date | None = None,
    reason: str = "",
    note: str = "",
    expected_return_on: date | None = None,
    review_on: date | None = None,
    to_cohort: Cohort | None = None,
) -> Participation:
    participation = locked(participation.pk)
    today = timezone.localdate()
    change = ParticipationChange(
        participation=participation,
        kind=kind,
        effective_on=on or today,
        recorded_at=timezone.now(),
        by=by,
        reason=reason,
        note_private=note,
        expected_return_on=expected_return_on,
        review_on=review_on,
        to_cohort=to_cohort,
    )
    if kind in (Kind.DEFERRED, Kind.WITHDRAWN) and reason not in ParticipationChange.Reason:
        raise Refused("Choose the reason: a deferral or a withdrawal has one.")
    fitting.refuse_days_that_cannot_be(change)
    fitting.refuse_what_does_not_fit(change)
    change.save()
    return settle(participation, today)


def _take_back_transfer(old: Participation, *, by: Person) -> None:
    new = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("person", "cohort")
        .filter(continues=old)
        .first()
    )
    if new is None:  # it was still to come
        return
    changes = in_force(new.changes.all())
    made_by_transfer = [
        change
        for change in changes
        if change.effective_on == new.changes.earliest("recorded_at").effective_on
        and change.kind in (Kind.ACCEPTED, Kind.STARTED, Kind.DEFERRED)
    ]
    if len(changes) > len(made_by_transfer):
        raise Refused(
            f"More has been recorded since in {new.cohort}: “{changes[-1]}”. Undo that first."
        )
    for change in reversed(changes):
        _add_undo(change, by=by)
    new.continues = None
    new.save(update_fields=["continues"])
    settle(new, timezone.localdate())


def _add_undo(change: ParticipationChange, *, by: Person, note: str = "") -> None:
    ParticipationChange.objects.create(
        participation_id=change.participation_id,
        kind=change.kind,
        effective_on=change.effective_on,
        to_cohort_id=change.to_cohort_id,
        by=by,
        note_private=note,
        undoes=change,
    )
