"""Which letters about sessions should be in the outbox, and putting them there (messages.md R1-R9).

Every operation on a session, a booking or a group plans the session it touched before it commits;
the sweep plans all of them again and should find nothing to do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from cohorts.models import Person
from dlp.outbox.clock import database_now
from dlp.outbox.plans import planning, timing
from dlp.outbox.plans.leads import Lead, Policy
from dlp.outbox.plans.planning import AT_ONCE, CHANGES_SETTLE, Changes, Letters, Plan, Row, Wanted
from dlp.outbox.plans.sweeping import Planner
from training import leader_reminders
from training.models import Booking, Session

SUBJECT = "session"
INVITATION = "training.invitation"
REMINDER = "training.session_reminder"
CHANGED = "training.session_changed"
CANCELLED = "training.session_cancelled"
OFFER = "training.waiting_list_offer"
FREE = "training.place_free"
PLACE = "training.place"
OF_WAITING = (OFFER, FREE, PLACE)
KINDS = (INVITATION, REMINDER, CHANGED, CANCELLED, *OF_WAITING)
CONCERNED = frozenset({*Booking.LIVE_STATES, *Booking.IN_LINE, Booking.State.NOT_COMING})
"""Who is told of a cancellation: those coming or waiting, and those who were told and declined."""

COVERED = "A letter at about the same time says it."
OVERTAKEN = "A later reminder says it."
NO_LONGER_EXPECTED = "They are no longer expected at this session."
NO_LONGER_REMINDED = "This reminder is no longer given."
NO_LONGER_WAITING = "They no longer wait, or the offer is answered or over."


@dataclass
class History:
    """What one person was told about a session, or is about to be."""

    told_before: bool = False
    """Whether a letter about an older revision reached them."""
    told_now: bool = False
    """Whether a letter about this revision reached them."""
    news_at: datetime | None = None
    """When the letter about this revision (the invitation or the change) left or is to leave."""
    reminded_at: datetime | None = None
    """The due time of the latest reminder of this revision that left."""
    kinds: set[str] = field(default_factory=set)
    """The kinds of letter about any revision that reached them."""


STRANGER = History()


def plan(session: Session) -> Changes:
    """Bring the session's letters in the outbox into line with the session.

    Call it in the transaction of a change, with the session locked. Repeating it changes nothing.
    """
    return plan_all([session])


def plan_all(
    sessions: Sequence[Session], *, policy: Policy | None = None, now: datetime | None = None
) -> Changes:
    """Plan any number of sessions, all of them locked, in a constant number of queries."""
    now = now or database_now()
    policy = policy or Policy.now()
    keys = [session.pk for session in sessions]
    letters = Letters(SUBJECT, keys, (*KINDS, *leader_reminders.KINDS))
    booked, led = _booked(keys), leader_reminders.leaders_of(keys)
    plans = [
        _plan(session, booked[session.pk], led[session.pk], letters.about(session.pk), policy, now)
        for session in sessions
    ]
    return planning.reconcile(letters, plans, nights=policy.nights, now=now)


def plan_unlocked(keys: Sequence[int]) -> Changes:
    """Lock these sessions and plan them, skipping those that somebody else has locked."""
    free = Session.objects.select_for_update(of=("self",), skip_locked=True)
    return plan_all(list(free.filter(pk__in=keys).order_by("pk")))


def ahead(until: datetime | None, kind: str) -> list[int]:
    """Sessions that may have letters to come: published or cancelled, and not over."""
    found = Session.objects.exclude(state=Session.State.DRAFT).filter(ends_at__gt=database_now())
    if until is not None:
        found = found.filter(starts_at__lt=until)
    if kind:
        found = found.filter(kind=kind)
    return list(found.order_by("pk").values_list("pk", flat=True))


def concerning(person: Person) -> list[int]:
    """The future sessions that somebody is booked on or leads."""
    booked = Booking.objects.filter(person=person, state__in=CONCERNED).values("session")
    led = Session.objects.led_by(person).values("pk")
    found = Session.objects.filter(Q(pk__in=booked) | Q(pk__in=led), ends_at__gt=database_now())
    return list(found.order_by("pk").values_list("pk", flat=True))


PLANNER = Planner("sessions", plan_unlocked, ahead, concerning)


def _booked(keys: Collection[int]) -> dict[int, list[Booking]]:
    """By session, the bookings of people who may be written to."""
    booked: dict[int, list[Booking]] = defaultdict(list)
    found = Booking.objects.written_to().filter(session__in=keys, state__in=CONCERNED)
    columns = ("session_id", "person_id", "state", "signed_up_at", "offer_ends_at")
    for booking in found.order_by("pk").only(*columns):
        booked[booking.session_id].append(booking)
    return booked


def _plan(
    session: Session,
    bookings: Iterable[Booking],
    leaders: Iterable[int],
    rows: Iterable[Row],
    policy: Policy,
    now: datetime,
) -> Plan:
    told = _told(session, rows, policy)
    live = {booking.person_id for booking in bookings if booking.is_live}

    def why_not(row: Row) -> str:
        if row.kind in leader_reminders.KINDS:
            return leader_reminders.NO_LONGER_LEADS
        if row.kind in (OFFER, FREE):
            return NO_LONGER_WAITING
        is_reminded = row.kind == REMINDER and row.person_id in live
        return NO_LONGER_REMINDED if is_reminded else NO_LONGER_EXPECTED

    wanted = [
        *_wanted(session, bookings, told, policy, now),
        *leader_reminders.wanted(session, leaders, rows, policy, now),
    ]
    return Plan(session.pk, wanted, session.revision, why_not)


def _wanted(
    session: Session,
    bookings: Iterable[Booking],
    told: dict[int, History],
    policy: Policy,
    now: datetime,
) -> Iterator[Wanted]:
    """The letters that should exist about a session; none about a draft, or once it began."""
    if session.state in Session.CALLED_OFF and session.ends_at > now:
        for booking in bookings:
            if booking.is_in_line or told.get(booking.person_id, STRANGER).told_before:
                yield Wanted(
                    CANCELLED, booking.person_id, session.ends_at, revision=session.revision
                )
    if session.state != Session.State.PUBLISHED or session.starts_at <= now:
        return
    leads = policy.leads_for(session.kind, session.starts_at)
    useful = [lead for lead in leads if lead.not_after > now]
    for booking in bookings:
        history = told.get(booking.person_id, STRANGER)
        if booking.is_live:
            yield from _for_one(session, booking, history, useful, policy, now)
        elif booking.is_in_line:
            yield from _in_line(session, booking, history)


def _for_one(
    session: Session,
    booking: Booking,
    history: History,
    leads: list[Lead],
    policy: Policy,
    now: datetime,
) -> Iterator[Wanted]:
    news_at, person_id, revision = history.news_at, booking.person_id, session.revision
    if kind := _news(booking, history):
        settles = CHANGES_SETTLE if kind == CHANGED else AT_ONCE
        yield Wanted(kind, person_id, session.starts_at, settles=settles, revision=revision)
        news_at = news_at or _leaves_at(kind, now + settles, session, policy)
    for place, lead in enumerate(leads):
        yield Wanted(
            REMINDER,
            person_id,
            lead.not_after,
            due_at=lead.due_at,
            lead=lead.key,
            revision=revision,
            not_needed=_why_not(lead, leads[place + 1 :], history, news_at, now),
        )


def _news(booking: Booking, history: History) -> str:
    """The kind of letter that tells an expected person how the session stands; empty if they know."""
    asked_for_it = booking.state == Booking.State.COMING and booking.signed_up_at is not None
    if asked_for_it and PLACE not in history.kinds:
        return PLACE
    if history.told_before:
        return CHANGED
    return "" if history.told_now else INVITATION


def lead_of(offer_ends_at: datetime) -> str:
    """The part of a letter's key that tells one offer to somebody from the next."""
    return str(int(offer_ends_at.timestamp()))


