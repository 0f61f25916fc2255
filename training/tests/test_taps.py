"""Two phones on one register, taps that come late, people without a booking, and marks that go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_participation, make_person, make_staff
from dlp.errors import Refused
from dlp.outbox.models import Message
from training import marks
from training.models import Booking, Kind, RegisterTap
from training.operations import registers, sessions
from training.tests.factories import (
    make_booking,
    make_group,
    make_past,
    make_running,
    make_session_at,
)

pytestmark = pytest.mark.django_db
Mark = Booking.Attendance
MINUTE = timedelta(minutes=1)


def test_the_last_tap_by_time_wins_and_the_others_are_history(client, lena: Person):
    session, now = make_running(), timezone.now()
    booking, fiona = make_booking(session), make_person("Fiona Marsh")
    session.facilitators.add(fiona)
    registers.mark(booking, Mark.PRESENT, by=lena, at=now - 20 * MINUTE)
    registers.mark(booking, "", by=lena, at=now - 10 * MINUTE)
    client.force_login(fiona)
    tapped = {f"mark-{booking.pk}": "absent", "at": (now - 15 * MINUTE).isoformat()}
    url = reverse("training:register_mark", args=[session.pk])

    for _ in range(2):  # sent again since the answer was lost: kept once
        late = client.post(url, tapped, headers={"hx-request": "true"})

    booking.refresh_from_db()
    assert booking.attendance == ""
    assert [tap.mark for tap in RegisterTap.objects.filter(booking=booking)] == [
        "present", "absent", "",
    ]  # fmt: skip
    assert "A later tap stands: no mark" in late.content.decode()
    assert '"mark": ""' in late["HX-Trigger"]
    again = registers.mark(booking, Mark.LATE, by=fiona, at=now - 5 * MINUTE)
    assert (again.attendance, again.marked_at, again.marked_by) == (
        "late", now - 5 * MINUTE, fiona,
    )  # fmt: skip


@pytest.mark.parametrize("away", [timedelta(days=-2), timedelta(minutes=3)])
def test_a_tap_from_an_impossible_time_was_made_now(lena: Person, away: timedelta):
    before = timezone.now()

    marked = registers.mark(make_booking(make_running()), Mark.LATE, by=lena, at=before + away)

    assert marked.marked_at is not None
    assert before <= marked.marked_at <= timezone.now()


def test_somebody_without_a_booking_is_found_added_and_counted(client, lena: Person):
    session = make_running(capacity=1)
    make_booking(session, state=Booking.State.COMING)
    fiona, ada = make_person("Fiona Marsh"), make_participation(make_person("Ada Fenwick")).person
    session.facilitators.add(fiona)
    client.force_login(fiona)
    url = reverse("training:register_add", args=[session.pk])

    assert "Ada Fenwick" in client.get(url, {"q": "fenw"}).content.decode()
    said = client.post(url, {"person": ada.pk}, follow=True).content.decode()
    client.post(url, {"person": ada.pk})
    with pytest.raises(Refused, match="Tom Okafor is deactivated. Reactivate them first."):
        registers.add_walk_in(session, make_person("Tom Okafor", is_active=False), by=fiona)

    booking = session.bookings.get(person=ada)
    assert (booking.attendance, booking.replied_via) == ("present", "staff")
    assert booking.booked_at >= session.starts_at
    assert "2 people come to 1 place." in said
    assert "1 of 2 marked" in said
    assert booking.taps.count() == 1
    assert not Message.objects.filter(person=ada).exists()


def test_only_members_are_added_at_supervision(client, lena: Person):
    member, stranger = make_person("Ada Fenwick"), make_person("Tom Okafor")
    session = make_running(kind=Kind.SUPERVISION, group=make_group(members=[member]))
    client.force_login(lena)
    page = client.get(reverse("training:register_add", args=[session.pk])).content.decode()

    assert "Ada Fenwick" in page
    assert "Tom Okafor" not in page
    assert registers.add_walk_in(session, member, by=lena).attendance == "present"
    with pytest.raises(Refused, match="not in this group"):
        registers.add_walk_in(session, stranger, by=lena)


def test_who_was_taken_off_and_came_is_on_it_again(lena: Person):
    gone = make_booking(make_running(), state=Booking.State.WITHDRAWN)

    back = registers.add_walk_in(gone.session, gone.person, by=lena)

    assert (back.pk, back.state, back.attendance) == (gone.pk, "coming", "present")


def test_a_move_to_a_time_yet_to_come_takes_the_marks_only_from_who_is_sure(lena: Person):
    session = make_session_at(timezone.now() - timedelta(hours=1), length=timedelta(days=20))
    booking = make_booking(session, attendance=Mark.PRESENT)
    later = {"starts_on": timezone.localdate() + timedelta(days=5)}

    with pytest.raises(Refused, match="1 person is marked in its register"):
        sessions.edit_session(session, by=lena, **later)
    earlier = {"starts_on": session.starts_on - timedelta(days=1)}
    sessions.edit_session(session, by=lena, **earlier)
    booking.refresh_from_db()
    assert booking.attendance == "present"
    sessions.edit_session(session, by=lena, marks_go=True, **later)

    booking.refresh_from_db()
    assert (booking.attendance, booking.marked_by) == ("", None)
    assert [tap.mark for tap in booking.taps.all()] == [""]


def test_cancelling_asks_what_becomes_of_marks_and_takes_them_back(client, lena: Person):
    session = make_running()
    booking = make_booking(session, state="coming")
    registers.mark(booking, Mark.PRESENT, by=lena)
    client.force_login(lena)
    url = reverse("training:session_cancel", args=[session.pk])

    asked = client.get(url).content.decode()
    refused = client.post(url, {"reason": "Fire alarm."}).content.decode()
    booking.refresh_from_db()
    assert "1 person is marked in its register." in asked
    assert "tick that the marks go" in refused
    assert "Fire alarm." in refused
    assert booking.attendance == "present"

    client.post(url, {"reason": "Fire alarm.", "marks_go": "on"})

    session.refresh_from_db()
    booking.refresh_from_db()
    assert (session.state, booking.attendance) == ("cancelled", "")
    assert [tap.mark for tap in booking.taps.all()] == ["present", ""]


def test_long_after_a_programme_lead_corrects_a_mark_and_says_why(client):
    booking = make_booking(make_past(days=60), attendance=Mark.ABSENT)
    lead = make_staff("Grace Whitlock", "Programme lead")
    client.force_login(lead)
    page = client.get(booking.session.get_absolute_url()).content.decode()
    url = reverse("training:booking_correct", args=[booking.pk])
    assert url in page

    short = client.post(url, {"mark": "present", "reason": "Wrong."}).content.decode()
    client.post(url, {"mark": "present", "reason": "The host’s own register says she came."})

    booking.refresh_from_db()
    assert "Say in a sentence" in short
    assert (booking.attendance, booking.marked_by) == ("present", lead)
    assert "own register" in booking.taps.get().reason
    recent = make_booking(make_past())
    with pytest.raises(Refused, match="Correct it in the register"):
        registers.correct_late(recent, marks.Mark("absent"), by=lead, reason="x" * 20)


def test_whoever_is_excused_is_so_for_a_reason_that_stays_with_the_mark(client, lena: Person):
    session = make_past()
    booking = make_booking(session)
    client.force_login(lena)
    url, name = reverse("training:register_mark", args=[session.pk]), f"mark-{booking.pk}"

    for written in ("excused", "excused-headache"):
        client.post(url, {name: written}, headers={"hx-request": "true"})
    with pytest.raises(Refused, match="Say why they are excused"):
        registers.mark(booking, Mark.EXCUSED, by=lena)
    assert not booking.taps.exists()
    client.post(url, {name: "excused-travel"}, headers={"hx-request": "true"})
    client.post(url, {name: "excused-school"}, headers={"hx-request": "true"})

    booking.refresh_from_db()
    assert (booking.attendance, booking.excuse) == ("excused", "school")
    assert [tap.excuse for tap in booking.taps.all()] == ["travel", "school"]
    sheet = client.get(reverse("training:register", args=[session.pk])).content.decode()
    assert f'name="{name}" value="excused-school" checked' in sheet
    assert "Needed at school" in client.get(session.get_absolute_url()).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(excuse="")
