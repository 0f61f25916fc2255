"""What is written without a template is escaped as templates would."""

from datetime import date

import pytest

from dlp.home.arc.signs import Milestone
from dlp.home.templatetags import drawings
from dlp.home.term_calendar import Cell
from placements.england.drawing import Shape

ROGUE, SAFE = "<b>&", "&lt;b&gt;&amp;"


@pytest.mark.parametrize("path", ["", "M1 2h3v3h-3z"])
def test_a_school_of_any_name_is_words_on_the_map(path):
    drawn = drawings.hosts([Shape("1", "2", "3", path, ROGUE)])

    assert f"<title>{SAFE}</title>" in drawn
    assert ROGUE not in drawn


def test_a_milestone_of_any_name_is_words_in_the_table():
    row = Milestone(date(2026, 11, 24), ROGUE, "session", False, "Ahead")

    assert drawings.milestone_rows([row]) == (
        f"<tr><td>24 November 2026</td><td>{SAFE}</td><td>Ahead</td></tr>"
    )


def test_letters_of_any_name_are_words_in_the_term():
    drawn = drawings.cells([Cell("1.0", 2, "3.0", 4, ROGUE, "out", True)], "9.0")

    assert f">{SAFE}</text>" in drawn
    assert drawn.count("<rect ") == 2
