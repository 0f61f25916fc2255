"""What about schools and placements waits for staff."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import JSONObject

from cohorts.models import Cohort, Participation, Person
from cohorts.names import name_facts, name_of
from cohorts.permissions import can_change_programme
from dlp import attention
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses
from dlp.words import from_today, joined, plain_day
from placements import beginnings_waiting, hosts_waiting, pencils_waiting, reviews_waiting
from placements.models import (
    Opening,
    Placement,
    School,
    SchoolContact,
    SchoolLink,
    SchoolName,
)
from placements.models.openings import RoleTitle
from placements.reviews import OPEN_STATES, review_items

AREA = "Placements"
OPENING_NOTICE = timedelta(days=90)
HOST_LEAD_NOTICE = timedelta(days=14)
RENAMED_FOR = timedelta(days=30)
LEFT = {
    Participation.State.COMPLETED: "has completed",
    Participation.State.TRANSFERRED: "changed cohort",
    Participation.State.WITHDRAWN: "has withdrawn",
}


def lines(person: Person, today: date) -> list[Line]:
    """Everything of ours that waits for this person; nothing but for those who can settle it."""
    if not can_change_programme(person):
        return []
    return attention.question_of(today, matters).answer()


def matters(today: date) -> list[Matter]:
    return [
        hosts_that_close(),
        hosts_renamed(today),
        placed_after_their_time(),
        without_host_lead(today),
        paused_beyond_their_end(today),
        openings_without_anybody(today),
        leaders_without_placement(today),
        *beginnings_waiting.matters(today, AREA),
        *hosts_waiting.matters(today, AREA),
        reviews_waiting.overdue(today, AREA),
        reviews_waiting.to_put_right(AREA),
        pencils_waiting.overtaken(today, AREA),
        pencils_waiting.running_out(today, AREA),
    ]


def hosts_that_close() -> Matter:
    """R-SCH-05: the placement is kept; somebody decides where it goes on."""
    gone = (School.Status.CLOSED, School.Status.CLOSING)
    held = Placement.objects.live().filter(school__status__in=gone)

    def line(one: Any) -> Line:
        is_closed = one.status == School.Status.CLOSED
        on = f" on {plain_day(one.closed_on)}" if one.closed_on else ""
        return Line(
            key=f"placement-host-{one.status}:{one.pk}",
            sign="bad" if is_closed else "due",
            title=f"{one.school} closed{on}" if is_closed else f"{one.school} is proposed to close",
            detail=f"{name_of(one.leader)} is placed there until {plain_day(one.ends_on)}."
            f"{_what_follows(one.followed_by, is_closed)}",
            url=addresses("home:placement")(one.pk),
            action="Look at the placement",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = JSONObject(
        pk="pk",
        leader=name_facts("participation__person__"),
        owner="participation__cohort__coordinator_id",
        school="school__name",
        status="school__status",
        closed_on="school__closed_on",
        ends_on="ends_on",
        followed_by=ArraySubquery(_names_of_those_after(OuterRef("school"))),
    )
    return Matter(held, facts, line)


def _names_of_those_after(school: OuterRef) -> QuerySet[Any, Any]:
    name = Case(When(kind=SchoolLink.Kind.SUCCESSOR, then="other__name"), default="school__name")
    links = SchoolLink.objects.onward_from(school).annotate(name=name)
    return links.order_by("name").values("name").distinct()


def _what_follows(names: list[str], is_closed: bool) -> str:
    if not names:
        return ""
    if not is_closed:
        return f" {joined(names)} {'is' if len(names) == 1 else 'are'} to follow it."
    if len(names) == 1:
        return f" It became {names[0]}: move the placement there."
    return f" {joined(names)} follow it: choose by hand."


def hosts_renamed(today: date) -> Matter:
    """For a month: a school of a leader of ours has another name since an import."""
    live = Placement.objects.live().filter(school=OuterRef("school"))
    names = SchoolName.objects.filter(
        Exists(live),
        source=SchoolName.Source.GIAS,
        added_at__date__gt=today - RENAMED_FOR,
    ).order_by("-added_at", "pk")

    def line(one: Any) -> Line:
        return Line(
            key=f"school-renamed:{one.pk}",
            sign="soon",
            title=f"{one.name} is now {one.school}",
            detail="GIAS says so. Leaders of ours are placed there.",
            url=addresses("home:school")(one.school_id),
            action="Look at the school",
            area=AREA,
        )

    facts = JSONObject(pk="pk", name="name", school="school__name", school_id="school_id")
    return Matter(names, facts, line)


def placed_after_their_time() -> Matter:
    """Somebody left the cohort for good, and their placement goes on as if they had not."""
    left = Placement.objects.live().filter(
        participation__held_to__isnull=False, ends_on__gt=F("participation__held_to")
    )

    def line(one: Any) -> Line:
        is_elsewhere = one.state == Participation.State.TRANSFERRED
        then = "End it, and place them from their new cohort." if is_elsewhere else "End it."
        return Line(
            key=f"placement-left:{one.pk}",
            sign="due",
            title=f"{name_of(one.leader)} {LEFT[one.state]} and is still placed at {one.host}",
            detail=f"Their last day in {one.cohort} was {plain_day(one.left_on)}; "
            f"the placement runs until {plain_day(one.ends_on)}. {then}",
            url=addresses("home:placement")(one.pk),
            action="Look at the placement",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = JSONObject(
        pk="pk",
        leader=name_facts("participation__person__"),
        owner="participation__cohort__coordinator_id",
        host="school__name",
        cohort="participation__cohort__name",
        state="participation__state",
        left_on="participation__held_to",
        ends_on="ends_on",
    )
    return Matter(left, facts, line)


def without_host_lead(today: date) -> Matter:
    """No host lead is written down, and somebody starts or a review is due within a fortnight.

    What would be written to the lead goes to the coordinator until there is one.
    """
    soon = (today, today + HOST_LEAD_NOTICE)
    leads = SchoolContact.objects.current_on(today).filter(
        school=OuterRef("school"), role=SchoolContact.Role.HOST_LEAD
    )
    items = review_items().filter(
        participation=OuterRef("participation"), state__in=OPEN_STATES, due_on__range=soon
    )
    starting = Q(state=Placement.State.CONFIRMED, starts_on__range=soon)
    waiting = Placement.objects.filter(
        starting | Q(state=Placement.State.ACTIVE) & Exists(items), ~Exists(leads)
    ).order_by("starts_on")

    def line(one: Any) -> Line:
        return Line(
            key=f"placement-host-lead:{one.pk}",
            sign="due",
            title=f"No host lead for {name_of(one.leader)}",
            detail=f"The first day at {one.host} is {plain_day(one.starts_on)}, "
            f"{from_today(one.starts_on, today=today)}."
            if one.state == Placement.State.CONFIRMED
            else f"A review at {one.host} is near. Letters about it go to the coordinator instead.",
            url=addresses("placements:contact_add")(one.school_id),
            action="Add the host lead",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = JSONObject(
        pk="pk",
        leader=name_facts("participation__person__"),
        owner="participation__cohort__coordinator_id",
        host="school__name",
        school_id="school_id",
        starts_on="starts_on",
        state="state",
    )
    return Matter(waiting, facts, line)


def paused_beyond_their_end(today: date) -> Matter:
    over = Placement.objects.filter(state=Placement.State.PAUSED, ends_on__lt=today)

    def line(one: Any) -> Line:
        return Line(
            key=f"placement-paused:{one.pk}",
            sign="due",
            title=f"{name_of(one.leader)} is paused at {one.host}",
            detail=f"The last day was {plain_day(one.ends_on)}. Resume it, then complete it.",
            url=addresses("home:placement")(one.pk),
            action="Look at the placement",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = JSONObject(
        pk="pk",
        leader=name_facts("participation__person__"),
        owner="participation__cohort__coordinator_id",
        host="school__name",
        ends_on="ends_on",
    )
    return Matter(over, facts, line)


def openings_without_anybody(today: date) -> Matter:
    """Near or begun, and nobody is placed in them or asked to come."""
    placed = Placement.objects.filter(
        opening=OuterRef("pk"), state__in=[*Placement.LIVE_STATES, Placement.State.OFFERED]
    )
    empty = Opening.objects.filter(
        ~Exists(placed),
        state=Opening.State.OPEN,
        starts_on__lte=today + OPENING_NOTICE,
        ends_on__gte=today,
    ).order_by("starts_on")

    def line(one: Any) -> Line:
        return Line(
            key=f"opening-empty:{one.pk}",
            sign="due",
            title=f"Nobody is placed as {RoleTitle(one.role_title).label} at {one.school}",
            detail=f"{one.cohort}. The first day is {plain_day(one.starts_on)}, "
            f"{from_today(one.starts_on, today=today)}.",
            url=addresses("placements:opening")(one.pk),
            action="See who could go",
            area=AREA,
            owners=owned_by(one.owner),
        )

    facts = JSONObject(
        pk="pk",
        role_title="role_title",
        school="school__name",
        cohort="cohort__name",
        owner="cohort__coordinator_id",
        starts_on="starts_on",
    )
    return Matter(empty, facts, line)


def leaders_without_placement(today: date) -> Matter:
    """People who are active in a running cohort and have no place, now or ahead: one line a cohort."""
    live = Placement.objects.live().filter(ends_on__gte=today)
    without = Participation.objects.filter(
        ~Exists(live.filter(participation=OuterRef("pk"))),  # tells most, from an index alone
        ~Exists(live.filter(participation__person=OuterRef("person"))),
        state=Participation.State.ACTIVE,
    )
    cohorts = Cohort.objects.running_on(today).filter(pk__in=without.values("cohort"))
    named = without.filter(cohort=OuterRef("pk")).order_by("person__search_text")

    def line(cohort: Any) -> Line:
        names = [name_of(leader["name"]) for leader in cohort.leaders]
        one_of_them = len(names) == 1
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return Line(
            key=f"cohort-unplaced:{cohort.pk}:{len(names)}",
            sign="due",
            title=f"{names[0]} has no placement"
            if one_of_them
            else f"{len(names)} leaders have no placement",
            detail=f"{cohort.name}."
            if one_of_them
            else f"{cohort.name}: {', '.join(names[:3])}{more}.",
            url=addresses("placements:openings_for")(cohort.leaders[0]["time"])
            if one_of_them
            else addresses("home:cohort")(cohort.pk),
            action="See where they could go" if one_of_them else "Look at the cohort",
            area=AREA,
            owners=owned_by(cohort.owner),
        )

    facts = JSONObject(
        pk="pk",
        name="name",
        owner="coordinator_id",
        leaders=ArraySubquery(
            named.values(leader=JSONObject(time="pk", name=name_facts("person__")))
        ),
    )
    return Matter(cohorts, facts, line)
