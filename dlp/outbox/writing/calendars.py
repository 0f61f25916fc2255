"""Calendar entries that Outlook, Gmail and Apple accept: one UID per session, a rising SEQUENCE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import cache
from uuid import UUID

from django.conf import settings
from icalendar import (
    Calendar,
    Component,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vDuration,
    vText,
)

from dlp.calendar import LONDON
from dlp.outbox.kinds import CalendarPart

PRODUCT = "-//The Difference//Leadership Programme//EN"
ASK_AGAIN_AFTER = timedelta(hours=1)


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


@dataclass(frozen=True)
class FeedEntry:
    """An entry of somebody's own calendar: certain, unanswered, or cancelled."""

    entry: Entry
    is_tentative: bool = False
    is_cancelled: bool = False

    @property
    def status(self) -> str:
        if self.is_cancelled:
            return "CANCELLED"
        return "TENTATIVE" if self.is_tentative else "CONFIRMED"


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


def feed(entries: Iterable[FeedEntry], *, name: str, at: datetime) -> bytes:
    """A calendar to subscribe to. It names nobody: no organiser, no attendee."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(LONDON))
    calendar.add("refresh-interval", vDuration(ASK_AGAIN_AFTER), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(ASK_AGAIN_AFTER))
    for one in entries:
        event = _facts(one.entry, at=at)
        event.add("status", one.status)
        event.add("transp", "TRANSPARENT" if one.is_cancelled else "OPAQUE")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def uid(session_uid: UUID) -> str:
    return f"{session_uid}@{_domain()}"


def _event(entry: Entry, *, name: str, address: str, at: datetime, accepted: bool) -> Event:
    """An entry as it is sent to somebody, with organiser and attendee."""
    event = _facts(entry, at=at)
    event.add("transp", "OPAQUE")
    event.add("organizer", _organiser())
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["CN"] = vText(name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED" if accepted else "NEEDS-ACTION")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    return event


def _facts(entry: Entry, *, at: datetime) -> Event:
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
    return event


def _part(event: Event, method: str) -> CalendarPart:
    calendar = _calendar(method)
    calendar.add_component(event)
    return CalendarPart(calendar.to_ical(), method)


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_england())
    return calendar


@cache
def _england() -> Timezone:
    """England's clock changes as a yearly rule: Outlook ignores lists of dates."""
    hour, midnight = timedelta(hours=1), timedelta(0)
    zone = Timezone()
    zone.add("tzid", str(LONDON))
    zone.add_component(
        _clock(TimezoneDaylight(), "BST", datetime(1996, 3, 31, 1), midnight, hour, month=3)
    )
    zone.add_component(
        _clock(TimezoneStandard(), "GMT", datetime(1996, 10, 27, 2), hour, midnight, month=10)
    )
    return zone


def _clock(
    part: Component, name: str, since: datetime, before: timedelta, after: timedelta, *, month: int
) -> Component:
    """One half of the year, from the last Sunday of a month."""
    part.add("tzname", name)
    part.add("dtstart", since)
    part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    return part


def _organiser() -> vCalAddress:
    """The same for every entry, or calendars would take the next one for a stranger's."""
    name, address = parseaddr(settings.MAIL_FROM)
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["CN"] = vText(name or "The Difference Leadership Programme")
    return organiser


def _domain() -> str:
    return parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost"
