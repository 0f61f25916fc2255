"""The local mailbox, and who may open it."""

from __future__ import annotations

import base64
import hashlib

import pytest
from django.urls import reverse
from django.utils import timezone

from dlp.embedded import mailbox
from dlp.outbox.kinds import CalendarPart, Letter
from dlp.outbox.tests.factories import deliver, make_kind, make_message, make_reader
from dlp.outbox.tests.test_calendars import ENTRY
from dlp.outbox.writing import calendars

pytestmark = pytest.mark.django_db
TOKEN = "the-link-of-this-start"


@pytest.fixture
def opened(settings, tmp_path):
    settings.MAILBOX_TOKEN = TOKEN
    settings.EMAIL_URL = ""
    settings.MAILBOX_DIR = tmp_path
    settings._test_mailbox = True
    return settings


def get(client, name="list", *args, token=TOKEN, **extra):
    return client.get(reverse(f"mailbox:{name}", args=[token, *args]), **extra)


def delivered(settings) -> str:
    """The key of one letter that carries a calendar entry."""
    part = calendars.invitation(ENTRY, name="Ada", address="ada@example.org", at=timezone.now())
    html = "<html><head><style>\np { color: red }\n</style></head><body><p>Hello</p></body></html>"
    make_kind(render=lambda m: Letter("Tomorrow", "See https://x.example/plan\n", html, part))
    make_message()
    deliver(settings)
    return mailbox.newest()[0].key


def test_visitor_with_the_link_reads_letters_without_signing_in(client, opened):
    key = delivered(opened)

    assert "Tomorrow" in get(client).content.decode()
    letter = get(client, "letter", key).content.decode()

    assert 'See <a href="https://x.example/plan"' in letter
    assert "Puts into the calendar: Reading fluency" in letter
    assert "REQUEST in the part, REQUEST in the header" in letter
    assert "BEGIN:VCALENDAR" in letter
    assert "Message-ID" in letter


def test_letter_is_framed_by_us_and_can_do_nothing(client, opened):
    key = delivered(opened)

    outer, inner = get(client, "letter", key), get(client, "letter_html", key)

    assert "frame-src 'self'" in outer["Content-Security-Policy"]
    policy = inner["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    digest = base64.b64encode(hashlib.sha256(b"\np { color: red }\n").digest()).decode()
    assert f"style-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert "allow-scripts" not in policy
    assert inner["X-Frame-Options"] == "SAMEORIGIN"
    assert "<p>Hello</p>" in inner.content.decode()


def test_search_finds_by_recipient(client, opened):
    delivered(opened)

    assert "Tomorrow" in get(client, to="x").content.decode()
    assert (
        "Tomorrow"
        in client.get(f"{reverse('mailbox:list', args=[TOKEN])}?to=ADA@").content.decode()
    )
    other = client.get(f"{reverse('mailbox:list', args=[TOKEN])}?to=bo@").content.decode()
    assert "No letter to anybody like that" in other


def test_newest_letter_comes_first(opened):
    make_kind(render=lambda m: Letter(m.recipient, "", ""))
    for name in ("one", "two", "three"):
        make_message(make_reader(f"{name}@example.org"))
        deliver(opened)

    assert [letter.address.partition("@")[0] for letter in mailbox.newest()] == [
        "three",
        "two",
        "one",
    ]


@pytest.mark.parametrize(
    ("change", "token", "extra"),
    [
        ({}, "wrong", {}),
        ({"MAILBOX_TOKEN": ""}, TOKEN, {}),
        ({"EMAIL_URL": "smtps://relay.example.org"}, TOKEN, {}),
        ({}, TOKEN, {"REMOTE_ADDR": "203.0.113.9"}),
        ({}, TOKEN, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}),
    ],
)
def test_mailbox_is_not_there_for_anybody_else(client, opened, change, token, extra):
    key = delivered(opened)
    for name, value in change.items():
        setattr(opened, name, value)

    for page in (("list",), ("letter", key), ("letter_html", key)):
        assert get(client, *page, token=token, **extra).status_code == 404


@pytest.mark.parametrize("key", ["../../etc/passwd", "1", "9" * 19 + "." + "a" * 16 + ".1"])
def test_no_other_file_is_read(client, opened, key):
    assert mailbox.read(key) is None


def test_letter_is_found_by_its_message_id(opened):
    key = delivered(opened)
    letter = mailbox.read(key)

    assert mailbox.find(letter["Message-ID"]) == [key]
    assert mailbox.find("<another@example.org>") == []


def test_calendar_part_that_cannot_be_read_is_shown_as_it_is(client, opened):
    broken = CalendarPart(b"no calendar at all", "REQUEST")
    make_kind(render=lambda m: Letter("S", "T\n", "<p>T</p>", broken))
    make_message()
    deliver(opened)

    page = get(client, "letter", mailbox.newest()[0].key)

    assert "Cannot be read" in page.content.decode()
    assert "no calendar at all" in page.content.decode()
