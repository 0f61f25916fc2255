"""Who is coming, or came: counted, drawn and filtered on the session's page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Person
from cohorts.tests.factories import make_participation
from training.models import Booking, Session
from training.tests.factories import make_booking, make_past, make_session
from training.turnout import ASKED, PITCH, TALL_ROW, TURNED_OUT, turnout

pytestmark = pytest.mark.django_db
State, Attendance = Booking.State, Booking.Attendance


def people_at(session: Session, *states: str) -> None:
    for state in states:
        make_booking(session, state=state)


def test_it_counts_answers_and_the_places_that_nobody_would_fill():
    session = make_session(capacity=6)
    people_at(session, State.COMING, State.COMING, State.INVITED, State.NOT_COMING)
    people_at(session, State.WITHDRAWN)

    assert turnout(session).title == "2 coming, 1 not answered, 1 not coming, 3 places free"


def test_whoever_is_deferred_takes_up_no_place(client, lena):
    session = make_session(capacity=2)
    people_at(session, State.COMING)
    away = make_participation(state="deferred").person
    make_booking(session, away, state=State.COMING)
    client.force_login(lena)

    page = client.get(session.get_absolute_url())

    assert page.context["turnout"].title == "1 coming, 1 away for now, 1 place free"
    assert page.context["session"].phase == "published"


def test_a_field_of_free_places_is_told_and_not_drawn():
    session = make_session(capacity=200)
    people_at(session, State.COMING)
    known = turnout(session)

    assert known.title == "1 coming, 199 places free"
    assert [shape for shape, _ in known.wide.paths] == ["filled"]


def test_it_counts_who_came_once_it_has_begun():
    session = make_past(capacity=20)
    for mark in (Attendance.PRESENT, Attendance.LATE, Attendance.EXCUSED, Attendance.ABSENT, ""):
        make_booking(session, state=State.COMING, attendance=mark)
    people_at(session, State.NOT_COMING)
    known = turnout(session)

    assert known.title == "2 came, 1 not marked, 1 excused, 1 absent, 1 not coming"
    assert known.total == 6


@pytest.mark.parametrize(("make", "answers"), [(make_session, ASKED), (make_past, TURNED_OUT)])
def test_everybody_is_in_exactly_one_group(make, answers):
    session = make()
    standing = [
        make_booking(session, state=state, attendance=mark).pk
        for state in State
        for mark in ("", *Attendance)
        if state != State.WITHDRAWN
    ]
    found = [
        pk for answer in answers for pk in Booking.objects.filter(answer.rows).values_list("pk")
    ]

    assert sorted(pk for (pk,) in found) == standing


def test_everybody_has_a_place_in_the_drawing_and_a_full_row_begins_another():
    session = make_session()
    people_at(session, *[State.COMING] * TALL_ROW, State.INVITED)
    tall = turnout(session).tall

    assert [(shape, path.count("M")) for shape, path in tall.paths] == [
        ("filled", TALL_ROW),
        ("ring", 1),
    ]
    assert tall.height == 2 * PITCH


def test_the_page_shows_one_group_when_asked_and_everybody_when_asked_nonsense(
    client, lena: Person
):
    session = make_session()
    coming = make_booking(session, state=State.COMING)
    away = make_booking(session, state=State.NOT_COMING)
    client.force_login(lena)

    def names(who: str) -> tuple[bool, bool]:
        table = client.get(session.get_absolute_url(), {"who": who}).content.decode()
        table = table[table.index("<table") : table.index("</table>")]
        return coming.person.name in table, away.person.name in table

    assert names("coming") == (True, False)
    assert names("away") == (False, True)
    assert names("mars") == names("") == (True, True)


def test_whoever_leads_a_session_and_comes_to_it_still_answers(client, percy: Person):
    session = make_session(facilitators=[percy])
    make_booking(session, percy)
    client.force_login(percy)

    assert "Are you coming?" in client.get(session.get_absolute_url()).content.decode()


def test_two_hundred_people_come_in_pages_that_keep_what_is_asked(client, lena: Person):
    session = make_session()
    people_at(session, *[State.INVITED] * 61)
    client.force_login(lena)
    page = client.get(session.get_absolute_url(), {"who": "unanswered"}).content.decode()

    assert "?who=unanswered&amp;page=2" in page
    assert "Page 1 of 2, 61 people" in page


def test_a_hundred_people_take_no_more_queries_than_one(client, lena: Person):
    session = make_session(capacity=120)
    make_booking(session)
    client.force_login(lena)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(session.get_absolute_url())
        return sum("SAVEPOINT" not in one["sql"] for one in captured.captured_queries)

    asked()  # what is asked once a process
    for_one = asked()
    people_at(session, *[State.COMING] * 100)

    assert asked() == for_one <= 8
