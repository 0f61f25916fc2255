"""The letters about placement reviews: a week before to those who hold it, to staff once overdue.

Each is about a plan item, which alone has the day (R-PLC-04).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cohorts.models import Person, PlanItem
from dlp import words
from dlp.calendar import instant_or_nearest, working_day_on_or_after
from dlp.outbox.clock import database_now
from dlp.outbox.models import Message, QuietHours
from dlp.outbox.plans import planning, timing
from dlp.outbox.plans.planning import Changes, Letters, Plan, Wanted
from dlp.outbox.plans.sweeping import Planner
from placements.day_one import planning as planning_of_first_days
from placements.models import Placement, SchoolContact
from placements.reviews import OVERDUE_AFTER, asked_for, review_items

SUBJECT = "plan_item"
DUE, OVERDUE = "placements.review_due", "placements.review_overdue"
KINDS = (DUE, OVERDUE)
DAYS_BEFORE = timedelta(days=7)
IN_THE_MORNING = time(9)
OVERDUE_IS_OF_USE_FOR = timedelta(days=14)
NOT_DUE = "The review is not due on that day, or not theirs to hold."
A_DAY = timedelta(days=1)


def plan(items: Collection[int], *, now: datetime | None = None) -> Changes:
    """Bring the waiting letters about these items into line with their days and people.

    Call it in the transaction of a change, with the items locked. Repeating it changes nothing.
    """
    if not items:
        return Changes()
    now = now or database_now()
    due = wanted(items)
    plans = [
        Plan(
            pk, [one for one in due.get(pk, ()) if one.not_after > now], why_not=lambda row: NOT_DUE
        )
        for pk in items
    ]
    letters = Letters(SUBJECT, items, KINDS)
    return planning.reconcile(letters, plans, nights=QuietHours.objects.nights(), now=now)


def plan_of(participations: Collection[int]) -> Changes:
    """Plan the review and day-one letters of these participations, which the caller has locked.

    Without a placement there is no review, and so no letter.
    """
    planning_of_first_days.plan_of(participations)
    placed = Placement.objects.filter(participation__in=participations).values("participation")
    items = review_items().filter(participation__in=placed).order_by("pk")
    return plan(list(items.select_for_update(of=("self",)).values_list("pk", flat=True)))


def plan_of_people(people: Collection[int]) -> Changes:
    """Plan the review and day-one letters of these people, whose participation has changed."""
    planning_of_first_days.plan_of_people(people)
    items = review_items().filter(participation__person__in=people).order_by("pk")
    return plan(list(items.select_for_update(of=("self",)).values_list("pk", flat=True)))


def plan_at(school_id: int) -> Changes:
    """Plan the review letters of everybody placed at a school, whose leads have changed."""
    placed = Placement.objects.live().filter(school=school_id)
    items = review_items().filter(participation__in=placed.values("participation"))
    return plan_unlocked(list(items.order_by("pk").values_list("pk", flat=True)))


def plan_unlocked(keys: Sequence[int]) -> Changes:
    """Lock these items and plan them, skipping those that somebody else has locked."""
    rows = PlanItem.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=keys)
    free = set(rows.order_by("pk").values_list("pk", flat=True))
    gone = set(keys) - set(PlanItem.objects.filter(pk__in=keys).values_list("pk", flat=True))
    return plan(sorted(free | gone))


def ahead(until: datetime | None, session_kind: str) -> list[int]:
    """Reviews with a letter to come or waiting; nothing if asked for a session kind."""
    if session_kind:
        return []
    since = timezone.localdate() - OVERDUE_AFTER - OVERDUE_IS_OF_USE_FOR
    due = asked_for().filter(due_on__gte=since)
    if until is not None:
        due = due.filter(due_on__lte=words.as_day(until))
    waiting = Message.objects.filter(kind__in=KINDS).open().order_by()
    return sorted(
        {*due.values_list("pk", flat=True), *waiting.values_list("subject_id", flat=True)}
    )


def concerning(person: Person) -> list[int]:
    """The reviews due for which somebody is leader, host lead or coordinator."""
    led = SchoolContact.objects.schools_led_by(person)
    placed = Placement.objects.live().filter(
        participation=OuterRef("participation"), school__in=led
    )
    theirs = asked_for().filter(
        Q(participation__person=person)
        | Q(participation__cohort__coordinator=person)
        | Exists(placed)
    )
    return list(theirs.order_by("pk").values_list("pk", flat=True))


PLANNER = Planner("reviews", plan_unlocked, ahead, concerning)


def wanted(items: Collection[int]) -> dict[int, list[Wanted]]:
    """The letters there should be, by item that is due."""
    known = asked_for().filter(pk__in=items).select_related("participation__cohort__coordinator")
    due = list(known)
    holding = holders(due)
    return {item.pk: [*_about(item, holding[item.pk])] for item in due}


def _about(item: PlanItem, holding: Iterable[int]) -> Iterator[Wanted]:
    assert item.due_on is not None  # noqa: S101  what is due has a day
    lead = str(item.due_on)
    before = timing.on_working_day(_morning(item.due_on - DAYS_BEFORE))
    until = instant_or_nearest(item.due_on + A_DAY, time())
    for person in holding:
        yield Wanted(DUE, person, until, due_at=before, lead=lead)
    coordinator = item.participation.cohort.coordinator
    if coordinator is not None and coordinator.is_active and coordinator.email:
        late = _morning(overdue_on(item))
        yield Wanted(OVERDUE, coordinator.pk, late + OVERDUE_IS_OF_USE_FOR, due_at=late, lead=lead)


def overdue_on(item: PlanItem) -> date:
    """The first working day on which it is overdue."""
    assert item.due_on is not None  # noqa: S101  what is due has a day
    return working_day_on_or_after(item.due_on + OVERDUE_AFTER + A_DAY)


def holders(due: Collection[PlanItem]) -> dict[int, list[int]]:
    """Who gets the letter, by item: the leader, and the host leads of that day.

    If nobody at the school can be written to, the cohort's coordinator.
    """
    placements = Placement.objects.in_bulk({item.placement_id for item in due})  # type: ignore[attr-defined]
    hosts = _host_leads({one.school_id for one in placements.values()})
    reached = _reached(
        {item.participation.person_id for item in due}
        | {item.participation.cohort.coordinator_id or 0 for item in due}
        | {contact.person_id or 0 for found in hosts.values() for contact in found}
    )
    found: dict[int, list[int]] = {}
    for item in due:
        school = placements[item.placement_id].school_id  # type: ignore[attr-defined]
        day = max((item.due_on or date.max) - DAYS_BEFORE, timezone.localdate())
        leads = [one.person_id for one in hosts[school] if _leads_on(one, day)]
        hosts_reached = [pk for pk in leads if pk in reached]
        instead = [] if hosts_reached else [item.participation.cohort.coordinator_id]
        whose = dict.fromkeys([item.participation.person_id, *hosts_reached, *instead])
        found[item.pk] = [pk for pk in whose if pk in reached]
    return found


def _host_leads(schools: Collection[int]) -> dict[int, list[SchoolContact]]:
    found: dict[int, list[SchoolContact]] = defaultdict(list)
    contacts = SchoolContact.objects.filter(
        school__in=schools, role=SchoolContact.Role.HOST_LEAD, person__isnull=False
    )
    for contact in contacts.order_by("pk"):
        found[contact.school_id].append(contact)
    return found


def _leads_on(contact: SchoolContact, day: date) -> bool:
    has_begun = contact.starts_on is None or contact.starts_on <= day
    return has_begun and (contact.ends_on is None or contact.ends_on >= day)


def _reached(people: Collection[int]) -> set[int]:
    """Those of these who can be written to."""
    found = Person.objects.filter(pk__in=people, is_active=True, email__isnull=False)
    return set(found.order_by().values_list("pk", flat=True))


def _morning(day: date) -> datetime:
    return instant_or_nearest(day, IN_THE_MORNING)
