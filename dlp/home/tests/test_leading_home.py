from datetime import timedelta

import pytest
import time_machine

from cohorts.tests.factories import make_participation, make_person
from dlp.home.roles import roles_of
from dlp.home.tests.asking import page, queries
from placements.tests.factories import make_contact
from training.models import Booking, Kind
from training.tests.factories import make_booking, make_group, make_past, make_session

pytestmark = pytest.mark.django_db


def test_supervisor_sees_their_group_its_members_and_its_next_session(client):
    ruth = make_person("Ruth Adler")
    ada, tom = make_person("Ada Fenwick"), make_person("Tom Okafor")
    group = make_group("Thursday", supervisor=ruth, members=[ada, tom])
    session = make_session("Supervision", kind=Kind.SUPERVISION, group=group)
    make_booking(session, ada, state=Booking.State.COMING)
    make_booking(session, tom)

    text = page(client, ruth, "home:home")

    assert "Thursday" in text
    assert "Ada Fenwick, Tom Okafor" in text
    assert "1 coming, 1 not answered." in text


def test_supervisor_sees_no_other_group(client):
    ruth = make_person("Ruth Adler")
    make_group("Thursday", supervisor=ruth)
    other = make_group("Monday", members=[make_person("Rosa Delgado")])
    make_session("Not for Ruth", kind=Kind.SUPERVISION, group=other)

    text = page(client, ruth, "home:home")

    for word in ("Monday", "Rosa Delgado", "Not for Ruth"):
        assert word not in text


def test_facilitator_is_asked_for_the_register_of_what_is_over(client):
    grace = make_person("Grace Mbeki")
    past = make_past(title="Held on Thursday", facilitators=[grace])

    text = page(client, grace, "home:home")

    assert "1 register waits for you." in text
    assert f'href="/sessions/{past.pk}/register/"' in text
    assert "My group" not in text


def test_facilitator_takes_the_register_while_the_session_runs(client):
    grace = make_person("Grace Mbeki")
    session = make_session("The first call home", facilitators=[grace])

    with time_machine.travel(session.starts_at + timedelta(minutes=10)):
        text = page(client, grace, "home:home")

    assert "running now" in text
    assert f'href="/sessions/{session.pk}/register/"' in text


def test_drafts_and_sessions_of_others_are_not_shown(client):
    grace = make_person("Grace Mbeki")
    make_session("Mine", facilitators=[grace])
    make_session("Still a draft", facilitators=[grace], state="draft")
    make_session("Somebody else’s")

    text = page(client, grace, "home:home")

    assert "Mine" in text
    assert "Still a draft" not in text
    assert "Somebody else’s" not in text


def test_somebody_of_several_roles_finds_all_on_one_page(client, percy, cohort):
    make_group("Percy’s group", supervisor=percy, members=[make_person("Ada Fenwick")])
    make_contact(person=percy)
    make_session("Led by Percy", facilitators=[percy])

    text = page(client, percy, "home:home")

    assert text.count("<h1") == 1
    assert text.index("My placement") < text.index("Percy’s group") < text.index("Someone to ask")
    assert len(queries(client, percy, "home:home")) <= 12


def test_more_groups_and_sessions_ask_no_more(client):
    ruth = make_person("Ruth Adler")
    group = make_group(supervisor=ruth, members=[make_person()])
    make_session(kind=Kind.SUPERVISION, group=group)
    few = queries(client, ruth, "home:home")
    for _ in range(20):
        another = make_group(supervisor=ruth, members=[make_person(), make_person()])
        for _ in range(3):
            make_booking(make_session(kind=Kind.SUPERVISION, group=another))

    many = queries(client, ruth, "home:home")

    assert len(many) == len(few) <= 12


def test_roles_follow_from_what_people_do():
    people = [make_person() for _ in range(5)]
    make_participation(people[0])
    make_contact(person=people[1])
    make_group(supervisor=people[2])
    make_session(facilitators=[people[3]])

    for number, name in enumerate(["participant", "school_lead", "supervisor", "facilitator"]):
        assert [getattr(roles_of(person), name) for person in people] == [
            place == number for place in range(5)
        ]
