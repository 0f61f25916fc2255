"""Whether anything has changed, told by the tables that are only added to."""

from __future__ import annotations

import pytest
from django.apps import apps

from cohorts.models import ParticipationChange, Person
from cohorts.tests.factories import make_participation, make_person
from dlp.changes import is_only_added_to, marks
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


def test_histories_and_lists_of_steps_are_only_added_to_and_nothing_else_is():
    assert is_only_added_to(apps.get_model("training", "SessionEvent"))
    assert is_only_added_to(ParticipationChange)
    assert not is_only_added_to(Session)
    assert not is_only_added_to(Person)
