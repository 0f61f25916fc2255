"""What a private calendar holds: one's own sessions, and nothing that is anybody else's."""

from __future__ import annotations

from datetime import timedelta

import ics
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cohorts.models import Participation
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.outbox import feeds
from training.models import Session
from training.operations import sessions as operations
from training.tests.factories import make_booking, make_group, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    person = make_person("Ada Fenwick")
    make_participation(person, make_cohort("Cohort 9"))
    return person


def fetch(client, person, **headers):
    return client.get(reverse("outbox:feed", args=[feeds.make_token(person)]), headers=headers)


def events(client, person):
    return Calendar.from_ical(fetch(client, person).content).walk("VEVENT")


def titles(client, person):
    return [str(event["SUMMARY"]) for event in events(client, person)]


def test_it_holds_ones_own_sessions_and_no_others(client, ada):
    bo = make_person("Bo Lind")
    for state in ("invited", "coming", "not_coming", "waiting", "offered", "withdrawn"):
        make_booking(make_session(f"I am {state}"), ada, state=state)
    make_session("I lead", facilitators=[ada])
    make_booking(make_session("A draft", state=Session.State.DRAFT), ada)
    make_booking(make_session("Somebody else's"), bo)

    assert sorted(titles(client, ada)) == ["I am coming", "I am invited", "I lead"]


def test_staff_have_their_own_sessions_and_not_everybodys(client, ada):
    make_booking(make_session(), ada)

    assert titles(client, make_staff("Lena Hart", "Coordinator")) == []


def test_what_is_not_answered_is_tentative(client, ada):
    make_booking(make_session("Perhaps"), ada, state="invited")
    make_booking(make_session("Surely"), ada, state="coming")

    statuses = {str(one["SUMMARY"]): str(one["STATUS"]) for one in events(client, ada)}

    assert statuses == {"Perhaps": "TENTATIVE", "Surely": "CONFIRMED"}


def test_supervision_is_a_meeting_without_names(client, ada):
    ruth = make_person("Ruth Adler", email="ruth@example.org")
    session = make_session(
        "Ada's supervision",
        kind="supervision",
        mode="online",
        join_link="https://meet.example.org/secret-room",
        group=make_group("Ruth's group", supervisor=ruth),
        summary="What Ada said",
    )
    make_booking(session, ada, state="coming")

    for person in (ada, ruth):
        content = fetch(client, person).content.decode()
        assert "SUMMARY:Meeting\r\n" in content
        for private in ("Ruth", "ruth@", "Ada", "secret-room", "ORGANIZER", "ATTENDEE", "said"):
            assert private not in content, private


def test_calendar_entry_of_a_letter_and_of_the_feed_are_the_same_one(client, ada):
    session = make_session()
    make_booking(session, ada)

    (event,) = events(client, ada)

    assert (str(event["UID"]), event["SEQUENCE"]) == (
        f"{session.ics_uid}@example.org",
        session.ics_sequence,
    )


@pytest.mark.parametrize("state", [Session.State.CANCELLED, Session.State.POSTPONED])
def test_what_was_called_off_is_crossed_out_for_a_month(client, ada, state):
    session = make_session(state=state)
    make_booking(session, ada)
    (event,) = events(client, ada)
    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CANCELLED", "TRANSPARENT")

    long_ago = timezone.now() - timedelta(days=31)
    Session.objects.update(starts_at=long_ago - timedelta(hours=2), ends_at=long_ago)

    assert events(client, ada) == []


def test_past_sessions_stay_for_a_year(client, ada):
    for days in (364, 367):
        day = timezone.localdate() - timedelta(days=days)
        make_booking(make_session(f"{days} days ago", starts_on=day), ada, state="coming")

    assert titles(client, ada) == ["364 days ago"]


def test_who_is_away_is_expected_nowhere_and_who_withdrew_has_no_calendar(client, ada):
    make_booking(make_session(), ada)
    Participation.objects.update(state=Participation.State.DEFERRED)
    assert titles(client, ada) == []

    yesterday = timezone.localdate() - timedelta(days=1)
    Participation.objects.update(state=Participation.State.WITHDRAWN, held_to=yesterday)
    assert fetch(client, ada).status_code == 404

    make_session("Leads all the same", facilitators=[ada])
    assert titles(client, ada) == ["Leads all the same"]


def test_moved_session_changes_the_calendar_and_its_tag(client, ada):
    lena, session = make_staff("Lena Hart", "Coordinator"), make_session()
    make_booking(session, ada)
    token = feeds.make_token(ada)
    address = reverse("outbox:feed", args=[token])
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304

    operations.cancel(session, reason="Snow", by=lena)

    moved = client.get(address, headers={"if-none-match": tag})
    assert (moved.status_code, moved["ETag"] != tag) == (200, True)
    assert b"Snow" not in moved.content


def test_second_library_reads_the_whole_calendar(client, ada):
    session = make_session("Ångström’s café: „wait“, then 王")
    make_booking(session, ada)

    content = fetch(client, ada).content

    (event,) = ics.Calendar(content.decode()).events
    assert (event.name, event.begin.datetime) == (session.title, session.starts_at)
    lines = content.split(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    for line in (b"REFRESH-INTERVAL;VALUE=DURATION:PT1H", b"X-PUBLISHED-TTL:PT1H"):
        assert line in lines


def test_more_sessions_take_no_more_queries(client, ada):
    address = reverse("outbox:feed", args=[feeds.make_token(ada)])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    make_booking(make_session(), ada)
    for_one = queries()
    for _ in range(8):
        make_booking(make_session(), ada)

    assert queries() <= for_one <= 5
