"""What changed since they last looked, as staff read it, and what it costs everybody."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.utils import timezone

from cohorts.models import Participation
from cohorts.tests.factories import make_participation, make_person
from dlp.home.models import Look
from dlp.home.tests.asking import queries
from dlp.home.tests.looking import a_day_passes, look, move, seen
from placements.operations.days import change_days
from placements.tests.factories import make_placement
from training.models import Session
from training.operations import bookings
from training.tests.factories import make_booking, make_session

pytestmark = pytest.mark.django_db


def test_the_desk_tells_of_answers_steps_and_sessions(client, lena, percy, reading, tom):
    seen(client, lena, "home:desk")
    bookings.reply(reading.bookings.get(), coming=True, via="portal")
    move(reading, tom)
    bookings.invite_person(reading, make_person("Ada Fenwick"))
    make_participation(make_person("Nia Roberts"))

    said = look(client, lena, "home:desk")

    assert "Percy Adeyemi is coming to Reading fluency" in said
    assert "Reading fluency moved" in said
    assert "Ada Fenwick was invited to Reading fluency" in said
    assert "Nia Roberts started" in said


def test_two_steps_alike_are_a_line_each_and_three_are_one(client, lena, percy):
    cohort = Participation.objects.get(person=percy).cohort
    seen(client, lena, "home:desk")
    for name in ("Nia Roberts", "Ada Fenwick"):
        make_participation(make_person(name), cohort)

    assert "Nia Roberts started" in look(client, lena, "home:desk")

    make_participation(make_person("Rosa Adler"), cohort)

    said = look(client, lena, "home:desk")
    assert "Three people started" in said
    assert "Nia Roberts" not in said


def test_other_days_of_a_placement_are_told_to_staff_and_its_leader(client, lena, percy, tom):
    placement = make_placement(percy.participations.get())
    seen(client, lena, "home:desk")
    seen(client, percy)

    last = placement.ends_on - timedelta(days=9)
    why = "The term ends earlier."
    change_days(placement, starts_on=placement.starts_on, ends_on=last, because=why, by=tom)

    assert "Percy Adeyemi has other days in placement" in look(client, lena, "home:desk")
    assert f"Your dates at {placement.host_name} changed" in look(client, percy)


def test_nobody_may_read_when_others_last_looked(client, lena, percy):
    seen(client, percy)

    assert not admin.site.is_registered(Look)
    assert not Permission.objects.filter(content_type__model="look").exists()
    assert not Look.objects.visible_to(lena).exists()


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


@pytest.mark.parametrize("number", [1, 30])
def test_news_cost_two_questions_however_many_they_are(
    client, lena, percy, marcus, placed, tom, number
):
    first = timezone.localdate() + timedelta(days=10)
    held = [
        make_session(
            f"Twilight {n}",
            starts_on=first + timedelta(days=2 * n),
            facilitators=[percy],
            mode="online",
        )
        for n in range(number)
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
