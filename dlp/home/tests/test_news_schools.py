"""What changed since they last looked, as those who lead a school read it: days out and no more."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.tests.factories import make_participation, make_person
from dlp import words
from dlp.home.tests.looking import a_day_passes, look, school_day, seen
from placements.operations.clashes import answer_clash, tell_clash
from placements.tests.factories import make_placement
from training.models import Kind
from training.operations import bookings, sessions
from training.tests.factories import make_booking, make_group, make_session

pytestmark = pytest.mark.django_db


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

    assert "Percy Adeyemi’s meeting in school is at another time" in said
    assert "13:00–14:00; it was" in said
    for word in ("grief", "upervision", "quiet", "Ruth", "href"):
        assert word not in said


def invite_to_day(people: list[Person], title: str, day: date, hour: int) -> None:
    """Three hours of a training day, which the people are invited to."""
    session = make_session(
        title, kind=Kind.TRAINING_DAY, starts_on=day, starts_time=time(hour),
        ends_time=time(hour + 3), mode="online",
    )  # fmt: skip
    for person in people:
        bookings.invite_person(session, person)


def test_a_school_is_told_of_new_days_of_several_leaders_in_one_line(
    client, marcus, arts, placed, percy, cohort
):
    ada = make_person("Ada Fenwick")
    make_placement(make_participation(ada, cohort), arts)
    seen(client, marcus)
    for title, days in (("Secret one", 0), ("Secret two", 1)):
        invite_to_day([percy, ada], title, school_day() + timedelta(days=days), 9)

    said = look(client, marcus)

    assert said.count("<li>") == 1
    assert "are out on two more days" in said
    assert "Secret" not in said


def test_two_sessions_on_one_day_are_one_day_to_a_school(client, marcus, placed, percy):
    seen(client, marcus)
    for hour in (9, 13):
        invite_to_day([percy], "Secret", school_day(), hour)

    said = look(client, marcus)

    day = words.short_day(school_day())
    assert f"Percy Adeyemi is out {day}, 09:00–12:00 and 13:00–16:00" in said
    assert "more days" not in said


def test_a_school_is_not_told_of_days_outside_the_placement_or_of_answers(
    client, marcus, arts, percy, olive
):
    begins = timezone.localdate() + timedelta(days=60)
    make_placement(Participation.objects.get(person=percy), arts, starts_on=begins)
    make_placement(Participation.objects.get(person=olive), arts)
    session = make_session("One", starts_on=school_day(), mode="online")
    booking = make_booking(session, olive)
    seen(client, marcus)
    bookings.invite_person(session, percy)
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


def test_an_answer_about_a_clash_is_told_to_the_school(client, lena, marcus, arts, placed):
    clash = tell_clash(arts, day=school_day(), text="Mock exams.", by=marcus)
    seen(client, marcus)

    answer_clash(clash, answer="We move it.", by=lena)

    told = look(client, marcus)
    assert "Lena Hart has answered about" in told
    assert "“We move it.”" in told
