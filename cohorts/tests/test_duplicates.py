"""People who may be one and the same: who is found, who is not, and what staff say of a pair."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.attention import people_waiting
from cohorts.models import Likeness, NotDuplicate
from cohorts.operations.duplicates import compare_everybody, say_two_people
from cohorts.permissions import READ_ONLY
from cohorts.tasks import compare_people
from cohorts.tests.factories import make_person, make_staff
from dlp.errors import Refused

pytestmark = pytest.mark.django_db


def found() -> set[tuple[str, str]]:
    compare_everybody()
    return {(one.first.full_name, one.second.full_name) for one in Likeness.objects.open()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"full_name": "Ada Fenwick"}, {"full_name": "Ada Fenwick"}),
        ({"full_name": "Łukasz Wójcik"}, {"full_name": "Lukasz Wojcik"}),
        (
            {"full_name": "Elizabeth Hale", "known_as": "Liz", "phone": "07700 900123"},
            {"full_name": "Liz Hale", "phone": "+44 7700 900 123"},
        ),
        (
            {"full_name": "Ada Fenwick", "email": "ada.fenwick@old.example"},
            {"full_name": "A Fenwick-Jones", "email": "ada.fenwick@new.example"},
        ),
        (
            {"full_name": "Tom Okafor", "trn": "1234567"},
            {"full_name": "Thomas Okafor", "trn": "1234576"},
        ),
    ],
    ids=["the same name", "marks", "a telephone", "a mailbox", "a slip in the TRN"],
)
def test_who_is_alike_is_found(one, other):
    first, second = make_person(**one), make_person(**other)

    assert found() == {(first.full_name, second.full_name)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"full_name": "Ada Fenwick", "trn": "1234567"}, {"full_name": "Ada Fenwick", "trn": "7654321"}),
        ({"full_name": "Ada Fenwick", "phone": "020 7946 0001"}, {"full_name": "Tom Okafor", "phone": "020 7946 0001"}),
        ({"full_name": "Ada Fenwick"}, {"full_name": "Ada Fenton"}),
    ],
    ids=["two TRNs", "one school's telephone", "half a name"],
)  # fmt: skip
def test_who_is_not_alike_is_not(one, other):
    make_person(**one)
    make_person(**other)

    assert found() == set()


def test_a_pair_that_is_no_longer_alike_is_forgotten():
    ada = make_person("Ada Fenwick")
    make_person("Ada Fenwick")
    assert found()

    ada.full_name = "Grace Whitlock"
    ada.save()

    assert found() == set()


def test_comparing_again_changes_nothing():
    make_person("Ada Fenwick")
    make_person("Ada Fenwick")
    compare_people()
    before = list(Likeness.objects.values())

    compare_people()

    assert list(Likeness.objects.values()) == before


@pytest.fixture
def pair(db):
    """Two Adas, compared."""
    people = make_person("Ada Fenwick", trn="1234567"), make_person("Ada Fenwick")
    compare_everybody()
    return people


def page(client, viewer) -> str:
    client.force_login(viewer)
    return client.get(reverse("cohorts:duplicates")).content.decode()


def test_staff_see_both_side_by_side_with_the_trn_masked(client, lena, pair):
    words = page(client, lena)

    assert words.count("Ada Fenwick</a>") == 2
    assert "…567" in words
    assert "1234567" not in words


def test_the_desk_says_so_in_one_line_while_there_are_some(lena, pair):
    def said():
        lines = people_waiting(lena, timezone.localdate())
        return [one.title for one in lines if one.key.startswith("cohorts.duplicates")]

    assert said() == ["1 pair of people may be one and the same"]
    say_two_people(*pair, by=lena)
    assert said() == []


def test_a_pair_said_to_be_two_people_is_gone_until_that_is_taken_back(client, lena, pair):
    client.force_login(lena)
    likeness = Likeness.objects.get()

    client.post(reverse("cohorts:not_duplicate", args=[likeness.pk]))
    client.post(reverse("cohorts:not_duplicate", args=[likeness.pk]))

    assert "Nobody looks like anybody else" in page(client, lena)
    said = NotDuplicate.objects.get()
    client.post(reverse("cohorts:duplicate_after_all", args=[said.pk]))
    assert page(client, lena).count("Ada Fenwick</a>") == 2


def test_a_pair_is_kept_once_in_one_order(lena, pair):
    one, other = pair
    say_two_people(other, one, by=lena)
    say_two_people(one, other, by=lena)

    said = NotDuplicate.objects.get()
    assert said.first_id < said.second_id
    with pytest.raises(IntegrityError), transaction.atomic():
        NotDuplicate.objects.create(first=said.second, second=said.first, by=lena)


def test_who_may_only_look_says_nothing_of_a_pair(client, pair, percy):
    address = reverse("cohorts:not_duplicate", args=[Likeness.objects.get().pk])
    for viewer in (make_staff("Rita Reads", READ_ONLY), percy):
        client.force_login(viewer)
        assert client.post(address).status_code == 403

    assert not NotDuplicate.objects.exists()


def test_more_pairs_take_no_more_queries(client, lena, pair):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("cohorts:duplicates"))
        return len(captured)

    client.force_login(lena)
    queries()
    for_one = queries()
    for number in range(8):
        for _ in range(2):
            make_person(f"Person {chr(ord('a') + number) * 6}")
    compare_everybody()

    assert queries() == for_one <= 12


def test_one_person_is_no_pair(lena, percy):
    with pytest.raises(Refused, match="no pair"):
        say_two_people(percy, percy, by=lena)
