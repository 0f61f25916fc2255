"""Which letters a session should have in the outbox, and making it so (messages.md R1-R9).

Every operation on a session, a booking or a group plans the session it touched before it commits;
the sweep plans all of them again and finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cohorts.models import Participation, Person
from dlp.outbox import planning, timing
from dlp.outbox.clock import database_now
from dlp.outbox.models import LeadPolicy, Message
from dlp.outbox.planning import Changes, Wanted
from training.models import Booking, Session

SUBJECT = "session"
INVITATION = "training.invitation"
REMINDER = "training.session_reminder"
CHANGED = "training.session_changed"
CANCELLED = "training.session_cancelled"
KINDS = (INVITATION, REMINDER, CHANGED, CANCELLED)
CALLED_OFF = (Session.State.CANCELLED, Session.State.POSTPONED)

COVERED = "A letter at about the same time says it."
OVERTAKEN = "A later reminder says it."


@dataclass
class History:
    """What one person was, or is about to be, told of a session."""

    told_before: bool = False
    """Whether a letter about an older revision reached them."""
    told_now: bool = False
    """Whether a letter about this revision reached them."""
    news_at: datetime | None = None
    """When the invitation, or the letter about a change, of this revision left or is to leave."""


@dataclass
class Told:
    """Everybody's history with one session; a stranger's is empty."""

    people: dict[int, History] = field(default_factory=dict)

    def of(self, person: Person) -> History:
        return self.people.get(person.pk, History())


def plan(
    session: Session,
    *,
    policies: Iterable[LeadPolicy] | None = None,
    now: datetime | None = None,
) -> Changes:
    """Bring the session's letters in the outbox into line with the session as it stands.

    Call it in the transaction of a change, with the session locked. Repeating it changes nothing.
    """
    now = now or database_now()
    if session.ends_at <= now:
        return Changes()
    return planning.reconcile(
        SUBJECT,
        session.pk,
        list(wanted(session, policies=policies, now=now)),
        kinds_planned=KINDS,
        revision=session.revision,
        reason="They are no longer expected at this session.",
        now=now,
    )


def sweep() -> int:
    """Plan every session to come; return how many letters had to be put right (R4).

    A session that somebody is changing at this moment plans itself, so it is passed over.
    """
    now = database_now()
    policies = list(LeadPolicy.objects.all())
    ahead = Session.objects.exclude(state=Session.State.DRAFT).filter(
        ends_at__gt=now, starts_at__lt=planning.horizon(now)
    )
    repaired = 0
    for pk in list(ahead.values_list("pk", flat=True)):
        session = (
            Session.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        )
        if session is not None:
            repaired += plan(session, policies=policies, now=now).total
    return repaired


def wanted(
    session: Session, *, policies: Iterable[LeadPolicy] | None = None, now: datetime
) -> Iterator[Wanted]:
    """The letters that should exist about a session as it stands; none about a draft."""
    if session.state == Session.State.DRAFT:
        return
    told = _told(session)
    if session.state in CALLED_OFF:
        for booking in expected(session, {*Booking.LIVE_STATES, Booking.State.NOT_COMING}):
            if told.of(booking.person).told_before:
                yield Wanted(CANCELLED, booking.person, session.ends_at, revision=session.revision)
        return
    if session.starts_at <= now:
        return
    leads = planning.leads_for(session.kind, session.starts_at, policies=policies)
    for booking in expected(session, Booking.LIVE_STATES):
        yield from _for_one(session, booking.person, told.of(booking.person), leads, now)


def expected(session: Session, states: Iterable[str]) -> list[Booking]:
    """Bookings in these states of people who may be written to: not the deactivated, nor who is away."""
    away = Participation.objects.away().values("person")
    return list(
        session.bookings.filter(state__in=list(states), person__is_active=True)
        .exclude(person__in=away)
        .select_related("person")
    )


def _for_one(
    session: Session,
    person: Person,
    history: History,
    leads: list[planning.Lead],
    now: datetime,
) -> Iterator[Wanted]:
    news_at = history.news_at
    if history.told_before:
        yield Wanted(CHANGED, person, session.starts_at, revision=session.revision)
        news_at = news_at or _leaves_at(now, session)
    elif not history.told_now:
        yield Wanted(INVITATION, person, session.starts_at, revision=session.revision)
        news_at = news_at or _leaves_at(now, session)
    useful = [lead for lead in leads if lead.not_after > now]
    overdue = [lead for lead in useful if lead.due_at <= now]
    for lead in useful:
        why_not = ""
        if news_at is not None and timing.is_covered(lead.due_at, told_at=news_at):
            why_not = COVERED
        elif lead in overdue[:-1]:
            why_not = OVERTAKEN
        yield Wanted(
            REMINDER,
            person,
            lead.not_after,
            due_at=lead.due_at,
            lead=lead.key,
            revision=session.revision,
            not_needed=why_not,
        )


def _leaves_at(now: datetime, session: Session) -> datetime:
    """When a letter that is written now leaves: in the morning, if it is night."""
    return timing.outside_night(now, not_after=session.starts_at)


def _told(session: Session) -> Told:
    told = Told()
    letters = (
        Message.objects.about(SUBJECT, session.pk)
        .filter(kind__in=KINDS)
        .exclude(person=None)
        .order_by("created_at", "pk")
        .only("person_id", "kind", "revision", "state", "due_at", "data_started_at")
    )
    for letter in letters:
        history = told.people.setdefault(letter.person_id or 0, History())
        went = letter.data_started_at is not None
        if letter.revision < session.revision:
            history.told_before |= went
            continue
        history.told_now |= went
        if letter.kind in (INVITATION, CHANGED) and (went or letter.is_open):
            history.news_at = letter.data_started_at or letter.due_at
    return told
