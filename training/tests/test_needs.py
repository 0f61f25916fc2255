"""What people need at sessions: sealed, for whoever leads, each reading on record."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.urls import reverse

from cohorts.tests.factories import make_person
from dlp.audit.models import AccessRecord
from dlp.audit.sealed import look_as
from dlp.merging import Pair
from training import reminders
from training.leader_reminders import BRIEFING
from training.merging import keep_needs
from training.models import Need
from training.operations import needs
from training.tests.factories import make_booking, make_session
from training.tests.test_leader_reminders import written

pytestmark = pytest.mark.django_db

THURSDAY = date(2035, 11, 15)
MINE = "/me/needs/"


@pytest.fixture
def ada():
    return make_person("Ada Fenwick")


@pytest.fixture
def sunita():
    return make_person("Sunita Patel")


@pytest.fixture
def session(ada, sunita):
    session = make_session("Calm starts", starts_on=THURSDAY, facilitators=[sunita])
    make_booking(session, ada, state="coming")
    return session


def page(session) -> str:
    return reverse("training:session_needs", args=[session.pk])


def test_people_say_what_they_need_and_whoever_leads_reads_it_on_record(
    client, ada, sunita, session
):
    client.force_login(ada)
    refused = client.post(MINE, {"text": "A ramp, and <b>breaks</b>"})
    assert "Without your yes nobody reads it" in refused.content.decode()
    assert "A ramp, and &lt;b&gt;breaks" in refused.content.decode()
    client.post(MINE, {"text": "A ramp, and <b>breaks</b>", "agrees": "on"})

    client.force_login(sunita)
    shown = client.get(page(session)).content.decode()

    assert "A ramp, and &lt;b&gt;breaks" in shown
    reading = AccessRecord.objects.get(person=sunita)
    assert (reading.about, reading.purpose) == (ada, needs.BEFORE_A_SESSION)

    client.force_login(ada)
    assert "You share this now" in client.get(MINE).content.decode()
    client.post(f"{MINE}take-back/")
    assert "A ramp" not in client.get(MINE).content.decode()
    client.force_login(sunita)
    assert "A ramp" not in client.get(page(session)).content.decode()


def test_neither_programme_staff_nor_other_leaders_read_it(client, ada, lena, session):
    needs.share(ada, text="A ramp")
    bo = make_person("Bo Lin")
    make_session("Another", starts_on=THURSDAY, facilitators=[bo])

    for person, answer in ((lena, 403), (bo, 404), (ada, 403)):
        client.force_login(person)
        assert client.get(page(session)).status_code == answer


@pytest.mark.parametrize("way", ["not coming", "cancelled", "over"])
def test_it_is_read_only_before_a_session_that_somebody_comes_to(way, ada, sunita, session):
    needs.share(ada, text="A ramp")
    assert [person for person, _ in needs.read_for(session, by=sunita)] == [ada]

    if way == "not coming":
        session.bookings.update(state="not_coming")
    elif way == "cancelled":
        type(session).objects.update(state="cancelled")
    else:
        type(session).objects.update(starts_at="2020-01-01T10:00Z", ends_at="2020-01-01T12:00Z")

    assert needs.read_for(session, by=sunita) == []


def test_the_table_shows_nothing_to_whoever_has_not_said_who_looks(ada, sunita, session):
    needs.share(ada, text="A ramp")
    nobody = make_person("Bo Lin")

    def rows_for(person) -> int:
        with connection.cursor() as cursor, transaction.atomic():
            if person:
                look_as(person)
            else:
                cursor.execute("SELECT set_config('app.person', '', true)")
            cursor.execute("SELECT count(*) FROM training_need")
            return cursor.fetchone()[0]

    seen = {who: rows_for(who) for who in (None, nobody, sunita, ada)}
    assert seen == {None: 0, nobody: 0, sunita: 1, ada: 1}


def test_it_lies_sealed_and_is_written_and_opened_in_one_way(ada):
    need = needs.share(ada, text="A ramp")
    look_as(ada)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM training_need")
        assert b"ramp" not in bytes(cursor.fetchone()[0])

    assert str(Need.objects.get().text) == "sealed"
    with pytest.raises(TypeError), transaction.atomic():
        Need.objects.update(text="Steps")
    with pytest.raises(TypeError):
        Need.objects.filter(text="A ramp").exists()
    assert not hasattr(Need.objects.values_list("text", flat=True).get(), "open")
    assert Need.objects.get().text.open(by=ada, about=ada, purpose="test") == "A ramp"
    assert AccessRecord.objects.filter(subject_key=need.pk, purpose="test").exists()


def test_a_briefing_says_that_there_is_something_to_read_and_not_what(ada, sunita, session):
    reminders.plan(session)
    assert "said what they need" not in written(session, BRIEFING).text
    needs.share(ada, text="A ramp")

    letter = written(session, BRIEFING)

    assert "1 of those coming said what they need" in letter.text
    assert page(session) in letter.text
    assert page(session) in letter.html
    assert "ramp" not in letter.text + letter.html


def test_a_merge_brings_it_over_still_sealed(ada):
    needs.share(ada, text="A ramp")
    kept = make_person("Ada Fenwick-Lee")

    keep_needs(Pair(kept=kept, gone=ada))

    assert needs.said_by(kept) == "A ramp"
    assert needs.said_by(ada) == ""
