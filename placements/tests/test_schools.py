"""Schools: found by every name they had, corrected for good, with the people who work there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_participation, make_person, make_staff
from dlp.errors import Refused
from dlp.home.roles import roles_of
from placements.forms.schools import SchoolFilterForm
from placements.models import LocalAuthority, Placement, School, SchoolContact, Setting, Trust
from placements.operations.schools import (
    add_contact,
    add_former_name,
    add_internal_ap,
    edit_school,
    end_contact,
    let_sign_in,
)
from placements.tests.factories import make_contact, make_partnership, make_placement, make_school

pytestmark = pytest.mark.django_db
HOST_LEAD = SchoolContact.Role.HOST_LEAD


@pytest.fixture
def arts() -> School:
    return make_school("The ArtsXchange", urn=141164, town="Camden", postcode="NW3 4QP")


# Search


def found(words: str) -> list[School]:
    filters = SchoolFilterForm({"q": words}, authorities=LocalAuthority.objects.none())
    return list(filters.among(School.objects.all()))


@pytest.mark.parametrize(
    "words",
    ["artsxchange", "THE ARTS", "wac arts college", "141164", "NW3 4QP", "nw34qp", "camden arts"],
)
def test_a_school_is_found_by_its_names_town_urn_and_postcode(arts, words):
    make_school("Harbour Lane PRU")
    add_former_name(arts, name="WAC Arts College")

    assert found(words) == [arts]


@pytest.mark.parametrize("words", ["artsxchnage", "artxchange", "WAC Arts Colege"])
def test_a_school_is_found_by_words_typed_wrong(arts, words):
    make_school("Harbour Lane PRU")
    add_former_name(arts, name="WAC Arts College")

    assert found(words) == [arts]


def test_words_typed_right_find_no_others_that_come_near(arts):
    make_school("The ArtsXchanges")
    exact = make_school("Lime Street")

    assert found("lime") == [exact]


def test_marks_do_not_matter(arts):
    school = make_school("École Saint-Rémy")

    assert found("ecole saint-remy") == [school]


# What staff write down


def test_a_former_name_is_kept_once(arts):
    add_former_name(arts, name="WAC Arts College", held_to=date(2024, 8, 31))

    with pytest.raises(Refused, match="here already"):
        add_former_name(arts, name="wac arts college")
    with pytest.raises(Refused, match="is what the school is called now"):
        add_former_name(arts, name="the artsxchange")


def test_an_edit_is_remembered_so_that_gias_leaves_it_alone(arts):
    arts = edit_school(
        arts, values={"phone": "020 7946 0112", "kind_label": "AP", "town": "Camden"}
    )

    assert arts.edited_fields == ["phone"]


def test_an_edited_name_leaves_the_one_before_to_be_found(arts):
    edit_school(arts, values={"name": "ArtsXchange Camden"})

    assert arts.former_names.get().name == "The ArtsXchange"
    assert School.objects.matching("the artsxchange").exists()


def test_an_internal_ap_has_no_urn_and_lies_where_its_school_does(arts):
    bridge = add_internal_ap(arts, name="The Bridge", kind_label="inclusion base")

    assert (bridge.urn, bridge.parent, bridge.setting) == (None, arts, Setting.INTERNAL_AP)
    assert (bridge.kind, bridge.postcode) == ("Inclusion base", "NW3 4QP")
    with pytest.raises(Refused, match="not to another internal AP"):
        add_internal_ap(bridge, name="The Bridge to nowhere")


def test_an_internal_ap_without_a_school_cannot_be(arts):
    with pytest.raises(IntegrityError, match="school_internal_ap_has_a_parent"):
        make_school("The Bridge", urn=None, setting=Setting.INTERNAL_AP)


# Contacts


def test_a_contact_need_not_sign_in(arts):
    contact = add_contact(arts, role=HOST_LEAD, name="Marcus Bell")

    assert contact.person is None
    assert not Person.objects.filter(full_name="Marcus Bell").exists()


def test_a_contact_who_signs_in_becomes_a_school_lead(arts):
    contact = add_contact(
        arts, role=HOST_LEAD, name="Marcus Bell", email="Marcus@Example.org", signs_in=True
    )

    assert contact.person.email == "marcus@example.org"
    assert roles_of(contact.person).school_lead
    assert School.objects.visible_to(contact.person).get() == arts


def test_somebody_we_know_by_that_address_is_not_added_twice(arts):
    known = make_person("Marcus Bell", email="marcus@example.org")
    contact = make_contact(arts, email="MARCUS@example.org")

    assert let_sign_in(contact).person == known


def test_a_contact_without_an_address_cannot_sign_in(arts):
    with pytest.raises(Refused, match="needs an e-mail address"):
        let_sign_in(make_contact(arts))


def test_a_role_is_given_to_a_person_once(arts):
    marcus = make_person("Marcus Bell", email="marcus@example.org")
    make_contact(arts, marcus)

    with pytest.raises(Refused, match="has this role at the school already"):
        add_contact(arts, role=HOST_LEAD, name="Marcus", email="marcus@example.org", signs_in=True)


def test_whoever_leaves_sees_the_school_no_more(arts):
    marcus = make_person("Marcus Bell")
    contact = make_contact(arts, marcus, starts_on=timezone.localdate() - timedelta(days=90))
    end_contact(contact, ends_on=timezone.localdate() - timedelta(days=1))

    assert not roles_of(marcus).school_lead
    assert not School.objects.visible_to(marcus).exists()
    with pytest.raises(Refused, match="This role began on"):
        end_contact(contact, ends_on=timezone.localdate() - timedelta(days=91))


# Who sees what


@pytest.mark.parametrize("state", Placement.State)
def test_a_placement_is_seen_from_the_offer_on_by_both_sides(arts, state):
    participation, marcus = make_participation(), make_person("Marcus Bell")
    make_contact(arts, marcus)
    placement = make_placement(participation, arts, state=state)
    seen = state not in ("proposed", "declined", "withdrawn")

    for person in (participation.person, marcus):
        assert Placement.objects.visible_to(person).contains(placement) == seen
    assert School.objects.visible_to(participation.person).exists() == seen
    assert Placement.objects.visible_to(make_staff()).contains(placement)


def test_a_leader_does_not_read_the_agreement_of_the_school(arts):
    from placements.models import Opening, Partnership
    from placements.tests.factories import make_opening, make_partnership

    participation = make_participation()
    make_placement(participation, arts)
    make_partnership(arts)
    make_opening(arts, participation.cohort)

    assert not Partnership.objects.visible_to(participation.person).exists()
    assert not Opening.objects.visible_to(participation.person).exists()


@pytest.mark.parametrize(
    ("near", "within", "found"),
    [
        ("NW5 1AA", "", ["Camden Hill", "Watford Gate"]),
        ("nw51ab", "10", ["Camden Hill"]),  # by its sector
        ("nw5", "50", ["Camden Hill", "Watford Gate", "Luton Lane"]),
    ],
)
def test_schools_near_a_postcode_come_nearest_first(client, near, within, found):
    for name, postcode, easting, northing in (
        ("Luton Lane", "LU1 2AA", 509_000, 221_000),
        ("Watford Gate", "WD17 1AA", 511_000, 196_000),
        ("Camden Hill", "NW5 1AA", 528_800, 185_700),
        ("Nowhere", "", None, None),
    ):
        make_school(name, postcode=postcode, easting=easting, northing=northing)
    client.force_login(make_staff("Lena Hart"))

    page = client.get(reverse("placements:schools"), {"near": near, "within": within})

    assert [one.name for one in page.context["page"]] == found
    assert "0.0 km" in page.content.decode()


def test_a_postcode_that_nobody_knows_is_said_at_its_field_and_a_trust_found_by_a_word(client):
    client.force_login(make_staff("Lena Hart"))
    trust = Trust.objects.create(uid="16669", name="Mulberry Schools Trust")
    make_school("Woodside", trust=trust)
    make_school("Hill Top")
    url = reverse("placements:schools")

    text = client.get(url, {"near": "ZE1 0AA"}).content.decode()
    assert "We know no school in ZE1" in text
    assert 'id="id_near_error"' in text
    assert "is not a postcode" in client.get(url, {"near": "somewhere"}).content.decode()
    page = client.get(url, {"trust": "mulberry"})
    assert [one.name for one in page.context["page"]] == ["Woodside"]
    exported = client.get(reverse("placements:schools_export"), {"trust": "mulberry"})
    assert b"Hill Top" not in b"".join(exported)


def test_the_page_of_a_closed_school_begins_nothing_new(client):
    school = make_school("Closed Gate", status=School.Status.CLOSED)
    for is_standing in (False, True):
        if is_standing:
            make_partnership(school)
        client.force_login(make_staff("Lena Hart", "Coordinator"))
        page = client.get(school.get_absolute_url()).content.decode()
        assert "Add an opening" not in page
        assert "Begin a partnership" not in page
