"""What about schools and placements waits for staff."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from cohorts.models import Participation, Person
from dlp.attention import Line
from dlp.words import from_today, plain_day
from placements.models import (
    Opening,
    Partnership,
    Placement,
    School,
    SchoolContact,
    SchoolName,
)

AREA = "Placements"
PARTNERSHIP_NOTICE = timedelta(days=90)
OPENING_NOTICE = timedelta(days=90)
HOST_LEAD_NOTICE = timedelta(days=14)
RENAMED_FOR = timedelta(days=30)
AT_MOST = 25


def lines(person: Person, today: date) -> list[Line]:
    """Everything of ours that waits for this person; nothing but for staff. One query a kind."""
    if not person.is_staff:
        return []
    return [
        *hosts_that_close(today),
        *hosts_renamed(today),
        *confirmed_without_lead(today),
        *paused_beyond_their_end(today),
        *openings_without_anybody(today),
        *leaders_without_placement(today),
        *partnerships_that_end(today),
    ]


def hosts_that_close(today: date) -> list[Line]:
    """R-SCH-05: the placement is kept; somebody decides where it goes on."""
    gone = (School.Status.CLOSED, School.Status.CLOSING)
    held = Placement.objects.live().filter(school__status__in=gone).for_display()
    return [
        Line(
            key=f"placement-host-{one.school.status}:{one.pk}",
            sign="bad" if one.school.status == School.Status.CLOSED else "due",
            title=_closing(one.school),
            detail=f"{one.participation.person} is placed there until {plain_day(one.ends_on)}.",
            url=one.get_absolute_url(),
            action="Look at the placement",
            area=AREA,
        )
        for one in held[:AT_MOST]
    ]


def _closing(school: School) -> str:
    if school.status == School.Status.CLOSED:
        on = f" on {plain_day(school.closed_on)}" if school.closed_on else ""
        return f"{school} closed{on}"
    return f"{school} is proposed to close"


def hosts_renamed(today: date) -> list[Line]:
    """For a month: a school of a leader of ours has another name since an import."""
    live = Placement.objects.live().filter(school=OuterRef("school"))
    names = (
        SchoolName.objects.filter(
            Exists(live),
            source=SchoolName.Source.GIAS,
            added_at__date__gt=today - RENAMED_FOR,
        )
        .select_related("school")
        .order_by("-added_at", "pk")
    )
    return [
        Line(
            key=f"school-renamed:{one.pk}",
            sign="soon",
            title=f"{one.name} is now {one.school}",
            detail="GIAS says so. Leaders of ours are placed there.",
            url=one.school.get_absolute_url(),
            action="Look at the school",
            area=AREA,
        )
        for one in names[:AT_MOST]
    ]


def confirmed_without_lead(today: date) -> list[Line]:
    """Somebody starts within a fortnight, and no host lead is written down."""
    leads = SchoolContact.objects.current_on(today).filter(
        school=OuterRef("school"), role=SchoolContact.Role.HOST_LEAD
    )
    waiting = (
        Placement.objects.filter(
            ~Exists(leads),
            state=Placement.State.CONFIRMED,
            starts_on__range=(today, today + HOST_LEAD_NOTICE),
        )
        .for_display()
        .order_by("starts_on")
    )
    return [
        Line(
            key=f"placement-host-lead:{one.pk}",
            sign="due",
            title=f"No host lead for {one.participation.person}",
            detail=f"The first day at {one.host_name} is {plain_day(one.starts_on)}, "
            f"{from_today(one.starts_on, today=today)}.",
            url=reverse("placements:contact_add", args=[one.school_id]),
            action="Add the host lead",
            area=AREA,
        )
        for one in waiting[:AT_MOST]
    ]


def paused_beyond_their_end(today: date) -> list[Line]:
    over = Placement.objects.filter(state=Placement.State.PAUSED, ends_on__lt=today).for_display()
    return [
        Line(
            key=f"placement-paused:{one.pk}",
            sign="due",
            title=f"{one.participation.person} is paused at {one.host_name}",
            detail=f"The last day was {plain_day(one.ends_on)}. Resume it, then complete it.",
            url=one.get_absolute_url(),
            action="Look at the placement",
            area=AREA,
        )
        for one in over[:AT_MOST]
    ]


def openings_without_anybody(today: date) -> list[Line]:
    placed = Placement.objects.live().filter(opening=OuterRef("pk"))
    empty = (
        Opening.objects.filter(
            ~Exists(placed),
            state=Opening.State.OPEN,
            starts_on__lte=today + OPENING_NOTICE,
            ends_on__gte=today,
        )
        .for_display()
        .order_by("starts_on")
    )
    return [
        Line(
            key=f"opening-empty:{one.pk}",
            sign="due",
            title=f"Nobody is placed as {one.get_role_title_display()} at {one.school}",
            detail=f"{one.cohort}. The first day is {plain_day(one.starts_on)}, "
            f"{from_today(one.starts_on, today=today)}.",
            url=reverse("placements:place", args=[one.pk]),
            action="Place a leader",
            area=AREA,
        )
        for one in empty[:AT_MOST]
    ]


def leaders_without_placement(today: date) -> list[Line]:
    """People who are active in a running cohort and have no place, now or ahead: one line a cohort."""
    live = Placement.objects.live().filter(participation=OuterRef("pk"), ends_on__gte=today)
    without = (
        Participation.objects.filter(
            ~Exists(live),
            Q(cohort__starts_on__lte=today, cohort__ends_on__gte=today),
            state=Participation.State.ACTIVE,
        )
        .for_display()
        .order_by("cohort", "person__search_text")
    )
    by_cohort: dict[int, list[Participation]] = {}
    for one in without:
        by_cohort.setdefault(one.cohort_id, []).append(one)
    return [_without_placement(people) for people in by_cohort.values()]


def _without_placement(people: list[Participation]) -> Line:
    cohort, names = people[0].cohort, [str(one.person) for one in people]
    said = ", ".join(names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    one_of_them = len(names) == 1
    return Line(
        key=f"cohort-unplaced:{cohort.pk}:{len(names)}",
        sign="due",
        title=f"{said} has no placement"
        if one_of_them
        else f"{len(names)} leaders have no placement",
        detail=f"{cohort}." if one_of_them else f"{cohort}: {said}{more}.",
        url=people[0].person.get_absolute_url() if one_of_them else cohort.get_absolute_url(),
        action="Look at the person" if one_of_them else "Look at the cohort",
        area=AREA,
    )


def partnerships_that_end(today: date) -> list[Line]:
    ending = (
        Partnership.objects.filter(
            state=Partnership.State.ACTIVE, ends_on__range=(today, today + PARTNERSHIP_NOTICE)
        )
        .select_related("school")
        .order_by("ends_on")
    )
    return [
        Line(
            key=f"partnership-ends:{one.pk}",
            sign="soon",
            title=f"The partnership with {one.school} ends",
            detail=f"{plain_day(one.ends_on)}, {from_today(one.ends_on, today=today)}.",
            url=one.school.get_absolute_url(),
            action="Look at the agreement",
            area=AREA,
        )
        for one in ending[:AT_MOST]
        if one.ends_on
    ]
