"""Every change from every state: recorded where the table lists it, refused elsewhere, and undone."""

from datetime import date

import pytest

from cohorts.models import Participation, ParticipationChange
from cohorts.operations import participations as operations
from cohorts.operations.settling import standing_of
from cohorts.permissions import PROGRAMME_LEAD
from cohorts.standing import TRANSITIONS
from cohorts.tests.factories import (
    complete_all_the_same,
    make_cohort,
    make_participation,
    make_staff,
)
from dlp.errors import Refused

State = Participation.State
Kind = ParticipationChange.Kind
TODAY = date(2026, 11, 23)
SEPTEMBER = date(2026, 9, 1)
RECORDED = [kind for kind in Kind if kind != Kind.OFFERED]
"""Every change of a time that is there already."""
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def lena():
    return make_staff("Lena Hart", PROGRAMME_LEAD)


def make_standing(state, lena):
    """Somebody who stands so since the beginning of November."""
    cohort = make_cohort("2026 Cohort", starts_on=SEPTEMBER)
    if state != State.TRANSFERRED:
        return make_participation(cohort=cohort, state=state, changed_on=date(2026, 11, 2))
    held = make_participation(cohort=cohort)
    operations.transfer(held, by=lena, to=make_cohort(starts_on=SEPTEMBER), on=date(2026, 11, 2))
    held.refresh_from_db()
    return held


def act(kind, participation, by):
    """Record this kind of change today."""
    match kind:
        case Kind.TRANSFERRED:
            return operations.transfer(participation, by=by, to=make_cohort(starts_on=SEPTEMBER))
        case Kind.COMPLETED:
            return complete_all_the_same(participation, by=by)
        case Kind.DEFERRED:
            return operations.defer(participation, by=by, reason="other")
        case Kind.WITHDRAWN:
            return operations.withdraw(participation, by=by, reason="other")
        case Kind.REVIEWED:
            return operations.review(participation, by=by, review_on=date(2026, 12, 1))
    verb = {
        Kind.ACCEPTED: operations.accept,
        Kind.DECLINED: operations.decline,
        Kind.STARTED: operations.start,
        Kind.RESUMED: operations.resume,
        Kind.REINSTATED: operations.reinstate,
    }[kind]
    return verb(participation, by=by)


@pytest.mark.parametrize("kind", RECORDED)
@pytest.mark.parametrize("state", State)
def test_operations_keep_to_the_table(state, kind, lena):
    participation = make_standing(state, lena)
    before = standing_of(participation)

    if kind in operations.next_kinds(participation):
        act(kind, participation, lena)
        assert participation.changes.last().kind == kind
    else:
        with pytest.raises(Refused):
            act(kind, participation, lena)
        participation.refresh_from_db()
        assert standing_of(participation) == before
        assert participation.changes.filter(effective_on=TODAY).count() == 0


@pytest.mark.parametrize(
    ("state", "kind"),
    [(state, kind) for state in State for kind in RECORDED if kind in TRANSITIONS[state]],
)
def test_every_change_is_undone_by_another_row_and_all_is_as_it_was(state, kind, lena):
    participation = make_standing(state, lena)
    before, rows = standing_of(participation), participation.changes.count()
    act(kind, participation, lena)
    change = participation.changes.get(kind=kind, effective_on=TODAY)

    operations.undo(change, by=lena)

    participation.refresh_from_db()
    assert standing_of(participation) == before
    assert participation.changes.count() == rows + 2
    assert change.undone_by.by == lena
    assert participation.person.participations.current().count() == (
        state in Participation.CURRENT_STATES
    )
