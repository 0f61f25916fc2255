"""Where leaders go on to."""

import pytest
from django.urls import reverse

from cohorts.tests.factories import make_participation
from placements.models import Post, UnknownDestination
from placements.tests.factories import make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return make_participation()


@pytest.fixture
def record(client, lena, ada):
    client.force_login(lena)
    return lambda **typed: client.post(reverse("placements:destination", args=[ada.pk]), typed)


def a_post(**changed):
    return {
        "title": "Assistant headteacher",
        "employer": "hill top school",
        "starts_on": "2099-09-01",
        "is_slt": "on",
        **changed,
    }


def test_a_school_spelled_as_ours_is_linked(record, ada):
    school = make_school("Hill Top School")

    assert record(**a_post()).status_code == 302

    post = Post.objects.get(person=ada.person)
    assert (post.school, post.employer_name, post.is_slt) == (school, "", True)


def test_an_employer_that_is_no_school_of_ours_is_kept_as_typed(record):
    record(**a_post(employer="Hackney Council"))

    assert Post.objects.get().employer_name == "Hackney Council"


def test_two_schools_of_one_name_are_not_told_apart_by_guessing(record):
    make_school("Hill Top School")
    make_school("Hill Top School")

    record(**a_post())

    assert Post.objects.get().school is None


def test_not_known_asks_for_nothing_else_and_a_post_takes_its_place(record, ada, lena):
    assert record(is_not_known="on").status_code == 302
    assert record(is_not_known="on").status_code == 302
    assert UnknownDestination.objects.get(participation=ada).said_by == lena

    record(**a_post())

    assert not UnknownDestination.objects.exists()


def test_what_is_missing_is_said_at_the_field(record):
    page = record(title="SENCO").text

    assert "Name the school or the employer." in page
    assert "Give the first day of the post." in page
    assert 'value="SENCO"' in page


def test_a_post_from_before_the_programme_is_no_destination(record, ada):
    page = record(**a_post(starts_on="2001-09-01")).text

    assert "The next post begins after that." in page
    assert not Post.objects.exists()


def test_a_title_that_is_too_long_is_said_at_the_field(record):
    assert "at most 100" in record(**a_post(title="x" * 101)).text
