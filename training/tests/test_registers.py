"""Taking the register: blank is never present, every mark keeps who and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.operations import participations
from cohorts.operations.deaths import record_death
from cohorts.tests.factories import make_participation, make_person
from dlp.errors import Refused
from placements.tests.factories import make_placement
from training.models import Booking, Session
from training.operations import registers, sessions
from training.tests.factories import (
    make_booking,
    make_past,
    make_running,
    make_session,
    make_session_at,
)

pytestmark = pytest.mark.django_db
Mark = Booking.Attendance


def address(session: Session, name: str = "register") -> str:
    return reverse(f"training:{name}", args=[session.pk])


def test_a_blank_is_never_present(lena: Person):
    booking = make_booking(make_past())

    assert booking.attendance == ""
    assert booking.came is None
    with pytest.raises(Refused, match="Blank is never present"):
        registers.close_register(booking.session, by=lena)


def test_a_mark_keeps_who_made_it_and_when(lena: Person):
    booking = registers.mark(make_booking(make_running()), Mark.LATE, by=lena)

    assert (booking.attendance, booking.marked_by) == ("late", lena)
    assert booking.marked_at is not None


def test_a_mark_without_its_maker_is_not_kept():
    booking = make_booking(make_running())
    booking.attendance = Mark.PRESENT

    with pytest.raises(IntegrityError, match="booking_mark_is_whole"):
        booking.save()


def test_the_same_mark_again_stays_with_whoever_made_it_first(lena: Person):
    booking = registers.mark(make_booking(make_running()), Mark.PRESENT, by=lena)

    again = registers.mark(booking, Mark.PRESENT, by=make_person())

    assert again.marked_by == lena


def test_nobody_is_marked_before_the_session_begins(lena: Person):
    with pytest.raises(Refused, match="opens when the session begins"):
        registers.mark(make_booking(make_session()), Mark.PRESENT, by=lena)


def test_a_cancelled_session_has_no_register(lena: Person):
    booking = make_booking(make_running())
    sessions.cancel(booking.session, by=lena)
    booking.session.refresh_from_db()

    with pytest.raises(Refused, match="does not go ahead"):
        registers.mark(booking, Mark.PRESENT, by=lena)


def test_marks_are_corrected_for_thirty_days_and_history_keeps_both(lena: Person):
    late = make_booking(make_past(days=29))
    registers.mark(late, Mark.ABSENT, by=lena)
    registers.mark(late, Mark.PRESENT, by=lena)

    history = Booking.pgh_event_model.objects.filter(pgh_obj=late).order_by("pgh_id")
    assert [row.attendance for row in history] == ["", "absent", "present"]
    with pytest.raises(Refused, match="30 days"):
        registers.mark(make_booking(make_past(days=32)), Mark.PRESENT, by=lena)


def test_marking_the_rest_leaves_marks_and_those_who_cannot_come_alone(lena: Person):
    session = make_running()
    absent = make_booking(session, attendance=Mark.ABSENT)
    away = make_booking(session, state=Booking.State.NOT_COMING)
    rest = [make_booking(session), make_booking(session, state=Booking.State.COMING)]

    assert registers.mark_rest_present(session, by=lena) == 2

    marks = dict(session.bookings.values_list("pk", "attendance"))
    assert marks == {absent.pk: "absent", away.pk: "", **{one.pk: "present" for one in rest}}


def test_somebody_who_could_not_come_and_came_can_be_marked(lena: Person):
    booking = make_booking(make_running(), state=Booking.State.NOT_COMING)

    assert registers.mark(booking, Mark.PRESENT, by=lena).came is True


def test_a_register_is_closed_reopened_and_closed_once(lena: Person):
    session = make_past()
    make_booking(session, attendance=Mark.PRESENT)

    closed = registers.close_register(session, by=lena)
    again = registers.close_register(session, by=make_person())
    assert (again.register_closed_by, again.register_closed_at) == (lena, closed.register_closed_at)

    assert registers.reopen_register(session).register_closed_at is None


def test_a_mark_can_be_made_blank_until_the_register_is_closed(lena: Person):
    booking = make_booking(make_past(), attendance=Mark.PRESENT)

    blank = registers.mark(booking, "", by=lena)
    assert (blank.attendance, blank.marked_at, blank.marked_by) == ("", None, None)
    registers.mark(booking, Mark.PRESENT, by=lena)
    registers.close_register(booking.session, by=lena)
    booking.session.refresh_from_db()
    with pytest.raises(Refused, match="Open it again"):
        registers.mark(booking, "", by=lena)


def test_one_tap_is_saved_and_answers_with_what_is_left(client, lena: Person):
    session = make_running()
    booking = make_booking(session)
    make_booking(session)
    client.force_login(lena)

    answer = client.post(
        address(session, "register_mark"),
        {f"mark-{booking.pk}": "late"},
        headers={"hx-request": "true"},
    )

    booking.refresh_from_db()
    page = answer.content.decode()
    assert booking.attendance == "late"
    assert "1 of 2 marked" in page
    assert "1 left" in page


@pytest.mark.parametrize("name", ["register_mark", "register"])
def test_a_wrong_tap_is_taken_back_with_and_without_javascript(client, lena: Person, name):
    session = make_running()
    booking = make_booking(session, attendance=Mark.ABSENT)
    client.force_login(lena)

    client.post(address(session, name), {f"mark-{booking.pk}": ""})

    booking.refresh_from_db()
    assert (booking.attendance, booking.marked_by) == ("", None)


def test_a_tap_that_is_refused_says_why(client, lena: Person):
    booking = make_booking()
    client.force_login(lena)

    answer = client.post(
        address(booking.session, "register_mark"),
        {f"mark-{booking.pk}": "late"},
        headers={"hx-request": "true"},
    )

    assert answer.status_code == 409
    assert "opens when the session begins" in answer.content.decode()


def test_without_javascript_all_marks_are_saved_at_once(client, lena: Person):
    session = make_running()
    one, two, blank = (make_booking(session) for _ in range(3))
    client.force_login(lena)

    client.post(address(session), {f"mark-{one.pk}": "present", f"mark-{two.pk}": "absent"})

    marks = dict(session.bookings.values_list("pk", "attendance"))
    assert marks == {one.pk: "present", two.pk: "absent", blank.pk: ""}


def test_nonsense_and_other_sessions_bookings_are_passed_over(client, lena: Person):
    session, other = make_running(), make_booking(make_running())
    booking = make_booking(session)
    client.force_login(lena)

    client.post(
        address(session),
        {f"mark-{booking.pk}": "asleep", f"mark-{other.pk}": "present", "mark-x": "present"},
    )

    assert not Booking.objects.exclude(attendance="").exists()


def test_closing_too_early_says_how_many_are_left(client, lena: Person):
    session = make_running()
    make_booking(session)
    client.force_login(lena)

    page = client.post(address(session, "register_close"), follow=True).content.decode()

    assert "1 person is not marked yet" in page


def test_a_participant_takes_no_register(client, percy: Person):
    booking = make_booking(make_running(), percy)
    client.force_login(percy)

    assert client.get(address(booking.session)).status_code == 403
    answer = client.post(
        address(booking.session, "register_mark"), {f"mark-{booking.pk}": "present"}
    )
    assert answer.status_code == 403


def test_the_sheet_says_where_people_are_placed_and_who_is_deferred(client, lena: Person):
    session = make_running()
    placed = make_participation(make_person("Ada Fenwick"))
    placement = make_placement(placed)
    make_booking(session, placed.person)
    make_booking(session, make_participation(state="deferred").person)
    make_booking(session, state=Booking.State.NOT_COMING)
    client.force_login(lena)

    page = client.get(address(session)).content.decode()

    assert placement.host_name in page
    assert "Deferred" in page
    assert "Not coming" in page


@pytest.mark.parametrize("name", ["register", "session"])
def test_a_hundred_people_take_at_most_eight_queries(client, lena: Person, name: str):
    session = make_running()
    for _ in range(100):
        make_booking(session)
    client.force_login(lena)
    client.get(address(session, name))

    with CaptureQueriesContext(connection) as captured:
        client.get(address(session, name))

    queries = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(queries) <= 7, "\n".join(queries)


def test_the_page_of_a_hundred_people_stays_small(client, lena: Person):
    session = make_running()
    for _ in range(100):
        make_booking(session)
    client.force_login(lena)

    assert len(client.get(address(session)).content) < 150_000


def test_a_register_may_be_taken_from_the_first_minute(lena: Person):
    session = make_session_at(timezone.now() - timedelta(minutes=1))

    assert registers.is_open(session)


@pytest.mark.parametrize("how", ["deferred", "withdrawn", "died"])
def test_nobody_is_marked_with_the_rest_or_waited_for_who_is_gone(client, lena: Person, how):
    session = make_past()
    here, gone = (make_participation() for _ in range(2))
    for one in (here, gone):
        make_booking(session, one.person, state=Booking.State.COMING)
    match how:
        case "deferred":
            participations.defer(gone, by=lena, reason="other")
        case "withdrawn":
            participations.withdraw(gone, by=lena, reason="other")
        case "died":
            record_death(gone.person, on=timezone.localdate(), by=lena)

    registers.mark_rest_present(session, by=lena)
    client.force_login(lena)
    page = client.get(reverse("training:register", args=[session.pk])).content.decode()
    registers.close_register(session, by=lena)

    assert session.bookings.get(person=here.person).attendance == "present"
    assert session.bookings.get(person=gone.person).attendance == ""
    assert "1 of 1 marked." in page
