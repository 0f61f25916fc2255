import re
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.tests.factories import make_cohort, make_participation, make_person
from dlp.calendar import LONDON
from dlp.home.tests.asking import page, queries
from placements.models import SchoolName
from placements.tests.factories import make_contact, make_placement, make_school
from training.models import Booking, Kind
from training.tests.factories import make_booking, make_group, make_past, make_session

pytestmark = pytest.mark.django_db

LONG_NAME = "Bartholomew Featherstonehaugh-Cholmondeley-Worthington Smythe"


def participation_of(person: Person) -> Participation:
    return Participation.objects.get(person=person)


def test_board_greets_by_the_time_of_day_and_draws_the_arc_twice(client, percy, time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 8, 0, tzinfo=LONDON), tick=False)

    text = page(client, percy, "home:home")

    assert "Good morning, Percy" in text
    assert len(re.findall(r'class="drawing (?:wide|tall)"', text)) == 2
    assert "The same as a table" in text


def test_home_without_anything_says_what_will_come(client, percy):
    text = page(client, percy, "home:home")

    assert "Nothing is planned for you" in text
    assert "You have no placement yet" in text
    assert "None has been held yet" in text


def test_next_session_leads_to_its_plan_and_the_rest_can_be_answered(client, percy):
    first = make_session("Reading fluency", starts_on=timezone.localdate() + timedelta(days=3))
    later = make_session(
        "Working with families", starts_on=timezone.localdate() + timedelta(days=9)
    )
    make_booking(first, percy, state=Booking.State.COMING)
    make_booking(later, percy)

    text = page(client, percy, "home:home")

    assert "Next, in 3 days" in text
    assert "You are coming" in text
    assert f'action="/sessions/{later.pk}/reply/"' in text
    assert f'action="/sessions/{first.pk}/reply/"' not in text
    assert "One invitation" in text


def test_reply_comes_back_home_without_javascript(client, percy):
    session = make_session()
    booking = make_booking(session, percy)
    client.force_login(percy)

    answer = client.post(f"/sessions/{session.pk}/reply/", {"answer": "no", "next": "/"})

    booking.refresh_from_db()
    assert answer.headers["Location"] == "/"
    assert booking.state == Booking.State.NOT_COMING
    assert "I can’t make it" in page(client, percy, "home:home")


def test_cancelled_sessions_and_withdrawn_places_are_gone(client, percy):
    make_booking(make_session("Called off", state="cancelled"), percy)
    make_booking(make_session("Taken off"), percy, state=Booking.State.WITHDRAWN)

    text = page(client, percy, "home:home")

    assert "Called off" not in text
    assert "Taken off" not in text


def test_placement_shows_the_former_name_of_the_school_and_the_host_lead(client, percy):
    school = make_school("The ArtsXchange")
    SchoolName.objects.create(school=school, name="WAC Arts College")
    make_contact(school, name="Marcus Bell")
    make_placement(participation_of(percy), school)

    text = page(client, percy, "home:home")

    assert "The ArtsXchange" in text
    assert "was WAC Arts College" in text
    assert "Marcus Bell" in text


def test_placement_that_is_only_proposed_is_not_shown(client, percy):
    make_placement(participation_of(percy), make_school("Secret School"), state="proposed")

    assert "Secret School" not in page(client, percy, "home:home")


def test_sessions_so_far_are_counted_in_words(client, percy):
    for mark in ("present", "present", "late", "excused"):
        make_booking(make_past(), percy, state="coming", attendance=mark)

    text = page(client, percy, "home:home")

    assert "4 held: you came to two on time, came late to one and were excused from one." in text


@pytest.mark.parametrize("state", ["accepted", "deferred", "completed", "withdrawn"])
def test_every_stage_of_the_programme_has_a_home(client, state):
    person = make_person("Nia Roberts")
    make_participation(person, state=state)

    assert "Nia" in page(client, person, "home:home")


def test_nobody_sees_what_is_another_persons(client, percy, olive):
    make_booking(make_session("Olive’s own session"), olive)

    assert "Olive’s own session" not in page(client, percy, "home:home")


def test_somebody_without_a_role_learns_whom_to_ask(client):
    text = page(client, make_person("Stan Stranger"), "home:home")

    assert "Welcome, Stan" in text
    assert "Someone to ask" in text


def test_a_strip_of_many_sessions_says_that_the_last_are_drawn(client, percy):
    for days in range(1, 23):
        make_booking(make_past(days=days), percy, attendance="present")

    text = page(client, percy, "home:home")

    assert "22 held: you came to 22 on time. Drawn are the last 20." in text
    assert "The last 20 of 22 sessions: 20 present" in text


def test_somebody_who_left_waits_for_no_placement(client):
    person = make_participation(state="withdrawn").person

    text = page(client, person, "home:home")

    assert "You had no placement." in text
    assert "no placement yet" not in text


def test_long_names_stay_whole(client):
    person = make_person(LONG_NAME)
    make_participation(person)

    assert LONG_NAME.split()[0] in page(client, person, "home:home")


def test_two_hundred_sessions_ask_no_more_and_stay_light(client, percy):
    make_placement(participation_of(percy))
    make_booking(make_session(), percy)
    few = queries(client, percy, "home:home")
    group = make_group(members=[percy])
    first = timezone.localdate() - timedelta(days=80)
    for number in range(200):
        kind = Kind.SUPERVISION if number % 4 == 0 else Kind.TWILIGHT
        session = make_session(
            f"Session {number}",
            kind=kind,
            starts_on=first + timedelta(days=number),
            group=group if kind == Kind.SUPERVISION else None,
            mode="online",
        )
        make_booking(session, percy, state="coming")

    many = queries(client, percy, "home:home")

    assert len(many) <= len(few) + 1
    assert len(many) <= 12
    assert len(page(client, percy, "home:home").encode()) < 150_000


def test_arc_is_drawn_for_the_time_that_goes_on(client):
    person = make_person("Tara Transfer")
    make_participation(
        person,
        make_cohort("2019 Cohort", starts_on=date(2019, 9, 1)),
        state="completed",
        changed_on=date(2020, 9, 1),
    )
    make_participation(person, make_cohort("2026 Cohort", starts_on=date(2026, 9, 1)))

    text = page(client, person, "home:home")

    assert "September 2026" in text
    assert "September 2019" not in text
