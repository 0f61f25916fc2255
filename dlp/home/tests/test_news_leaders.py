"""What changed since they last looked, as leaders read it, and those who lead sessions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.models import Participation
from cohorts.tests.factories import make_person, make_plan_item
from dlp import words
from dlp.home.models import Look
from dlp.home.tests.looking import a_day_passes, look, move, seen
from placements.models import School, SchoolName
from placements.operations import reviews
from placements.tests.factories import make_placement, make_school
from training.models import Booking
from training.operations import bookings, groups, sessions
from training.tests.factories import make_booking, make_group, make_session, make_venue

pytestmark = pytest.mark.django_db


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
    sessions.postpone(held[0])
    sessions.cancel(held[1], by=tom)
    sessions.reinstate(held[2])
    sessions.edit_session(reading, by=tom, mode="in_person", venue=make_venue("Walworth Hall"))

    said = look(client, percy)

    assert "Put off is postponed" in said
    assert "Called off is cancelled" in said
    assert "On again goes ahead after all" in said
    assert "It was online; it is at Walworth Hall." in said


def test_invitations_are_told_and_many_are_one_line(client, percy, reading):
    seen(client, percy)
    bookings.invite_person(make_session("Families"), percy)

    assert "You are invited to Families" in look(client, percy)

    for number in range(4):
        bookings.invite_person(make_session(f"Twilight {number}"), percy)

    assert "You are invited to five sessions" in look(client, percy)


def test_drafts_are_told_when_they_are_published(client, percy, tom):
    draft = make_session("Families", state="draft")
    make_booking(draft, percy)
    seen(client, percy)
    move(draft, tom)

    assert look(client, percy) == ""

    sessions.publish(draft)

    assert "You are invited to Families" in look(client, percy)


def test_whoever_is_taken_off_is_told_so_and_led_nowhere(client, percy, reading):
    seen(client, percy)
    bookings.withdraw_booking(reading.bookings.get())

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
    assert "3 coming, 1 not coming." in said
    assert "Families moved" in said
    assert "Not hers" not in said
    assert "mother" not in said


def test_a_supervisor_is_told_who_joined_and_who_leaves(client, percy, olive):
    rosa = make_person("Rosa Adler")
    group = make_group("Thursday", supervisor=rosa, members=[percy])
    other = make_group("Monday", members=[percy])
    seen(client, rosa)
    groups.add_member(group, olive, starts_on=timezone.localdate())
    groups.end_member(group.members.get(person=percy), ends_on=timezone.localdate())
    groups.end_member(other.members.get(), ends_on=timezone.localdate())

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


def test_a_review_waits_for_the_leaders_word_until_they_answered(client, percy, reading, lena):
    placement = make_placement(Participation.objects.get(person=percy))
    today = timezone.localdate()
    item = make_plan_item(placement.participation, "review-week-6", due_on=today)
    seen(client, percy)
    said = {"present": "Both", "summary": "Lead attendance."}

    review = reviews.write(placement, item, held_on=today, **said, by=lena)

    assert f"{review.requirement}: say whether it was so" in look(client, percy)
    reviews.agree(review, by=percy)
    assert "say whether it was so" not in look(client, percy)
