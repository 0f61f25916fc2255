"""A handover: who is placed here, what was agreed, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cohorts.models import Person
from dlp.calendar import is_working_day
from dlp.home.parts import agreements, reviews
from dlp.home.parts.agreements import Agreement
from dlp.home.parts.our_school import facts_of
from dlp.home.parts.school_lead import is_theirs
from placements.models import (
    Handover,
    Opening,
    Partnership,
    Placement,
    Review,
    School,
    SchoolContact,
    SchoolProfile,
)
from training.dates_out import days_out

NEXT_DATES = 3
AHEAD = timedelta(days=180)


@dataclass(frozen=True)
class Next:
    """A date to come: what it is, and whom it concerns."""

    day: date
    title: str
    detail: str


@dataclass(frozen=True)
class HandoverPage:
    handover: Handover
    following: list[SchoolContact]
    here: list[Placement]
    agreements: list[Agreement]
    openings: list[Opening]
    reviews: list[Review]
    dates: list[Next]
    facts: list[tuple[str, str]]
    profile: SchoolProfile | None


def page(viewer: Person, handover: Handover, today: date) -> HandoverPage:
    """Reads handover.school.profile, which everybody who sees the handover may see."""
    school = handover.school
    here = list(
        Placement.objects.visible_to(viewer)
        .live()
        .filter(school=school, ends_on__gte=today)
        .select_related("participation__person", "participation__cohort")
        .order_by("participation__person__search_text")
    )
    contacts = SchoolContact.objects.visible_to(viewer).current_on(today).filter(school=school)
    standing = Partnership.objects.visible_to(viewer).standing_on(today).filter(school=school)
    profile = getattr(school, "profile", None)
    written = Review.objects.visible_to(viewer).filter(placement__in=here)
    openings = Opening.objects.visible_to(viewer).filter(school=school, state=Opening.State.OPEN)
    agreed = agreements.read(standing, today)
    return HandoverPage(
        handover=handover,
        following=[
            one
            for one in contacts.filter(role=handover.contact_left.role).select_related("person")
            if one.pk != handover.contact_left_id
        ],
        here=here,
        agreements=agreed,
        openings=list(openings.select_related("cohort")),
        reviews=list(
            written.select_related("requirement", "placement__participation__person")[:NEXT_DATES]
        ),
        dates=sorted(_dates(school, here, agreed, today), key=lambda one: one.day)[:NEXT_DATES],
        facts=facts_of(profile),
        profile=profile,
    )


def _dates(
    school: School, here: list[Placement], agreed: list[Agreement], today: date
) -> Iterator[Next]:
    """Days out, reviews, first and last days, and the end of the agreement."""
    names = {one.participation.person_id: one.participation.person.name for one in here}
    for out in days_out(list(names), today, today + AHEAD):
        if out.takes_out and is_working_day(out.day) and is_theirs(out, here):
            yield Next(out.day, f"{names[out.person_id]} is out, {out.hours}", out.title)
    for due in reviews.of_school(here, set(), today):
        if due.due_on >= today:
            yield Next(due.due_on, due.title, due.said)
    for placement in here:
        leader = placement.participation.person.name
        if placement.starts_on >= today:
            yield Next(placement.starts_on, f"{leader} starts", placement.get_role_title_display())
        yield Next(placement.ends_on, f"{leader}’s last day", placement.get_role_title_display())
    for one in agreed:
        if one.row.ends_on:
            yield Next(one.row.ends_on, "The agreement ends", f"With {school}")
