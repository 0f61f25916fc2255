"""When reminders are due, over the nights in which the clocks change (messages.md 2.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from dlp.calendar import instant, wall
from dlp.outbox.plans import timing
from dlp.outbox.plans.timing import Night, Nights

NIGHT = Night(time(20), time(7))
NIGHTS = Nights(NIGHT, Night(time(22), time(6)))
FAR = datetime(2030, 1, 1, tzinfo=UTC)
AUTUMN = instant(date(2026, 10, 26), time(16))
SPRING = instant(date(2027, 3, 29), time(16))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_at", "due"), [(AUTUMN, "2026-10-24T15:00"), (SPRING, "2027-03-27T16:00")]
)
def test_calendar_lead_keeps_the_time_on_the_wall(starts_at, due):
    assert timing.calendar_lead(starts_at, days=2, at=time(16)) == utc(due)


@pytest.mark.parametrize(
    ("starts_at", "due"), [(AUTUMN, "2026-10-24T16:00"), (SPRING, "2027-03-27T15:00")]
)
def test_elapsed_lead_counts_hours_that_pass(starts_at, due):
    assert timing.elapsed_lead(starts_at, hours=48) == utc(due)


def test_lead_at_a_time_that_happens_twice_is_due_once_at_the_first():
    due = timing.calendar_lead(AUTUMN, days=1, at=time(1, 30))

    assert due == utc("2026-10-25T00:30")


def test_lead_at_a_time_that_never_happens_is_due_after_the_gap():
    due = timing.calendar_lead(SPRING, days=1, at=time(1, 30))

    assert due == utc("2027-03-28T01:30")
    assert wall(due).time() == time(2, 30)


def test_two_hours_before_a_session_on_the_morning_the_clocks_went_back():
    assert timing.elapsed_lead(instant(date(2026, 10, 25), time(10)), hours=2) == utc(
        "2026-10-25T08:00"
    )


@pytest.mark.parametrize(
    ("falls_on", "moves_to"),
    [
        (date(2026, 10, 25), date(2026, 10, 23)),  # a Sunday, in summer time on the Friday
        (
            date(2026, 12, 28),
            date(2026, 12, 24),
        ),  # Boxing Day's substitute, then the weekend, Christmas
        (date(2026, 11, 24), date(2026, 11, 24)),
    ],
)
def test_lead_moves_back_to_a_working_day_at_the_same_time(falls_on, moves_to):
    moved = timing.on_working_day(instant(falls_on, time(16)))

    assert wall(moved).date() == moves_to
    assert wall(moved).time() == time(16)


@pytest.mark.parametrize(
    ("at", "leaves_on", "leaves_at"),
    [
        (time(19, 59), 24, time(19, 59)),
        (time(20), 25, time(7)),
        (time(23, 59), 25, time(7)),
        (time(6, 59), 24, time(7)),
        (time(7), 24, time(7)),
    ],
)
@pytest.mark.parametrize("month", [3, 11])
def test_nobody_is_written_to_in_the_quiet_hours(at, leaves_on, leaves_at, month):
    moved = wall(
        timing.outside_night(instant(date(2026, month, 24), at), not_after=FAR, night=NIGHT)
    )

    assert (moved.day, moved.time()) == (leaves_on, leaves_at)


@pytest.mark.parametrize("eve", [date(2026, 10, 24), date(2027, 3, 27)])
def test_morning_is_at_seven_on_the_wall_after_the_clocks_change(eve):
    moved = wall(timing.outside_night(instant(eve, time(22)), not_after=FAR, night=NIGHT))

    assert (moved.date(), moved.time()) == (eve + timedelta(days=1), time(7))


def test_letter_that_the_morning_would_make_late_goes_the_evening_before():
    late = instant(date(2026, 11, 24), time(6, 15))

    moved = wall(timing.outside_night(late, not_after=late + timedelta(minutes=30), night=NIGHT))

    assert (moved.day, moved.time()) == (23, time(19, 59))


def test_change_within_a_day_may_be_told_until_ten_at_night():
    evening = instant(date(2026, 11, 24), time(21))

    def told(not_after, *, is_change):
        return timing.waking_time(evening, not_after=not_after, is_change=is_change, nights=NIGHTS)

    next_day = evening + timedelta(hours=20)
    assert told(next_day, is_change=True) == evening
    assert told(FAR, is_change=True) > evening
    assert told(next_day, is_change=False) > evening


@pytest.mark.parametrize("is_change", [True, False])
@pytest.mark.parametrize("hours", range(24))
def test_asked_again_of_its_answer_the_night_says_the_same(hours, is_change):
    ready = instant(date(2026, 11, 24), time(hours, 30))

    for later in (timedelta(hours=1), timedelta(hours=9), timedelta(days=3)):
        told = {"not_after": ready + later, "is_change": is_change, "nights": NIGHTS}
        once = timing.waking_time(ready, **told)
        assert timing.waking_time(once, **told) == once
        assert once < ready + later


def test_letter_about_the_change_covers_reminders_of_the_next_twelve_hours():
    told = utc("2026-11-24T09:00")

    assert timing.is_covered(told - timedelta(days=3), told_at=told)
    assert timing.is_covered(told + timedelta(hours=12), told_at=told)
    assert not timing.is_covered(told + timedelta(hours=13), told_at=told)
