"""What changed since somebody last looked, as each of them reads it."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.tests.factories import make_participation, make_person, make_staff
from dlp import words
from dlp.calendar import is_working_day
from dlp.home.models import Look
from dlp.home.tests.asking import queries
from dlp.home.tests.looking import a_day_passes, look
from placements.models import School, SchoolName
from placements.tests.factories import make_placement, make_school
from training.models import Booking, Kind, Session
from training.operations import bookings, groups, sessions
from training.tests.factories import make_booking, make_group, make_session, make_venue

pytestmark = pytest.mark.django_db


def school_day() -> date:
    """A day in a week or more that schools work on, and the next as well."""
    day = timezone.localdate() + timedelta(days=9)
    while not is_working_day(day) or not is_working_day(day + timedelta(days=1)):
        day += timedelta(days=1)
    return day


@pytest.fixture
def tom(db) -> Person:
    """Tom Reed, who coordinates beside Lena."""
    return make_staff("Tom Reed")


@pytest.fixture
def reading(percy) -> Session:
    """A twilight that Percy is invited to, known since yesterday."""
    session = make_session("Reading fluency", mode="online", starts_on=school_day())
    make_booking(session, percy)
    return session


def seen(client, person, name: str = "home:home") -> None:
    """They look, and a day passes."""
    look(client, person, name)
    a_day_passes()


def move(session: Session, by: Person, days: int = 1) -> Session:
    return sessions.edit_session(
        session, by=by, starts_on=session.starts_on + timedelta(days=days),
        ends_on=session.ends_on + timedelta(days=days), starts_time=time(16, 30),
    )  # fmt: skip


def test_a_first_look_tells_nothing(client, percy, reading):
    assert look(client, percy) == ""


def test_nothing_new_is_no_box(client, percy, reading):
    seen(client, percy)

    assert look(client, percy) == ""


def test_news_stay_for_the_visit_and_are_gone_at_the_next(client, percy, reading, tom):
    seen(client, percy)
    move(reading, tom)

    assert "Reading fluency moved" in look(client, percy)
    assert "Reading fluency moved" in look(client, percy)
    a_day_passes()
    assert look(client, percy) == ""


def test_a_look_is_ones_own(client, percy, reading, tom, lena):
    seen(client, percy)
    look(client, tom, "home:desk")
    look(client, lena, "home:desk")
    move(reading, tom)

    assert "Reading fluency moved" in look(client, percy)
    assert Look.objects.count() == 3


def test_a_session_moved_thrice_is_one_line_from_the_old_time_to_the_new(
    client, percy, reading, tom
):
    seen(client, percy)
    session = reading
    for _ in range(3):
        session = move(session, tom)

    said = look(client, percy)

    was, now = words.moment(reading.starts_at), words.moment(session.starts_at)
    assert f"From {was} to {now}." in said
    assert now.endswith("16:30")
    assert said.count("Reading fluency") == 1
    assert f"since {words.moment(Look.objects.get(person=percy).since_at)}" in said


def test_a_session_moved_there_and_back_is_no_news(client, percy, reading, tom):
    seen(client, percy)
    was = reading.starts_on, reading.starts_time
    session = move(reading, tom)
    sessions.edit_session(session, by=tom, starts_on=was[0], ends_on=was[0], starts_time=was[1])

    assert look(client, percy) == ""


def test_cancelled_postponed_reinstated_and_elsewhere_are_told(client, percy, reading, tom):
    held = [make_session(title, mode="online") for title in ("Put off", "Called off", "On again")]
    for session in held:
        make_booking(session, percy)
    sessions.cancel(held[2], by=tom)
    seen(client, percy)
    sessions.postpone(held[0], by=tom)
    sessions.cancel(held[1], by=tom)
    sessions.reinstate(held[2], by=tom)
    sessions.edit_session(reading, by=tom, mode="in_person", venue=make_venue("Walworth Hall"))

    said = look(client, percy)

    assert "Put off is postponed" in said
    assert "Called off is cancelled" in said
    assert "On again goes ahead after all" in said
    assert "It was online; it is at Walworth Hall." in said


def test_invitations_are_told_and_many_are_one_line(client, percy, reading, tom):
    seen(client, percy)
    bookings.invite_person(make_session("Families"), percy, by=tom)

    assert "You are invited to Families" in look(client, percy)

    for number in range(4):
        bookings.invite_person(make_session(f"Twilight {number}"), percy, by=tom)

    assert "You are invited to five sessions" in look(client, percy)


def test_drafts_are_told_when_they_are_published(client, percy, tom):
    draft = make_session("Families", state="draft")
    make_booking(draft, percy)
    seen(client, percy)
    move(draft, tom)

    assert look(client, percy) == ""

    sessions.publish(draft, by=tom)

    assert "You are invited to Families" in look(client, percy)


def test_whoever_is_taken_off_is_told_so_and_led_nowhere(client, percy, reading, tom):
    seen(client, percy)
    bookings.withdraw_booking(reading.bookings.get(), by=tom)

    said = look(client, percy)

    assert "You were taken off Reading fluency" in said
    assert "<a" not in said


def test_nobody_is_told_of_sessions_and_placements_of_others(
    client, percy, olive, marcus, ruth, reading, tom
):
    for person in (olive, marcus, ruth):
        look(client, person)
    seen(client, percy)
    move(reading, tom)
    make_placement(Participation.objects.get(person=percy), make_school("Elsewhere"))
    bookings.reply(reading.bookings.get(), coming=True, via="portal")

    for person in (olive, marcus, ruth):
        assert look(client, person) == ""


def test_steps_and_dates_of_ones_placement_are_told(client, percy, tom, time_machine):
    placement = make_placement(
        Participation.objects.get(person=percy), make_school("Harbour PRU"), state="accepted"
    )
    seen(client, percy)
    placement.state = "confirmed"
    placement.save()

    assert "Your placement at Harbour PRU is confirmed" in look(client, percy)

    a_day_passes()
    placement.ends_on += timedelta(days=7)
    placement.save()

    assert "Your dates at Harbour PRU changed" in look(client, percy)


def test_a_proposal_is_no_news_to_the_leader_or_the_school(client, percy, marcus):
    arts = School.objects.get(contacts__person=marcus)
    look(client, marcus)
    seen(client, percy)
    make_placement(Participation.objects.get(person=percy), arts, state="proposed")

    assert look(client, percy) == look(client, marcus) == ""


def test_another_name_of_ones_school_is_told(client, percy):
    school = make_school("The ArtsXchange")
    make_placement(Participation.objects.get(person=percy), school)
    seen(client, percy)
    SchoolName.objects.create(school=school, name="WAC Arts College")
    SchoolName.objects.create(school=make_school("Far away"), name="Old and far")

    said = look(client, percy)

    assert "Your school is now called The ArtsXchange" in said
    assert "Far away" not in said


# A school lead


@pytest.fixture
def arts(marcus) -> School:
    return School.objects.get(contacts__person=marcus)


@pytest.fixture
def placed(percy, arts):
    return make_placement(Participation.objects.get(person=percy), arts)


def test_a_school_is_told_of_days_out_that_moved_and_never_what_they_are(
    client, marcus, percy, placed, tom
):
    group = make_group("Ruth’s quiet group", members=[percy])
    grief = make_session(
        "Supervision of grief", kind=Kind.SUPERVISION, group=group, starts_on=school_day(),
        starts_time=time(10), ends_time=time(11), mode="online",
    )  # fmt: skip
    make_booking(grief, percy, state="coming")
    seen(client, marcus)
    sessions.edit_session(grief, by=tom, starts_time=time(13), ends_time=time(14))

    said = look(client, marcus)

    assert "Percy Adeyemi is out at another time" in said
    assert "13:00–14:00; it was" in said
    assert "Meeting." in said
    for word in ("grief", "upervision", "quiet", "Ruth", "href"):
        assert word not in said


def test_a_school_is_told_of_new_days_of_several_leaders_in_one_line(
    client, marcus, arts, placed, percy, cohort, tom
):
    ada = make_person("Ada Fenwick")
    make_placement(make_participation(ada, cohort), arts)
    seen(client, marcus)
    for title, starts_time in (("Secret one", time(9)), ("Secret two", time(13))):
        session = make_session(
            title, kind=Kind.TRAINING_DAY, starts_on=school_day(), starts_time=starts_time,
            ends_time=time(15), mode="online",
        )  # fmt: skip
        for person in (percy, ada):
            bookings.invite_person(session, person, by=tom)

    said = look(client, marcus)

    assert said.count("<li>") == 1
    assert "are out on two more days" in said
    assert "Secret" not in said


def test_a_school_is_not_told_of_days_outside_the_placement_or_of_answers(
    client, marcus, arts, percy, olive, tom
):
    begins = timezone.localdate() + timedelta(days=60)
    make_placement(Participation.objects.get(person=percy), arts, starts_on=begins)
    make_placement(Participation.objects.get(person=olive), arts)
    session = make_session("One", starts_on=school_day(), mode="online")
    booking = make_booking(session, olive)
    seen(client, marcus)
    bookings.invite_person(session, percy, by=tom)
    bookings.reply(booking, coming=True, via="portal")

    assert look(client, marcus) == ""


def test_a_mark_in_the_register_is_no_news_to_a_school(client, marcus, percy, placed):
    booking = make_booking(
        make_session("One", starts_on=timezone.localdate(), mode="online"), percy, state="coming"
    )
    seen(client, marcus)
    booking.attendance, booking.marked_at, booking.marked_by = "absent", timezone.now(), percy
    booking.save()

    assert look(client, marcus) == ""


def test_a_school_is_told_of_a_new_leader_and_of_dates_that_changed(client, marcus, arts, percy):
    seen(client, marcus)
    placement = make_placement(Participation.objects.get(person=percy), arts, state="confirmed")

    assert "Percy Adeyemi is coming to you" in look(client, marcus)

    a_day_passes()
    placement.ends_on += timedelta(days=7)
    placement.save()

    assert "Percy Adeyemi’s dates with you changed" in look(client, marcus)


# Those who lead


def test_those_who_lead_are_told_of_answers_in_one_line_and_of_their_sessions(client, percy, tom):
    grace = make_person("Grace Mbeki")
    session = make_session("Families", facilitators=[grace], mode="online")
    asked = [make_booking(session, make_person()) for _ in range(4)]
    make_booking(make_session("Not hers"), percy)
    seen(client, grace)
    for number, booking in enumerate(asked):
        bookings.reply(booking, coming=number > 0, via="portal", reason="My mother is ill")
    bookings.reply(Booking.objects.get(person=percy), coming=True, via="portal")
    move(session, tom)

    said = look(client, grace)

    assert "Four people answered for Families" in said
    assert "3 coming, 1 can’t." in said
    assert "Families moved" in said
    assert "Not hers" not in said
    assert "mother" not in said


def test_a_supervisor_is_told_who_joined_and_who_leaves(client, tom, percy, olive):
    rosa = make_person("Rosa Adler")
    group = make_group("Thursday", supervisor=rosa, members=[percy])
    other = make_group("Monday", members=[percy])
    seen(client, rosa)
    groups.add_member(group, olive, starts_on=timezone.localdate(), by=tom)
    groups.end_member(group.members.get(person=percy), ends_on=timezone.localdate(), by=tom)
    groups.end_member(other.members.get(), ends_on=timezone.localdate(), by=tom)

    said = look(client, rosa)

    assert "Olive Tran joined Thursday" in said
    assert "Percy Adeyemi leaves Thursday" in said
    assert "Monday" not in said


def test_somebody_of_several_roles_finds_one_list(client, percy, reading, tom):
    led = make_session("Led by Percy", facilitators=[percy], mode="online")
    seen(client, percy)
    move(reading, tom)
    move(led, tom)

    said = look(client, percy)

    assert "Reading fluency moved" in said
    assert "Led by Percy moved" in said


# Staff


def test_the_desk_tells_of_answers_steps_and_sessions(client, lena, percy, reading, tom):
    seen(client, lena, "home:desk")
    bookings.reply(reading.bookings.get(), coming=True, via="portal")
    move(reading, tom)
    bookings.invite_person(reading, make_person("Ada Fenwick"), by=tom)
    make_participation(make_person("Nia Roberts"))

    said = look(client, lena, "home:desk")

    assert "Percy Adeyemi is coming to Reading fluency" in said
    assert "Reading fluency moved" in said
    assert "Ada Fenwick was invited to Reading fluency" in said
    assert "Nia Roberts started" in said


def test_what_one_did_oneself_is_no_news(client, lena, percy, reading, tom):
    look(client, tom, "home:desk")
    seen(client, lena, "home:desk")
    client.force_login(lena)
    client.post(f"/sessions/{reading.pk}/cancel/", {"reason": "Snow"})
    assert Session.objects.get(pk=reading.pk).state == "cancelled"

    assert look(client, lena, "home:desk") == ""
    assert "Reading fluency is cancelled" in look(client, tom, "home:desk")


def test_at_most_seven_lines_are_told_newest_first(client, lena, tom):
    held = [make_session(f"Twilight {number}", mode="online") for number in range(9)]
    seen(client, lena, "home:desk")
    for session in held:
        move(session, tom)

    said = look(client, lena, "home:desk")

    assert said.count("<li>") == 7
    assert "2 more things changed." in said


def test_who_was_away_for_long_is_told_of_the_last_month(client, percy, reading, tom):
    old = make_session("Long ago", mode="online", starts_on=timezone.localdate() + timedelta(50))
    make_booking(old, percy)
    look(client, percy)
    a_day_passes(timedelta(days=20))
    move(old, tom)
    a_day_passes(timedelta(days=20))
    move(reading, tom)

    said = look(client, percy)

    assert "in the last 30 days" in said
    assert "Reading fluency moved" in said
    assert "Long ago" not in said


@pytest.mark.parametrize("number", [1, 30])
def test_news_cost_two_questions_however_many_they_are(
    client, lena, percy, marcus, placed, tom, number
):
    held = [
        make_session(f"Twilight {n}", facilitators=[percy], mode="online") for n in range(number)
    ]
    asked = [make_booking(session, percy) for session in held]
    for person, name in ((lena, "home:desk"), (percy, "home:home"), (marcus, "home:home")):
        look(client, person, name)
    a_day_passes()
    for session, booking in zip(held, asked, strict=True):
        bookings.reply(booking, coming=True, via="portal")
        move(session, tom)

    for person, name in ((lena, "home:desk"), (percy, "home:home"), (marcus, "home:home")):
        asked_of = queries(client, person, name)
        assert "Twilight" in look(client, person, name) or person == marcus
        assert len(asked_of) <= 12
        assert sum("home_look" in sql for sql in asked_of) == 1
        assert sum("pgh_created_at" in sql for sql in asked_of) == 1
