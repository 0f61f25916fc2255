"""One placement's page: what it says in each state, and how much of it depends on who asks."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from cohorts.models import Participation
from dlp.calendar import instant_or_nearest
from dlp.home.tests.asking import page, queries, status, without_values
from placements.models import Acceptance, Partnership, Placement, PlacementChange, School
from placements.tests.factories import (
    make_checks,
    make_contact,
    make_partnership,
    make_placement,
)
from training.tests.factories import make_booking, make_group, make_session

pytestmark = pytest.mark.django_db
NOON = "2026-11-25 12:00:00+00:00"
FIRST, LAST = date(2025, 9, 1), date(2027, 8, 31)
State = Placement.State


@pytest.fixture(autouse=True)
def _a_day_in_november():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def arts(marcus) -> School:
    """Marcus's school, a partner."""
    school = School.objects.get(name="The ArtsXchange")
    make_partnership(school)
    return school


@pytest.fixture
def placed(arts, olive) -> Placement:
    """Olive at Marcus's school, from September 2025 to August 2027."""
    Participation.objects.filter(person=olive).update(starts_on=FIRST, expected_end_on=LAST)
    mine = Participation.objects.get(person=olive)
    return make_placement(mine, arts, starts_on=FIRST, ends_on=LAST)


def test_the_leader_the_school_and_staff_see_the_placement_and_strangers_do_not(
    client, lena, olive, marcus, percy, placed
):
    seen = {one: status(client, one, "home:placement", placed.pk) for one in (lena, olive, marcus)}

    assert set(seen.values()) == {200}
    assert status(client, percy, "home:placement", placed.pk) == 404


def test_the_school_sees_who_when_and_whom_to_ask_and_nothing_else(client, lena, marcus, placed):
    cohort = placed.participation.cohort
    cohort.coordinator = lena
    cohort.save(update_fields=["coordinator"])
    make_contact(placed.school, name="Sana Malik")
    shown = page(client, marcus, "home:placement", placed.pk)

    for word in ("Olive Tran", "Associate Leader", "Sana Malik", "Lena Hart"):
        assert word in shown
    for word in ("What happened", "What happens next", "olive@example.org", cohort.name):
        assert word not in shown


def test_days_out_are_drawn_and_say_no_more_than_meeting_or_programme(client, marcus, placed):
    leader = placed.participation.person
    day = {"starts_on": date(2026, 12, 1), "starts_time": time(9, 30), "ends_time": time(15, 30)}
    make_booking(make_session("What excluded children told us", **day), leader)
    group = make_group("Tuesday group", members=[leader])
    make_booking(
        make_session("Supervision", kind="supervision", group=group, starts_on=date(2026, 12, 3)),
        leader,
    )
    make_booking(make_session("Last year's", **{**day, "starts_on": date(2025, 10, 14)}), leader)
    shown = page(client, marcus, "home:placement", placed.pk)

    assert "15 months in, 9 to go. In the autumn term: out 1 day." in shown
    assert "<td>Programme, 09:30–15:30</td><td>Ahead</td>" in shown
    assert "<td>Programme, 09:30–15:30</td><td>Held</td>" in shown
    for word in ("excluded children", "Supervision", "Tuesday group", "Ruth"):
        assert word not in shown


def test_days_of_another_placement_are_not_this_schools(client, marcus, placed):
    leader = placed.participation.person
    Placement.objects.filter(pk=placed.pk).update(ends_on=date(2026, 11, 30))
    day = {"starts_on": date(2026, 12, 1), "starts_time": time(9, 30), "ends_time": time(15, 30)}
    make_booking(make_session(**day), leader)

    assert "Programme, 09:30" not in page(client, marcus, "home:placement", placed.pk)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.PROPOSED, "neither the leader nor the school sees it yet"),
        (State.OFFERED, "If both accept, it begins on Mon 1 September 2025."),
        (State.ACTIVE, "15 months in, 9 to go. In the autumn term: not out."),
        (State.PAUSED, "Paused since 11 September 2026. The dates stay."),
        (State.DECLINED, "Nothing came of it."),
    ],
)
def test_it_says_where_the_placement_stands(client, lena, placed, state, words):
    Placement.objects.filter(pk=placed.pk).update(state=state)
    PlacementChange.objects.create(
        placement=placed, state=State.PAUSED, effective_on=date(2026, 9, 11)
    )

    assert words in page(client, lena, "home:placement", placed.pk)


def test_one_to_come_says_when_it_begins(client, lena, placed):
    begins = date(2027, 9, 1)
    Placement.objects.filter(pk=placed.pk).update(
        state=State.CONFIRMED, starts_on=begins, ends_on=begins + timedelta(days=700)
    )

    assert "Begins on Wed 1 September 2027, in 9 months." in page(
        client, lena, "home:placement", placed.pk
    )


