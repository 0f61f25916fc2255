"""What school leads are asked about people: a yes or a no, and checks before a first day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from cohorts.models import Person
from dlp import words
from dlp.home.parts.asked_of_school import Asked
from placements.models import Acceptance, Check, Placement, SchoolContact
from placements.permissions import DECIDING_ROLES

State = Placement.State


def with_checks_left(placements: QuerySet[Placement]) -> QuerySet[Placement, Placement]:
    """Annotate placements with the number of required checks left; None if there are none."""
    left = Check.objects.filter(placement=OuterRef("pk")).outstanding().order_by()
    return placements.annotate(
        checks_left=Subquery(left.values("placement").annotate(n=Count("pk")).values("n"))
    )


def with_offers(roles: QuerySet[SchoolContact]) -> QuerySet[SchoolContact, SchoolContact]:
    """Annotate roles with whether an offer waits for their school's answer."""
    offered = Placement.objects.filter(school=OuterRef("school"), state=State.OFFERED)
    return roles.annotate(has_offer=Exists(offered.filter(~_answered())))


def _answered() -> Exists:
    said = Acceptance.objects.standing().filter(side=Acceptance.Side.SCHOOL)
    return Exists(said.filter(placement=OuterRef("pk")))


def asked_about_people(
    person: Person, roles: Iterable[SchoolContact], placements: Iterable[Placement]
) -> list[Asked]:
    """Offers waiting for their answer, then checks of people who are to come."""
    deciding = {
        one.school_id
        for one in roles
        if one.role in DECIDING_ROLES and one.has_offer  # type: ignore[attr-defined]
    }
    return [*_offers(person, deciding), *_checks(placements)]


def _offers(person: Person, schools: set[int]) -> Iterator[Asked]:
    if not schools:
        return
    offered = Placement.objects.visible_to(person).filter(state=State.OFFERED, school__in=schools)
    unanswered = offered.filter(~_answered())
    for one in unanswered.select_related("participation__person", "school").order_by("pk"):
        yield Asked(
            f"Will you take {one.participation.person}?",
            f"{one.get_role_title_display()} at {one.host.said}, "
            f"{words.span(one.starts_on, one.ends_on)}.",
            one.get_absolute_url(),
            "Say yes or no",
        )


def _checks(placements: Iterable[Placement]) -> Iterator[Asked]:
    for one in placements:
        left: int = one.checks_left or 0  # type: ignore[attr-defined]
        if left and one.state in (State.ACCEPTED, State.CONFIRMED):
            yield Asked(
                f"{words.count(left, 'check')} for {one.participation.person} to confirm",
                f"Before the first day, {_day(one.starts_on)}. One tap each.",
                one.get_absolute_url(),
                "Confirm",
            )


def _day(first: date) -> str:
    return f"{words.plain_day(first)}, {words.from_today(first)}"
