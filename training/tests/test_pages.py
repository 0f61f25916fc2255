"""Every page opens for those it is for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_person
from training.models import Booking, Kind, Session
from training.tests.factories import (
    make_booking,
    make_course,
    make_group,
    make_past,
    make_running,
    make_session,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", Kind)
def test_staff_see_the_page_of_a_session_of_any_kind(client, lena: Person, kind: str):
    session = make_session(kind=kind)
    make_booking(session)
    client.force_login(lena)

    assert client.get(session.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("name", ["session_add", "series_add"])
def test_the_form_of_every_kind_opens(client, lena: Person, name: str, kind: str):
    client.force_login(lena)

    assert client.get(reverse(f"training:{name}"), {"kind": kind}).status_code == 200


@pytest.mark.parametrize("name", ["session_edit", "session_cancel", "session_postpone", "invite"])
def test_staff_open_each_page_of_a_session(client, lena: Person, name: str):
    client.force_login(lena)

    assert client.get(reverse(f"training:{name}", args=[make_session().pk])).status_code == 200


def test_staff_open_the_lists(client, lena: Person):
    make_past()
    make_session()
    make_group()
    client.force_login(lena)

    for name in ("calendar", "groups", "group_add"):
        assert client.get(reverse(f"training:{name}")).status_code == 200
    assert client.get(reverse("training:calendar"), {"when": "past"}).status_code == 200


def test_a_participant_sees_their_session_and_nobody_else_on_it(client, percy: Person):
    session = make_session()
    make_booking(session, percy)
    make_booking(session, state=Booking.State.COMING)
    other = make_booking(session)
    client.force_login(percy)

    page = client.get(session.get_absolute_url()).content.decode()

    assert "I’m coming" in page
    assert other.person.name not in page


def test_an_outsider_is_not_told_that_the_session_exists(client, olive: Person):
    session = make_session()
    client.force_login(olive)

    assert client.get(session.get_absolute_url()).status_code == 404
    assert client.get(reverse("training:register", args=[session.pk])).status_code == 404


def test_whoever_leads_a_session_opens_its_register(client, olive: Person):
    session = make_running(facilitators=[olive])
    make_booking(session)
    client.force_login(olive)

    assert client.get(reverse("training:register", args=[session.pk])).status_code == 200


def test_a_supervisor_and_a_member_see_their_group(client, ruth: Person, percy: Person):
    group = make_group(supervisor=ruth, members=[percy])
    session = make_session(kind=Kind.SUPERVISION, group=group)
    make_booking(session, percy)

    for person in (ruth, percy):
        client.force_login(person)
        assert percy.name in client.get(group.get_absolute_url()).content.decode()
        assert client.get(reverse("training:groups")).status_code == 200


def test_a_group_in_the_list_shows_the_session_that_comes_first(client, lena: Person):
    thursday, friday = make_group("Thursday"), make_group("Friday")
    today = timezone.localdate()
    for days in (9, 2, -5):
        make_session(kind=Kind.SUPERVISION, group=thursday, starts_on=today + timedelta(days=days))
    make_session(kind=Kind.SUPERVISION, group=friday, starts_on=today + timedelta(days=4))
    client.force_login(lena)

    shown = client.get(reverse("training:groups")).context["page"]

    assert [[(one.starts_on - today).days for one in group.following] for group in shown] == [
        [4],
        [2],
    ]


def shown_to(client, person: Person, session: Session) -> str:
    client.force_login(person)
    return client.get(session.get_absolute_url()).content.decode()


def test_whether_the_register_is_taken_is_told_only_to_those_who_take_it(
    client, lena: Person, olive: Person, percy: Person
):
    session = make_past(facilitators=[olive])
    make_booking(session, percy)

    for person in (lena, olive):
        assert "Register due" in shown_to(client, person, session)
    page = shown_to(client, percy, session)
    assert "egister" not in page
    assert ">Held</span>" in page
    assert "We have not noted who came yet." in page


def test_whoever_came_is_told_so_and_is_not_told_of_what_is_not_noted(client, percy: Person):
    session = make_past()
    make_booking(session, percy, attendance="late")

    page = shown_to(client, percy, session)

    assert "You are noted as late." in page
    assert "We have not noted" not in page


def test_the_members_of_a_group_are_told_who_else_is_there(client, percy: Person):
    group = make_group(members=[percy, make_person("Rosa Delgado")])
    session = make_session(kind=Kind.SUPERVISION, group=group)
    for member in group.members.all():
        make_booking(session, member.person)

    assert "<dt>With</dt><dd>Rosa Delgado</dd>" in shown_to(client, percy, session)


def test_where_and_how_are_said_once(client, lena: Person):
    online = shown_to(client, lena, make_session(mode="online"))
    hybrid = shown_to(client, lena, make_session(mode="hybrid"))

    assert re.search(r"<dt>Where</dt>\s*<dd>\s*Online\s*</dd>", online)
    assert "<dt>How</dt>" not in online
    assert "<dt>How</dt><dd>In person or online</dd>" in hybrid


def test_the_crumbs_of_a_session_end_with_what_it_is_called(client, lena: Person):
    page = shown_to(client, lena, make_session("Reading fluency"))

    assert '<li aria-current="page">Reading fluency</li>' in page


def test_whoever_is_asked_sees_what_to_read_for_the_course(client):
    course = make_course(materials="Read https://example.org/calm first.")
    booking = make_booking(make_session(course=course))
    client.force_login(booking.person)

    shown = client.get(booking.session.get_absolute_url()).content.decode()

    assert '<a href="https://example.org/calm" rel="nofollow">' in shown
