"""Agreements and openings, from draft to end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.errors import Refused
from dlp.home.roles import roles_of
from dlp.outbox.models import Message
from placements.models import Opening, Partnership, Pencil, School
from placements.operations.openings import add_opening, open_opening
from placements.operations.partnerships import (
    activate_partnership,
    draft_partnership,
    end_partnership,
    make_partner,
    send_partnership,
    sign_partnership,
)
from placements.operations.placements import offer
from placements.operations.placing import propose
from placements.operations.withdrawing import withdraw_opening
from placements.tests.factories import (
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db
State = Partnership.State
VERBS = {
    send_partnership: (State.DRAFT, State.SENT),
    sign_partnership: (State.SENT, State.SIGNED),
    activate_partnership: (State.SIGNED, State.ACTIVE),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", State)
def test_each_step_starts_from_one_state_and_no_other(verb, state):
    partnership = make_partnership(state=state)
    origin, to = VERBS[verb]

    if state == origin:
        assert verb(partnership).state == to
    else:
        with pytest.raises(Refused, match=f"is {state.label.lower()}"):
            verb(partnership)


def test_a_partner_is_made_in_one_go_with_a_lead_who_may_sign_in():
    school = make_school()
    partnership = make_partner(
        school,
        starts_on=date(2026, 9, 1),
        lead_name="Marcus Bell",
        lead_email="marcus@example.org",
    )

    assert partnership.state == State.ACTIVE
    assert roles_of(school.contacts.get().person).school_lead


def test_an_agreement_that_nobody_signed_is_a_draft():
    partnership = make_partner(
        make_school(), starts_on=date(2026, 9, 1), lead_name="Marcus Bell", signed=False
    )

    assert partnership.state == State.DRAFT


def test_the_next_agreement_is_prepared_while_one_is_in_force():
    today = timezone.localdate()
    school = make_school()
    last_day = today + timedelta(days=40)
    make_partnership(school, starts_on=today - timedelta(days=400), ends_on=last_day)

    with pytest.raises(Refused, match="Begin the next one on"):
        draft_partnership(school, starts_on=last_day)
    following = draft_partnership(school, starts_on=last_day + timedelta(days=1))
    with pytest.raises(Refused, match="has a partnership already, draft"):
        draft_partnership(school, starts_on=last_day + timedelta(days=500))
    for step in (send_partnership, sign_partnership, activate_partnership):
        following = step(following)

    assert following.signed_on == today
    for day in (today, last_day, last_day + timedelta(days=1)):
        assert school.partnerships.covering(day).count() == 1
    with pytest.raises(Refused, match="has a partnership already, active"):
        end_partnership(school.partnerships.covering(today).get(), ends_on=following.starts_on)
    with pytest.raises(IntegrityError, match="partnership_one_in_force"):
        make_partnership(school, starts_on=last_day)


def test_nothing_is_half_done_where_the_lead_cannot_be_added():
    school = make_school()
    make_partnership(school)

    with pytest.raises(Refused, match="has a partnership already"):
        make_partner(school, starts_on=date(2026, 9, 1), lead_name="Marcus Bell")
    assert not school.contacts.exists()


def test_a_closed_school_becomes_no_partner():
    closed = make_school(status=School.Status.CLOSED)

    with pytest.raises(Refused, match="is not open then"):
        draft_partnership(closed, starts_on=date(2026, 9, 1))


def test_an_agreement_with_a_day_ahead_stands_until_then():
    today = timezone.localdate()
    partnership = end_partnership(make_partnership(), ends_on=today + timedelta(days=30))

    assert partnership.state == State.ACTIVE
    assert Partnership.objects.covering(today + timedelta(days=30)).exists()
    assert not Partnership.objects.covering(today + timedelta(days=31)).exists()
    assert partnership.standing(today + timedelta(days=30)) == "expiring"
    assert partnership.standing(today + timedelta(days=31)) == "expired"
    with pytest.raises(Refused, match="has ended already"):
        end_partnership(make_partnership(ends_on=today - timedelta(days=1)), ends_on=today)


def test_an_agreement_does_not_end_before_it_begins():
    with pytest.raises(Refused, match="begins on 1 September 2020"):
        end_partnership(make_partnership(), ends_on=date(2020, 8, 31))


# Openings


def test_an_opening_takes_the_dates_of_its_cohort():
    cohort = make_cohort()
    opening = add_opening(make_school(), cohort)

    assert (opening.starts_on, opening.ends_on) == (cohort.starts_on, cohort.ends_on)
    assert opening.state == Opening.State.OPEN


def test_an_opening_lies_within_its_cohort():
    cohort = make_cohort()

    with pytest.raises(Refused, match="Choose a first day between the two"):
        add_opening(make_school(), cohort, starts_on=cohort.starts_on - timedelta(days=1))


@pytest.mark.parametrize(
    ("status", "dates", "sentence"),
    [
        ("closed", {"closed_on": date(2025, 8, 31)}, "closed on 31 August 2025"),
        ("proposed", {"opened_on": date(2029, 9, 1)}, "opens on 1 September 2029"),
        ("closing", {"closed_on": date(2026, 1, 1)}, "closed on 1 January 2026"),
    ],
)
def test_a_school_that_is_not_open_then_offers_nothing(status, dates, sentence):
    school = make_school(status=status, **dates)

    with pytest.raises(Refused, match=sentence):
        add_opening(school, make_cohort())


def test_an_opening_that_its_school_takes_back_takes_offers_and_pencils_along():
    opening, lead = make_opening(), make_person("Marcus Bell")
    thought, asked, pencilled = (make_participation(cohort=opening.cohort) for _ in range(3))
    proposed = propose(opening, thought)
    offered = offer(propose(opening, asked))
    pencil = Pencil.objects.create(
        opening=opening, participation=pencilled, made_by=make_staff(), expires_on=date.max
    )

    opening = withdraw_opening(opening, by_school=True, by=lead)

    assert (opening.state, opening.withdrawn_by_school) == (Opening.State.WITHDRAWN, True)
    for one in (proposed, offered):
        change = one.changes.latest("pk")
        assert (change.state, change.reason, change.by) == ("withdrawn", "school", lead)
    pencil.refresh_from_db()
    assert pencil.rubbed_out_by == lead
    told = Message.objects.filter(kind="placements.decided").values_list("person", flat=True)
    assert list(told) == [asked.person_id]  # the school has no lead, and of the thought nobody knew

    assert withdraw_opening(opening, by=lead).withdrawn_by_school
    assert open_opening(opening).withdrawn_on is None


def test_an_opening_that_somebody_holds_is_not_withdrawn():
    opening = make_opening()
    participation = make_participation(cohort=opening.cohort)
    make_placement(participation, opening.school, opening=opening)

    with pytest.raises(Refused, match="is placed here"):
        withdraw_opening(opening, by=make_staff())