def test_an_early_end_is_drawn_against_the_day_agreed(client, lena, placed):
    Placement.objects.filter(pk=placed.pk).update(
        state=State.ENDED_EARLY, ends_on=date(2026, 3, 27)
    )
    PlacementChange.objects.create(
        placement=placed,
        state=State.ENDED_EARLY,
        effective_on=date(2026, 3, 27),
        ends_on_before=LAST,
        reason="school",
    )
    shown = page(client, lena, "home:placement", placed.pk)

    assert "Ended on 27 March 2026; it was to run until 31 August 2027." in shown
    assert "September 2025 to August 2027</title>" in shown


def test_a_completed_placement_says_how_long_it_was(client, lena, placed):
    Placement.objects.filter(pk=placed.pk).update(
        state=State.COMPLETED, starts_on=date(2023, 9, 1), ends_on=date(2025, 8, 31)
    )

    assert "Completed on 31 August 2025, after 24 months." in page(
        client, lena, "home:placement", placed.pk
    )


def test_what_happened_is_told_as_steps_each_day_once(client, lena, placed):
    for state, on in ((State.ACTIVE, 1), (State.PAUSED, 10), (State.ACTIVE, 20)):
        day = date(2025, 9, on)
        PlacementChange.objects.create(
            placement=placed, state=state, effective_on=day,
            recorded_at=instant_or_nearest(day if on < 20 else date(2025, 9, 22), time(12)),
        )  # fmt: skip
    shown = page(client, lena, "home:placement", placed.pk)
    history = shown[shown.index("What happened") :]

    assert re.findall(r'<p class="fine">\s*(\w+)\.', history) == ["Started", "Paused", "Resumed"]
    assert history.count("10 September 2025") == 1
    assert "20 September 2025" in history
    assert "written down on 22 September 2025" in history


def test_a_school_with_another_name_is_called_by_it_until_the_placement_is_over(
    client, lena, placed
):
    Placement.objects.filter(pk=placed.pk).update(host_name="WAC Arts College")
    running = page(client, lena, "home:placement", placed.pk)
    Placement.objects.filter(pk=placed.pk).update(state=State.COMPLETED, ends_on=date(2026, 8, 31))
    over = page(client, lena, "home:placement", placed.pk)

    assert "WAC Arts College" not in running
    assert "Associate Leader at WAC Arts College" in over
    assert over.count("(now The ArtsXchange)") == 1


@pytest.mark.parametrize("state", ["proposed", "withdrawn", "declined"])
def test_a_thought_is_the_programmes_own(client, olive, marcus, placed, state):
    Placement.objects.filter(pk=placed.pk).update(state=state)

    for person in (olive, marcus):
        assert status(client, person, "home:placement", placed.pk) == 404


def test_a_lead_who_left_sees_it_no_more(client, marcus, placed):
    placed.school.contacts.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert status(client, marcus, "home:placement", placed.pk) == 404


def test_a_full_diary_takes_no_more_queries(client, lena, placed):
    def asked() -> list[str]:
        return queries(client, lena, "home:placement", placed.pk)

    asked()  # what is asked once a process
    for_none = asked()
    for number in range(40):
        day = date(2026, 9, 7) + timedelta(days=7 * number)
        make_booking(make_session(starts_on=day), placed.participation.person)
    for_many = asked()

    assert len(for_many) == len(for_none) <= 11
    assert max(Counter(map(without_values, for_many)).values()) <= 2


def test_the_way_to_a_first_day_takes_no_more_queries(client, lena, marcus, placed):
    """Agreed too late, without an agreement, half checked: all there is to say before a first day."""
    placed.state, placed.starts_on = State.ACCEPTED, date(2027, 1, 4)
    placed.save()
    Partnership.objects.update(state="ended")
    PlacementChange.objects.create(placement=placed, state="accepted", effective_on=FIRST)
    for side in ("leader", "school"):
        Acceptance.objects.create(placement=placed, side=side, via="staff")
    for check in make_checks(placed)[:3]:
        check.confirmed_on = check.contact = check.confirmed_by = None
        check.save()

    asked = queries(client, lena, "home:placement", placed.pk)
    text = page(client, lena, "home:placement", placed.pk)

    for said in (
        "Only a programme lead can go on",
        "which is late",
        "3 to confirm",
        "told to the programme",
    ):
        assert said in text
    assert len(asked) <= 11, asked
    assert max(Counter(map(without_values, asked)).values()) <= 2
    assert "Only a programme lead" not in page(client, marcus, "home:placement", placed.pk)
