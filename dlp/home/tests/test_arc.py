"""The arc against the numbers of the reference drawing."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlp.home.arc import drawing, labels, paths, signs
from dlp.home.arc.canvas import LARGE, TALL, WIDE
from dlp.home.arc.signs import Milestone

FIRST, LAST = date(2025, 9, 1), date(2027, 8, 31)
TODAY = date(2026, 11, 23)


def milestone(day: date, kind: str = "session", *, name: str = "", done: bool = False) -> Milestone:
    return Milestone(day, "Something", kind, done, "Ahead", name)


def draw(*milestones: Milestone, canvas=WIDE, walked_to=TODAY, today=TODAY) -> drawing.Drawing:
    return drawing.draw(
        canvas, milestones, first=FIRST, last=LAST, walked_to=walked_to, today=today
    )


@pytest.mark.parametrize(
    ("canvas", "taken", "not_taken", "walked"),
    [
        (
            WIDE,
            "M26 258Q480 1.8 934 65.8",
            "M26 258Q480 44.8 934 258",
            "M26 258Q304.3 100.9 582.6 64.2",
        ),
        (
            TALL,
            "M10 196Q158 8.5 306 55.4",
            "M10 196Q158 40 306 196",
            "M10 196Q100.7 81.1 191.4 54.2",
        ),
    ],
)
def test_curves_are_those_of_the_reference(canvas, taken, not_taken, walked):
    assert paths.curve(canvas, 1) == taken
    assert paths.not_taken(canvas) == not_taken
    assert paths.curve(canvas, 0.613) == walked


def test_space_between_the_paths_closes_at_the_foot():
    assert (
        paths.between(WIDE, 0.613)
        == "M26 258Q304.3 100.9 582.6 64.2L582.6 156.8Q304.3 127.3 26 258z"
    )


def test_it_lands_at_94_hundredths():
    assert round(paths.height(1), 2) == 0.94


def test_signs_have_the_shapes_of_the_reference():
    triangle = signs.mark(WIDE, "residential", 0.465)
    shield = signs.mark(WIDE, "dsl", 0.15)

    assert triangle.path == "M448.2 78.9L458.7 95.9H437.7z"
    assert shield.path == "M154.2 179.3h16v9q0 7 -8 11q-8 -4 -8 -11z"


def test_supervision_sits_on_the_floor():
    drawn = draw(milestone(date(2026, 1, 19), "supervision", done=True))

    assert [one.y for one in drawn.floor_done] == ["258"]
    assert drawn.done == []


def test_done_is_filled_and_what_is_ahead_is_open():
    drawn = draw(milestone(date(2025, 10, 1), done=True), milestone(date(2027, 1, 22)))

    assert (len(drawn.done), len(drawn.ahead)) == (1, 1)


@pytest.mark.parametrize("today", [date(2025, 7, 1), date(2028, 1, 1)])
def test_today_is_marked_only_within_the_two_years(today):
    assert draw(today=today, walked_to=today).today is None
    assert draw().today is not None


def test_nothing_is_walked_before_the_first_day():
    before = date(2025, 7, 1)

    assert draw(walked_to=before, today=before).walked == ""


def test_everything_is_walked_after_the_last_day():
    after = date(2027, 12, 1)

    assert draw(walked_to=after, today=after).walked == paths.curve(WIDE, 1)


def test_labels_never_meet_each_other_or_leave_the_sheet():
    close = [
        milestone(date(2026, 11, day), "dsl", name=f"A label of some length {day}")
        for day in range(1, 29, 3)
    ]
    drawn = draw(*close, milestone(LAST, "turn", name="Completion"))
    boxes = [
        labels.text_box(float(one.x), float(one.y), one.anchor, one.text) for one in drawn.labels
    ]

    assert len(boxes) > 1
    assert all(box.left >= 0 and box.right <= WIDE.width for box in boxes)
    assert not any(
        box.meets(other) for index, box in enumerate(boxes) for other in boxes[index + 1 :]
    )


def test_narrow_drawing_has_no_labels_but_today():
    drawn = draw(milestone(LAST, "turn", name="Completion"), canvas=TALL)

    assert drawn.labels == []
    assert drawn.today_label is not None
    assert drawn.today_label.text == "Today"


def test_two_years_have_six_terms_and_two_names():
    drawn = draw()

    assert [one.text for one in drawn.terms] == ["Autumn", "Spring", "Summer"] * 2
    assert [one.text for one in drawn.years] == ["Year one, 2025–26", "Year two, 2026–27"]
    assert [one.text for one in drawn.terms if one.is_now] == ["Autumn"]


def test_a_start_in_spring_bears_no_academic_year():
    drawn = drawing.draw(
        WIDE,
        [],
        first=date(2026, 4, 13),
        last=date(2028, 4, 12),
        walked_to=TODAY,
        today=TODAY,
    )

    assert [one.text for one in drawn.years] == ["Year one", "Year two"]


def test_dots_that_would_lie_on_each_other_are_drawn_once():
    days = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 23)]

    assert len(draw(*(milestone(day, done=True) for day in days)).done) == 2


@pytest.mark.parametrize(("canvas", "drawn"), [(LARGE, 4), (WIDE, 3), (TALL, 2)])
def test_where_signs_of_several_kinds_meet_the_weightier_is_drawn(canvas, drawn):
    residential, module, dsl, review = (
        milestone(date(2026, 3, 3) + timedelta(days=days), kind, done=True)
        for days, kind in ((0, "residential"), (2, "session"), (13, "dsl"), (48, "review"))
    )
    on_the_way = draw(residential, module, dsl, review, canvas=canvas).done

    assert len(on_the_way) == drawn
    assert on_the_way[0] == signs.mark(
        canvas, "residential", paths.share(residential.day, FIRST, LAST)
    )


MONTHS = [*(FIRST + timedelta(days=30 * months + 2) for months in range(25)), LAST]


@pytest.mark.parametrize("canvas", [WIDE, TALL])
@pytest.mark.parametrize("today", MONTHS)
def test_the_words_of_today_never_lie_on_the_path(canvas, today):
    label = draw(canvas=canvas, walked_to=today, today=today).today_label
    box = labels.label_box(label, labels.BOLD)

    assert not any(box.meets(step) for step in paths.along(canvas))
    assert box.left >= 0
    assert box.right <= canvas.width
    assert box.top >= 0


@pytest.mark.parametrize("today", MONTHS)
def test_the_words_of_the_end_lie_above_the_path_and_apart_from_those_of_today(today):
    end = milestone(LAST, "turn", name="Last day")
    drawn = draw(end, walked_to=today, today=today)
    (label,) = drawn.labels
    box = labels.label_box(label)

    assert not box.meets(labels.label_box(drawn.today_label, labels.BOLD))
    assert box.right <= WIDE.width
    assert box.bottom <= paths.point(WIDE, 1)[1]
    assert not any(box.meets(step) for step in paths.along(WIDE))


def test_half_terms_are_marked_and_shortest():
    assert Counter(re.findall(r"v(\d+)", draw().ticks)) == {"4": 6, "9": 4, "22": 2}


def test_a_large_sheet_names_more_and_a_narrow_one_nothing():
    review = milestone(date(2026, 3, 2), "review")._replace(also="Week 6")

    assert [len(draw(review, canvas=canvas).labels) for canvas in (LARGE, WIDE, TALL)] == [1, 0, 0]


KINDS = ["residential", "dsl", "review", "turn", "session", "supervision"]
days = st.dates(FIRST - timedelta(days=40), LAST + timedelta(days=40))
ways = st.lists(
    st.builds(
        Milestone,
        days,
        st.just("Something"),
        st.sampled_from(KINDS),
        st.booleans(),
        st.just("Ahead"),
        st.sampled_from(["", "Evergreen Academy", "DSL training"]),
        st.sampled_from(["", "Module 3", "Week 6"]),
    ),
    max_size=60,
)


@given(ways, days, st.sampled_from([LARGE, WIDE, TALL]))
def test_whatever_is_on_the_way_its_words_touch_nothing_and_stay_on_the_sheet(way, today, canvas):
    walked_to = min(max(today, FIRST), LAST)
    drawn = draw(*way, canvas=canvas, walked_to=walked_to, today=walked_to)
    boxes = [labels.label_box(one) for one in drawn.labels]
    if drawn.today_label:
        boxes.append(labels.label_box(drawn.today_label, labels.BOLD))

    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    assert all(one.left >= 0 and one.right <= canvas.width and one.top >= 0 for one in boxes)


@given(ways, st.sampled_from([LARGE, WIDE, TALL]))
def test_every_sign_lies_on_its_path_and_each_kind_on_the_way_is_drawn(way, canvas):
    drawn = draw(*way, canvas=canvas)
    on_floor = [*drawn.floor_done, *drawn.floor_ahead]
    on_path = [*drawn.done, *drawn.ahead]

    assert all(float(one.y) == canvas.floor for one in on_floor)
    for one in on_path:
        u = (float(one.x) - canvas.x0) / canvas.span
        assert 0 <= u <= 1.001
        assert abs(paths.point(canvas, u)[1] - float(one.y)) < 0.4
    later = [one for one in way if one.day > FIRST]
    assert len(on_floor) + len(on_path) <= len(later)
    assert bool(on_floor) == any(one.kind == "supervision" for one in later)
    on_the_way = {one.kind for one in later} - {"supervision"}
    assert bool(on_path) <= bool(on_the_way)
    assert on_path or on_the_way <= {"session"}  # one that lies under today is in the table alone
