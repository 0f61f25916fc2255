"""Planning the letters that say when safeguarding training is due for a refresh (R-DSL-03).

Each is about somebody's deciding certificate: at every notice that the rules set, on the day, and
weekly after it. The leader gets all of them; the coordinator those of the last month and the first
after the day. A deferral pauses letters, not dates: once somebody is back, the weekly ones begin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from cohorts.models import Participation, ParticipationChange, Person
from cohorts.permissions import PROGRAMME_LEAD
from dlp.calendar import instant_or_nearest
from dlp.outbox.clock import database_now
from dlp.outbox.models import Message, QuietHours
from dlp.outbox.plans import planning, timing
from dlp.outbox.plans.planning import Changes, Letters, Plan, Wanted
from dlp.outbox.plans.sweeping import Planner
from training.certificates.rules import Rules, rules_on, training_until
from training.models import Certificate
from training.models.certificates import CertificateQuerySet
from training.safeguarding import rules_known

SUBJECT = "certificate"
DUE, DUE_TO_LEAD = "training.certificate_due", "training.certificate_due_to_lead"
KINDS = (DUE, DUE_TO_LEAD)
IN_THE_MORNING = time(9)
WEEK = timedelta(days=7)
LEAD_FROM = 30
"""How many days before the coordinator is told; the leader is told from the first notice on."""
NOT_DUE = "The refresh is not due then, or not theirs to see to now."


class Step(NamedTuple):
    """One letter: when it is due, until when it is useful, and whether the programme gets it too."""

    lead: str
    due_at: datetime
    not_after: datetime
    to_lead: bool


def steps_of(until: date, since: date, rules: Rules) -> list[Step]:
    """The letters about training that counts until a day, each useful until the next is due.

    The weekly ones count from that day, or from `since` if they can only be asked later.
    """
    late = max(until, since)
    days = [(f"{days}d", until - timedelta(days=days)) for days in rules.notice_days]
    days += [(f"late{week}", late + week * WEEK) for week in range(1, rules.weekly_count + 1)]
    first = [timing.on_working_day(instant_or_nearest(day, IN_THE_MORNING)) for _, day in days]
    ends = [*first[1:], first[-1] + WEEK]
    soon = {f"{days}d" for days in rules.notice_days if 0 < days <= LEAD_FROM} | {"late1"}
    return [
        Step(lead, due_at, end, lead in soon)
        for (lead, _), due_at, end in zip(days, first, ends, strict=True)
        if due_at < end
    ]


def plan_of_people(people: Collection[int], *, now: datetime | None = None) -> Changes:
    """Bring the letters about these people's certificates into line with how they stand.

    Call it in the transaction of a change, with the people locked. Repeating it changes nothing.
    """
    theirs = Certificate.objects.filter(person__in=people).order_by("pk")
    return plan(list(theirs.values_list("pk", flat=True)), now=now)


def plan(certificates: Collection[int], *, now: datetime | None = None) -> Changes:
    """Plan the letters about any number of certificates, in a constant number of queries."""
    if not certificates:
        return Changes()
    now = now or database_now()
    due = wanted(certificates)
    plans = [
        Plan(
            pk, [one for one in due.get(pk, ()) if one.not_after > now], why_not=lambda row: NOT_DUE
        )
        for pk in certificates
    ]
    letters = Letters(SUBJECT, certificates, KINDS)
    return planning.reconcile(letters, plans, nights=QuietHours.objects.nights(), now=now)


def plan_unlocked(keys: Sequence[int]) -> Changes:
    """Lock these certificates and plan them, skipping those that somebody else has locked."""
    rows = Certificate.objects.select_for_update(of=("self",), skip_locked=True)
    free = rows.filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)
    return plan(list(free))


def ahead(until: datetime | None, session_kind: str) -> list[int]:
    """Every deciding certificate of people on the programme, and those with a waiting letter."""
    if session_kind:
        return []
    waiting = Message.objects.filter(kind__in=KINDS).open().order_by()
    counted = _asked().values("pk")
    found = Certificate.objects.filter(Q(pk__in=counted) | Q(pk__in=waiting.values("subject_id")))
    return list(found.order_by("pk").values_list("pk", flat=True))


def concerning(person: Person) -> list[int]:
    """Somebody's own, and those of leaders whose cohort they coordinate."""
    theirs = Q(person=person) | Q(person__participations__cohort__coordinator=person)
    found = Certificate.objects.filter(theirs)
    return list(found.order_by("pk").values_list("pk", flat=True).distinct())


