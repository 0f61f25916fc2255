"""The life of a placement: every step from every state."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.utils import timezone

from cohorts.tests.factories import make_participation, make_staff
from dlp.errors import Refused
from placements.models import Opening, Placement
from placements.operations import answers
from placements.operations import placements as operations
from placements.operations.moving import STEPS, verbs_for
from placements.operations.settling import settle_due
from placements.tests.factories import (
    make_checks,
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db
State = Placement.State
LEGAL = {
    ("offer", State.PROPOSED): State.OFFERED,
    ("accept", State.OFFERED): State.ACCEPTED,
    ("decline", State.OFFERED): State.DECLINED,
    ("confirm", State.ACCEPTED): State.CONFIRMED,
    ("activate", State.CONFIRMED): State.ACTIVE,
    ("pause", State.ACTIVE): State.PAUSED,
    ("resume", State.PAUSED): State.ACTIVE,
    ("complete", State.ACTIVE): State.COMPLETED,
    ("end_early", State.ACTIVE): State.ENDED_EARLY,
    ("end_early", State.PAUSED): State.ENDED_EARLY,
    ("withdraw", State.PROPOSED): State.WITHDRAWN,
    ("withdraw", State.OFFERED): State.WITHDRAWN,
    ("withdraw", State.ACCEPTED): State.WITHDRAWN,
    ("withdraw", State.CONFIRMED): State.WITHDRAWN,
}


def days(count: int):
    return timezone.localdate() + timedelta(days=count)


def placement_in(state: State, *, ends_in: int = 0) -> Placement:
    """At a partner school, begun a while ago."""
    school = make_school()
    make_partnership(school)
    return make_placement(
        make_participation(), school, state=state, starts_on=days(-60), ends_on=days(ends_in)
    )


def test_each_step_is_possible_from_its_states_and_from_no_other():
    """All pairs of a state and an operation, on one placement whose every step is taken back."""
    placement, by = placement_in(State.PROPOSED), make_staff()
    make_checks(placement)
    extra = {
        "decline": {"reason": "school"},
        "withdraw": {"reason": "programme"},
        "end_early": {"reason": "school", "last_day": days(-1)},
    }
    for verb, state in product(STEPS, State):
        operation = getattr(answers, verb, None) or getattr(operations, verb)
        Placement.objects.filter(pk=placement.pk).update(state=state)
        placement.refresh_from_db()
        expected = LEGAL.get((verb, state))
        assert (verb in verbs_for(placement)) == (expected is not None), (verb, state)
        with transaction.atomic():
            if expected is None:
                said = f"This placement is {state.label.lower()}, so it cannot"
                with pytest.raises(Refused, match=said):
                    operation(placement, by=by, **extra.get(verb, {}))
            else:
                assert operation(placement, by=by, **extra.get(verb, {})).state == expected
            known = [(one.state, one.by) for one in placement.changes.all()]
            assert known == ([(expected, by)] if expected else []), (verb, state)
            transaction.set_rollback(True)


def test_a_placement_does_not_begin_before_its_first_day():
    placement = make_placement(state=State.CONFIRMED, starts_on=days(5))

    with pytest.raises(Refused, match="not before"):
        operations.activate(placement)


def test_a_placement_is_not_complete_before_its_last_day():
    with pytest.raises(Refused, match="End it early instead"):
        operations.complete(placement_in(State.ACTIVE, ends_in=30))


def test_confirming_needs_an_agreement():
    placement = make_placement(state=State.ACCEPTED)

    with pytest.raises(Refused, match="No partnership with"):
        operations.confirm(placement)


def test_accepting_takes_the_last_place():
    opening = make_opening()
    one, other = (
        make_placement(
            make_participation(cohort=opening.cohort),
            opening.school,
            opening=opening,
            state=State.OFFERED,
        )
        for _ in range(2)
    )
    answers.accept(one)
    opening.refresh_from_db()

    assert opening.state == Opening.State.FILLED
    with pytest.raises(Refused, match="has just been taken"):
        answers.accept(other)


def test_an_early_end_keeps_the_day_agreed_before_and_the_reason():
    placement = placement_in(State.ACTIVE, ends_in=300)
    agreed = placement.ends_on
    placement = operations.end_early(placement, last_day=days(-1), reason="leader")

    change = placement.changes.get()
    assert (placement.ends_on, placement.state) == (days(-1), State.ENDED_EARLY)
    assert (change.ends_on_before, change.reason) == (agreed, "leader")


def test_an_early_end_ahead_lets_the_placement_go_on_until_then():
    placement = placement_in(State.ACTIVE, ends_in=300)
    operations.end_early(placement, last_day=days(20), reason="school")
    placement.refresh_from_db()
    assert (placement.state, placement.ends_on) == (State.ACTIVE, days(20))

    settle_due(days(21))
    placement.refresh_from_db()
    assert placement.state == State.ENDED_EARLY


@pytest.mark.parametrize("last_day", [-61, 300, 400])
def test_an_early_end_lies_within_the_placement(last_day):
    with pytest.raises(Refused, match="Choose a last day"):
        operations.end_early(
            placement_in(State.ACTIVE, ends_in=300), last_day=days(last_day), reason="school"
        )


def test_what_is_due_begins_and_completes_by_itself_once():
    begins = placement_in(State.CONFIRMED, ends_in=300)
    make_checks(begins)
    unchecked = placement_in(State.CONFIRMED, ends_in=300)
    ends = placement_in(State.ACTIVE, ends_in=-1)
    paused = placement_in(State.PAUSED, ends_in=-1)
    ahead = make_placement(state=State.CONFIRMED, starts_on=days(1))

    assert settle_due(timezone.localdate()) == 2
    assert settle_due(timezone.localdate()) == 0
    states = {one.pk: one.state for one in Placement.objects.all()}
    assert states == {
        begins.pk: State.ACTIVE,
        unchecked.pk: State.CONFIRMED,
        ends.pk: State.COMPLETED,
        paused.pk: State.PAUSED,
        ahead.pk: State.CONFIRMED,
    }


def test_query_and_property_agree_on_held():
    placement = placement_in(State.PROPOSED)
    for state in State:
        placement.state = state
        placement.save()
        assert Placement.objects.held().contains(placement) == placement.is_held
