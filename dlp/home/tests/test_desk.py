from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.permissions import READ_ONLY
from cohorts.tests.factories import make_participation, make_person, make_staff
from dlp import attention
from dlp.attention import Line
from dlp.home.tests.asking import page, queries, status, without_values
from placements.tests.factories import (
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)
from training.tests.factories import (
    make_booking,
    make_group,
    make_past,
    make_session,
    make_session_at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(monkeypatch):
    """Two things wait, one of each area; nothing else does."""
    lines = [
        Line(
            "a", "due", "A school to answer", "Since Friday.", "/schools/", "Answer", "Placements"
        ),
        Line("b", "bad", "A register to take", "Held Friday.", "/sessions/", "Take it", "Training"),
    ]
    monkeypatch.setattr(attention, "_providers", [lambda person, today: lines])


def test_staff_land_on_the_desk(client, lena):
    client.force_login(lena)

    assert client.get("/").headers["Location"] == "/desk/"


def test_desk_is_for_staff_alone(client, percy, marcus, ruth):
    assert [status(client, one, "home:desk") for one in (percy, marcus)] == [403, 403]
    assert status(client, ruth, "home:desk") == 403


def test_desk_names_the_day_and_the_week(client, lena, time_machine):
    time_machine.move_to("2026-11-23T14:10Z", tick=False)

    text = page(client, lena, "home:desk")

    assert "Monday 23 November" in text
    assert "Week 12 of the autumn term. No session this week." in text


def test_what_is_wrong_comes_first_and_can_be_filtered(client, lena, waiting):
    everything = page(client, lena, "home:desk")
    training = page(client, lena, "home:desk", area="Training")

    order = ("Late or wrong", "A register to take", "Waiting", "A school to answer")
    assert sorted(order, key=everything.index) == list(order)
    assert "Worth a look" not in everything
    assert "A school to answer" not in training
    assert "A register to take" in training


def test_what_is_not_shown_is_counted_all_the_same(client, lena, monkeypatch):
    lines = [
        Line(str(n), "bad", f"Register {n}", "Held.", "/sessions/", "Take it", "Training")
        for n in range(42)
    ]
    monkeypatch.setattr(attention, "_providers", [lambda person, today: lines])

    text = page(client, lena, "home:desk")

    assert 'Late or wrong <span class="count">42</span>' in text
    assert "2 more wait." in text


def test_what_waits_is_asked_again_once_anything_changes(client, lena, time_machine):
    time_machine.move_to("2026-11-23T14:10Z", tick=False)
    session = make_session("Nobody is invited to this")

    def asked() -> int:
        return sum("UNION ALL" in sql for sql in queries(client, lena, "home:desk"))

    page(client, lena, "home:desk")
    assert asked() < 3  # what changed since is asked for each time
    assert "Nobody is invited: Nobody is invited to this" in page(client, lena, "home:desk")

    make_booking(session)

    assert asked() >= 3
    assert "Nobody is invited: Nobody" not in page(client, lena, "home:desk")


def test_what_waits_is_asked_again_after_a_minute(client, lena, time_machine):
    time_machine.move_to("2026-11-23T14:10Z", tick=False)
    page(client, lena, "home:desk")
    time_machine.move_to("2026-11-23T14:11Z", tick=False)

    assert sum("UNION ALL" in sql for sql in queries(client, lena, "home:desk")) >= 3


def test_empty_desk_says_so(client, lena, monkeypatch):
    monkeypatch.setattr(attention, "_providers", [])

    text = page(client, lena, "home:desk")

    assert "Nothing waits for you" in text
    assert "Nothing is running." in text


def test_today_and_this_week_hold_what_they_should(client, lena, time_machine):
    time_machine.move_to("2026-11-23T14:10Z", tick=False)
    now = timezone.now()
    held = make_session_at(now - timedelta(hours=4), title="This morning")
    make_booking(held, state="coming", attendance="present")
    make_session_at(now + timedelta(hours=3), title="Tonight")
    make_session_at(now + timedelta(days=2), title="On Wednesday")
    make_session_at(now + timedelta(days=9), title="Next week")
    make_session_at(now + timedelta(days=1), title="Only a draft", state="draft")

    text = page(client, lena, "home:desk")
    today = text[text.index('id="today"') : text.index('id="week"')]
    week = text[text.index('id="week"') :]

    assert "This morning" in today
    assert "1 of 1 came." in today
    assert "Tonight" in today
    assert "On Wednesday" in week
    assert "Next week" not in week
    assert "Only a draft" not in week
    assert "Three sessions this week, one tonight." in text


def test_leaders_in_placement_are_counted_once(client, lena):
    placement = make_placement()
    make_placement(state="proposed")
    make_placement(
        placement.participation,
        starts_on=placement.ends_on + timedelta(days=1),
    )

    text = page(client, lena, "home:desk")

    assert ">1</a></dd></div>\n    <div><dt>need" in text.replace("needs", "need")


def test_those_who_only_read_are_offered_no_new_session(client, lena):
    reader = make_staff("Ray Reader", READ_ONLY)

    assert "Add a session" in page(client, lena, "home:desk")
    assert 'class="button" href="/sessions/add/"' not in page(client, reader, "home:desk")


def fill_desk(number: int) -> None:
    """So many of each: sessions and registers, groups, people, schools and openings."""
    today = timezone.localdate()
    for _ in range(number):
        make_booking(make_session(starts_on=today + timedelta(days=1)))
        make_booking(make_past(facilitators=[make_person(), make_person()]))
        make_group()
        make_placement(school=make_school(status="closed"))
        make_participation(state="accepted", starts_on=today)
        make_opening()
        make_partnership(ends_on=today + timedelta(days=9))


@pytest.mark.parametrize("number", [1, 40])
def test_the_desk_asks_twelve_questions_at_most_and_none_thrice(client, lena, number):
    fill_desk(number)

    asked = queries(client, lena, "home:desk")

    assert len(asked) <= 11
    assert max(Counter(without_values(sql) for sql in asked).values()) <= 2
