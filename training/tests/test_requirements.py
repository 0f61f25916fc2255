"""What sessions and registers tell people's plans, and what becomes of it when either changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from functools import partial
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Participation, Person, PlanItem, RequirementAttempt
from cohorts.operations import participations
from cohorts.operations.merges import merge_people
from cohorts.permissions import PROGRAMME_LEAD
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_plan_item,
    make_staff,
    make_template,
    make_template_item,
)
from dlp.calendar import instant
from dlp.outbox.models import JobRun
from dlp.outbox.watch import jobs
from training import requirements, tasks
from training.models import Booking, Kind, Session
from training.operations import bookings, registers, sessions
from training.tests.factories import (
    make_booking,
    make_course,
    make_past,
    make_running,
    make_session,
)

pytestmark = pytest.mark.django_db
State, Mark, Outcome = PlanItem.State, Booking.Attendance, RequirementAttempt.State


@pytest.fixture
def ada() -> Participation:
    return make_participation(make_person("Ada Fenwick"))


def item(participation: Participation, requirement: str = "twilight") -> PlanItem:
    rule = make_template_item(make_template(), requirement=requirement)
    return make_plan_item(participation, requirement, key=rule.key, template=rule.template)


def state(of: PlanItem) -> str:
    of.refresh_from_db()
    return of.state


def invite(session: Session, participation: Participation) -> Booking:
    return bookings.invite_person(session, participation.person)


def came(session: Session, participation: Participation, mark: str, by: Person) -> Booking:
    return registers.mark(make_booking(session, participation.person), mark, by=by)


def told() -> list[tuple[int, str, int, str, date]]:
    """What the plans know of bookings, whatever they have forgotten again left out."""
    rows = RequirementAttempt.objects.exclude(state=Outcome.NOT_COUNTED)
    return sorted(rows.values_list("participation", "requirement__key", "source_id", "state", "on"))


# What a session counts for


@pytest.mark.parametrize("kind", requirements.OF_KIND)
def test_a_session_counts_for_the_requirement_of_its_kind(ada, lena, kind):
    asked = item(ada, requirements.OF_KIND[kind])

    came(make_running(kind=kind), ada, Mark.PRESENT, lena)

    assert state(asked) == State.MET


def test_a_training_day_counts_for_what_its_course_says(ada, lena):
    asked = item(ada, "inclusion-1")
    course = make_course(requirement=asked.requirement)

    came(make_running(kind=Kind.TRAINING_DAY, course=course), ada, Mark.PRESENT, lena)

    assert state(asked) == State.MET


def test_a_training_day_without_such_a_course_counts_for_nothing(ada, lena):
    came(make_running(kind=Kind.TRAINING_DAY, course=make_course()), ada, Mark.PRESENT, lena)

    assert told() == []


def test_what_a_course_comes_to_count_for_it_counts_for_from_its_first_session_on(ada, client):
    asked = item(ada, "inclusion-1")
    course = make_course("Inclusion")
    make_booking(make_past(kind=Kind.TRAINING_DAY, course=course), ada.person, attendance="present")
    client.force_login(make_person(is_staff=True, is_superuser=True))

    client.post(
        reverse("admin:training_course_change", args=[course.pk]),
        {
            "title": "Inclusion",
            "kind": Kind.TRAINING_DAY,
            "minutes": 360,
            "requirement": asked.requirement_id,
        },
    )

    assert state(asked) == State.MET


def test_staff_see_what_a_session_counts_for_and_its_people_what_it_counts_towards(
    client, ada, lena
):
    session = make_running(kind=Kind.DSL_TRAINING)
    make_booking(session, ada.person)
    pages = [session.get_absolute_url(), reverse("training:register", args=[session.pk])]

    client.force_login(lena)
    page, register = (client.get(address).content.decode() for address in pages)
    client.force_login(ada.person)
    theirs = client.get(pages[0]).content.decode()

    assert "<dt>Counts for</dt><dd>DSL training</dd>" in page
    assert "Counts for: DSL training." in register
    assert "<dt>Counts towards</dt><dd>DSL training</dd>" in theirs


def test_nothing_is_said_of_a_session_that_counts_for_nothing(client, lena):
    session = make_session(kind=Kind.TRAINING_DAY)
    client.force_login(lena)

    assert "Counts for" not in client.get(session.get_absolute_url()).content.decode()


# What becomes of a booking


def test_who_is_asked_is_booked_and_who_declines_is_not(ada):
    asked = item(ada)
    booking = invite(make_session(), ada)
    assert state(asked) == State.BOOKED

    bookings.reply(booking, coming=False, via=Booking.Via.PORTAL)
    assert state(asked) == State.NOT_STARTED

    bookings.reply(booking, coming=True, via=Booking.Via.PORTAL)
    assert state(asked) == State.BOOKED


def test_who_is_taken_off_is_no_longer_booked(ada):
    asked = item(ada)

    bookings.withdraw_booking(invite(make_session(), ada))

    assert state(asked) == State.NOT_STARTED


@pytest.mark.parametrize(
    ("mark", "comes_to"),
    [
        (Mark.PRESENT, State.MET),
        (Mark.LATE, State.MET),
        (Mark.LEFT_EARLY, State.MET),
        (Mark.ONLINE, State.MET),
        (Mark.ABSENT, State.TO_REPEAT),
        (Mark.EXCUSED, State.NOT_STARTED),
        ("", State.BOOKED),
    ],
)
def test_the_register_says_what_became_of_it(ada, lena, mark, comes_to):
    asked = item(ada)
    booking = make_booking(make_running(), ada.person, state=Booking.State.COMING)
    registers.mark(booking, Mark.LATE, by=lena)

    registers.mark(booking, mark, by=lena, excuse="school" if mark == Mark.EXCUSED else "")

    assert state(asked) == comes_to


def test_who_took_the_register_vouches_for_it(ada, lena):
    session = make_running()
    came(session, ada, Mark.PRESENT, lena)

    attempt = RequirementAttempt.objects.get()

    assert (attempt.reported_by, attempt.on) == (lena, session.starts_on)
    assert (attempt.source_kind, attempt.source_id) == ("booking", session.bookings.get().pk)


def test_who_comes_although_they_declined_has_met_it(ada, lena):
    asked = item(ada)
    declined = make_booking(make_running(), ada.person, state=Booking.State.NOT_COMING)

    registers.mark(declined, Mark.PRESENT, by=lena)

    assert state(asked) == State.MET


def test_marking_the_rest_as_present_tells_their_plans(ada, lena):
    asked = item(ada)
    session = make_running()
    make_booking(session, ada.person)

    registers.mark_rest_present(session, by=lena)

    assert state(asked) == State.MET


# What becomes of the session


def test_a_session_called_off_leaves_the_plan_as_if_it_had_not_been(ada, lena):
    asked = item(ada)
    session = make_session()
    invite(session, ada)

    sessions.cancel(session, by=lena)
    assert state(asked) == State.NOT_STARTED

    sessions.reinstate(session)
    assert state(asked) == State.BOOKED

    sessions.postpone(session)
    assert state(asked) == State.NOT_STARTED


def test_a_draft_counts_once_it_is_published(ada):
    asked = item(ada)
    session = make_session(state=Session.State.DRAFT)
    invite(session, ada)
    assert state(asked) == State.NOT_STARTED

    sessions.publish(session)

    assert state(asked) == State.BOOKED


def test_a_session_that_moves_takes_the_booking_to_its_new_day(ada, lena):
    session = make_session()
    booking = invite(session, ada)
    day = session.starts_on + timedelta(days=2)

    sessions.edit_session(session, by=lena, starts_on=day, ends_on=day)

    assert told() == [(ada.pk, "twilight", booking.pk, Outcome.BOOKED, day)]


# Whom it counts for


def test_whoever_leads_the_session_gets_no_credit_for_it(ada, lena):
    came(make_running(facilitators=[ada.person]), ada, Mark.PRESENT, lena)

    assert told() == []


def test_it_counts_for_the_time_in_a_cohort_that_covers_the_day(lena):
    earlier = make_cohort(starts_on=timezone.localdate() - timedelta(days=900))
    withdrew_on = timezone.localdate() - timedelta(days=400)
    before = make_participation(
        cohort=earlier, state=Participation.State.WITHDRAWN, changed_on=withdrew_on
    )
    now = make_participation(before.person)
    booking = came(make_running(), now, Mark.PRESENT, lena)

    assert [row[:3] for row in told()] == [(now.pk, "twilight", booking.pk)]


def test_who_is_in_no_cohort_on_the_day_has_nothing_to_their_credit(lena):
    left = make_participation(state=Participation.State.WITHDRAWN)

    came(make_running(), left, Mark.PRESENT, lena)

    assert told() == []


def test_who_leaves_is_no_longer_booked_and_keeps_what_they_met(ada, lena):
    met = came(make_past(days=30), ada, Mark.PRESENT, lena)
    invite(make_session(), ada)

    participations.withdraw(ada, by=lena, reason="other")

    assert [(row[2], row[3]) for row in told()] == [(met.pk, Outcome.MET)]


def test_nobody_is_expected_while_they_are_away(ada, lena):
    asked = item(ada)
    session = make_session()
    invite(session, ada)

    participations.defer(ada, by=lena, reason="other")
    assert state(asked) == State.NOT_STARTED

    participations.resume(ada, by=lena)
    assert state(asked) == State.BOOKED


def test_an_absence_while_away_need_not_be_repeated_but_coming_counts(ada, lena):
    asked = item(ada)
    participations.defer(ada, by=lena, reason="other", on=timezone.localdate() - timedelta(days=9))
    booking = came(make_past(), ada, Mark.ABSENT, lena)
    assert state(asked) == State.NOT_STARTED

    registers.mark(booking, Mark.ONLINE, by=lena)

    assert state(asked) == State.MET


def test_credits_go_along_with_a_transfer_and_later_sessions_count_in_the_new_cohort(ada, lena):
    met = came(make_past(), ada, Mark.PRESENT, lena)
    ahead = invite(make_session(), ada)

    new = participations.transfer(
        ada, to=make_cohort(starts_on=timezone.localdate() - timedelta(days=20)), by=lena
    )

    assert [row[:3] for row in told()] == [
        (ada.pk, "twilight", met.pk),
        (new.pk, "twilight", ahead.pk),
    ]
    credited = [item(new) for _ in range(2)]
    requirements.report(Booking.objects.all())
    assert requirements.sweep() == 0
    participations.defer(new, by=lena, reason="other")
    assert [state(one) for one in credited] == [State.MET, State.NOT_STARTED]


def test_who_joins_a_cohort_later_is_credited_with_what_its_days_cover(lena):
    person = make_person()
    booking = make_booking(make_past(), person, attendance=Mark.PRESENT)

    joined = participations.add_to_cohort(person, make_cohort(), by=lena)

    assert [row[:3] for row in told()] == [(joined.pk, "twilight", booking.pk)]


def test_two_records_made_one_have_one_credit_for_one_session(ada, lena):
    twice = make_person("Ada Fenwick")
    session = make_running()
    make_booking(session, ada.person, state=Booking.State.COMING)
    booking = make_booking(session, twice)
    requirements.sweep()
    registers.mark(booking, Mark.PRESENT, by=lena)

    merge_people(ada.person, twice, by=make_staff("Grace", PROGRAMME_LEAD))

    assert [row[:4] for row in told()] == [(ada.pk, "twilight", booking.pk, Outcome.MET)]
    assert requirements.sweep() == 0


# The sweep


def test_the_sweep_finds_what_nobody_reported_and_then_nothing(ada):
    make_booking(make_past(), ada.person, attendance=Mark.PRESENT)
    make_booking(make_session(), ada.person)

    assert (requirements.sweep(), requirements.sweep()) == (2, 0)
    assert [row[3] for row in told()] == [Outcome.MET, Outcome.BOOKED]


def test_the_sweep_takes_back_what_is_not_so(ada, lena):
    booking = came(make_running(), ada, Mark.PRESENT, lena)
    Booking.objects.filter(pk=booking.pk).update(attendance="", marked_at=None, marked_by=None)
    Session.objects.update(state=Session.State.CANCELLED)

    assert requirements.sweep() == 1
    assert told() == []


def test_plans_are_compared_once_a_night_and_the_repairs_counted(ada, monkeypatch, caplog):
    make_booking(make_past(), ada.person, attendance=Mark.PRESENT)
    monkeypatch.setattr(jobs, "database_now", lambda: instant(date(2026, 11, 26), time(4)))

    tasks.compare_plans_with_registers()
    tasks.compare_plans_with_registers()

    assert [run.result for run in JobRun.objects.filter(name="requirements")] == [{"repaired": 1}]
    assert "not been told of 1 goes" in caplog.text


def test_a_session_that_is_over_waits_for_us_until_its_register_is_taken(ada, lena):
    asked = item(ada)
    booking = invite(make_session(starts_on=timezone.localdate() + timedelta(days=1)), ada)

    with time_machine.travel(timezone.now() + timedelta(days=3)):
        tasks.compare_plans_with_registers()
        assert state(asked) == State.WAITING_FOR_US

        registers.mark(booking, Mark.PRESENT, by=lena)
        assert state(asked) == State.MET


# At one moment


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_who_defers_while_they_are_being_invited_is_booked_nowhere():
    ada, nora = make_participation(), make_staff("Nora Quist")
    things = [make_session() for _ in range(5)]
    together = Barrier(len(things) + 1)

    def at_once(operation: Callable[[], object]) -> None:
        together.wait(timeout=10)
        try:
            operation()
        finally:
            connection.close()

    operations: list[Callable[[], object]] = [
        partial(bookings.invite_person, session, ada.person) for session in things
    ]
    operations.append(partial(participations.defer, ada, by=nora, reason="other"))
    threads = [Thread(target=at_once, args=[operation]) for operation in operations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert Booking.objects.count() == len(things)
    assert told() == []
    assert requirements.sweep() == 0


# What it costs


def test_a_hundred_people_take_no_more_queries_than_one(lena):
    def queries(people: int) -> int:
        session = make_running()
        marks = {}
        for _ in range(people):
            participation = make_participation()
            item(participation)
            marks[make_booking(session, participation.person).pk] = registers.PRESENT
        with CaptureQueriesContext(connection) as captured:
            registers.mark_many(session, marks, by=lena)
        return len(captured)

    assert queries(1) == queries(100)


def test_a_cell_of_the_progress_board_leads_to_the_session_it_rests_on(client, ada, lena):
    item(ada)
    session = make_past(kind="twilight", cohorts=[ada.cohort])
    came(session, ada, Mark.PRESENT, lena)
    go = RequirementAttempt.objects.get()
    client.force_login(lena)

    cell = client.get(reverse("cohorts:board_evidence", args=[ada.cohort_id, go.pk]))

    assert cell.url == session.get_absolute_url()
