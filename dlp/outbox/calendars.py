"""Calendar entries that Outlook, Gmail and Apple take: one UID a session for life, a rising SEQUENCE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from functools import cache
from uuid import UUID

from django.conf import settings
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from dlp.calendar import LONDON
from dlp.outbox.kinds import CalendarPart

PRODUCT = "-//The Difference//Leadership Programme//EN"


@dataclass(frozen=True)
class Entry:
    """What a calendar shows. For supervision the title is "Meeting" and nothing says whose."""

    uid: UUID
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    description: str = ""
    url: str = ""


def invitation(
    entry: Entry, *, name: str, address: str, at: datetime, tentative: bool = False
) -> CalendarPart:
    """An entry to put into, or move within, the calendar of one person.

    It asks for no reply: the letter's own button answers. `at` is when it was written (DTSTAMP);
    `tentative` shows it as not answered yet.
    """
    event = _event(entry, name=name, address=address, at=at, accepted=not tentative)
    event.add("status", "TENTATIVE" if tentative else "CONFIRMED")
    return _part(event, "REQUEST")


def cancellation(entry: Entry, *, name: str, address: str, at: datetime) -> CalendarPart:
    """Take an entry out of one person's calendar; its sequence must be above the last one sent."""
    event = _event(entry, name=name, address=address, at=at, accepted=True)
    event.add("status", "CANCELLED")
    return _part(event, "CANCEL")


def uid(session_uid: UUID) -> str:
    return f"{session_uid}@{_domain()}"


def _event(entry: Entry, *, name: str, address: str, at: datetime, accepted: bool) -> Event:
    event = Event()
    event.add("uid", uid(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(LONDON))
    event.add("dtend", entry.ends_at.astimezone(LONDON))
    event.add("summary", entry.title)
    if entry.place:
        event.add("location", entry.place)
    if entry.description:
        event.add("description", entry.description)
    if entry.url:
        event.add("url", entry.url)
    event.add("transp", "OPAQUE")
    event.add("organizer", _organiser())
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["CN"] = vText(name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED" if accepted else "NEEDS-ACTION")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    return event


def _part(event: Event, method: str) -> CalendarPart:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_england())
    calendar.add_component(event)
    return CalendarPart(calendar.to_ical(), method)


@cache
def _england() -> Timezone:
    """The rules of England's clocks, worked out once a process."""
    return Timezone.from_tzinfo(LONDON)


def _organiser() -> vCalAddress:
    """The same for every entry, or calendars would take the next one for a stranger's."""
    name, address = parseaddr(settings.MAIL_FROM)
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["CN"] = vText(name or "The Difference Leadership Programme")
    return organiser


def _domain() -> str:
    return parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost"