PLANNER = Planner("certificates", plan_unlocked, ahead, concerning)


def wanted(certificates: Collection[int]) -> dict[int, list[Wanted]]:
    """By deciding certificate, the letters there should be, or should have been."""
    today, known = timezone.localdate(), rules_known()
    asked = {one.person_id: one for one in _asked().filter(pk__in=certificates)}
    leads = _leads(asked.keys())
    due: dict[int, list[Wanted]] = {}
    for person, one in asked.items():
        since = max(one.began_on, one.back_on or one.began_on, one.known_on)  # type: ignore[attr-defined]
        until = training_until(one.completed_on, known, one.says_until)
        steps = steps_of(until, since, rules_on(today, known))
        due[one.pk] = [*_to(DUE, [person], steps)]
        due[one.pk] += _to(DUE_TO_LEAD, leads[person], [step for step in steps if step.to_lead])
    return due


def _to(kind: str, people: Collection[int], steps: list[Step]) -> Iterator[Wanted]:
    """These letters to each of these people, each useful until the next of them."""
    ends = [later.due_at for _, later in pairwise(steps)] + [step.not_after for step in steps[-1:]]
    for step, not_after in zip(steps, ends, strict=True):
        for person in people:
            yield Wanted(kind, person, not_after, due_at=step.due_at, lead=step.lead)


def _asked() -> CertificateQuerySet:
    """Accepted certificates of people who are asked to refresh them now.

    On the programme, not away, and without a later certificate in review, however long that takes
    us. With the days since which they have been on it or back, and since when we have known the
    certificate.
    """
    on_it = Participation.objects.filter(
        person=OuterRef("person"), state=Participation.State.ACTIVE
    )
    back = ParticipationChange.objects.in_force().filter(
        participation__person=OuterRef("person"), kind=ParticipationChange.Kind.RESUMED
    )
    handed_in = Certificate.objects.of_dsl().filter(
        person=OuterRef("person"),
        state=Certificate.State.IN_REVIEW,
        completed_on__gt=OuterRef("completed_on"),
    )
    return (
        Certificate.objects.of_dsl()
        .filter(
            Exists(on_it),
            ~Exists(handed_in),
            state=Certificate.State.ACCEPTED,
            person__is_active=True,
            person__email__isnull=False,
        )
        .annotate(
            began_on=Subquery(on_it.order_by("-starts_on").values("starts_on")[:1]),
            back_on=Subquery(back.order_by("-effective_on").values("effective_on")[:1]),
            known_on=F("reviewed_at__date"),
        )
        .order_by("pk")
    )


def _leads(people: Collection[int]) -> dict[int, list[int]]:
    """Who coordinates each leader's cohort, else the programme leads."""
    reached = Person.objects.get_queryset().filter(is_active=True, email__isnull=False)
    fallback = list(
        reached.filter(groups__name=PROGRAMME_LEAD, is_staff=True).values_list("pk", flat=True)
    )
    leads: dict[int, list[int]] = defaultdict(lambda: fallback)
    coordinated = Participation.objects.filter(
        person__in=people,
        state=Participation.State.ACTIVE,
        cohort__coordinator__in=reached.values("pk"),
    )
    for person, coordinator in coordinated.order_by().values_list("person", "cohort__coordinator"):
        leads[person] = [coordinator]
    return leads
