"""The arc against the numbers of the reference drawing."""

from datetime import date, timedelta

import pytest

from dlp.home import arc
from dlp.home.arc import TALL, WIDE, Milestone

FIRST, LAST = date(2025, 9, 1), date(2027, 8, 31)
TODAY = date(2026, 11, 23)


def milestone(day: date, kind: str = "session", *, name: str = "", done: bool = False) -> Milestone:
    return Milestone(day, "Something", kind, done, "Ahead", name)


def draw(*milestones: Milestone, canvas=WIDE, walked_to=TODAY, today=TODAY) -> arc.Drawing:
    return arc.draw(canvas, milestones, first=FIRST, last=LAST, walked_to=walked_to, today=today)


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
    assert arc.curve(canvas, 1) == taken
    assert arc.not_taken(canvas) == not_taken
    assert arc.curve(canvas, 0.613) == walked


def test_space_between_the_paths_closes_at_the_foot():
    assert (
        arc.between(WIDE, 0.613) == "M26 258Q304.3 100.9 582.6 64.2L582.6 156.8Q304.3 127.3 26 258z"
    )


def test_it_lands_at_94_hundredths():
    assert round(arc.height(1), 2) == 0.94


def test_signs_have_the_shapes_of_the_reference():
    triangle = arc.mark(WIDE, "residential", 0.465)
    shield = arc.mark(WIDE, "dsl", 0.15)

    assert triangle.path == "M448.2 78.9L458.7 95.9H437.7z"
    assert shield.path == "M154.2 179.3h16v9q0 7 -8 11q-8 -4 -8 -11z"


def test_supervision_sits_on_the_floor():
    drawing = draw(milestone(date(2026, 1, 19), "supervision", done=True))

    assert [one.y for one in drawing.floor_done] == ["258"]
    assert drawing.done == []


def test_done_is_filled_and_what_is_ahead_is_open():
    drawing = draw(milestone(date(2025, 10, 1), done=True), milestone(date(2027, 1, 22)))

    assert (len(drawing.done), len(drawing.ahead)) == (1, 1)


@pytest.mark.parametrize("today", [date(2025, 7, 1), date(2028, 1, 1)])
def test_today_is_marked_only_within_the_two_years(today):
    assert draw(today=today, walked_to=today).today is None
    assert draw().today is not None


def test_nothing_is_walked_before_the_first_day():
    before = date(2025, 7, 1)

    assert draw(walked_to=before, today=before).walked == ""


def test_everything_is_walked_after_the_last_day():
    after = date(2027, 12, 1)

    assert draw(walked_to=after, today=after).walked == arc.curve(WIDE, 1)


def test_labels_never_meet_each_other_or_leave_the_sheet():
    close = [
        milestone(date(2026, 11, day), "dsl", name=f"A label of some length {day}")
        for day in range(1, 29, 3)
    ]
    drawing = draw(*close, milestone(LAST, "turn", name="Completion"))
    boxes = [
        arc.text_box(float(one.x), float(one.y), one.anchor, one.text) for one in drawing.labels
    ]

    assert len(boxes) > 1
    assert all(box.left >= 0 and box.right <= WIDE.width for box in boxes)
    assert not any(
        box.meets(other) for index, box in enumerate(boxes) for other in boxes[index + 1 :]
    )


def test_narrow_drawing_has_no_labels_but_today():
    drawing = draw(milestone(LAST, "turn", name="Completion"), canvas=TALL)

    assert drawing.labels == []
    assert drawing.today_label is not None
    assert drawing.today_label.text == "Today"


def test_two_years_have_six_terms_and_two_names():
    drawing = draw()

    assert [one.text for one in drawing.terms] == ["Autumn", "Spring", "Summer"] * 2
    assert [one.text for one in drawing.years] == ["Year one, 2025–26", "Year two, 2026–27"]
    assert [one.text for one in drawing.terms if one.is_now] == ["Autumn"]


def test_a_start_in_spring_bears_no_academic_year():
    drawing = arc.draw(
        WIDE,
        [],
        first=date(2026, 4, 13),
        last=date(2028, 4, 12),
        walked_to=TODAY,
        today=TODAY,
    )

    assert [one.text for one in drawing.years] == ["Year one", "Year two"]


def test_dots_that_would_lie_on_each_other_are_drawn_once():
    days = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 23)]
    triangle = milestone(date(2026, 3, 3), "residential", done=True)

    assert len(draw(*(milestone(day, done=True) for day in days), triangle).done) == 3


MONTHS = [*(FIRST + timedelta(days=30 * months + 2) for months in range(25)), LAST]


@pytest.mark.parametrize("canvas", [WIDE, TALL])
@pytest.mark.parametrize("today", MONTHS)
def test_the_words_of_today_never_lie_on_the_path(canvas, today):
    label = draw(canvas=canvas, walked_to=today, today=today).today_label
    box = arc.label_box(label, arc.BOLD)

    assert not any(box.meets(step) for step in arc.along(canvas))
    assert box.left >= 0
    assert box.right <= canvas.width
    assert box.top >= 0


@pytest.mark.parametrize("today", MONTHS)
def test_the_words_of_the_end_lie_above_the_path_and_apart_from_those_of_today(today):
    end = milestone(LAST, "turn", name="Last day")
    drawing = draw(end, walked_to=today, today=today)
    (label,) = drawing.labels
    box = arc.label_box(label)

    assert not box.meets(arc.label_box(drawing.today_label, arc.BOLD))
    assert box.right <= WIDE.width
    assert box.bottom <= arc.point(WIDE, 1)[1]
    assert not any(box.meets(step) for step in arc.along(WIDE))
