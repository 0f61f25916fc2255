"""Somebody of the programme has died."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.operations import participations, people
from cohorts.operations.deaths import record_death
from cohorts.tests.factories import complete_all_the_same, make_cohort, make_person
from dlp.errors import Refused
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import make_message

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


def test_every_letter_that_waits_is_called_off_at_once(client, lena, percy, today):
    make_message(percy)
    make_message(percy, due_at=timezone.now() + 30 * DAY, revision=1)
    client.force_login(lena)

    answer = client.post(
        reverse("cohorts:person_died", args=[percy.pk]), {"on": today - DAY}, follow=True
    ).content.decode()

    waiting = Message.objects.filter(person=percy).order_by()
    assert set(waiting.values_list("state", "state_reason")) == {("cancelled", "They died.")}
    assert "Nothing more is written to Percy Adeyemi." in answer
    assert "Died on" in answer


def test_their_time_ends_on_the_day_whatever_was_recorded_for_later(lena, percy, today):
    held = percy.participations.get()
    participations.defer(held, by=lena, reason="other", on=today + 10 * DAY)

    record_death(percy, on=today - 2 * DAY, by=lena)

    held.refresh_from_db()
    percy.refresh_from_db()
    assert (held.state, held.held_to) == ("withdrawn", today - 2 * DAY)
    assert (percy.is_active, percy.died_on) == (False, today - 2 * DAY)


def test_an_offer_is_closed_and_what_has_ended_stays_as_it_was(lena, today):
    pioneers = make_cohort(starts_on=today - 900 * DAY)
    ada = make_person("Ada Fenwick")
    ended = participations.add_to_cohort(ada, pioneers, by=lena)
    complete_all_the_same(ended, on=pioneers.ends_on)
    offered = participations.offer(ada, make_cohort(), by=lena)

    record_death(ada, on=today, by=lena)

    ended.refresh_from_db()
    offered.refresh_from_db()
    assert (ended.state, offered.state) == ("completed", "declined")


@pytest.mark.parametrize(("days", "why"), [(1, "still to come"), (0, "recorded that they died")])
def test_a_death_is_recorded_once_and_not_ahead(lena, percy, today, days, why):
    if not days:
        record_death(percy, on=today, by=lena)

    with pytest.raises(Refused, match=why):
        record_death(percy, on=today + days * DAY, by=lena)


def test_a_mistake_is_taken_back(client, lena, percy, today):
    record_death(percy, on=today, by=lena)
    client.force_login(lena)

    page = client.post(reverse("cohorts:person_reactivate", args=[percy.pk]), follow=True)

    percy.refresh_from_db()
    assert (percy.is_active, percy.died_on) == (True, None)
    assert "Died on" not in page.content.decode()


def test_nobody_is_invited_who_has_died(lena, percy, today):
    record_death(percy, on=today, by=lena)

    with pytest.raises(Refused, match="deactivated"):
        people.invite_person(percy)


def test_the_database_lets_nobody_sign_in_who_has_died(percy, today):
    with (
        pytest.raises(IntegrityError, match="person_who_died_does_not_sign_in"),
        transaction.atomic(),
    ):
        Person.objects.filter(pk=percy.pk).update(died_on=today)
