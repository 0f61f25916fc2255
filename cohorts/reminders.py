"""The letter to a coordinator on the day on which a deferral is to be looked at again (messages.md R1-R8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from cohorts.models import Participation
from dlp.calendar import instant_or_nearest
from dlp.outbox import planning, timing
from dlp.outbox.clock import database_now
from dlp.outbox.models import Message
from dlp.outbox.planning import Changes, Wanted

SUBJECT = "participation"
DEFERRAL_REVIEW = "cohorts.deferral_review"
IN_THE_MORNING = time(9)
OF_USE_FOR = timedelta(days=14)

State = Participation.State


class Deferral(NamedTuple):
    """Since when somebody is away, and until when as it was last looked at."""

    deferred_on: date
    back_on: date | None
    review_on: date | None


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


def deferral_of(participation: Participation) -> Deferral | None:
    """How somebody is deferred now; None if they are not."""
    days = (
        Participation.objects.with_deferral(timezone.localdate())
        .filter(pk=participation.pk, state=State.DEFERRED)
        .values_list(*Deferral._fields)
        .first()
    )
    return Deferral(*days) if days else None
