"""Two records of one person made one: nothing is lost, nothing is doubled, and old addresses lead on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session as BrowserSession
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Correction, Likeness, Person, PersonMerge
from cohorts.operations import merges
from cohorts.operations.deaths import record_death
from cohorts.operations.duplicates import say_two_people
from cohorts.operations.merges import merge_people
from cohorts.operations.people import edit_person
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp import merging
from dlp.errors import Refused
from dlp.merging import Pair
from dlp.outbox import feeds
from dlp.outbox.models import Message, MutedTopic
from dlp.outbox.operations import enqueue
from dlp.signin.letters import NOTICE
from dlp.tests.people import give_factor
from dlp.tests.test_merging import columns
from placements.models import Post
from placements.tests.factories import make_contact, make_placement, make_school
from training.letters.sessions import REMINDERS
from training.models import GroupMember, SupervisionGroup
from training.tests.factories import make_booking, make_past, make_session

pytestmark = pytest.mark.django_db


def page(client, viewer, kept, gone):
    client.force_login(viewer)
    return client.get(reverse("cohorts:merge", args=[kept.pk, gone.pk]))


def press(client, viewer, kept, gone, **chosen):
    client.force_login(viewer)
    return client.post(reverse("cohorts:merge", args=[kept.pk, gone.pk]), chosen)


# Who may, and when nobody can


def test_only_a_programme_lead_merges(client, lena, percy, ada, twin):
    assert press(client, lena, ada, twin).status_code == 403
    assert press(client, percy, ada, twin).status_code == 404
    with pytest.raises(Refused, match="Only a programme lead"):
        merge_people(ada, twin, by=lena)


def test_two_times_on_the_same_days_are_refused_by_name(client, nora, ada, twin):
    one, other = make_cohort("2026 Cohort"), make_cohort("London 2026")
    make_participation(ada, one)
    make_participation(twin, other)

    words = page(client, nora, ada, twin).content.decode()

    assert "They cannot become one yet" in words
    for name in ("Ada Fenwick is in 2026 Cohort", "Ada Fenwik in London 2026"):
        assert name in words
    assert "Make them one record" not in words
    with pytest.raises(Refused, match="nobody is in two on one day"):
        merge_people(ada, twin, by=nora)


def test_an_offer_beside_a_time_is_no_conflict_nor_one_after_the_other(nora, ada, twin):
    early = make_cohort("2020 Cohort", starts_on=date(2020, 9, 1))
    make_participation(ada, early, state="completed", changed_on=date(2022, 8, 31))
    make_participation(twin, make_cohort("2026 Cohort"))
    make_participation(twin, make_cohort("2027 Cohort"), state="offered")

    merge_people(ada, twin, by=nora)

    assert ada.participations.count() == 3


def test_programme_staff_are_not_made_part_of_another_record(nora, ada):
    with pytest.raises(Refused, match="is programme staff. Keep that record"):
        merge_people(ada, make_staff("Ada Fenwick"), by=nora)


def test_one_record_is_no_pair(nora, ada):
    with pytest.raises(Refused, match="Choose two"):
        merge_people(ada, ada, by=nora)


def test_a_record_that_is_part_of_another_is_merged_no_further(nora, ada, twin):
    merge_people(ada, twin, by=nora)
    third = make_person("Ada F")

    with pytest.raises(Refused, match="is part of another record already"):
        merge_people(third, twin, by=nora)
    with pytest.raises(Refused, match="was made part of another record"):
        merge_people(Person.everyone.get(pk=twin.pk), third, by=nora)


# What is seen before, and what comes of it


def full_life(person: Person) -> None:
    """A row in whatever can name somebody."""
    cohort = make_cohort(starts_on=timezone.localdate() - timedelta(days=200))
    participation = make_participation(person, cohort)
    make_placement(participation, make_school())
    make_contact(make_school(), person)
    Post.objects.create(
        person=person, employer_name="Elm School", title="Head", starts_on=date(2015, 9, 1)
    )
    group = SupervisionGroup.objects.create(
        name="Group", supervisor=person, cohort=cohort, starts_on=cohort.starts_on
    )
    GroupMember.objects.create(group=group, person=person, starts_on=cohort.starts_on)
    make_booking(make_session(facilitators=[person]), person)
    make_booking(make_past(), person, state="coming")
    Cohort.objects.filter(pk=cohort.pk).update(coordinator=person)
    enqueue(NOTICE, person=person, lead="other")
    MutedTopic.objects.create(person=person, topic=REMINDERS.name)
    feeds.make_token(person)
    give_factor(person)
    EmailAddress.objects.create(user=person, email=person.email)
    UserSession.objects.create(user=person, ip="192.0.2.1", session_key=f"key{person.pk}")
    say_two_people(person, make_person("Somebody Else"), by=make_staff())
    Likeness.objects.create(first=person, second=make_person(), score=50, signs=["name"])


def test_what_is_seen_before_is_what_moves(client, nora, ada, twin):
    full_life(twin)
    told = {one.column: one.number for one in merging.moving(Pair(ada, twin))}

    words = page(client, nora, ada, twin).content.decode()
    press(client, nora, ada, twin, **dict.fromkeys(merges.CHOSEN, "kept"))

    for sentence in ("2 places at sessions", "1 post", "1 time in a cohort", "1 role at a school"):
        assert sentence in words
    assert PersonMerge.objects.get().moved == told
    assert told["training.Booking.person"] == ada.bookings.count() == 2


def test_afterwards_nothing_that_moves_names_the_record_that_is_gone(nora, ada, twin):
    full_life(twin)

    merge_people(ada, twin, by=nora)

    named = [
        f"{model._meta.label}.{field.name}"
        for model, field in columns()
        if model._base_manager.filter(**{field.name: twin.pk}).exists()
    ]
    assert named == ["cohorts.PersonMerge.gone"]


def test_the_page_takes_few_queries(client, nora, ada, twin):
    full_life(twin)
    page(client, nora, ada, twin)

    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("cohorts:merge", args=[ada.pk, twin.pk]))

    assert len(captured) <= 12


def test_each_thing_is_taken_from_the_record_that_is_right(client, nora, ada, twin):
    ada.known_as = "Addie"
    ada.save()

    press(
        client, nora, ada, twin,
        full_name="gone", known_as="kept", email="kept", phone="gone", trn="kept",
    )  # fmt: skip

    ada.refresh_from_db()
    assert (ada.full_name, ada.known_as, ada.phone) == ("Ada Fenwik", "Addie", "020 7946 0001")
    assert (ada.email, ada.trn) == ("ada@example.org", "1234567")
    assert PersonMerge.objects.get().taken == ["full_name", "phone"]


OF_THE_RECORD = {
    "id", "password", "is_superuser", "is_active", "is_staff", "is_in_directory", "search_text",
    "added_at", "invited_at", "last_login", "died_on", "merged_into",
}  # fmt: skip
"""What is about the record and its sign-in: the one that stays keeps its own, or the operation sums up."""


def test_whatever_is_kept_of_a_person_can_be_had_from_either_and_leaves_the_shell(nora, ada):
    """A new field of a person fails this until it is said what a merge makes of it."""
    along = {name for names in merges.ALONG.values() for name in names}
    fields = {field.name for field in Person._meta.concrete_fields}
    assert fields == {*merges.CHOSEN, *along, *OF_THE_RECORD}
    told = {
        "full_name": "Ada B Fenwick", "known_as": "Addie", "pronouns": "she/her", "phone": "01632 960001",
        "trn": "7654321", "phase": "primary", "subject": "History", "strand": "teaching_and_learning",
        "travels_by": "car", "longest_journey": 45, "biography": "Teaches history.",
        "email": "addie@example.org", "bounced_email": "addie@example.org", "home_sector": "SE15 3",
        "home_easting": 534500, "home_northing": 176500, "photo": "photos/aa/addie.webp",
    }  # fmt: skip
    twin = Person.objects.create_user(**told)

    merge_people(ada, twin, by=nora, taken=merges.CHOSEN)

    ada.refresh_from_db()
    assert {name: getattr(ada, name) for name in told} == told
    shell = Person.everyone.get(pk=twin.pk)
    assert {name for name in told if getattr(shell, name)} == {"full_name"}


def test_a_record_of_somebody_who_died_becomes_no_part_of_one_that_is_written_to(
    client, nora, ada, twin
):
    record_death(twin, on=timezone.localdate(), by=nora)
    for kept, gone in ((ada, twin), (twin, ada)):
        kept, gone = Person.objects.get(pk=kept.pk), Person.objects.get(pk=gone.pk)
        with pytest.raises(Refused, match="say the same before"):
            merge_people(kept, gone, by=nora)
    assert "that Ada Fenwick is alive" in page(client, nora, ada, twin).content.decode()

    record_death(ada, on=timezone.localdate(), by=nora)
    merge_people(ada, twin, by=nora)

    ada.refresh_from_db()
    assert (ada.died_on, ada.is_active) == (timezone.localdate(), False)


def test_what_is_not_chosen_is_asked_for(client, nora, ada, twin):
    words = press(client, nora, ada, twin, full_name="kept").content.decode()

    assert "Choose one of the two." in words
    assert not PersonMerge.objects.exists()


def test_a_second_press_does_nothing_twice(client, nora, ada, twin):
    full_life(twin)
    choices = dict.fromkeys(merges.CHOSEN, "kept")
    press(client, nora, ada, twin, **choices)
    letters = Message.objects.count()

    again = press(client, nora, ada, twin, **choices)

    assert again.url == ada.get_absolute_url()
    assert merge_people(ada, twin, by=nora) == PersonMerge.objects.get()
    assert Message.objects.count() == letters


def test_the_old_address_leads_to_the_record_that_stayed_also_twice_over(client, nora, ada, twin):
    merge_people(ada, twin, by=nora)
    last = make_person("Ada Fenwick the third")
    merge_people(last, ada, by=nora)
    client.force_login(nora)

    for gone in (twin, ada):
        assert client.get(f"/people/{gone.pk}/").url == last.get_absolute_url()


def test_a_stranger_is_not_told_where_a_record_went(client, nora, percy, ada, twin):
    merge_people(ada, twin, by=nora)
    client.force_login(percy)

    assert client.get(f"/people/{twin.pk}/").status_code == 404


def test_the_record_that_is_gone_is_on_no_list_and_found_by_no_search(client, nora, ada, twin):
    merge_people(ada, twin, by=nora)

    assert list(Person.objects.matching("fenwik")) == []
    assert twin not in Person.objects.get_queryset()
    shell = Person.everyone.get(pk=twin.pk)
    assert (shell.email, shell.trn, shell.phone, shell.is_active) == (None, None, "", False)


def test_both_histories_are_kept_and_told(client, nora, lena, ada, twin):
    twin.last_login = timezone.now()
    twin.save()
    edit_person(
        twin, by=lena, email=twin.email, full_name="Ada Fenwick-Jones", reason="She married."
    )

    merge_people(ada, twin, by=nora)

    client.force_login(nora)
    story = client.get(reverse("home:timeline", args=[ada.pk])).content.decode()
    assert "She married." in story
    assert "Made one record with Ada Fenwick-Jones." in story
    record = client.get(reverse("admin:cohorts_person_history", args=[ada.pk])).content.decode()
    assert "Ada Fenwick-Jones" in record
    assert Correction.objects.get().person_id == twin.pk


def test_who_did_something_is_still_named(nora, ada, twin):
    marked = make_booking(make_past(), make_person(), attendance="present", marked_by=twin)

    merge_people(ada, twin, by=nora)

    marked.refresh_from_db()
    assert marked.marked_by.full_name == "Ada Fenwik"


def test_a_merge_is_never_altered(nora, ada, twin):
    merge_people(ada, twin, by=nora)

    with pytest.raises(ProgrammingError), transaction.atomic():
        PersonMerge.objects.all().delete()


# Signing in


def notices() -> dict[str, str]:
    """What each address is told about its sign-in."""
    return {
        str(one.open_context()["address"]): one.lead
        for one in Message.objects.filter(kind=NOTICE, person=None)
    }


def test_one_address_signs_in_and_the_other_is_told(nora, ada, twin):
    merge_people(ada, twin, by=nora)

    ada.refresh_from_db()
    assert ada.email == "ada@example.org"
    assert notices() == {"ada@school.example": "merged"}


def test_the_address_of_the_record_that_goes_may_be_the_one_that_stays(nora, ada, twin):
    merge_people(ada, twin, by=nora, taken=["email"])

    ada.refresh_from_db()
    assert ada.email == "ada@school.example"
    assert notices() == {"ada@example.org": "address_left", "ada@school.example": "address_new"}


def test_where_only_one_has_an_address_it_stays_and_nobody_is_told(nora, ada):
    nowhere = make_person("Ada F", email=None)

    merge_people(nowhere, ada, by=nora, taken=["email", "trn"])

    nowhere.refresh_from_db()
    assert (nowhere.email, nowhere.trn) == ("ada@example.org", "1234567")
    assert notices() == {}


def test_both_are_signed_out_and_second_factors_of_the_one_that_goes_end(client, nora, ada, twin):
    for person in (ada, twin):
        client.force_login(person)
        UserSession.objects.create(
            user=person, ip="192.0.2.1", session_key=client.session.session_key
        )
        give_factor(person)

    merge_people(ada, twin, by=nora)

    assert not UserSession.objects.exists()
    assert not BrowserSession.objects.exists()
    assert ada.authenticator_set.count() == 1
    assert twin.authenticator_set.count() == 0
