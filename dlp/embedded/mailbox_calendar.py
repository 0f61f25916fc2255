"""A calendar part in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar

METHODS = {"REQUEST": "Puts into the calendar", "CANCEL": "Takes out of the calendar"}


@dataclass(frozen=True)
class CalendarInWords:
    """What a calendar would do with the part, and the part itself."""

    does: str
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    facts: list[tuple[str, str]]
    raw: str


def calendar_in_words(text: str, *, method: str) -> CalendarInWords:
    """Read a part that a letter carries; `method` is what its MIME header says."""
    try:
        calendar = Calendar.from_ical(text)
        event = calendar.walk("VEVENT")[0]
    except (ValueError, IndexError):
        return CalendarInWords("Cannot be read", "", None, None, "", [], text)
    inner = str(calendar.get("METHOD", ""))
    starts_at, ends_at = event.decoded("DTSTART", None), event.decoded("DTEND", None)
    return CalendarInWords(
        does=METHODS.get(inner, inner),
        title=str(event.get("SUMMARY", "")),
        starts_at=starts_at if isinstance(starts_at, datetime) else None,
        ends_at=ends_at if isinstance(ends_at, datetime) else None,
        place=str(event.get("LOCATION", "")),
        facts=[
            ("Method", f"{inner} in the part, {method or 'none'} in the header"),
            ("UID", str(event.get("UID", ""))),
            ("Sequence", str(event.get("SEQUENCE", ""))),
            ("Status", str(event.get("STATUS", ""))),
            ("Organiser", str(event.get("ORGANIZER", ""))),
        ],
        raw=text,
    )
