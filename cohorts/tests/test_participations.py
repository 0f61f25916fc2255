"""What staff record about somebody's time in a cohort."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from cohorts.models import Participation, ParticipationChange
from cohorts.operations import participations as operations
from cohorts.operations.settling import apply_due_changes, locked, settle, standing_of
from cohorts.permissions import PROGRAMME_LEAD
from cohorts.tests.factories import (
    complete_all_the_same,
    make_cohort,
    make_participation,
    make_person,
    make_staff,
)
from dlp.errors import Refused

State = Participation.State
Kind = ParticipationChange.Kind
TODAY = date(2026, 11, 23)
SEPTEMBER = date(2026, 9, 1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def lena():
    return make_staff("Lena Hart", PROGRAMME_LEAD)


@pytest.fixture
def cohort():
    return make_cohort("2026 Cohort", starts_on=SEPTEMBER)


@pytest.fixture
def ada(cohort, lena):
    return operations.add_to_cohort(make_person("Ada Fenwick"), cohort, by=lena)


def test_joining_a_running_cohort_starts_at_once(ada, cohort):
    assert ada.state == State.ACTIVE
    assert (ada.starts_on, ada.held_to) == (SEPTEMBER, None)
    assert ada.expected_end_on == cohort.ends_on == date(2028, 8, 31)


def test_joining_a_cohort_to_come_waits_for_its_first_day(lena):
    cohort = make_cohort(starts_on=date(2027, 9, 1))

    joined = operations.add_to_cohort(make_person(), cohort, by=lena)

    assert joined.state == State.ACCEPTED
    assert joined.starts_on == date(2027, 9, 1)


def test_joining_later_takes_effect_by_itself(lena, cohort):
    joined = operations.add_to_cohort(make_person(), cohort, by=lena, starts_on=date(2027, 1, 11))
    assert joined.state == State.ACCEPTED

    apply_due_changes(date(2027, 1, 10))
    joined.refresh_from_db()
    assert joined.state == State.ACCEPTED
    apply_due_changes(date(2027, 1, 12))
    joined.refresh_from_db()

    assert (joined.state, joined.starts_on) == (State.ACTIVE, date(2027, 1, 11))


def test_past_leaders_can_be_recorded(lena):
    pioneers = make_cohort("Pioneer Cohort", starts_on=date(2019, 4, 23))

    joined = operations.add_to_cohort(make_person(), pioneers, by=lena)
    done = complete_all_the_same(joined, by=lena, on=date(2021, 4, 22))

    assert (done.state, done.held_to) == (State.COMPLETED, date(2021, 4, 22))


def test_nobody_is_in_two_cohorts_at_once_and_the_sentence_says_where_they_are(ada, lena):
    other = make_cohort("2025 Cohort", starts_on=date(2025, 9, 1))

    with pytest.raises(Refused, match=r"Ada Fenwick is in 2026 Cohort already .*Transfer"):
        operations.add_to_cohort(ada.person, other, by=lena)

    assert Participation.objects.filter(person=ada.person).count() == 1


def test_the_database_holds_one_cohort_at_a_time(ada):
    with pytest.raises(IntegrityError, match="participation_one_at_a_time"), transaction.atomic():
        make_participation(ada.person, make_cohort(starts_on=SEPTEMBER))


def test_someone_deactivated_joins_nothing(cohort, lena):
    with pytest.raises(Refused, match="deactivated"):
        operations.add_to_cohort(make_person(is_active=False), cohort, by=lena)


def test_an_offer_holds_no_days(lena, cohort, ada):
    other = make_cohort(starts_on=SEPTEMBER)

    offered = operations.offer(ada.person, other, by=lena)

    assert offered.state == State.OFFERED
    assert operations.decline(offered, by=lena).state == State.DECLINED


def test_accepting_an_offer_needs_the_days_to_be_free(lena, ada):
    offered = operations.offer(ada.person, make_cohort(starts_on=SEPTEMBER), by=lena)

    with pytest.raises(Refused, match="is in 2026 Cohort already"):
        operations.accept(offered, by=lena)

    offered.refresh_from_db()
    assert offered.state == State.OFFERED
    assert offered.changes.count() == 1


def test_deferral_and_return_move_the_expected_end(ada, lena):
    operations.defer(
        ada,
        by=lena,
        reason="parental_leave",
        on=date(2026, 10, 1),
        expected_return_on=date(2027, 1, 4),
        review_on=date(2026, 12, 1),
    )
    back = operations.resume(ada, by=lena, on=date(2026, 11, 2))

    assert back.state == State.ACTIVE
    assert back.expected_end_on == date(2028, 8, 31) + timedelta(days=32)


def test_a_deferral_has_a_reason(ada, lena):
    with pytest.raises(Refused, match="Choose the reason"):
        operations.defer(ada, by=lena, reason="")


def test_a_return_before_the_deferral_is_refused(ada, lena):
    with pytest.raises(Refused, match="expected return must come after"):
        operations.defer(ada, by=lena, reason="other", expected_return_on=TODAY)


def test_withdrawal_ends_the_day_before_and_frees_the_days(ada, lena):
    gone = operations.withdraw(ada, by=lena, reason="left_profession", on=date(2026, 11, 2))
    other = make_cohort(starts_on=date(2026, 11, 2))

    assert gone.held_to == date(2026, 11, 1)
    assert operations.add_to_cohort(ada.person, other, by=lena).state == State.ACTIVE


def test_someone_who_withdraws_before_the_start_held_no_day(lena):
    coming = make_cohort("2027 Cohort", starts_on=date(2027, 9, 1))
    joined = operations.add_to_cohort(make_person(), coming, by=lena)

    gone = operations.withdraw(joined, by=lena, reason="other")
    again = operations.add_to_cohort(
        joined.person, make_cohort("Other", starts_on=date(2027, 9, 1)), by=lena
    )

    assert gone.held_to == date(2027, 8, 31)
    assert again.state == State.ACCEPTED


def test_reinstated_people_go_on_as_they_were(ada, lena):
    operations.withdraw(ada, by=lena, reason="other", on=date(2026, 11, 2))

    back = operations.reinstate(ada, by=lena)

    assert (back.state, back.held_to) == (State.ACTIVE, None)


def test_reinstatement_is_refused_while_they_are_elsewhere(ada, lena):
    operations.withdraw(ada, by=lena, reason="other", on=date(2026, 11, 2))
    other = make_cohort("Elsewhere", starts_on=date(2026, 11, 2))
    operations.add_to_cohort(ada.person, other, by=lena)

    with pytest.raises(Refused, match="is in Elsewhere already"):
        operations.reinstate(ada, by=lena)


def test_a_change_that_does_not_fit_is_refused_in_a_sentence(ada, lena):
    with pytest.raises(Refused, match="is active on 23 November 2026, so .* resumed"):
        operations.resume(ada, by=lena)


def test_a_back_dated_change_must_fit_what_came_later(ada, lena):
    operations.defer(ada, by=lena, reason="other", on=date(2026, 10, 1))

    with pytest.raises(Refused, match="Deferred from 1 October 2026.* is recorded already"):
        operations.withdraw(ada, by=lena, reason="other", on=date(2026, 9, 20))


def test_a_typing_slip_in_the_year_is_refused(ada, lena):
    with pytest.raises(Refused, match="too far from 2026 Cohort"):
        operations.complete(ada, by=lena, on=date(7000, 1, 1))


def test_a_start_outside_the_cohort_is_refused(lena):
    cohort = make_cohort("2027 Cohort", starts_on=date(2027, 9, 1))
    joined = operations.add_to_cohort(make_person(), cohort, by=lena)

    with pytest.raises(Refused, match="2027 Cohort runs 1 September 2027 to 31 August 2029"):
        operations.start(joined, by=lena, on=date(2027, 8, 30))


def test_transfer_gives_the_day_to_the_new_cohort(ada, lena):
    later = make_cohort("Spring Cohort", starts_on=date(2026, 4, 1))

    new = operations.transfer(ada, by=lena, to=later, on=date(2026, 11, 2))
    ada.refresh_from_db()

    assert (ada.state, ada.held_to) == (State.TRANSFERRED, date(2026, 11, 1))
    assert (new.state, new.starts_on, new.continues) == (State.ACTIVE, date(2026, 11, 2), ada)
    assert new.expected_end_on == later.ends_on


def test_someone_deferred_is_deferred_in_the_new_cohort_too(ada, lena):
    operations.defer(
        ada, by=lena, reason="career_break", expected_return_on=date(2027, 9, 1), on=TODAY
    )
    other = make_cohort(starts_on=date(2026, 9, 1))

    new = operations.transfer(ada, by=lena, to=other)

    change = new.changes.get(kind=Kind.DEFERRED)
    assert new.state == State.DEFERRED
    assert (change.reason, change.expected_return_on) == ("career_break", date(2027, 9, 1))


def deferral_of(participation):
    """When they are expected back and when to look again, as it stands today."""
    found = Participation.objects.with_deferral(TODAY).get(pk=participation.pk)
    return found.back_on, found.review_on


def test_a_deferral_looked_at_again_has_other_days_until_that_is_undone(ada, lena):
    before, after = date(2026, 12, 1), date(2027, 1, 12)
    operations.defer(ada, by=lena, reason="other", on=date(2026, 11, 2), review_on=before)

    operations.review(ada, by=lena, expected_return_on=date(2027, 2, 1), review_on=after)

    assert deferral_of(ada) == (date(2027, 2, 1), after)
    assert ada.changes.get(kind=Kind.DEFERRED).review_on == before

    operations.undo(ada.changes.get(kind=Kind.REVIEWED), by=lena)

    assert deferral_of(ada) == (None, before)


def test_the_same_days_once_more_change_nothing(ada, lena):
    operations.defer(ada, by=lena, reason="other", review_on=date(2026, 12, 1))

    operations.review(ada, by=lena, review_on=date(2026, 12, 1))

    assert not ada.changes.filter(kind=Kind.REVIEWED).exists()


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ({"expected_return_on": TODAY}, "Choose a day to come"),
        ({"review_on": TODAY - timedelta(days=1)}, "cannot be in the past"),
    ],
)
def test_a_deferral_is_not_moved_into_the_past(ada, lena, days, why):
    operations.defer(ada, by=lena, reason="other", on=date(2026, 11, 2))

    with pytest.raises(Refused, match=why):
        operations.review(ada, by=lena, **days)


def test_looking_again_moves_no_last_day(ada, lena):
    operations.defer(ada, by=lena, reason="other", on=date(2026, 11, 2))
    operations.review(ada, by=lena, review_on=date(2026, 12, 1))

    back = operations.resume(ada, by=lena)

    assert back.expected_end_on == date(2028, 8, 31) + timedelta(days=21)


def test_days_looked_at_again_go_along_to_another_cohort(ada, lena):
    operations.defer(ada, by=lena, reason="career_break", on=date(2026, 11, 2))
    operations.review(ada, by=lena, review_on=date(2026, 12, 1))

    new = operations.transfer(ada, by=lena, to=make_cohort(starts_on=date(2026, 9, 1)))

    change = new.changes.get(kind=Kind.DEFERRED)
    assert (new.state, change.reason) == (State.DEFERRED, "career_break")
    assert deferral_of(new) == (None, date(2026, 12, 1))


def test_a_transfer_ahead_happens_on_its_day(ada, lena):
    coming = make_cohort("2027 Cohort", starts_on=date(2027, 9, 1))

    still = operations.transfer(ada, by=lena, to=coming, on=date(2027, 9, 1))
    assert (still.pk, still.state) == (ada.pk, State.ACTIVE)
    apply_due_changes(date(2027, 9, 1))
    apply_due_changes(date(2027, 9, 2))

    ada.refresh_from_db()
    new = Participation.objects.get(continues=ada)
    assert (ada.state, ada.held_to) == (State.TRANSFERRED, date(2027, 8, 31))
    assert (new.cohort, new.starts_on) == (coming, date(2027, 9, 1))


def test_transfer_to_a_cohort_that_has_not_begun_waits_for_it(ada, lena):
    coming = make_cohort("2027 Cohort", starts_on=date(2027, 9, 1))

    with pytest.raises(Refused, match="starts on 1 September 2027. Choose that day"):
        operations.transfer(ada, by=lena, to=coming)


def test_transfer_to_the_same_cohort_is_refused(ada, lena):
    with pytest.raises(Refused, match="in 2026 Cohort already"):
        operations.transfer(ada, by=lena, to=ada.cohort)


def test_undoing_adds_a_row_and_brings_back_what_was(ada, lena):
    operations.withdraw(ada, by=lena, reason="other")
    change = ada.changes.get(kind=Kind.WITHDRAWN)

    back = operations.undo(change, by=lena)

    assert (back.state, back.held_to) == (State.ACTIVE, None)
    assert back.changes.count() == 4
    with pytest.raises(Refused, match="undone already"):
        operations.undo(change, by=lena)


def test_what_others_build_on_is_undone_last(ada, lena):
    operations.defer(ada, by=lena, reason="other", on=date(2026, 11, 2))
    operations.resume(ada, by=lena)

    with pytest.raises(Refused, match="Resumed from 23 November 2026.* Undo that first"):
        operations.undo(ada.changes.get(kind=Kind.DEFERRED), by=lena)


def test_undoing_a_transfer_brings_them_back(ada, lena):
    other = make_cohort(starts_on=SEPTEMBER)
    new = operations.transfer(ada, by=lena, to=other)

    operations.undo(ada.changes.get(kind=Kind.TRANSFERRED), by=lena)
    ada.refresh_from_db()
    new.refresh_from_db()

    assert (ada.state, ada.held_to) == (State.ACTIVE, None)
    assert (new.state, new.continues) == (State.DECLINED, None)
    assert operations.transfer(ada, by=lena, to=other).state == State.ACTIVE


def test_a_transfer_on_which_more_was_built_is_not_undone(ada, lena):
    new = operations.transfer(ada, by=lena, to=make_cohort(starts_on=SEPTEMBER))
    operations.withdraw(new, by=lena, reason="other")

    with pytest.raises(Refused, match="More has been recorded since"):
        operations.undo(ada.changes.get(kind=Kind.TRANSFERRED), by=lena)


def test_changes_are_never_altered(ada):
    change = ada.changes.first()

    with pytest.raises(Exception, match="append_only"), transaction.atomic():
        ParticipationChange.objects.filter(pk=change.pk).update(reason="other")


def test_someone_added_by_mistake_can_be_taken_out(ada, lena):
    for kind in (Kind.STARTED, Kind.ACCEPTED):
        operations.undo(ada.changes.get(kind=kind, undoes=None), by=lena)
    ada.refresh_from_db()

    assert ada.state == State.DECLINED
    assert operations.add_to_cohort(ada.person, ada.cohort, by=lena).state == State.ACTIVE


def test_the_factory_makes_what_the_changes_add_up_to(cohort):
    for state in ["offered", "accepted", "active", "deferred", "completed", "withdrawn"]:
        made = make_participation(cohort=cohort, state=state, changed_on=date(2026, 11, 2))

        assert standing_of(settle(locked(made.pk), TODAY)) == standing_of(made)


def test_a_deferral_is_looked_at_again_after_it_began_and_an_undoing_is_not_undone(ada, lena):
    with pytest.raises(Refused, match="cannot come before"):
        operations.defer(ada, reason="other", review_on=date(2026, 11, 20), by=lena)
    operations.defer(ada, reason="other", by=lena)
    operations.undo(ada.changes.get(kind=Kind.DEFERRED, undoes=None), by=lena)

    with pytest.raises(Refused, match="Record the change again"):
        operations.undo(ada.changes.exclude(undoes=None).get(), by=lena)
