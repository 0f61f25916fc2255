"""Who of the people a session is planned for has something else then, told to staff.

A warning, never a refusal: while planning, both sessions may still move. People who answer are
warned by `training.clashes`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from cohorts.models import Cohort, Participation, Person
from cohorts.models.people import listed_name
from dlp import words
from dlp.calendar import instant_or_nearest
from training.models import Booking, GroupMember, Session, SupervisionGroup
from training.models.sessions import LONGEST

SHOWN = 8
Asked = Q
"""A condition on people."""


class Times(NamedTuple):
    """The local times of a planned session."""

    starts_on: date
    starts_time: time
    ends_on: date
    ends_time: time

    @property
    def starts_at(self) -> datetime:
        return instant_or_nearest(self.starts_on, self.starts_time)

    @property
    def ends_at(self) -> datetime:
        return instant_or_nearest(self.ends_on, self.ends_time)


class Other(NamedTuple):
    """Another session, as the query returns it."""

    pk: int
    title: str
    state: str
    starts_at: datetime
    ends_at: datetime


def times_of(session: Session) -> Times:
    return Times(session.starts_on, session.starts_time, session.ends_on, session.ends_time)


def planned_for(
    cohorts: Iterable[Cohort], group: SupervisionGroup | None, leaders: Iterable[Person]
) -> Asked:
    """The people a session is planned for: of its cohorts and group, and its leaders."""
    expected = Participation.objects.expected().filter(cohort__in=list(cohorts))
    asked = Q(pk__in=expected.values("person")) | Q(pk__in=[leader.pk for leader in leaders])
    if group is None:
        return asked
    members = GroupMember.objects.filter(group=group, ends_on=None)
    return asked | Q(pk__in=members.values("person")) | Q(pk=group.supervisor_id)


def asked_to(session: Session) -> Asked:
    """The people asked to a session who have not declined, and those it is planned for."""
    live = Booking.objects.live().filter(session=session).order_by()
    told = Q(pk__in=live.values("person"))
    leaders = session.facilitators.all()
    if session.state != Session.State.DRAFT:  # whoever of its cohorts is not on it said no
        return told | planned_for([], session.group, leaders)
    return told | planned_for(session.cohorts.all(), session.group, leaders)


def says(planned: Sequence[Times], asked: Asked, *, besides: Collection[int] = ()) -> list[str]:
    """A sentence for each other session that these people have then, the soonest first.

    One query if there is none at those times, else two; `besides` are the sessions being planned.
    """
    others = {one.pk: one for one in _at(planned, besides)}
    busy = _busy(others.values(), asked)
    said = [
        _sentence(others[pk], names)
        for pk, names in sorted(busy.items(), key=lambda one: others[one[0]].starts_at)
    ]
    if len(said) <= SHOWN:
        return said
    more = words.count(len(said) - SHOWN, "more session")
    return [*said[:SHOWN], f"And so it is with {more}."]


def _sentence(other: Other, names: list[str]) -> str:
    """3 people already have Calm starts, Thu 14 January 2027, 16:00–18:00: Ada, Tom and Rosa."""
    have = words.count(len(names), "person already has", "people already have")
    return (
        f"{have} {other.title}, {words.when(other.starts_at, other.ends_at)}: {words.named(names)}."
    )


def _at(planned: Sequence[Times], besides: Collection[int]) -> list[Other]:
    """Sessions that take place, or may, at one of these times."""
    if not planned:
        return []
    first, last = min(one.starts_at for one in planned), max(one.ends_at for one in planned)
    rows = (
        Session.objects.exclude(state__in=Session.CALLED_OFF)
        .exclude(pk__in=besides)
        .filter(starts_at__gt=first - LONGEST, starts_at__lt=last, ends_at__gt=first)
        .values_list(*Other._fields)
    )
    return [
        other
        for other in (Other(*row) for row in rows)
        if any(other.starts_at < one.ends_at and other.ends_at > one.starts_at for one in planned)
    ]


def _busy(others: Iterable[Other], asked: Asked) -> dict[int, list[str]]:
    """By session, the names of those who attend it, lead it or will be invited to it."""
    keys = {one.pk: one.state for one in others}
    if not keys:
        return {}
    drafts = [pk for pk, state in keys.items() if state == Session.State.DRAFT]
    people = Person.objects.filter(asked, is_active=True).order_by().values("pk")
    led = Session.facilitators.through.objects.filter(session__in=keys, person__in=people)
    supervised = Session.objects.filter(pk__in=keys, group__supervisor__in=people)
    booked = Booking.objects.live().filter(session__in=keys, person__in=people)
    will_be = Participation.objects.expected().filter(
        cohort__sessions__in=drafts, person__in=people
    )
    pairs = _pairs(booked, "session", "person__").union(
        _pairs(led, "session", "person__"),
        _pairs(supervised, "pk", "group__supervisor__"),
        _pairs(will_be, "cohort__sessions", "person__"),
    )
    found: dict[int, list[str]] = defaultdict(list)
    for session, _, full_name, known_as in sorted(pairs):
        found[session].append(listed_name(full_name, known_as))
    return found


def _pairs(rows: QuerySet[Any], session: str, person: str) -> QuerySet[Any, Any]:
    """Sessions with the people at them, in order of name."""
    names = (f"{person}{column}" for column in ("search_text", "full_name", "known_as"))
    return rows.order_by().values_list(session, *names)
