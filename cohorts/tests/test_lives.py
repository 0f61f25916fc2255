"""Lives that do not run straight: back and forth, in two roles, at one moment, known late."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cohorts.models import Participation, ParticipationChange
from cohorts.operations import participations as operations
from cohorts.operations.settling import locked, plan_of, settle, standing_of
from cohorts.standing import in_force, steps_of
from cohorts.tests.diary import day_by_day
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
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


# Recorded in any order, looked at on any day

VERBS = {
    "accept": operations.accept,
    "decline": operations.decline,
    "start": operations.start,
    "resume": operations.resume,
    "reinstate": operations.reinstate,
}


def record(verb: str, held: Participation, by, on: date) -> None:
    """Try to record something; what does not fit changes nothing."""
    try:
        match verb:
            case "defer":
                operations.defer(held, by=by, reason="other", on=on)
            case "withdraw":
                operations.withdraw(held, by=by, reason="other", on=on)
            case "review":
                operations.review(held, by=by, review_on=timezone.localdate())
            case "undo":
                operations.undo(in_force(held.changes.all())[-1], by=by)
            case "complete":
                complete_all_the_same(held, on=on)
            case _:
                VERBS[verb](held, by=by, on=on)
    except Refused:
        pass


@given(
    is_offer=st.booleans(),
    tries=st.lists(
        st.tuples(
            st.sampled_from([*VERBS, "complete", "defer", "withdraw", "review", "undo"]),
            st.integers(-120, 120),
        ),
        max_size=12,
    ),
    days=st.lists(st.integers(-150, 400), min_size=1, max_size=4),
)
def test_what_is_stored_agrees_with_a_diary_on_any_day(lena, is_offer, tries, days):
    today = timezone.localdate()
    with transaction.atomic():
        cohort, ada = make_cohort(starts_on=today - 100 * DAY), make_person()
        begin = operations.offer if is_offer else operations.add_to_cohort
        held = begin(ada, cohort, by=lena)
        for verb, ahead in tries:
            held.refresh_from_db()
            if in_force(held.changes.all()):
                record(verb, held, lena, today + ahead * DAY)
            steps = steps_of(in_force(held.changes.all()))
            stored = standing_of(locked(held.pk))
            assert stored == day_by_day(steps, today, plan_of(stored_with_cohort(held)))
        steps = steps_of(in_force(held.changes.all()))
        for ahead in sorted(days):
            day = today + ahead * DAY
            settled = settle(locked(held.pk), day)
            assert standing_of(settled) == day_by_day(steps, day, plan_of(settled))
        transaction.set_rollback(True)


def stored_with_cohort(held: Participation) -> Participation:
    return Participation.objects.select_related("cohort").get(pk=held.pk)


# At one moment


def at_once(operation, things) -> list[str]:
    """Run an operation on each thing at the same moment; what came of it, in alphabetical order."""
    barrier, outcomes = Barrier(len(things)), []

    def run(thing):
        barrier.wait(timeout=10)
        try:
            operation(thing)
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(thing,)) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(outcomes, key=lambda said: said != "done")


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_of_two_cohorts_joined_at_once_one_is_refused_in_a_sentence():
    ada, nora = make_person("Ada Fenwick"), make_staff("Nora Quist")
    cohorts = [make_cohort("Hill"), make_cohort("Harbour")]

    said = at_once(lambda one: operations.add_to_cohort(ada, one, by=nora), cohorts)

    assert said[0] == "done"
    assert said[1].startswith("Ada Fenwick is in H")
    assert Participation.objects.filter(person=ada).count() == 1


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_of_two_offers_accepted_at_once_one_is_refused_in_a_sentence():
    ada, nora = make_person("Ada Fenwick"), make_staff("Nora Quist")
    offers = [make_participation(ada, make_cohort(name), state="offered") for name in "AB"]

    said = at_once(lambda one: operations.accept(one, by=nora), offers)

    assert said[0] == "done"
    assert "Transfer them from there, or record first that they left it." in said[1]
    assert ada.participations.current().count() == 1


# Back, elsewhere, in two roles


def test_who_withdrew_comes_back_years_later_as_the_same_person(lena, today):
    pioneers = make_cohort("Pioneer Cohort", starts_on=today - 5 * 365 * DAY)
    ada = make_person("Ada Fenwick")
    first = operations.add_to_cohort(ada, pioneers, by=lena)
    operations.withdraw(first, by=lena, reason="career_break", on=today - 4 * 365 * DAY)

    again = operations.add_to_cohort(ada, make_cohort("2026 Cohort"), by=lena)

    first.refresh_from_db()
    assert again.pk != first.pk
    assert [one.state for one in ada.participations.all()] == [State.ACTIVE, State.WITHDRAWN]
    assert again.continues is None
