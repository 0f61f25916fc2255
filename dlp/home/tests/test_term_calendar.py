from datetime import date

import pytest

from dlp.home import term_calendar

AUTUMN = (date(2026, 9, 1), date(2026, 12, 20))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 23), "Week 12 of the autumn term"),
        (date(2026, 9, 7), "Week 1 of the autumn term"),
        (date(2026, 9, 4), "The autumn term begins on 7 September"),
        (date(2026, 8, 3), "The autumn term begins on 7 September"),
        (date(2026, 12, 24), "The spring term begins on 4 January"),
    ],
)
def test_weeks_are_counted_from_the_first_monday(day, said):
    assert term_calendar.week_words(day) == said


def test_days_out_bear_a_letter_and_two_people_a_number():
    day, other = date(2026, 11, 24), date(2026, 12, 3)
    drawn = term_calendar.draw(*AUTUMN, "autumn", {day: ["A"], other: ["A", "T"]}, {}, day)

    assert [cell.letters for cell in drawn.cells if cell.state == "out"] == ["A", "2"]
    assert sum(cell.is_today for cell in drawn.cells) == 1


def test_every_cell_lies_inside_the_sheet():
    drawn = term_calendar.draw(*AUTUMN, "autumn", {}, {}, date(2026, 11, 24))

    assert max(float(cell.x) for cell in drawn.cells) + float(drawn.cell_width) <= 330
    assert [month.text for month in drawn.months] == ["Sep", "Oct", "Nov", "Dec"]


def test_bank_holidays_are_drawn_apart():
    first, last = date(2026, 4, 1), date(2026, 7, 25)
    drawn = term_calendar.draw(first, last, "summer", {}, {}, first)

    assert sum(cell.state == "holiday" for cell in drawn.cells) == 4


def test_people_with_one_first_letter_get_two():
    assert term_calendar.letters_for([(1, "Ada Fenwick"), (2, "Amir Tan"), (3, "Tom Okafor")]) == {
        1: "Af",
        2: "At",
        3: "T",
    }
    alike = term_calendar.letters_for([(1, "Ada Fenwick"), (2, "Alan Ford"), (3, "Amir Tan")])
    assert alike == {1: "A1", 2: "A2", 3: "At"}
