"""What waits on the desk about sessions and supervision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.models import Person
from cohorts.permissions import READ_ONLY, can_change_programme
from cohorts.tests.factories import make_cohort, make_person, make_staff
from dlp.outbox.models import Message
from training import reminders
from training.attention import lines
from training.missing_letters import gauge
from training.models import Kind, Session
from training.operations import registers
from training.tests.factories import (
    make_booking,
    make_group,
    make_past,
    make_session,
    make_session_at,
)

pytestmark = pytest.mark.django_db


def keys(person: Person) -> set[str]:
    return {line.key for line in lines(person, timezone.localdate())}


def in_days(days: int) -> dict[str, object]:
    day = timezone.localdate() + timedelta(days=days)
    return {"starts_on": day, "ends_on": day}


def test_a_missing_register_waits_for_staff_and_for_whoever_led(lena: Person, olive: Person):
    session = make_past(facilitators=[olive])
    make_booking(session, attendance="present")
    key = f"register-due:{session.pk}"

    assert key in keys(lena)
    assert keys(olive) == {key}
    assert keys(make_person()) == set()

    registers.close_register(session, by=olive)
    assert keys(olive) == set()


def test_a_supervisor_is_asked_for_their_register(ruth: Person):
    session = make_past(kind=Kind.SUPERVISION, group=make_group(supervisor=ruth))
    make_booking(session)

    assert keys(ruth) == {f"register-due:{session.pk}"}


def test_a_draft_within_a_fortnight_waits(lena: Person):
    near = make_session(state=Session.State.DRAFT, **in_days(13))
    make_session(state=Session.State.DRAFT, **in_days(30))

    assert keys(lena) == {f"session-draft:{near.pk}"}


def test_a_published_session_with_nobody_invited_waits(lena: Person):
    session = make_session(**in_days(40))

    assert keys(lena) == {f"session-empty:{session.pk}"}
    make_booking(session)
    assert keys(lena) == set()


def test_a_session_in_person_without_a_venue_waits(lena: Person):
    session = make_session(state=Session.State.DRAFT, **in_days(20))
    Session.objects.filter(pk=session.pk).update(venue=None)

    assert keys(lena) == {f"session-venue:{session.pk}"}


def test_silence_three_days_before_waits(lena: Person):
    session = make_session_at(timezone.now() + timedelta(days=2))
    make_booking(session)
    make_booking(session, state="coming")

    titles = {line.title for line in lines(lena, timezone.localdate())}

    assert f"1 person has not answered: {session.title}" in titles


def test_a_group_without_a_next_session_waits(lena: Person):
    group = make_group()
    assert keys(lena) == {f"group-idle:{group.pk}"}

    make_booking(make_session(kind=Kind.SUPERVISION, group=group, **in_days(20)))
    assert keys(lena) == set()


def test_nobody_is_told_of_what_they_cannot_settle():
    make_session()
    make_booking(make_past())

    assert lines(make_staff("Ray Reader", READ_ONLY), timezone.localdate()) == []


def test_all_kinds_are_one_query(lena: Person, django_assert_max_num_queries):
    for _ in range(5):
        make_session()
        make_booking(make_past())
        make_group()
    assert can_change_programme(lena)  # asked once a request, whoever asks

    with django_assert_max_num_queries(1):
        lines(lena, timezone.localdate())


def test_lines_belong_to_the_coordinators_of_a_sessions_cohorts_or_of_its_group(lena: Person):
    tom = make_staff("Tom Reed")
    first, second, nobodys = make_cohort(), make_cohort(), make_cohort()
    for cohort, coordinator in ((first, lena), (second, tom)):
        cohort.coordinator = coordinator
        cohort.save()
    shared = make_session(cohorts=[first, second, nobodys])
    group = make_group(cohort=first)
    supervision = make_session(kind=Kind.SUPERVISION, group=group)
    alone = make_session(cohorts=[nobodys])
    idle = make_group(cohort=second)

    owners = {line.key: line.owners for line in lines(lena, timezone.localdate())}

    assert owners == {
        f"session-empty:{shared.pk}": (lena.pk, tom.pk),
        f"session-empty:{supervision.pk}": (lena.pk,),
        f"session-empty:{alone.pk}": (),
        f"group-idle:{idle.pk}": (tom.pk,),
    }


def test_somebody_who_is_expected_soon_and_was_told_nothing_is_seen(lena: Person):
    session = make_session(**in_days(1))
    booking = make_booking(session, state="coming")
    key = f"session-untold:{session.pk}"
    assert key in keys(lena)
    assert gauge().sign == "bad"

    reminders.plan(session)
    assert key not in keys(lena)
    assert gauge().sign == "good"

    Message.objects.open().update(state=Message.State.CANCELLED)
    assert key in keys(lena)
    type(booking.person).objects.filter(pk=booking.person_id).update(is_active=False)
    assert key not in keys(lena)


def test_nobody_need_be_told_of_what_is_far_off_or_is_not_theirs(lena: Person):
    make_booking(make_session(**in_days(4)), state="coming")
    make_booking(make_session(**in_days(1)), state="not_coming")
    make_booking(make_session(state=Session.State.CANCELLED, **in_days(1)), state="coming")

    assert not [key for key in keys(lena) if key.startswith("session-untold")]
