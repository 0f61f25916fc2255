"""Until when training counts: against a walk through every single day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlp.calendar import months_later
from training.certificates.rules import Rules, rules_on, training_until, update_until
from training.certificates.standing import Held, Standing, refresh_on, training_on

A_DAY = timedelta(days=1)
TWO_YEARS = Rules(date(2015, 7, 1), 24, 12, (90, 30, 7, 0), 4, 14)
days = st.dates(date(2018, 1, 1), date(2030, 12, 31))


@st.composite
def changing_rules(draw):
    """The rules as they are, and up to two changes of how long training counts."""
    known = [TWO_YEARS]
    for day in sorted(draw(st.sets(days, max_size=2))):
        months = draw(st.sampled_from([6, 12, 18, 24, 36]))
        known.append(TWO_YEARS._replace(valid_from=day, refresh_months=months))
    return known


@given(completed_on=days, known=changing_rules())
def test_training_counts_on_each_day_by_the_rules_of_that_day(completed_on, known):
    day = completed_on
    while day <= months_later(completed_on, rules_on(day, known).refresh_months):
        day += A_DAY

    assert training_until(completed_on, known) == day - A_DAY


@pytest.mark.parametrize(
    ("completed_on", "until"),
    [
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2022, 2, 28), date(2024, 2, 28)),
        (date(2024, 5, 3), date(2026, 5, 3)),
    ],
)
def test_two_years_are_two_years_and_a_leap_day_falls_on_the_28th(completed_on, until):
    assert training_until(completed_on, [TWO_YEARS]) == until
    standings = [
        training_on(until + timedelta(days=later), [Held(completed_on)], [TWO_YEARS]).standing
        for later in (-91, -90, 0, 1)
    ]
    assert standings == [
        Standing.CURRENT,
        Standing.DUE_SOON,
        Standing.DUE_SOON,
        Standing.OVERDUE,
    ]


def test_a_month_is_cut_to_its_last_day():
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2026, 11, 30), -9) == date(2026, 2, 28)
    assert months_later(date(2026, 12, 1), 12) == date(2027, 12, 1)


def test_of_two_that_overlap_the_later_counts_and_nothing_counts_before_its_day():
    held = [Held(date(2025, 1, 10)), Held(date(2026, 1, 20))]

    assert training_on(date(2026, 1, 19), held, [TWO_YEARS]).until == date(2027, 1, 10)
    assert training_on(date(2026, 1, 20), held, [TWO_YEARS]).until == date(2028, 1, 20)
    assert training_on(date(2025, 1, 9), held, [TWO_YEARS]).standing == Standing.NO_RECORD


def test_one_in_review_counts_for_fourteen_days_and_says_so():
    old, new = Held(date(2024, 1, 10)), Held(date(2026, 1, 20), date(2026, 2, 1))

    while_looked_at = training_on(date(2026, 2, 15), [old, new], [TWO_YEARS])
    after = training_on(date(2026, 2, 16), [old, new], [TWO_YEARS])

    assert while_looked_at.standing == Standing.CURRENT
    assert while_looked_at.review_until == date(2026, 2, 15)
    assert (after.standing, after.review_until) == (Standing.OVERDUE, None)
    assert training_on(date(2026, 2, 16), [new], [TWO_YEARS]).standing == Standing.NO_RECORD


def test_the_refresh_is_due_a_year_after_the_last_update_or_training():
    logged = [(date(2025, 3, 1), 20), (date(2026, 2, 1), 45)]

    refresh = refresh_on(date(2026, 3, 2), logged, date(2024, 9, 1), [TWO_YEARS])

    assert (refresh.until, refresh.minutes, refresh.count) == (date(2027, 2, 1), 45, 1)
    by_training = refresh_on(date(2026, 3, 2), logged, date(2026, 2, 20), [TWO_YEARS])
    assert by_training.until == update_until(date(2026, 2, 20), [TWO_YEARS]) == date(2027, 2, 20)
    assert refresh_on(date(2026, 3, 2), [], None, [TWO_YEARS]).standing == Standing.NO_RECORD
