"""When the day-one pack is sent: at 09:00 on the last working day before somebody starts.

If a start is agreed late, it is sent as soon as possible. A later change of days or a withdrawal is
told by letters of their own (messages.md R6, R7).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from cohorts.models import Participation, Person
from dlp import words
from dlp.calendar import instant_or_nearest, working_day_on_or_before
from dlp.outbox.clock import database_now
from dlp.outbox.models import Message, QuietHours
from dlp.outbox.plans import planning
from dlp.outbox.plans.planning import Changes, Letters, Plan, Wanted
from dlp.outbox.plans.sweeping import Planner
from placements.models import Placement

SUBJECT = "placement"
PACK = "placements.day_one"
KINDS = (PACK,)
STARTING_STATES = (Placement.State.CONFIRMED, Placement.State.ACTIVE)
A_DAY = timedelta(days=1)
IN_THE_MORNING, NOON = time(9), time(12)
NOT_THEN = "They do not start on that day."


def plan(placements: Collection[int], *, now: datetime | None = None) -> Changes:
    """Bring the waiting letters about these placements into line with when they start.

    Call it in the transaction of a change, with the placements locked. Repeating it changes
    nothing.
    """
    if not placements:
        return Changes()
    now = now or database_now()
    known = Placement.objects.select_related("participation__person").in_bulk(placements)
    letters = Letters(SUBJECT, placements, KINDS)
    plans = [
        Plan(
            pk,
            [one for one in wanted(known.get(pk)) if one.not_after > now],
            why_not=lambda row: NOT_THEN,
        )
        for pk in placements
    ]
    return planning.reconcile(letters, plans, nights=QuietHours.objects.nights(), now=now)


def plan_of(participations: Collection[int]) -> Changes:
    """Plan the packs of these participations, which the caller has locked."""
    return _plan(list(_locked().filter(participation__in=participations)))


def plan_of_people(people: Collection[int]) -> Changes:
    """Plan the packs of these people, whose participation has changed."""
    return _plan(list(_locked().filter(participation__person__in=people)))


def plan_unlocked(keys: Sequence[int]) -> Changes:
    """Lock these placements and plan them, skipping those that somebody else has locked."""
    rows = Placement.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=keys)
    return plan(list(rows.order_by("pk").values_list("pk", flat=True)))


def ahead(until: datetime | None, session_kind: str) -> list[int]:
    """Placements that begin soon or have a waiting letter; nothing if asked for a session kind."""
    if session_kind:
        return []
    coming = _coming()
    if until is not None:
        coming = coming.filter(starts_on__lte=words.as_day(until))
    waiting = Message.objects.filter(kind__in=KINDS).open().order_by()
    return sorted(
        {
            *coming.order_by().values_list("pk", flat=True),
            *waiting.values_list("subject_id", flat=True),
        }
    )


def concerning(person: Person) -> list[int]:
    coming = _coming().filter(participation__person=person)
    return list(coming.order_by("pk").values_list("pk", flat=True))


PLANNER = Planner("first days", plan_unlocked, ahead, concerning)


def wanted(placement: Placement | None) -> Iterator[Wanted]:
    """The letter there should be about one placement."""
    if placement is None:
        return
    person = placement.participation.person
    if not (person.is_active and person.email):
        return
    if starts(placement):
        first = placement.starts_on
        until = instant_or_nearest(first, NOON)
        yield Wanted(PACK, person.pk, until, due_at=sent_at(first), lead=str(first))


def starts(placement: Placement) -> bool:
    """Whether somebody is on the programme, and certain to start or has just started."""
    on_programme = (Participation.State.ACCEPTED, Participation.State.ACTIVE)
    return placement.state in STARTING_STATES and placement.participation.state in on_programme


def sent_at(starts_on: date) -> datetime:
    """09:00 on the last working day before."""
    return instant_or_nearest(working_day_on_or_before(starts_on - A_DAY), IN_THE_MORNING)


def _coming() -> QuerySet[Placement]:
    return Placement.objects.filter(state__in=STARTING_STATES, starts_on__gte=timezone.localdate())


def _locked() -> QuerySet[Placement]:
    """Lock the placements that may need a letter or had one, by key."""
    since = timezone.localdate() - A_DAY
    rows = Placement.objects.select_for_update(of=("self",)).filter(starts_on__gte=since)
    return rows.order_by("pk")


def _plan(placements: list[Placement]) -> Changes:
    return plan([one.pk for one in placements])
