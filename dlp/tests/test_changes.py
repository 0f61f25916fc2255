"""Whether anything has changed, told by the tables that are only added to."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest
import time_machine
from django.apps import apps

from cohorts.models import ParticipationChange, Person
from cohorts.tests.factories import make_participation, make_person
from dlp.changes import Kept, is_only_added_to, marks
from training.models import Session
from training.tests.factories import make_session

pytestmark = pytest.mark.django_db


def test_the_marks_are_the_same_while_nothing_changes():
    make_session()

    assert marks() == marks()


def test_a_row_added_altered_or_taken_away_leaves_another_mark():
    session = make_session()
    person = make_person()
    seen = {marks()}
    for change in (
        lambda: make_participation(),
        lambda: Session.objects.filter(pk=session.pk).update(title="Renamed"),
        lambda: session.facilitators.add(person),
        lambda: session.facilitators.remove(person),
    ):
        change()
        assert marks() not in seen
        seen.add(marks())


def test_an_answer_is_kept_while_the_marks_are_the_same_for_a_minute_at_most():
    kept: Kept[int] = Kept()
    asked = count()

    def answer(question: str, as_of: str) -> int:
        return kept.answer(question, as_of, lambda: next(asked))

    with time_machine.travel(datetime(2026, 11, 24, 10, 0, 59, tzinfo=UTC), tick=False):
        assert [answer("map", "1"), answer("map", "1"), answer("team", "1")] == [0, 0, 1]
        assert [answer("map", "2"), answer("map", "2")] == [2, 2]
    with time_machine.travel(datetime(2026, 11, 24, 10, 1, tzinfo=UTC), tick=False):
        assert answer("map", "2") == 3


def test_histories_and_lists_of_steps_are_only_added_to_and_nothing_else_is():
    assert is_only_added_to(apps.get_model("training", "SessionEvent"))
    assert is_only_added_to(ParticipationChange)
    assert not is_only_added_to(Session)
    assert not is_only_added_to(Person)
