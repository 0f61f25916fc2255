"""The reminders that every kind of session starts with."""

from __future__ import annotations

import re
from datetime import time, timedelta

from dlp import words
from dlp.outbox.models import LeadPolicy

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


def ensure_defaults(using: str = "default") -> None:
    """Add each default lead that is not there; change none that is. Safe to repeat."""
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


def in_words(key: str) -> str:
    """1 day before, for the 1d that a message keeps; nothing for what is no lead."""
    if not (found := LEAD_KEY.fullmatch(key)):
        return ""
    unit = "day" if found["unit"] == "d" else "hour"
    return f"{words.count(int(found['number']), unit)} before"
