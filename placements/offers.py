"""Letters about an offer: to its leader and to the deciders at the school, else to the coordinator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from cohorts.models import Person
from dlp.outbox.operations import enqueue, of_person
from dlp.signin import links
from placements.models import Acceptance, Placement, SchoolContact
from placements.permissions import DECIDING_ROLES

SUBJECT = "placement"
OFFERED, DECIDED = "placements.offered", "placements.decided"
DAYS = "placements.days_changed"
ANSWER = "placements.answer"
PROGRAMME = "programme"
"""The side of a letter that goes to the programme, since nobody at the school can get it."""
REACHED = Q(person=None) & ~Q(email="") | Q(person__is_active=True, person__email__isnull=False)
"""Contacts to whom a letter can go."""
Side = Acceptance.Side


class Addressee(NamedTuple):
    """Somebody who gets a letter about an offer, and the side they are on."""

    side: str
    person: Person | None = None
    contact: SchoolContact | None = None

    @property
    def recipient(self) -> str:
        if self.person is not None:
            return of_person(self.person.pk)
        assert self.contact is not None  # noqa: S101  an addressee is one or the other
        return f"contact:{self.contact.pk}"

    @property
    def name(self) -> str:
        if self.person is not None:
            return self.person.first_name
        return self.contact.name if self.contact else ""


def deciders(school_id: int, day: date) -> QuerySet[SchoolContact]:
    """Who decides for a school on a day and can be written to, whether or not they sign in."""
    current = SchoolContact.objects.current_on(day).filter(REACHED, role__in=DECIDING_ROLES)
    return current.filter(school=school_id).select_related("person").order_by("role", "pk")


def addressees(placement: Placement) -> Iterator[Addressee]:
    """The leader and the deciders at the school; the coordinator if none of those can be reached."""
    leader = placement.participation.person
    if _reached(leader):
        yield Addressee(Side.LEADER, person=leader)
    found: dict[str, Addressee] = {}
    for contact in deciders(placement.school_id, timezone.localdate()):
        if contact.letters_bounce:
            continue
        one = Addressee(Side.SCHOOL, contact.person, contact)
        found.setdefault(one.recipient, one)
    yield from found.values()
    coordinator = placement.participation.cohort.coordinator
    if not found and coordinator is not None and _reached(coordinator):
        yield Addressee(PROGRAMME, person=coordinator)


def _reached(person: Person) -> bool:
    return person.is_active and bool(person.email)


def send(placement: Placement) -> None:
    """Ask both sides, each by a letter in which they can answer."""
    for one in addressees(placement):
        _enqueue(OFFERED, placement, one, lead=one.side, revision=asked_before(placement))


def tell_how_it_went(placement: Placement) -> None:
    """Tell both sides that the placement is agreed, or that it does not go ahead."""
    for one in addressees(placement):
        if one.side != PROGRAMME:
            _enqueue(
                DECIDED, placement, one, lead=placement.state, revision=asked_before(placement)
            )


def tell_of_days(placement: Placement) -> None:
    """Tell both sides of an agreed placement its new days."""
    for one in addressees(placement):
        if one.side != PROGRAMME:
            _enqueue(DAYS, placement, one, lead="", revision=changed_before(placement))


def asked_before(placement: Placement) -> int:
    """How often both sides were asked before."""
    return placement.asking - 1


def changed_before(placement: Placement) -> int:
    """How often its days changed; only the letter about the latest change counts."""
    return placement.changes.of_days().count()


def _enqueue(kind: str, placement: Placement, to: Addressee, *, lead: str, revision: int) -> None:
    is_nobody = to.person is None and to.contact is not None
    enqueue(
        kind,
        person=to.person,
        address=to.contact.email if is_nobody and to.contact else "",
        recipient=to.recipient,
        subject_kind=SUBJECT,
        subject_id=placement.pk,
        revision=revision,
        lead=lead,
    )


def token(placement: Placement, to: Addressee) -> str:
    """A signed token to answer one offer for one side, and nothing else, until the first day."""
    left = timedelta(days=max((placement.starts_on - timezone.localdate()).days, 0) + 1)
    contact = to.contact.pk if to.contact else 0
    return links.make(ANSWER, left, placement=placement.pk, side=to.side, contact=contact)
