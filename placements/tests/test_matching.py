"""Who could go where: what is weighed, in which words, and in which order. Nothing here asks the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cohorts.places import Place
from placements.matching.facts import Between, Candidate, Job, Seat, Stay
from placements.matching.ranking import Match, order_of
from placements.matching.reasons import Weight, is_among, judge
from placements.matching.travel import Figure, about_minutes, journey, km_between
from placements.operations.capacity import full_day_of

TODAY = date(2026, 11, 26)
FIRST, LAST = date(2027, 9, 1), date(2029, 8, 31)
HOME = Place(530_000, 180_000)
ADA = Candidate(
    pk=1, person_id=1, name="Ada Fenwick", cohort_id=1, not_now="", starts_on=FIRST, home=HOME,
    home_sector="SE15 3", travels_by="car", longest_journey=45, phase="secondary",
    subject="Maths", strand="teaching_and_learning",
)  # fmt: skip
POST = Seat(
    pk=1, school_id=7, parent_id=8, school="Harbour Lane", role="Associate Leader", cohort_id=1,
    cohort="2027 Cohort", starts_on=FIRST, ends_on=LAST, place=Place(539_000, 180_000),
    phase="secondary", subjects="Mathematics, science", strand="teaching_and_learning", places=1,
    taken=0, shut="",
)  # fmt: skip


def judged(one: Candidate = ADA, seat: Seat = POST, **known):
    return judge(one, seat, Between(**known), TODAY)


@pytest.mark.parametrize(
    ("km", "mode", "minutes"),
    [
        (0, "car", 5),
        (9, "car", 25),  # 20.06 minutes
        (35 / 1.3, "car", 60),
        (20 / 1.3, "public_transport", 60),
        (9, "public_transport", 40),  # 35.1 minutes
        (100, "public_transport", 390),
    ],
)
def test_minutes_are_about_right_and_rounded_up_to_five(km, mode, minutes):
    assert about_minutes(km, mode) == minutes


def test_a_journey_from_nowhere_has_no_minutes_and_a_figure_counts_before_the_estimate():
    assert km_between(None, HOME) is None
    assert journey(None, HOME, "car").minutes is None
    found = Figure(70, date(2026, 11, 3), "Lena Hart")
    assert journey(HOME, HOME, "car", found).minutes == 70
    assert journey(None, None, "car", found).minutes == 70


def test_everything_that_fits_is_said_in_its_parts():
    assert [part.said for part in judged().parts] == [
        "9 km, about 25 minutes by car, within the 45 they can make",
        "Teaches secondary, as here",
        "Teaches Maths, which they look for",
        "Would lead on Teaching and Learning, as here",
    ]
    assert judged().standing == Weight.PREFERENCE
    assert judged().fits == 3


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"not_now": "Deferred"}, "Deferred, and cannot be placed now"),
        ({"cohort_id": 2}, "The post is offered to 2027 Cohort"),
        (
            {"stays": (Stay(9, "Elsewhere", FIRST, LAST),)},
            "Placed at Elsewhere, 1 September 2027 to 31 August 2029",
        ),
    ],
)
def test_what_cannot_be_is_said_first(changed, said):
    judgement = judged(replace(ADA, **changed))

    assert judgement.cannot == [said]
    assert judgement.parts[0].said == said


def test_a_conflict_and_a_shut_post_cannot_be():
    conflict = "A conflict of interest with this school is written down"
    shut = replace(POST, shut="1 place, and 1 taken")

    assert judged(seat=shut, is_conflict=True).cannot == ["1 place, and 1 taken", conflict]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"longest_journey": 20},
            "9 km, about 25 minutes by car, over the 20 they can make",
        ),
        ({"phase": "primary"}, "Teaches primary, and this is secondary"),
        ({"jobs": (Job(7, "", "Head of Maths", None),)}, "Works here: Head of Maths"),
        (
            {"jobs": (Job(8, "", "Head of Year", date(2024, 8, 31)),)},
            "Worked here: Head of Year until 31 August 2024",
        ),
        ({"jobs": (Job(None, "HARBOUR lane", "Teacher", None),)}, "Works here: Teacher"),
        (
            {"stays": (Stay(7, "Harbour Lane", date(2023, 9, 1), date(2024, 3, 1)),)},
            "Was placed here until 1 March 2024",
        ),
    ],
)
def test_what_asks_for_a_reason(changed, said):
    judgement = judged(replace(ADA, **changed))

    assert (judgement.cannot, judgement.asks) == ([], [said])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"home": None}, "How far is not known: their home is on no map"),
        (
            {"longest_journey": None, "travels_by": ""},
            "9 km, about 40 minutes by public transport (how they travel is not said). "
            "How far they can travel is not said",
        ),
        ({"phase": ""}, "Which phase they teach is not known; this is secondary"),
        ({"subject": "History"}, "Teaches History; they look for Mathematics, science"),
        (
            {"strand": "wellbeing_and_safeguarding"},
            "Would rather lead on Wellbeing and Safeguarding",
        ),
    ],
)
def test_what_is_not_known_or_not_wished_stands_in_nobodys_way(changed, said):
    judgement = judged(replace(ADA, **changed))

    assert said in [part.said for part in judgement.parts if part.sign == "rest"]
    assert judgement.standing == Weight.PREFERENCE


@pytest.mark.parametrize(
    ("taught", "asked", "is_it"),
    [
        ("English", "Maths, English literature", True),
        ("pe", "Physical Education", True),
        ("Physical Education", "Religious Education", False),
        ("Design and Technology", "DT", True),
        ("Art", "Food technology; art", True),
        ("Art", "", False),
    ],
)
def test_subjects_are_the_same_under_other_words(taught, asked, is_it):
    assert is_among(taught, asked) is is_it


def test_the_order_can_be_checked_by_hand():
    near, far = replace(POST, place=HOME), replace(POST, place=Place(530_000, 200_000))
    rows = {
        "near": (ADA, near),
        "farther, fits": (replace(ADA, longest_journey=None), far),
        "farther, fits less": (replace(ADA, longest_journey=None, subject="History"), far),
        "not known": (replace(ADA, home=None), near),
        "asks": (replace(ADA, phase="primary"), near),
        "cannot": (replace(ADA, not_now="Deferred"), near),
    }
    found = {
        order_of(Match(*pair, judge(*pair, Between(), TODAY))): name for name, pair in rows.items()
    }

    assert [found[key] for key in sorted(found)] == list(rows)


def test_a_school_is_full_on_the_first_day_with_as_many_as_it_hosts():
    stays = [(date(2026, 9, 1), date(2028, 8, 31)), (date(2028, 1, 10), date(2029, 8, 31))]

    assert full_day_of(stays, 2, FIRST, LAST) == date(2028, 1, 10)
    assert full_day_of(stays, 1, FIRST, LAST) == FIRST
    assert full_day_of(stays, 3, FIRST, LAST) is None
    assert full_day_of(stays, 1, date(2029, 9, 1), date(2030, 8, 31)) is None
