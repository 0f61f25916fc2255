"""By when somebody resigns for a first day elsewhere, and the word about a match that came later."""

from __future__ import annotations

from datetime import date

import pytest

from placements.resignation import resigns_by, warning


@pytest.mark.parametrize(
    ("first_day", "teacher", "head"),
    [
        (date(2027, 9, 1), date(2027, 5, 31), date(2027, 4, 30)),
        (date(2027, 8, 25), date(2027, 5, 31), date(2027, 4, 30)),
        (date(2026, 11, 2), date(2026, 5, 31), date(2026, 4, 30)),
        (date(2027, 1, 4), date(2026, 10, 31), date(2026, 9, 30)),
        (date(2027, 4, 12), date(2027, 2, 28), date(2027, 1, 31)),
        (date(2028, 4, 17), date(2028, 2, 29), date(2028, 1, 31)),
        (date(2028, 6, 5), date(2028, 2, 29), date(2028, 1, 31)),
    ],
)
def test_notice_is_given_by_the_day_of_the_term_and_by_heads_a_month_before(
    first_day, teacher, head
):
    assert resigns_by(first_day) == teacher
    assert resigns_by(first_day, is_head=True) == head


def test_a_match_by_that_day_is_in_time_and_one_a_day_later_is_not():
    first_day = date(2027, 9, 1)

    assert warning(first_day, date(2027, 5, 31)) == ""
    late = warning(first_day, date(2027, 6, 1), from_academy=False)
    assert "to begin in the autumn term of 2027" in late
    assert "teachers of maintained schools resign by 31 May 2027" in late
    assert "contract" not in late


@pytest.mark.parametrize(
    ("from_academy", "said"),
    [(True, "come from an academy, where the contract"), (None, "If they come from an academy")],
)
def test_at_an_academy_the_contract_may_differ(from_academy, said):
    assert said in warning(
        date(2027, 1, 4), date(2026, 10, 15), is_head=True, from_academy=from_academy
    )
