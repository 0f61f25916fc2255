"""The letter to a coordinator on the day a deferral is to be reviewed (messages.md R1-R8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from cohorts.models import Participation, Person
from dlp.calendar import instant_or_nearest
from dlp.outbox.clock import database_now
from dlp.outbox.models import Message, QuietHours
from dlp.outbox.plans import planning, timing
from dlp.outbox.plans.planning import Changes, Letters, Plan, Wanted
from dlp.outbox.plans.sweeping import Planner

SUBJECT = "participation"
DEFERRAL_REVIEW = "cohorts.deferral_review"
IN_THE_MORNING = time(9)
OF_USE_FOR = timedelta(days=14)
NO_DEFERRAL = "There is no deferral to look at on that day."

State = Participation.State


class Deferral(NamedTuple):
    """The days somebody is away, as last reviewed."""

    deferred_on: date
    back_on: date | None
    review_on: date | None


def plan(participation: Participation) -> Changes:
    """Bring the letter about a deferral into line with the participation.

    Call it in the transaction of a change, with the participation locked. Repeating it changes
    nothing.
    """
    return plan_all([participation])


def plan_all(participations: Iterable[Participation], *, now: datetime | None = None) -> Changes:
    """Plan any number of deferrals, all of them locked."""
    plans = [
        Plan(participation.pk, list(wanted(participation)), why_not=lambda row: NO_DEFERRAL)
        for participation in participations
    ]
    letters = Letters(SUBJECT, [plan.subject_id for plan in plans], [DEFERRAL_REVIEW])
    nights = QuietHours.objects.nights()
    return planning.reconcile(letters, plans, nights=nights, now=now or database_now())


def plan_unlocked(keys: Sequence[int]) -> Changes:
    """Lock these participations and plan them, skipping those that somebody else has locked."""
    free = Participation.objects.select_for_update(of=("self",), skip_locked=True)
    return plan_all(
        free.filter(pk__in=keys).select_related("person", "cohort__coordinator").order_by("pk")
    )


def ahead(until: datetime | None, session_kind: str) -> list[int]:
    """Every deferral with a review day or a waiting letter; nothing if asked for a session kind."""
    if session_kind:
        return []
    waiting = Message.objects.filter(kind=DEFERRAL_REVIEW).open()
    concerned = Participation.objects.filter(
        Q(state=State.DEFERRED, changes__review_on__gt=timezone.localdate() - OF_USE_FOR)
        | Q(pk__in=waiting.values("subject_id"))
    )
    return list(concerned.order_by("pk").values_list("pk", flat=True).distinct())


def concerning(person: Person) -> list[int]:
    """The deferrals that somebody coordinates."""
    theirs = Participation.objects.filter(state=State.DEFERRED, cohort__coordinator=person)
    return list(theirs.order_by("pk").values_list("pk", flat=True))


PLANNER = Planner("deferrals", plan_unlocked, ahead, concerning)


def wanted(participation: Participation) -> Iterator[Wanted]:
    """The letter that should exist, if the cohort has a coordinator who can be written to."""
    deferral = deferral_of(participation)
    coordinator = participation.cohort.coordinator
    if deferral is None or deferral.review_on is None or coordinator is None:
        return
    if not (coordinator.is_active and coordinator.email):
        return
    on = instant_or_nearest(deferral.review_on, IN_THE_MORNING)
    yield Wanted(
        DEFERRAL_REVIEW,
        coordinator.pk,
        on + OF_USE_FOR,
        due_at=timing.on_working_day(on),
        lead=str(deferral.review_on),
    )


def deferral_of(participation: Participation) -> Deferral | None:
    """Somebody's current deferral; None if they are not deferred."""
    days = (
        Participation.objects.with_deferral(timezone.localdate())
        .filter(pk=participation.pk, state=State.DEFERRED)
        .values_list(*Deferral._fields)
        .first()
    )
    return Deferral(*days) if days else None
