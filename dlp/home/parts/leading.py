"""What people who lead sessions see: their groups and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from cohorts.models import Person
from cohorts.names import name_facts, name_of
from dlp import words
from dlp.home import journey, meetings
from dlp.home.roles import Roles
from training.models import GroupMember, Session, SupervisionGroup
from training.turnout import in_a_sentence

NEXT = 6


@dataclass(frozen=True)
class Group:
    group: SupervisionGroup
    members: list[str]


@dataclass(frozen=True)
class LedSession:
    session: Session
    group: str
    hours: str
    answers: str
    is_next: bool


@dataclass(frozen=True)
class LeadingPart:
    greeting: str
    is_supervisor: bool
    groups: list[Group]
    sessions: list[LedSession]
    registers: list[Session]
    summary: str


def part(person: Person, roles: Roles, now: datetime) -> LeadingPart:
    today = words.as_day(now)
    groups = groups_of(person, now) if roles.supervisor else []
    mine = Session.objects.published().led_by(person)
    open_ones = mine.filter(Q(ends_at__gte=now) | Q(register_closed_at=None))
    known = list(open_ones.with_counts().select_related("group").order_by("starts_at", "pk"))
    due = [one for one in known if one.starts_at <= now and one.register_closed_at is None]
    ahead = [one for one in known if one.ends_at >= now and one not in due]
    sessions = [led(one, index == 0) for index, one in enumerate(ahead[:NEXT])]
    following = (
        f"Your next session is {words.from_today(ahead[0].starts_at, today=today)}."
        if ahead
        else "No session is planned."
    )
    return LeadingPart(
        greeting=journey.greeting(now),
        is_supervisor=roles.supervisor,
        groups=groups,
        sessions=sessions,
        registers=due,
        summary=f"{following} {register_words(len(due))}".strip(),
    )


def groups_of(person: Person, now: datetime) -> list[Group]:
    """The groups this person supervises today, with the names of the members."""
    today = words.as_day(now)
    groups = SupervisionGroup.objects.visible_to(person).current_on(today).filter(supervisor=person)
    members = GroupMember.objects.current_on(today).filter(group=OuterRef("pk"))
    names = members.order_by("person__search_text").values(name=name_facts("person__"))
    return [
        Group(group, [name_of(name) for name in group.names])
        for group in groups.annotate(names=ArraySubquery(names)).order_by("name")
    ]


def led(session: Session, is_next: bool) -> LedSession:
    return LedSession(
        session=session,
        group=session.group.name if session.group else "",
        hours=meetings.hours(session.starts_at, session.ends_at),
        answers=in_a_sentence(session),
        is_next=is_next,
    )


def register_words(due: int) -> str:
    if not due:
        return "Every register is closed."
    waits = "waits" if due == 1 else "wait"
    return f"{words.count(due, 'register')} {waits} for you."
