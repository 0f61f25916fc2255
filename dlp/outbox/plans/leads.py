"""When the reminders of a session are due, and the default reminders of each kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dlp import words
from dlp.outbox.models import LeadPolicy, QuietHours
from dlp.outbox.plans import timing
from dlp.outbox.plans.timing import Nights

LEAD_KEY = re.compile(r"(?P<number>\d+)(?P<unit>[dh])")
MORNING, AFTERNOON = time(9), time(16)
CALENDAR_LEADS = {
    "twilight": (7, 1),
    "supervision": (7, 1),
    "residential": (28, 7, 1),
    "training_day": (7, 1),
    "dsl_training": (7, 1),
}
ELAPSED_LEADS = {"twilight": (2,)}
USEFUL_UNTIL_DAYS = {28: timedelta(days=8), 7: timedelta(days=2), 1: timedelta(hours=2)}
USEFUL_UNTIL_HOURS = {2: timedelta(minutes=15)}


@dataclass(frozen=True)
class Lead:
    """One reminder of one session: its key (7d, 2h), when it leaves, until when it is useful."""

    key: str
    due_at: datetime
    not_after: datetime


@dataclass(frozen=True)
class Policy:
    """Everything that decides when reminders leave, read once for any number of sessions."""

    leads: dict[str, list[LeadPolicy]]
    nights: Nights

    @classmethod
    def now(cls) -> Policy:
        """The current settings. Two queries."""
        leads: dict[str, list[LeadPolicy]] = {}
        for lead in sorted(LeadPolicy.objects.in_use(), key=lambda lead: lead.ahead, reverse=True):
            leads.setdefault(lead.session_kind, []).append(lead)
        return cls(leads, QuietHours.objects.nights())

    def leads_for(self, session_kind: str, starts_at: datetime) -> list[Lead]:
        """The reminders of a session of this kind and start, the furthest ahead first.

        One that a holiday or a night would make too late is left out (R28).
        """
        leads = [self._lead(lead, starts_at) for lead in self.leads.get(session_kind, ())]
        return [lead for lead in leads if lead.due_at < lead.not_after]

    def _lead(self, lead: LeadPolicy, starts_at: datetime) -> Lead:
        not_after = starts_at - lead.useful_until
        due_at = timing.waking_time(
            due_time(lead, starts_at), not_after=not_after, is_change=False, nights=self.nights
        )
        return Lead(lead.key, due_at, not_after)


def due_time(lead: LeadPolicy, starts_at: datetime) -> datetime:
    """A calendar lead moves back to a working day; an elapsed one never moves (R25)."""
    if lead.hours is not None:
        return timing.elapsed_lead(starts_at, hours=lead.hours)
    if lead.days is None or lead.at is None:
        raise ValueError("The database keeps a lead to days and a time, or to hours.")
    return timing.on_working_day(timing.calendar_lead(starts_at, days=lead.days, at=lead.at))


def ensure_defaults(using: str = "default") -> None:
    """Add missing default leads and quiet hours; change none. Safe to repeat."""
    rows = [
        LeadPolicy(
            session_kind=session_kind,
            days=days,
            at=AFTERNOON if days == 1 else MORNING,
            useful_until=USEFUL_UNTIL_DAYS[days],
        )
        for session_kind, leads in CALENDAR_LEADS.items()
        for days in leads
    ] + [
        LeadPolicy(session_kind=session_kind, hours=hours, useful_until=USEFUL_UNTIL_HOURS[hours])
        for session_kind, leads in ELAPSED_LEADS.items()
        for hours in leads
    ]
    LeadPolicy.objects.using(using).bulk_create(rows, ignore_conflicts=True)
    QuietHours.objects.using(using).bulk_create([QuietHours()], ignore_conflicts=True)


def in_words(key: str) -> str:
    """ "1 day before" for the key 1d of a message; empty for what is no lead."""
    if not (found := LEAD_KEY.fullmatch(key)):
        return ""
    unit = "day" if found["unit"] == "d" else "hour"
    return f"{words.count(int(found['number']), unit)} before"
