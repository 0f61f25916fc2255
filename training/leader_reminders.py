"""Planning the letters to those who lead a session: that they do, changes, and a briefing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, time, timedelta

from dlp.outbox.plans import timing
from dlp.outbox.plans.leads import Policy
from dlp.outbox.plans.planning import CHANGES_SETTLE, Row, Wanted
from training.models import Session

LEADING = "training.leader_reminders"
LEADING_CHANGED = "training.leading_changed"
LEADING_CANCELLED = "training.leading_cancelled"
BRIEFING = "training.briefing"
NEWS = (LEADING, LEADING_CHANGED)
KINDS = (*NEWS, LEADING_CANCELLED, BRIEFING)

BRIEFED_AT = time(16)
BRIEFED_BEFORE = timedelta(hours=1)
"""How long before the start a briefing is still useful."""
BRIEFED = "They were told before who comes."
NO_LONGER_LEADS = "They no longer lead this session."


def leaders_of(sessions: Collection[int]) -> dict[int, list[int]]:
    """By session, the people who facilitate it or supervise its group, if they may be written to."""
    through = Session.facilitators.through.objects.filter(
        session__in=sessions, person__is_active=True
    )
    supervised = Session.objects.filter(pk__in=sessions, group__supervisor__is_active=True)
    pairs = through.values_list("session", "person").union(
        supervised.order_by().values_list("pk", "group__supervisor")
    )
    found: dict[int, list[int]] = defaultdict(list)
    for session, person in sorted(pairs):
        found[session].append(person)
    return found


def wanted(
    session: Session, leaders: Iterable[int], rows: Iterable[Row], policy: Policy, now: datetime
) -> Iterator[Wanted]:
    """The letters that those who lead a session should have about it now."""
    ours = [row for row in rows if row.kind in KINDS and row.person_id is not None]
    told = _told(ours)
    is_ahead = session.state == Session.State.PUBLISHED and session.starts_at > now
    is_off = session.state in Session.CALLED_OFF and session.ends_at > now
    for leader in leaders:
        version = told.get(leader, 0)
        if is_off and 0 < version < session.revision:
            yield Wanted(LEADING_CANCELLED, leader, session.ends_at, revision=session.revision)
        if is_ahead:
            yield from _news(session, leader, version)
            yield _briefing(session, leader, ours, policy)


def _told(rows: Iterable[Row]) -> dict[int, int]:
    """By person, the latest revision of the session that a letter told them."""
    told: dict[int, int] = {}
    for row in rows:
        if row.may_have_arrived and row.person_id is not None:
            told[row.person_id] = max(row.revision, told.get(row.person_id, 0))
    return told


def _news(session: Session, leader: int, version: int) -> Iterator[Wanted]:
    if not version:
        yield Wanted(LEADING, leader, session.starts_at, revision=session.revision)
    elif version < session.revision:
        yield Wanted(
            LEADING_CHANGED,
            leader,
            session.starts_at,
            settles=CHANGES_SETTLE,
            revision=session.revision,
        )


def _briefing(session: Session, leader: int, rows: Iterable[Row], policy: Policy) -> Wanted:
    """On the working day before, once for that day: later changes have letters of their own."""
    not_after = session.starts_at - BRIEFED_BEFORE
    day_before = timing.calendar_lead(session.starts_at, days=1, at=BRIEFED_AT)
    due_at = timing.waking_time(
        timing.on_working_day(day_before),
        not_after=not_after,
        is_change=False,
        nights=policy.nights,
    )
    had = any(
        row.kind == BRIEFING
        and row.person_id == leader
        and row.may_have_arrived
        and row.revision < session.revision
        and row.due_at == due_at
        for row in rows
    )
    return Wanted(
        BRIEFING,
        leader,
        not_after,
        due_at=due_at,
        lead="1d",
        revision=session.revision,
        not_needed=BRIEFED if had else "",
    )
