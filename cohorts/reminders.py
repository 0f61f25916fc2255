"""The letter to a coordinator on the day on which a deferral is to be looked at again (messages.md R1-R8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from cohorts.models import Participation, ParticipationChange
from cohorts.standing import in_force
from dlp.calendar import instant_or_nearest
from dlp.outbox import planning, timing
from dlp.outbox.clock import database_now
from dlp.outbox.models import Message
from dlp.outbox.planning import Changes, Wanted

SUBJECT = "participation"
DEFERRAL_REVIEW = "cohorts.deferral_review"
IN_THE_MORNING = time(9)
OF_USE_FOR = timedelta(days=14)

Kind = ParticipationChange.Kind
State = Participation.State


def plan(participation: Participation, *, now: datetime | None = None) -> Changes:
    """Bring the letter about a deferral into line with how somebody stands.

    Call it in the transaction of a change, with the participation locked. Repeating it changes nothing.
    """
    return planning.reconcile(
        SUBJECT,
        participation.pk,
        list(wanted(participation)),
        kinds_planned=[DEFERRAL_REVIEW],
        reason="There is no deferral to look at on that day.",
        now=now or database_now(),
    )


def sweep() -> int:
    """Plan every deferral with a day to look again, and whatever still waits; return what was repaired."""
    now = database_now()
    waiting = Message.objects.filter(kind=DEFERRAL_REVIEW).open()
    concerned = Participation.objects.filter(
        Q(state=State.DEFERRED, changes__review_on__gt=timezone.localdate() - OF_USE_FOR)
        | Q(pk__in=waiting.values("subject_id"))
    )
    repaired = 0
    for pk in list(concerned.values_list("pk", flat=True).distinct()):
        participation = (
            Participation.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("person", "cohort")
            .filter(pk=pk)
            .first()
        )
        if participation is not None:
            repaired += plan(participation, now=now).total
    return repaired


def wanted(participation: Participation) -> Iterator[Wanted]:
    """The one letter there should be, if anybody coordinates the cohort who can be written to."""
    deferral = deferral_of(participation)
    coordinator = participation.cohort.coordinator
    if deferral is None or deferral.review_on is None or coordinator is None:
        return
    if not (coordinator.is_active and coordinator.email):
        return
    on = instant_or_nearest(deferral.review_on, IN_THE_MORNING)
    yield Wanted(
        DEFERRAL_REVIEW,
        coordinator,
        on + OF_USE_FOR,
        due_at=timing.on_working_day(on),
        lead=str(deferral.review_on),
    )


def deferral_of(participation: Participation) -> ParticipationChange | None:
    """The step by which somebody is deferred now; None if they are not."""
    if participation.state != State.DEFERRED:
        return None
    today = timezone.localdate()
    steps = in_force(participation.changes.all())
    deferrals = [s for s in steps if s.kind == Kind.DEFERRED and s.effective_on <= today]
    return deferrals[-1] if deferrals else None
