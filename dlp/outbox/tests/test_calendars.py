"""Calendar parts, read back by two libraries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from io import StringIO
from uuid import UUID

import icalendar
import ics
import pytest
from dateutil import tz
from django.utils import timezone

from dlp.calendar import LONDON, instant
from dlp.outbox.kinds import Letter
from dlp.outbox.models import Message
from dlp.outbox.writing import calendars, rendering

WRITTEN = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
ENTRY = calendars.Entry(
    uid=UUID("12345678-1234-4234-8234-123456789abc"),
    sequence=3,
    title="Reading fluency, in practice",
    starts_at=instant(date(2027, 3, 30), time(16)),
    ends_at=instant(date(2027, 3, 30), time(18)),
    place="The ArtsXchange, Camden",
    description="Bring one text; Year 8 if you can.",
    url="https://dlp.example.org/sessions/7/",
)
ADA = {"name": "Ada O’Neill, née Łukasz", "address": "o'neill@example.org", "at": WRITTEN}


def event_of(part):
    return icalendar.Calendar.from_ical(part.content).walk("VEVENT")[0]


def test_second_library_reads_the_same_time_title_and_place():
    part = calendars.invitation(ENTRY, **ADA)

    (event,) = ics.Calendar(part.content.decode()).events

    assert (event.begin.datetime, event.end.datetime) == (ENTRY.starts_at, ENTRY.ends_at)
    assert (event.name, event.location) == (ENTRY.title, ENTRY.place)
    assert event.uid == f"{ENTRY.uid}@example.org"


def test_invitation_asks_for_no_reply_and_names_the_constant_organiser():
    event = event_of(calendars.invitation(ENTRY, **ADA))

    assert event["ATTENDEE"] == "mailto:o'neill@example.org"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event["ORGANIZER"] == "mailto:programme@example.org"
    assert (event["SEQUENCE"], str(event["STATUS"])) == (3, "CONFIRMED")
    assert event.decoded("DTSTAMP") == WRITTEN


def test_time_zone_of_england_travels_along():
    calendar = icalendar.Calendar.from_ical(calendars.invitation(ENTRY, **ADA).content)

    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/London"
    event = calendar.walk("VEVENT")[0]
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event.decoded("DTSTART").replace(tzinfo=LONDON) == ENTRY.starts_at


def test_change_and_cancellation_keep_the_uid_and_raise_the_sequence():
    first = event_of(calendars.invitation(ENTRY, **ADA))
    later = replace(ENTRY, sequence=4, starts_at=ENTRY.starts_at + timedelta(hours=1))
    moved = event_of(calendars.invitation(later, **ADA))
    cancelled = calendars.cancellation(replace(later, sequence=5), **ADA)

    off = event_of(cancelled)
    assert first["UID"] == moved["UID"] == off["UID"]
    assert first["SEQUENCE"] < moved["SEQUENCE"] < off["SEQUENCE"]
    assert (cancelled.method, str(off["STATUS"])) == ("CANCEL", "CANCELLED")
    assert b"METHOD:CANCEL" in cancelled.content


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_mail_says_the_method_in_its_header_too(method):
    make = calendars.invitation if method == "REQUEST" else calendars.cancellation
    letter = Letter("S", "T\n", "<p>T</p>", make(ENTRY, **ADA))
    message = Message(kind="test.note", dedupe_key="k", recipient="address:x")
    content = rendering.to_bytes(message, letter, address="ada@example.org", at=WRITTEN)

    mail = message_from_bytes(content, policy=policy.default)
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")

    assert part.get_param("method") == method
    assert f"METHOD:{method}" in part.get_content()
    assert [part.get_filename() for part in mail.iter_attachments()] == [
        "session.ics" if method == "REQUEST" else "cancelled.ics"
    ]


@pytest.mark.parametrize(("name", "is_plain"), [("Ada Okafor", True), ("Łukasz", False)])
def test_entry_is_encoded_for_rare_letters_alone(name, is_plain):
    part = calendars.invitation(ENTRY, **ADA | {"name": name})
    letter = Letter("S", "T\n", "<p>Can’t</p>", part)
    message = Message(kind="test.note", dedupe_key="k", recipient="address:x")

    content = rendering.to_bytes(message, letter, address="ada@example.org", at=WRITTEN)

    mail = message_from_bytes(content, policy=policy.default)
    (attached,) = mail.iter_attachments()
    assert attached.get_payload(decode=True) == part.content
    assert content.count(part.content) == (2 if is_plain else 0)
    assert b"<p>Can&#8217;t</p>" in content


def test_same_letter_is_the_same_bytes():
    letter = Letter("S", "T\n", "<p>T</p>", calendars.invitation(ENTRY, **ADA))
    message = Message(kind="test.note", dedupe_key="k", recipient="address:x")
    now = timezone.now()

    once, again = (
        rendering.to_bytes(message, letter, address="ada@example.org", at=now) for _ in range(2)
    )

    assert once == again


def as_text(part) -> str:
    """The part as one line a property: what was folded is unfolded."""
    return part.content.decode().replace("\r\n ", "")


@pytest.mark.parametrize(
    ("day", "at"),
    [
        *((date(2026 + month // 12, month % 12 + 1, 9), time(16)) for month in range(9, 24)),
        (date(2026, 10, 24), time(23, 30)),
        (date(2026, 10, 25), time(0, 30)),
        (date(2026, 10, 25), time(2, 30)),
        (date(2027, 3, 28), time(0, 30)),
        (date(2027, 3, 28), time(2, 30)),
        (date(2035, 7, 1), time(9)),
    ],
)
def test_rule_of_englands_clocks_gives_the_instant_on_every_day(day, at):
    """Read with the clocks that travel along, and with no others."""
    starts_at = instant(day, at)
    entry = replace(ENTRY, starts_at=starts_at, ends_at=starts_at + timedelta(hours=30))
    part = calendars.invitation(entry, **ADA)

    clocks = tz.tzical(StringIO(as_text(part))).get("Europe/London")
    begin, end = (
        event_of(part)[name].dt.replace(tzinfo=clocks).astimezone(UTC)
        for name in ("DTSTART", "DTEND")
    )

    assert (begin, end) == (entry.starts_at, entry.ends_at)


@pytest.mark.parametrize(
    "title",
    [
        "Ångström’s café: „wait“",
        "王小明, محمد and Łukasz; a day",
        "Back\\slash, comma; semicolon",
        "é" * 80,
        "x" * 300,
        "👩🏽‍🏫 " * 20 + "end",
    ],
)
def test_any_title_travels_whole_in_short_lines(title):
    part = calendars.invitation(replace(ENTRY, title=title, description=title), **ADA)

    (event,) = ics.Calendar(part.content.decode()).events
    assert (event.name, event.description) == (title, title)
    lines = part.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines[-1] == b""
    assert b"\n" not in part.content.replace(b"\r\n", b"")
    for line in lines:
        line.decode()  # no letter is torn in two


def test_line_break_in_a_title_starts_no_new_property():
    part = calendars.invitation(
        replace(ENTRY, title="A\r\nATTENDEE:mailto:eve@example.org", place="B\nMETHOD:CANCEL"),
        **ADA,
    )

    assert as_text(part).count("\r\nATTENDEE") == 1
    assert as_text(part).count("\r\nMETHOD") == 1


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_outlook_finds_who_asks_whom_and_that_no_reply_is_wanted(method):
    make = calendars.invitation if method == "REQUEST" else calendars.cancellation
    text = as_text(make(ENTRY, **ADA))

    (attendee,) = [line for line in text.split("\r\n") if line.startswith("ATTENDEE")]
    assert "RSVP=FALSE" in attendee
    assert "ROLE=REQ-PARTICIPANT" in attendee
    assert attendee.endswith(":mailto:o'neill@example.org")
    organisers = [line for line in text.split("\r\n") if line.startswith("ORGANIZER")]
    assert organisers == [
        "ORGANIZER;CN=Difference Leadership Programme:mailto:programme@example.org"
    ] or organisers == [
        'ORGANIZER;CN="Difference Leadership Programme":mailto:programme@example.org'
    ]
    assert text.count("BEGIN:VTIMEZONE") == text.count("BEGIN:VEVENT") == 1
    assert f"\r\nMETHOD:{method}\r\n" in text
    assert "\r\nSTATUS:CANCELLED\r\n" in text or method == "REQUEST"
    assert "RDATE" not in text
