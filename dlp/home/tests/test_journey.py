"""What the board says, at every stage of somebody's two years."""

from datetime import date, datetime

import pytest

from cohorts.models import Cohort, Participation
from dlp.calendar import LONDON
from dlp.home import journey
from dlp.home.entries import entries_of, short
from dlp.home.items import Item

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=LONDON)
State = Participation.State


def participation(state: str = State.ACTIVE, **fields: object) -> Participation:
    """Two years from September 2025, as they stand in memory."""
    values: dict[str, object] = {
        "starts_on": date(2025, 9, 1),
        "expected_end_on": date(2027, 8, 31),
        "cohort": Cohort(name="2025 Cohort", starts_on=date(2025, 9, 1), ends_on=date(2027, 8, 31)),
        **fields,
    }
    return Participation(state=state, **values)


def board(one: Participation, **fields: object) -> journey.Journey:
    return journey.describe(one, entries_of([], [], [], one, NOW), now=NOW, **fields)


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [(0, "Good morning"), (11, "Good morning"), (12, "Good afternoon"), (17, "Good evening")],
)
def test_greeting_follows_the_clock_in_england(hour, greeting):
    assert journey.greeting(datetime(2026, 7, 1, hour, 0, tzinfo=LONDON)) == greeting


def test_board_counts_the_months_and_names_the_term():
    found = board(participation())

    assert found.tag == "Year two, autumn term"
    assert found.words.startswith("15 months in, 9 to go.")
    assert found.way.title == "Your two years, September 2025 to August 2027"


def test_board_before_the_start_says_when_it_begins():
    found = board(
        participation(State.ACCEPTED, starts_on=date(2027, 1, 4), expected_end_on=date(2029, 1, 3))
    )

    assert found.words == "Your two years begin on Mon 4 January 2027."
    assert found.tag == "Starts in 6 weeks"


def test_board_of_a_deferred_person_says_since_when_and_until_when():
    found = board(
        participation(State.DEFERRED), paused_on=date(2026, 9, 1), back_on=date(2027, 1, 4)
    )

    assert found.tag == "Deferred"
    assert "deferred since 1 September 2026" in found.words
    assert "expect you back on 4 January 2027" in found.words
    assert found.way.wide.today is None


def test_board_after_a_deferral_says_how_far_the_end_moved():
    found = board(participation(expected_end_on=date(2028, 1, 3)))

    assert "Your last day moved from 31 August 2027 to 3 January 2028." in found.words


def test_board_of_an_alumna_speaks_of_completion():
    found = board(
        participation(
            State.COMPLETED,
            starts_on=date(2023, 9, 1),
            expected_end_on=date(2025, 8, 31),
            held_to=date(2025, 8, 31),
        )
    )

    assert found.words.startswith("You completed the programme on 31 August 2025.")
    assert [one.said for one in found.way.milestones] == ["Completed"]


def test_arc_of_somebody_who_left_ends_where_they_left():
    left = date(2026, 3, 6)
    found = board(participation(State.WITHDRAWN, held_to=left))

    assert found.words == "Your time in the 2025 Cohort ended on 6 March 2026."
    assert found.way.milestones == []
    assert found.way.wide.today is None


def test_long_names_are_cut_between_words_in_the_drawing():
    assert short("The Northern College for Residential Adult Education") == (
        "The Northern College…"
    )


def item(requirement: str, state: str, due_on: date, *, on: date | None = None) -> Item:
    """Something of a plan, as it stands in memory."""
    values = dict.fromkeys(Item._fields)
    values |= {"key": f"{requirement}-{due_on}", "title": requirement.capitalize()}
    values |= {"requirement": requirement, "state": state, "due_on": due_on, "on": on}
    values |= {"is_optional": False, "short_name": requirement}
    return Item(**values)


def test_board_counts_what_is_done_of_a_plan():
    one = participation()
    plan = [
        item("supervision", "met", date(2026, 1, 9), on=date(2026, 1, 7)),
        item("dsl-training", "not_started", date(2027, 1, 9)),
        item("twilight", "not_applicable", date(2027, 2, 9)),
    ]
    found = journey.describe(one, entries_of([], plan, [], one, NOW), now=NOW)

    assert "One of the two things in your plan is done." in found.words
    assert [(mark.label, mark.day) for mark in found.way.milestones] == [
        ("Supervision", date(2026, 1, 7)),
        ("Dsl-training", date(2027, 1, 9)),
        ("Completion", date(2027, 8, 31)),
    ]


def test_what_was_left_undone_is_not_drawn_for_somebody_who_has_left():
    one = participation(State.WITHDRAWN, held_to=date(2026, 3, 6))
    plan = [
        item("supervision", "met", date(2026, 1, 9), on=date(2026, 1, 7)),
        item("dsl-training", "not_started", date(2027, 1, 9)),
    ]
    found = journey.describe(one, entries_of([], plan, [], one, NOW), now=NOW)

    assert [mark.label for mark in found.way.milestones] == ["Supervision"]


def test_words_speak_to_the_person_and_of_them_to_others():
    one = participation(expected_end_on=date(2028, 1, 3))
    entries = entries_of([], [], [], one, NOW)
    theirs = journey.describe(one, entries, now=NOW, voice=journey.THEIRS)

    assert theirs.way.title.startswith("Their two years")
    assert "Their last day moved" in theirs.words
    assert "your" not in theirs.words.lower()
