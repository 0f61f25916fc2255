"""The days on which a leader is out of school."""

from __future__ import annotations

from datetime import date, time

import pytest

from cohorts.models import Person
from cohorts.tests.factories import make_person
from training.dates_out import days_out, time_out
from training.models import Booking, Kind, Mode, Session
from training.tests.factories import make_booking, make_session

pytestmark = pytest.mark.django_db

AUTUMN = (date(2026, 9, 1), date(2026, 12, 31))
SUMMER = (date(2027, 4, 1), date(2027, 8, 31))


@pytest.fixture
def ada(db) -> Person:
    return make_person("Ada Fenwick")


def out(person: Person, *, kind: str = Kind.TRAINING_DAY, state: str = "invited", **fields: object):
    times = {"starts_time": time(9, 30), "ends_time": time(15, 30)}
    session = make_session(kind=kind, **{**times, **fields})  # type: ignore[arg-type]
    return make_booking(session, person, state=state)


def test_a_training_day_is_a_day_out(ada: Person):
    out(ada, starts_on=date(2026, 11, 26))

    (day,) = days_out([ada.pk], *AUTUMN)

    assert (day.day, day.from_time, day.until_time) == (
        date(2026, 11, 26),
        time(9, 30),
        time(15, 30),
    )
    assert (day.title, day.counts, day.online) == ("Programme", True, False)


def test_a_twilight_is_listed_and_not_counted(ada: Person):
    out(
        ada,
        kind=Kind.TWILIGHT,
        starts_on=date(2026, 11, 24),
        starts_time=time(16),
        ends_time=time(18),
    )

    days = days_out([ada.pk], *AUTUMN)

    assert len(days) == 1
    assert time_out(days) == (0, 0)


def test_supervision_is_a_meeting_and_no_more(ada: Person):
    out(
        ada,
        kind=Kind.SUPERVISION,
        mode=Mode.ONLINE,
        starts_on=date(2026, 12, 3),
        starts_time=time(12, 30),
        ends_time=time(13, 30),
    )

    (day,) = days_out([ada.pk], *AUTUMN)

    assert (day.title, day.online) == ("Meeting", True)
    assert "upervision" not in str(day)


def test_a_residential_counts_its_working_days(ada: Person):
    out(
        ada,
        kind=Kind.RESIDENTIAL,
        starts_on=date(2027, 7, 8),
        starts_time=time(10),
        ends_on=date(2027, 7, 11),
        ends_time=time(14),
    )

    days = days_out([ada.pk], *SUMMER)

    assert [day.day.day for day in days] == [8, 9, 10, 11]
    assert [day.all_day for day in days] == [False, True, True, False]
    assert time_out(days) == (2, 0)


def test_two_sessions_on_one_day_are_one_day(ada: Person):
    out(ada, starts_on=date(2026, 11, 26), starts_time=time(9), ends_time=time(11))
    out(ada, starts_on=date(2026, 11, 26), starts_time=time(12), ends_time=time(14))

    assert time_out(days_out([ada.pk], *AUTUMN)) == (1, 0)


@pytest.mark.parametrize(
    ("mode", "hours", "expected"),
    [
        (Mode.ONLINE, (time(12, 30), time(13, 30)), (0, 1)),
        (Mode.ONLINE, (time(9, 30), time(15, 30)), (1, 0)),
        (Mode.ONLINE, (time(16), time(17)), (0, 0)),
        (Mode.IN_PERSON, (time(12, 30), time(13, 30)), (1, 0)),
    ],
)
def test_a_short_meeting_online_is_in_school_and_no_day_out(ada: Person, mode, hours, expected):
    starts, ends = hours
    out(ada, starts_on=date(2026, 11, 26), starts_time=starts, ends_time=ends, mode=mode)

    assert time_out(days_out([ada.pk], *AUTUMN)) == expected


@pytest.mark.parametrize("state", [Booking.State.NOT_COMING, Booking.State.WITHDRAWN])
def test_who_does_not_go_is_not_out(ada: Person, state: str):
    out(ada, state=state, starts_on=date(2026, 11, 26))

    assert days_out([ada.pk], *AUTUMN) == []


@pytest.mark.parametrize("state", ["draft", "cancelled", "postponed"])
def test_what_does_not_go_ahead_takes_nobody_out(ada: Person, state: str):
    booking = out(ada, starts_on=date(2026, 11, 26))
    Session.objects.filter(pk=booking.session_id).update(state=state)

    assert days_out([ada.pk], *AUTUMN) == []


def test_only_the_days_asked_for_are_told(ada: Person):
    out(
        ada,
        kind=Kind.RESIDENTIAL,
        starts_on=date(2026, 12, 30),
        ends_on=date(2027, 1, 2),
    )

    assert [day.day for day in days_out([ada.pk], *AUTUMN)] == [
        date(2026, 12, 30),
        date(2026, 12, 31),
    ]


def test_everybody_takes_one_query(django_assert_num_queries):
    people = [make_person() for _ in range(5)]
    for person in people:
        out(person, starts_on=date(2026, 11, 26))

    with django_assert_num_queries(1):
        assert len(days_out([person.pk for person in people], *AUTUMN)) == 5
