"""What the school confirms before a first day, and what happens while it has not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.tests.factories import make_participation, make_person, make_staff
from dlp.errors import Refused
from placements.checks import asked_of
from placements.models import Check, Placement, School
from placements.operations import checks, placements
from placements.operations.settling import settle_due
from placements.tests.factories import (
    make_checks,
    make_contact,
    make_partnership,
    make_placement,
    make_school,
)

State = Placement.State
BECAUSE = "The head has seen them; the office enters them on Monday."


@pytest.mark.parametrize(
    ("type_code", "is_slt", "asked"),
    [
        ("34", True, True),  # an academy
        ("38", True, True),  # a free school for AP
        ("11", True, True),  # an independent school
        ("14", True, None),  # a pupil referral unit
        ("01", True, None),  # a community school
        ("34", False, None),
        ("", True, False),  # nobody knows, so it is a reminder
    ],
)
def test_section_128_is_for_leaders_of_academies_free_and_independent_schools(
    type_code, is_slt, asked
):
    school = School(name="Harbour Lane", type_code=type_code)
    part = School(name="The Bridge", parent=school)

    for one in (school, part):
        found = asked_of(one, is_slt=is_slt)
        assert found.get(Check.Kind.SECTION_128) is asked
        assert found[Check.Kind.IDENTITY]
        assert not found[Check.Kind.OVERSEAS]


@pytest.fixture
def placed(db) -> Placement:
    """Confirmed, and the first day was yesterday."""
    school = make_school(type_code="14")
    make_partnership(school)
    first_day = timezone.localdate() - timedelta(days=1)
    placed = make_placement(
        make_participation(make_person("Ada Fenwick")),
        school,
        state=State.CONFIRMED,
        starts_on=first_day,
    )
    make_checks(placed, confirmed=False)
    return placed


def test_a_placement_waits_for_its_checks_and_begins_with_the_last(placed, client):
    marcus = make_person("Marcus Bell")
    lead = make_contact(placed.school, marcus)
    assert settle_due(timezone.localdate()) == 0
    with pytest.raises(Refused, match="has not confirmed what is required: Identity, Barred list"):
        placements.activate(placed, by=make_staff())

    client.force_login(marcus)
    url = reverse("placements:check_confirm", args=[placed.pk])
    required = list(placed.checks.filter(is_required=True))
    for check in required[:-1]:
        client.post(url, {"check": check.pk})
    placed.refresh_from_db()
    assert placed.state == State.CONFIRMED
    back = reverse("placements:check_take_back", args=[placed.pk])
    client.post(back, {"check": required[0].pk})
    assert placed.checks.outstanding().count() == 2

    assert (
        "Everything required is confirmed"
        in client.post(url, {"check": "all"}, follow=True).content.decode()
    )
    placed.refresh_from_db()
    assert placed.state == State.ACTIVE
    assert placed.changes.get().effective_on == timezone.localdate()
    said = placed.checks.filter(is_required=True).values_list("contact", "confirmed_by")
    assert set(said) == {(lead.pk, marcus.pk)}
    with pytest.raises(Refused, match="has begun"):
        checks.take_back(required[0])


def test_staff_say_who_at_the_school_told_them(placed, client, lena):
    client.force_login(lena)
    url = reverse("placements:check_confirm", args=[placed.pk])
    stranger, known = make_contact(), make_contact(placed.school)
    check = placed.checks.first()

    for contact in ("", str(stranger.pk), "9" * 400):
        page = client.post(url, {"check": check.pk, "contact": contact}, follow=True)
        assert "Choose who at the school confirmed it" in page.content.decode()
    page = client.post(url, {"check": check.pk, "contact": known.pk}, follow=True).content.decode()

    assert "Marcus Bell, host lead" in page
    assert "told to Lena Hart" in page


def test_only_a_programme_lead_lets_it_begin_all_the_same_and_says_why(placed, client):
    lead, coordinator = make_staff("Lead", "Programme lead"), make_staff("Tom", "Coordinator")
    with pytest.raises(Refused, match="Only a programme lead"):
        placements.activate(placed, by=coordinator, override=BECAUSE)

    client.force_login(lead)
    url = reverse("placements:placement_override", args=[placed.pk])
    assert "has not confirmed what is required" in client.get(url).content.decode()
    assert "at least 20 letters" in client.post(url, {"reason": "Fine."}).content.decode()
    page = client.post(url, {"reason": BECAUSE}, follow=True).content.decode()

    change = placed.changes.get()
    assert (change.state, change.override_reason, change.by) == (State.ACTIVE, BECAUSE, lead)
    assert "Right to work" in change.lacking
    assert BECAUSE in page
    client.force_login(placed.participation.person)
    assert BECAUSE not in client.get(placed.get_absolute_url()).content.decode()


def test_a_school_that_becomes_an_academy_is_asked_for_more(placed):
    School.objects.filter(pk=placed.school_id).update(type_code="42")
    contact = make_contact(placed.school)
    checks.confirm_required(placed, contact=contact, by=make_staff())
    placed.refresh_from_db()
    assert placed.state == State.CONFIRMED

    checks.confirm_required(placed, contact=contact, by=make_staff())
    placed.refresh_from_db()
    assert placed.state == State.ACTIVE


def test_nothing_is_checked_before_both_have_said_yes(db):
    placement = make_placement(state=State.OFFERED, starts_on=date(2027, 9, 1))
    [check, *_] = make_checks(placement, confirmed=False)

    with pytest.raises(Refused, match="offered, so nothing of it is checked"):
        checks.confirm(check, contact=make_contact(placement.school), by=make_staff())
