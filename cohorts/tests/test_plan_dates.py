"""When things fall due: counted from the days of somebody's two years, moved by what happened."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.models import TemplateItem
from cohorts.planning.dates import Absence, Anchors, due_on
from dlp.calendar import is_school_day, is_working_day, term_start

Anchor, Unit = TemplateItem.Anchor, TemplateItem.Unit
FIRST, LAST = date(2026, 9, 1), date(2028, 8, 31)
ANCHORS = Anchors(FIRST, FIRST, LAST, placement_on=date(2026, 9, 7))
firsts = st.dates(date(2019, 4, 1), date(2035, 12, 31))


def item(anchor=Anchor.COHORT_START, offset=0, unit=Unit.DAY, term=None, season=""):
    return TemplateItem(
        anchor=anchor, anchor_season=season, anchor_term=term, offset=offset, unit=unit
    )


def summer(number):
    """What the shipped plan says of a summer residential."""
    return item(Anchor.TERM_START, 14, Unit.WEEK, number, TemplateItem.Season.SUMMER)


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        (item(offset=6, unit=Unit.WEEK), date(2026, 10, 13)),
        (item(offset=-4), date(2026, 8, 28)),
        (item(Anchor.YEAR2_START), date(2027, 9, 1)),
        (item(Anchor.PLACEMENT_START, 6, Unit.WEEK), date(2026, 10, 19)),
        (item(Anchor.PLACEMENT_START, 1, Unit.TERM), date(2026, 12, 18)),
        (item(Anchor.PLACEMENT_START, 3, Unit.TERM), date(2027, 7, 23)),
        (item(Anchor.PLACEMENT_START, -1, Unit.TERM), date(2026, 4, 13)),
        (item(offset=10, unit=Unit.SCHOOL_DAY), date(2026, 9, 15)),
        (item(Anchor.TERM_START, 2, Unit.WEEK, term=2), date(2027, 1, 19)),
    ],
)
def test_items_are_counted_from_the_days_of_the_two_years(rule, day):
    assert due_on(rule, ANCHORS) == day


def test_a_weekend_or_a_bank_holiday_moves_it_earlier():
    assert due_on(item(offset=4), ANCHORS) == date(2026, 9, 4)  # from Saturday
    assert due_on(item(offset=115), ANCHORS) == date(2026, 12, 24)  # from Christmas Day


def test_what_happens_in_school_moves_out_of_the_holidays():
    in_half_term = item(Anchor.PLACEMENT_START, 8, Unit.WEEK)  # 2 November, the day after it
    during = item(Anchor.PLACEMENT_START, 7, Unit.WEEK)

    assert due_on(in_half_term, ANCHORS) == date(2026, 11, 2)
    assert due_on(during, ANCHORS) == date(2026, 10, 23)


def test_without_a_placement_nobody_knows_the_day():
    assert due_on(item(Anchor.PLACEMENT_START, 6), ANCHORS._replace(placement_on=None)) is None


def test_a_deferral_moves_what_lay_ahead_and_nothing_else():
    away = Absence(date(2026, 11, 2), date(2027, 1, 11))
    moved = ANCHORS._replace(absences=(away,), ends_on=LAST + timedelta(days=70))

    assert due_on(item(offset=6, unit=Unit.WEEK), moved) == date(2026, 10, 13)
    assert due_on(item(offset=10, unit=Unit.WEEK), moved) == date(2026, 11, 10) + timedelta(days=70)
    assert due_on(item(Anchor.YEAR2_START), moved) == date(2027, 11, 10)


def test_a_placement_that_begins_after_a_deferral_is_not_moved_by_it():
    away = Absence(date(2026, 11, 2), date(2027, 1, 11))
    late = ANCHORS._replace(absences=(away,), placement_on=date(2027, 1, 11))

    assert due_on(item(Anchor.PLACEMENT_START, 2, Unit.WEEK), late) == date(2027, 1, 25)


def test_nothing_is_due_after_the_end_or_before_somebody_joined():
    assert due_on(item(offset=900), ANCHORS) == LAST
    transferred = ANCHORS._replace(joined_on=date(2027, 1, 11))
    assert due_on(item(offset=6, unit=Unit.WEEK), transferred) == date(2027, 1, 11)


def test_a_termly_review_is_due_by_the_end_of_a_term_and_never_on_the_first_days_of_the_next():
    review = item(Anchor.PLACEMENT_START, 1, Unit.TERM)
    days = {
        placed: due_on(review, ANCHORS._replace(placement_on=placed))
        for placed in (date(2026, 9, 2), date(2026, 11, 2), date(2026, 12, 7), date(2027, 7, 5))
    }

    assert list(days.values()) == [
        date(2026, 12, 18),
        date(2026, 12, 18),
        date(2027, 3, 25),  # so little was left of autumn that it was no term
        date(2027, 12, 17),
    ]


@given(first=firsts, days=st.integers(0, 200))
def test_a_summer_residential_is_in_summer_whenever_the_two_years_begin(first, days):
    """The first one too: in the summer in which they begin, or in the one that follows."""
    anchors = Anchors(first, first, first + timedelta(730))
    back = first + timedelta(days)
    returned = anchors._replace(
        ends_on=anchors.ends_on + timedelta(days), absences=(Absence(first, back),)
    )

    one, two = (due_on(summer(number), anchors) for number in (1, 2))
    assert one < two
    for day in (one, two, *(due_on(summer(number), returned) for number in (1, 2))):
        assert (4, 1) <= (day.month, day.day) <= (7, 24)


def test_a_deferral_over_a_summer_makes_a_residential_that_of_the_next():
    over_winter = Absence(date(2026, 11, 2), date(2027, 3, 1))
    over_summer = Absence(date(2027, 5, 4), date(2027, 9, 6))

    days = [
        due_on(summer(1), ANCHORS._replace(absences=(away,), ends_on=date(2028, 12, 31)))
        for away in (over_winter, over_summer)
    ]

    assert days == [date(2027, 7, 19), date(2028, 7, 17)]


rules = st.builds(
    item,
    anchor=st.sampled_from([Anchor.COHORT_START, Anchor.YEAR2_START, Anchor.PLACEMENT_START]),
    offset=st.integers(-30, 100),
    unit=st.sampled_from(list(Unit)).filter(lambda unit: unit != Unit.TERM),
)


@given(rule=rules, first=firsts, days=st.integers(0, 60))
def test_every_day_is_one_on_which_it_can_be_done(rule, first, days):
    anchors = Anchors(first, first, first + timedelta(730), first + timedelta(days))

    day = due_on(rule, anchors)

    in_school = rule.anchor == Anchor.PLACEMENT_START or rule.unit == Unit.SCHOOL_DAY
    assert is_school_day(day) if in_school else is_working_day(day)


@given(
    rule=rules.filter(lambda rule: rule.anchor != Anchor.PLACEMENT_START),
    first=firsts,
    away=st.integers(0, 700),
    days=st.integers(1, 200),
)
def test_a_deferral_never_brings_anything_forward(rule, first, away, days):
    anchors = Anchors(first, first, first + timedelta(730))
    went = first + timedelta(away)
    after = anchors._replace(
        ends_on=anchors.ends_on + timedelta(days),
        absences=(Absence(went, went + timedelta(days)),),
    )

    assert due_on(rule, after) >= due_on(rule, anchors)


@given(day=firsts, number=st.integers(-6, 12))
def test_terms_follow_one_another(day, number):
    assert term_start(day, number) < term_start(day, number + 1)
    assert is_school_day(term_start(day, number))
    assert term_start(day, 2) > day
    assert term_start(day, 0) < day
