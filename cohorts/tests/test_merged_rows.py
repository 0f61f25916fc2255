"""Rows of two records of one person, once they are one: of two that say the same, one stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cohorts.models import NotDuplicate, Person
from cohorts.operations.duplicates import say_two_people
from cohorts.operations.merges import merge_people
from cohorts.tasks import gather_what_merges_left
from cohorts.tests.factories import make_person
from dlp.audit.history import history_of
from dlp.outbox import feeds
from dlp.outbox.models import FeedToken, Message, MutedTopic
from dlp.outbox.models.states import State
from dlp.outbox.operations import enqueue
from dlp.signin.letters import NOTICE
from placements.tests.factories import make_contact, make_school
from training import reminders
from training.letters.sessions import REMINDERS
from training.models import GroupMember, SupervisionGroup
from training.tests.factories import make_booking, make_past, make_session

pytestmark = pytest.mark.django_db


# Sessions, groups, schools


@pytest.mark.parametrize("fuller", ["kept", "gone"])
def test_of_two_places_at_one_session_the_fuller_stays(nora, ada, twin, fuller):
    held = make_past()
    marked, blank = (ada, twin) if fuller == "kept" else (twin, ada)
    make_booking(held, marked, state="coming", attendance="late", marked_by=nora)
    make_booking(held, blank)

    merge_people(ada, twin, by=nora)

    assert [one.attendance for one in ada.bookings.all()] == ["late"]
    assert held.bookings.count() == 1


def test_whoever_leads_a_session_twice_leads_it_once(nora, ada, twin):
    both, one = make_session(facilitators=[ada, twin]), make_session(facilitators=[twin])

    merge_people(ada, twin, by=nora)

    assert [list(session.facilitators.all()) for session in (both, one)] == [[ada], [ada]]


def test_times_in_one_group_that_meet_are_one_time(nora, ada, twin, ruth, cohort):
    group = SupervisionGroup.objects.get()
    days = [date(2026, 1, 1) + timedelta(days=30 * n) for n in range(6)]
    for person, first, last in [
        (ada, 0, 1), (twin, 1, 3), (ada, 3, 4), (twin, 5, None),
    ]:  # fmt: skip
        GroupMember.objects.create(
            group=group, person=person, starts_on=days[first],
            ends_on=None if last is None else days[last],
        )  # fmt: skip

    merge_people(ada, twin, by=nora)

    times = GroupMember.objects.filter(person=ada).order_by("starts_on")
    assert [(one.starts_on, one.ends_on) for one in times] == [(days[0], days[4]), (days[5], None)]


def test_one_role_at_a_school_stays_one_since_the_earlier_day(nora, ada, twin):
    school = make_school()
    make_contact(school, ada, starts_on=date(2025, 9, 1))
    make_contact(school, twin, starts_on=date(2024, 9, 1))
    make_contact(school, twin, role="head")

    merge_people(ada, twin, by=nora)

    roles = {one.role: one.starts_on for one in ada.school_contacts.all()}
    assert roles == {"host_lead": date(2024, 9, 1), "head": None}


def test_who_was_found_to_be_somebody_else_stays_somebody_else(nora, lena, ada, twin):
    other = make_person("Ada Fenwicke")
    say_two_people(twin, other, by=lena)
    say_two_people(ada, twin, by=lena)

    merge_people(ada, twin, by=nora)

    said = NotDuplicate.objects.get()
    assert {said.first, said.second, said.by} == {ada, other, lena}


def test_what_was_written_in_the_same_instant_is_brought_over(nora, ada, twin):
    merge_people(ada, twin, by=nora)
    merge_people(last := make_person("Ada the last"), ada, by=nora)
    make_booking(make_session(), twin)
    make_booking(make_session(), ada)

    gather_what_merges_left()

    assert [history_of(one)[0]["by"] for one in last.bookings.all()] == [nora, nora]


# Letters (D25)


def letter_to(person: Person, state: str = State.PLANNED, **about) -> Message:
    """A letter about session 7, as far as it has come."""
    about = {"subject_kind": "session", "subject_id": 7, **about}
    message = enqueue(NOTICE, person=person, lead="other", **about)
    if state == State.SENT:
        now = timezone.now()
        Message.objects.filter(pk=message.pk).update(
            state=State.CLAIMED, lease_token=message.pk, lease_until=now
        )
        Message.objects.filter(pk=message.pk).update(
            state=State.SENT, accepted_at=now, frozen_at=now, data_started_at=now,
            message_id=str(message.pk), lease_token=None, lease_until=None,
        )  # fmt: skip
    elif state == State.CANCELLED:
        Message.objects.filter(pk=message.pk).update(state=State.CANCELLED)
    return message


@pytest.mark.parametrize(
    ("kept_state", "gone_state", "stands"),
    [
        (None, State.PLANNED, "gone"),
        (None, State.SENT, "gone"),
        (State.PLANNED, State.PLANNED, "kept"),
        (State.SENT, State.PLANNED, "kept"),
        (State.PLANNED, State.SENT, "gone"),
        (State.SENT, State.SENT, "kept"),
        (State.CANCELLED, State.PLANNED, "gone"),
        (State.PLANNED, State.CANCELLED, "kept"),
    ],
)
def test_no_letter_is_sent_twice_and_none_is_lost(nora, ada, twin, kept_state, gone_state, stands):
    letters = {
        name: letter_to(person, state)
        for name, person, state in (("kept", ada, kept_state), ("gone", twin, gone_state))
        if state
    }
    key = letter_to(ada).dedupe_key
    if kept_state is None:
        Message.objects.filter(dedupe_key=key).delete()

    merge_people(ada, twin, by=nora)

    now = {name: Message.objects.get(pk=one.pk) for name, one in letters.items()}
    assert now[stands].dedupe_key == key
    assert all((one.person, one.recipient) == (ada, f"person:{ada.pk}") for one in now.values())
    had_left = State.SENT in (kept_state, gone_state)
    waiting = [one for one in now.values() if one.is_open]
    assert len(waiting) == (0 if had_left else 1)
    again = enqueue(NOTICE, person=ada, lead="other", subject_kind="session", subject_id=7)
    assert again.pk == letters[stands].pk


def test_a_letter_that_a_sender_holds_and_has_not_begun_is_let_go_and_leaves_later(nora, ada, twin):
    message = letter_to(twin)
    lease = timezone.now() + timedelta(minutes=5)
    Message.objects.filter(pk=message.pk).update(
        state=State.CLAIMED, lease_token=message.pk, lease_until=lease
    )

    merge_people(ada, twin, by=nora)

    message.refresh_from_db()
    assert (message.state, message.person, message.lease_token) == (State.RETRY, ada, None)


def test_an_invitation_is_about_the_record_that_stays(nora, ada, twin):
    message = letter_to(twin, subject_kind="person", subject_id=twin.pk)

    merge_people(ada, twin, by=nora)

    message.refresh_from_db()
    assert message.subject_id == ada.pk
    assert message.dedupe_key == f"v1|person:{ada.pk}|person:{ada.pk}|{NOTICE}|other|0"


def test_reminders_of_the_record_that_goes_wait_for_the_one_that_stays(nora, ada, twin):
    session = make_session(starts_on=timezone.localdate() + timedelta(days=30))
    make_booking(session, twin)
    reminders.plan(session)
    planned = set(
        Message.objects.filter(person=twin).values_list("kind", "lead", "state", "due_at")
    )
    assert planned

    merge_people(ada, twin, by=nora)

    waiting = Message.objects.filter(person=ada).exclude(kind=NOTICE)
    assert set(waiting.values_list("kind", "lead", "state", "due_at")) == planned


def test_a_calendar_address_goes_on_unless_the_other_has_one(nora, ada, twin):
    feeds.make_token(twin)
    merge_people(ada, twin, by=nora)
    assert FeedToken.objects.get().person == ada

    third = make_person()
    feeds.make_token(third)
    merge_people(ada, third, by=nora)
    assert FeedToken.objects.get().person == ada


def test_what_either_switched_off_is_off(nora, ada, twin):
    MutedTopic.objects.create(person=twin, topic=REMINDERS.name)

    merge_people(ada, twin, by=nora)

    assert MutedTopic.objects.get().person == ada
