"""Placing somebody: who, where and when it is possible, and when it is not."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cohorts.models import Participation
from cohorts.operations.participations import transfer
from cohorts.tests.factories import make_cohort, make_participation, make_staff
from dlp.calendar import years_later
from dlp.errors import Refused
from placements.models import Opening, Placement, PlacementChange, School, Setting
from placements.operations import checks
from placements.operations.answers import accept
from placements.operations.days import change_days
from placements.operations.placements import end_early, withdraw
from placements.operations.placing import place, propose
from placements.operations.schools import add_internal_ap
from placements.tests.factories import (
    make_contact,
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)

State = Placement.State


@pytest.fixture
def opening(db) -> Opening:
    return make_opening()


@pytest.fixture
def ada(opening) -> Participation:
    return make_participation(cohort=opening.cohort)


def test_a_placement_is_two_years_less_a_day_and_begins_once_it_is_checked(opening, ada):
    by = make_staff()
    placement = place(opening, ada, by=by)

    assert placement.ends_on == years_later(placement.starts_on, 2) - timedelta(days=1)
    assert placement.state == State.CONFIRMED
    assert placement.acceptances.count() == 2
    host = make_contact(opening.school)
    assert checks.confirm_required(placement, contact=host, by=by) == 6
    placement.refresh_from_db()
    assert placement.state == State.ACTIVE
    assert list(placement.changes.values_list("state", "by")) == [
        (State.CONFIRMED, by.pk),
        (State.ACTIVE, None),
    ]


def test_a_placement_ahead_is_confirmed(opening, ada):
    ahead = timezone.localdate() + timedelta(days=40)

    assert place(opening, ada, starts_on=ahead).state == State.CONFIRMED


def test_a_placement_ends_with_the_time_in_the_cohort(opening, ada):
    ahead = timezone.localdate() + timedelta(days=40)

    assert place(opening, ada, starts_on=ahead).ends_on == opening.cohort.ends_on


def test_the_host_stays_as_it_was(opening, ada):
    placement = place(opening, ada)
    School.objects.filter(pk=opening.school.pk).update(name="New name", setting=Setting.SPECIAL)
    placement.refresh_from_db()

    assert placement.host_name == opening.school.name
    assert placement.host_setting == Setting.ALTERNATIVE_PROVISION


def test_the_last_place_fills_the_opening(opening, ada):
    place(opening, ada)
    opening.refresh_from_db()

    assert opening.state == Opening.State.FILLED
    with pytest.raises(Refused, match="The last place of this opening has just been taken"):
        place(opening, make_participation(cohort=opening.cohort))


def test_a_place_given_back_opens_the_opening_again(opening, ada):
    placement = place(opening, ada, starts_on=timezone.localdate() + timedelta(days=3))
    withdraw(placement, reason="leader")
    opening.refresh_from_db()

    assert opening.state == Opening.State.OPEN


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_an_opening_that_is_not_offered_takes_nobody(opening, ada, state):
    Opening.objects.filter(pk=opening.pk).update(state=state)

    with pytest.raises(Refused, match=f"This opening is {state}"):
        place(opening, ada)


def test_a_closed_school_takes_nobody(opening, ada):
    opening.school.status, opening.school.closed_on = "closed", date(2026, 8, 31)
    opening.school.save()

    with pytest.raises(Refused, match="closed on 31 August 2026, says GIAS"):
        place(opening, ada)


def test_a_school_without_an_agreement_takes_nobody(ada):
    opening = make_opening(make_school("Hill Top"), ada.cohort)

    with pytest.raises(Refused, match="No partnership with Hill Top is in force on"):
        place(opening, ada)


def test_the_agreement_covers_the_first_day(ada):
    school = make_school()
    make_partnership(school, ends_on=ada.starts_on - timedelta(days=1))

    with pytest.raises(Refused, match="No partnership"):
        place(make_opening(school, ada.cohort), ada)


def test_an_internal_ap_is_covered_by_the_agreement_of_its_school(ada):
    school = make_school()
    make_partnership(school)
    bridge = add_internal_ap(school, name="The Bridge")

    assert place(make_opening(bridge, ada.cohort), ada).host_setting == Setting.INTERNAL_AP


def test_nobody_is_in_two_places_on_one_day(opening, ada):
    make_placement(ada, make_school("Hill Top"))

    with pytest.raises(Refused, match="is placed at Hill Top from"):
        place(opening, ada)


def test_another_cohort_makes_nobody_free(ada):
    make_placement(ada, make_school("Hill Top"))
    today = timezone.localdate()
    now = transfer(ada, by=make_staff(), to=make_cohort("Spring", starts_on=today))
    opening = make_opening(cohort=now.cohort)

    with pytest.raises(Refused, match="is placed at Hill Top from .* Choose days after that"):
        place(opening, now)


def test_whoever_changed_cohort_accepts_no_second_place_either(ada):
    make_placement(ada, make_school("Hill Top"))
    now = transfer(ada, by=make_staff(), to=make_cohort(starts_on=timezone.localdate()))
    offered = make_placement(now, state=State.OFFERED)

    with pytest.raises(Refused, match="is placed at Hill Top from"):
        accept(offered)


def test_the_database_says_the_same(opening, ada):
    first = make_placement(ada)

    with pytest.raises(IntegrityError, match="placement_no_overlap"), transaction.atomic():
        make_placement(ada, starts_on=first.ends_on, ends_on=first.ends_on)


def test_days_outside_the_cohort_are_refused(opening, ada):
    before = opening.cohort.starts_on - timedelta(days=1)

    with pytest.raises(Refused, match="Choose days within it"):
        place(opening, ada, starts_on=before)
    with pytest.raises(Refused, match="cannot be before"):
        place(opening, ada, ends_on=before)


@pytest.mark.parametrize("state", ["deferred", "withdrawn", "completed", "offered"])
def test_only_people_on_the_programme_are_placed(opening, state):
    person = make_participation(cohort=opening.cohort, state=state)

    with pytest.raises(Refused, match=f"is {state}, and cannot be placed now"):
        place(opening, person)


def test_an_opening_is_for_its_cohort(opening):
    with pytest.raises(Refused, match="is in another cohort"):
        place(opening, make_participation(cohort=make_cohort()))


def test_a_thought_takes_no_place(opening, ada):
    propose(opening, ada)
    opening.refresh_from_db()

    assert opening.state == Opening.State.OPEN
    assert place(opening, make_participation(cohort=opening.cohort)).state == State.CONFIRMED


def test_a_transfer_carries_on_from_the_placement_before(opening, ada):
    today = timezone.localdate()
    first = make_placement(ada)
    end_early(first, last_day=today - timedelta(days=1), reason="school")

    assert place(opening, ada, starts_on=today).continues == first


def test_a_change_is_never_altered(opening, ada):
    place(opening, ada)

    with pytest.raises(Exception, match="append_only"), transaction.atomic():
        PlacementChange.objects.update(reason="other")


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_place_at_once_one_is_told_that_it_is_taken():
    opening = make_opening()
    people = [make_participation(cohort=opening.cohort) for _ in range(2)]
    assert _at_once(lambda one: place(opening, one), people) == ["placed", "refused"]
    assert Placement.objects.count() == 1


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_of_two_placements_of_one_person_at_once_one_is_refused():
    cohort = make_cohort()
    ada = make_participation(cohort=cohort)
    openings = []
    for name in ("Hill Top", "Harbour Lane"):
        school = make_school(name)
        make_partnership(school)
        openings.append(make_opening(school, cohort))
    assert _at_once(lambda one: place(one, ada), openings) == ["placed", "refused"]
    assert Placement.objects.count() == 1


def test_a_school_hosts_so_many_at_once_over_all_its_openings(opening, ada):
    school, cohort = opening.school, opening.cohort
    school.hosts_at_once = 1
    school.save()
    other = make_opening(school, cohort)
    grace = make_participation(cohort=cohort)
    first = place(opening, ada, ends_on=opening.starts_on + timedelta(days=200))

    with pytest.raises(Refused, match=r"hosts 1 at once and no more, and has as many on"):
        place(other, grace, starts_on=first.ends_on)
    assert place(other, grace, starts_on=first.ends_on + timedelta(days=1))


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_of_two_who_fill_a_school_by_two_openings_at_once_one_is_told():
    school, cohort = make_school(hosts_at_once=1), make_cohort()
    make_partnership(school)
    posts = [(make_opening(school, cohort), make_participation(cohort=cohort)) for _ in range(2)]
    assert _at_once(lambda post: place(*post), posts) == ["placed", "refused"]
    assert Placement.objects.count() == 1


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_of_two_who_are_moved_to_the_days_of_one_room_at_once_one_is_told():
    school, cohort = make_school(hosts_at_once=1), make_cohort()
    make_partnership(school)
    today = timezone.localdate()
    stays = [(today + timedelta(days=30 * n), today + timedelta(days=30 * n + 9)) for n in (1, 2)]
    placed = [
        make_placement(make_participation(cohort=cohort), school, starts_on=first, ends_on=last)
        for first, last in stays
    ]
    Placement.objects.update(state=State.CONFIRMED)
    first, last = today + timedelta(days=100), today + timedelta(days=110)

    def move(one):
        change_days(one, starts_on=first, ends_on=last, because="The building is closed.")

    assert _at_once(move, placed) == ["placed", "refused"]
    assert Placement.objects.filter(starts_on=first).count() == 1


def _at_once(operation, things) -> list[str]:
    """Run an operation on each thing at the same moment; what came of it, in alphabetical order."""
    barrier, outcomes = Barrier(len(things)), []

    def run(thing):
        barrier.wait(timeout=10)
        try:
            operation(thing)
            outcomes.append("placed")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=run, args=(thing,)) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(outcomes)