def _in_line(session: Session, booking: Booking, history: History) -> Iterator[Wanted]:
    """The letters to somebody on the waiting list: each offer once for each version of the session."""
    person_id, revision = booking.person_id, session.revision
    if booking.offer_ends_at is not None:
        ends_at = booking.offer_ends_at
        yield Wanted(OFFER, person_id, ends_at, lead=lead_of(ends_at), revision=revision)
        return
    if history.told_before:
        yield Wanted(
            CHANGED, person_id, session.starts_at, settles=CHANGES_SETTLE, revision=revision
        )
    if session.first_come_at is not None and FREE not in history.kinds:
        yield Wanted(FREE, person_id, session.starts_at, revision=revision)


def _why_not(
    lead: Lead,
    nearer: Iterable[Lead],
    history: History,
    news_at: datetime | None,
    now: datetime,
) -> str:
    """Why a reminder is not needed: news says it (R6), or one nearer to the session does (R29)."""
    if news_at is not None and timing.is_covered(lead.due_at, told_at=news_at):
        return COVERED
    reminded = history.reminded_at is not None and lead.due_at <= history.reminded_at
    if reminded or any(one.due_at <= max(lead.due_at, now) for one in nearer):
        return OVERTAKEN
    return ""


def _leaves_at(kind: str, moment: datetime, session: Session, policy: Policy) -> datetime:
    """When a letter that is ready leaves: at night, in the morning."""
    return timing.waking_time(
        moment, not_after=session.starts_at, is_change=kind == CHANGED, nights=policy.nights
    )


def _told(session: Session, rows: Iterable[Row], policy: Policy) -> dict[int, History]:
    told: dict[int, History] = defaultdict(History)
    for row in rows:
        if row.person_id is None or row.kind not in KINDS:
            continue
        history, went = told[row.person_id], row.may_have_arrived
        if went:
            history.kinds.add(row.kind)
        if row.revision < session.revision:
            history.told_before |= went
            continue
        history.told_now |= went
        if row.kind in (INVITATION, CHANGED, PLACE) and (went or row.is_open):
            ready = row.data_started_at
            history.news_at = ready or _leaves_at(row.kind, row.due_at, session, policy)
        if row.kind == REMINDER and went:
            history.reminded_at = max(row.due_at, history.reminded_at or row.due_at)
    return told
