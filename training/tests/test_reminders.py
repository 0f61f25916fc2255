"""Which letters a session has in the outbox, whatever becomes of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.operations import participations
from cohorts.tests.factories import make_cohort, make_participation, make_person
from dlp.calendar import wall
from dlp.outbox.models import LeadPolicy, Message
from dlp.outbox.plans import sweeping
from training import reminders
from training.models import Kind, Session
from training.operations import bookings, groups, sessions
from training.reminders import CANCELLED, CHANGED, INVITATION, REMINDER
from training.tests.factories import make_booking, make_group, make_session, make_session_at

pytestmark = pytest.mark.django_db

State = Message.State


def letters(session: Session, *states: str) -> list[tuple[str, str]]:
    """Kind and lead of its letters to those asked, in these states, planned ones if none is named."""
    found = Message.objects.about("session", session.pk).filter(
        kind__in=reminders.KINDS, state__in=states or [State.PLANNED]
    )
    return sorted(found.values_list("kind", "lead"))


def invited(**fields: object) -> tuple[Session, Person]:
    """A session in thirty days to which one person is invited."""
    fields.setdefault("starts_on", timezone.localdate() + timedelta(days=30))
    session, person = make_session(**fields), make_person()  # type: ignore[arg-type]
    bookings.invite_person(session, person)
    return session, person


def tell(session: Session, kind: str = INVITATION) -> None:
    """As if a sender had taken the planned letters of a kind and the relay had them."""
    now = timezone.now()
    for message in Message.objects.about("session", session.pk).filter(
        kind=kind, state=State.PLANNED
    ):
        row = Message.objects.filter(pk=message.pk)
        row.update(state=State.CLAIMED, lease_token=uuid4(), lease_until=now, data_started_at=now)
        row.update(
            state=State.SENT,
            lease_token=None,
            lease_until=None,
            accepted_at=now,
            frozen=b"x",
            frozen_at=now,
            message_id=f"<{message.pk}@example.org>",
        )


def test_a_twilight_is_announced_and_called_to_mind_three_times():
    session, _ = invited()

    assert letters(session) == [
        (INVITATION, ""),
        (REMINDER, "1d"),
        (REMINDER, "2h"),
        (REMINDER, "7d"),
    ]


def test_supervision_is_called_to_mind_a_week_and_a_day_before():
    session, _ = invited(kind=Kind.SUPERVISION)

    assert letters(session) == [(INVITATION, ""), (REMINDER, "1d"), (REMINDER, "7d")]


def test_a_draft_sends_nothing_until_it_is_published():
    session, _ = invited(state=Session.State.DRAFT)
    assert letters(session) == []

    sessions.publish(session)

    assert (INVITATION, "") in letters(session)


def test_planning_again_changes_nothing():
    session, _ = invited()

    assert reminders.plan(session).total == 0
    assert sweeping.sweep() == 0


def test_planning_again_changes_nothing_at_night_either(lena: Person):
    with time_machine.travel("2026-11-24T23:30:00Z", tick=False):
        now = timezone.now()
        session = make_session(starts_on=date(2026, 11, 26))
        make_booking(session)
        reminders.plan_all([session], now=now)

        again = reminders.plan_all([session], now=now + timedelta(minutes=5))

    assert again.total == 0


def test_the_sweep_makes_good_what_a_change_forgot(lena: Person):
    session = make_session()
    make_booking(session)

    assert sweeping.sweep() > 0
    assert (INVITATION, "") in letters(session)
    assert sweeping.sweep() == 0


def test_reminders_move_when_the_session_moves(lena: Person):
    session, _ = invited()
    tell(session)
    week_later = session.starts_on + timedelta(days=7)

    moved = sessions.edit_session(session, by=lena, starts_on=week_later, ends_on=week_later)

    assert letters(moved) == [
        (CHANGED, ""),
        (REMINDER, "1d"),
        (REMINDER, "2h"),
        (REMINDER, "7d"),
    ]
    assert len(letters(moved, State.SUPERSEDED)) == 3
    planned = Message.objects.filter(kind=REMINDER, state=State.PLANNED)
    assert {message.revision for message in planned} == {2}
    two_hours = planned.get(lead="2h")
    assert two_hours.due_at == moved.starts_at - timedelta(hours=2)


def test_who_was_never_told_gets_one_invitation_with_the_new_time(lena: Person):
    session, _ = invited()

    moved = sessions.edit_session(session, by=lena, starts_time=time(15), ends_time=time(17))

    assert (CHANGED, "") not in letters(moved)
    assert letters(moved).count((INVITATION, "")) == 1
    assert Message.objects.get(kind=INVITATION, state=State.PLANNED).revision == 2


def test_moved_over_the_october_change_of_the_clocks_each_reminder_comes_once_at_its_hour(
    lena: Person,
):
    november = date(timezone.localdate().year + 1, 11, 1)
    change = november - timedelta(days=(november.weekday() + 1) % 7 or 7)  # October's last Sunday
    session, _ = invited(starts_on=change - timedelta(days=2))

    def planned() -> dict[str, datetime]:
        rows = Message.objects.filter(kind=REMINDER, state=State.PLANNED)
        assert len({row.lead for row in rows}) == len(rows)
        return {row.lead: wall(row.due_at) for row in rows}

    before = planned()
    day = change + timedelta(days=2)
    moved = sessions.edit_session(session, by=lena, starts_on=day, ends_on=day)
    after = planned()

    assert (wall(moved.starts_at).hour, moved.starts_at.hour, session.starts_at.hour) == (
        16,
        16,
        15,
    )
    assert before.keys() == after.keys()
    assert [one.time() for one in before.values()] == [after[lead].time() for lead in before]
    assert {one.utcoffset() for one in after.values()} == {timedelta(), timedelta(hours=1)}


def test_a_link_to_join_that_changes_an_hour_before_is_told_before_it_begins(client, lena: Person):
    old, new = "https://meet.example.org/old-room", "https://meet.example.org/new-room"
    in_an_hour = timezone.now() + timedelta(hours=1)
    session = make_session_at(in_an_hour, mode="online", join_link=old)
    percy = make_booking(session, state="coming").person
    reminders.plan(session)
    tell(session)

    sessions.edit_session(session, by=lena, join_link=new)

    letter = Message.objects.get(kind=CHANGED, person=percy, state=State.PLANNED)
    assert letter.due_at < session.starts_at
    client.force_login(percy)
    page = client.get(session.get_absolute_url()).content.decode()
    assert (new in page, old in page) == (True, False)


def test_moving_twice_says_it_once(lena: Person):
    session, _ = invited()
    tell(session)

    sessions.edit_session(session, by=lena, starts_time=time(15))
    moved = sessions.edit_session(session, by=lena, starts_time=time(15, 30))

    assert letters(moved).count((CHANGED, "")) == 1
    assert Message.objects.get(kind=CHANGED, state=State.PLANNED).revision == 3


def test_a_change_that_does_not_matter_writes_to_nobody(lena: Person):
    session, _ = invited()
    tell(session)
    before = letters(session)

    sessions.edit_session(session, by=lena, summary="Bring a pen.")

    assert letters(session) == before


def test_a_cancelled_session_reminds_nobody_and_tells_those_who_were_told(lena: Person):
    session, told = invited()
    tell(session)
    bookings.invite_person(session, make_person())

    sessions.cancel(session, by=lena)

    assert letters(session) == [(CANCELLED, "")]
    assert Message.objects.get(kind=CANCELLED).person == told


def test_a_session_that_goes_ahead_after_all_is_news(lena: Person):
    session, _ = invited()
    tell(session)
    sessions.cancel(session, by=lena)
    tell(session, CANCELLED)

    sessions.reinstate(session)

    assert letters(session)[0] == (CHANGED, "")
    assert (REMINDER, "1d") in letters(session)


def test_a_postponed_session_is_called_off_for_now():
    session, _ = invited()
    tell(session)

    sessions.postpone(session)

    assert letters(session) == [(CANCELLED, "")]


def test_who_cannot_come_is_not_reminded_and_who_can_again_is():
    session, person = invited()
    tell(session)
    booking = session.bookings.get(person=person)

    bookings.reply(booking, coming=False, via="letter")
    assert letters(session) == []

    bookings.reply(booking, coming=True, via="letter")
    assert letters(session) == [(REMINDER, "1d"), (REMINDER, "2h"), (REMINDER, "7d")]


def test_who_is_taken_off_hears_nothing_more():
    session, person = invited()

    bookings.withdraw_booking(session.bookings.get(person=person))

    assert letters(session) == []


def test_the_deferred_and_the_deactivated_hear_nothing(lena: Person):
    session = make_session()
    deferred = make_participation(state=Participation.State.DEFERRED).person
    for person in (deferred, make_person(is_active=False)):
        make_booking(session, person)

    reminders.plan(session)

    assert letters(session) == []


@pytest.mark.parametrize("ago", [0, 20], ids=["known at once", "known late"])
@pytest.mark.parametrize(
    ("leave", "come_back"),
    [
        (participations.defer, participations.resume),
        (participations.withdraw, participations.reinstate),
    ],
)
def test_what_waits_for_somebody_who_leaves_is_called_off_at_once(
    lena: Person, leave, come_back, ago
):
    today = timezone.localdate()
    cohort = make_cohort()
    participation = make_participation(cohort=cohort)
    session = make_session()
    bookings.invite_cohort(session, cohort)
    waiting = letters(session)
    assert waiting

    leave(participation, by=lena, reason="other", on=today - timedelta(days=ago))
    assert letters(session) == []
    sweeping.sweep()
    assert letters(session) == []

    come_back(participation, by=lena, on=today - timedelta(days=ago // 2))
    assert letters(session) == waiting
    assert sweeping.sweep() == 0


def test_who_defers_later_is_found_by_the_sweep():
    cohort = make_cohort()
    participation = make_participation(cohort=cohort)
    session = make_session()
    bookings.invite_cohort(session, cohort)
    Participation.objects.filter(pk=participation.pk).update(state=Participation.State.DEFERRED)

    sweeping.sweep()

    assert letters(session) == []


def test_a_late_joiner_gets_the_invitation_and_what_is_still_to_come():
    session, _ = invited(starts_on=timezone.localdate() + timedelta(days=4))

    assert (INVITATION, "") in letters(session)
    assert (REMINDER, "7d") not in letters(session)
    assert (REMINDER, "7d") in letters(session, State.SUPPRESSED)
    assert (REMINDER, "1d") in letters(session)


def test_of_two_reminders_at_the_same_moment_the_nearer_comes():
    """The day before a Monday is a Sunday, so that reminder goes on the Friday, as another does."""
    LeadPolicy.objects.create(session_kind=Kind.TWILIGHT, days=3, at=time(16))
    monday = timezone.localdate() + timedelta(days=30)
    monday += timedelta(days=-monday.weekday() % 7)

    session, _ = invited(starts_on=monday)

    assert (REMINDER, "1d") in letters(session)
    assert letters(session, State.SUPPRESSED) == [(REMINDER, "3d")]


def test_after_a_standstill_only_the_nearest_reminder_goes():
    session, _ = invited()
    tell(session)
    now = session.starts_at - timedelta(hours=6)
    with time_machine.travel(now, tick=False):
        reminders.plan_all([session], now=now)
        due = Message.objects.filter(
            kind=REMINDER, state=State.PLANNED, due_at__lte=now, not_after__gt=now
        )

        assert [message.lead for message in due] == ["1d"]


def test_a_member_who_leaves_the_group_hears_nothing_more():
    group = make_group()
    session = make_session(
        kind=Kind.SUPERVISION, group=group, starts_on=timezone.localdate() + timedelta(days=30)
    )
    member = groups.add_member(group, make_person(), starts_on=timezone.localdate())
    assert letters(session)

    groups.end_member(member, ends_on=timezone.localdate())

    assert letters(session) == []


def test_a_reminder_keeps_its_wall_time_across_the_change_of_the_clocks(lena: Person):
    with time_machine.travel("2027-10-01T09:00:00Z", tick=False):
        session = make_session(starts_on=date(2027, 11, 1), starts_time=time(16))
        make_booking(session)
        reminders.plan_all([session], now=timezone.now())

    week = Message.objects.get(kind=REMINDER, lead="7d")
    assert week.due_at.isoformat() == "2027-10-25T08:00:00+00:00"
