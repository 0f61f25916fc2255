"""Adding people, letting them in, keeping them out."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from cohorts.letters import INVITATION
from cohorts.models import Person
from cohorts.operations.people import (
    add_person,
    deactivate_person,
    edit_person,
    invite_everyone,
    invite_person,
    reactivate_person,
)
from cohorts.tests.factories import make_person
from dlp.errors import Refused
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.signin import links

pytestmark = pytest.mark.django_db


def letter_to(person):
    message = Message.objects.get(kind=INVITATION, person=person)
    return kinds.get(INVITATION).render(message)


def test_an_invitation_says_what_this_is_and_how_to_sign_in(percy):
    invite_person(percy)

    letter = letter_to(percy)
    assert "Difference Leadership Programme" in letter.subject
    for words in (letter.text, letter.html):
        assert "Percy" in words
        assert "2026 Cohort" in words
        assert "There is no password" in words
        assert reverse("account_login") in words
    percy.refresh_from_db()
    assert percy.invited_at is not None


def test_the_link_of_an_invitation_opens_for_seven_days_and_for_this_person(percy):
    invite_person(percy)

    token = re.search(r"/welcome/([^/\s]+)/", letter_to(percy).text)[1]

    assert links.read(token, "invitation") == {"person": percy.pk}
    later = timezone.now() + timedelta(days=7, minutes=1)
    with time_machine.travel(later), pytest.raises(links.LinkExpired):
        links.read(token, "invitation")


def test_the_link_of_an_invitation_is_readable_in_no_table(percy):
    invite_person(percy)

    assert Message.objects.get(kind=INVITATION, person=percy).is_sealed


def test_replies_to_an_invitation_reach_the_coordinator(lena, percy, cohort):
    cohort.coordinator = lena
    cohort.save()
    invite_person(percy)

    assert lena.email in letter_to(percy).reply_to


def test_someone_without_an_address_is_not_invited():
    with pytest.raises(Refused, match="has no e-mail address. Add one"):
        invite_person(make_person("Ada Fenwick", email=None))


def test_someone_deactivated_is_not_invited():
    with pytest.raises(Refused, match="was deactivated. Reactivate"):
        invite_person(make_person(is_active=False))


def test_a_second_press_sends_no_second_letter(percy):
    invite_person(percy)

    with pytest.raises(Refused, match="was invited at"):
        invite_person(percy)

    assert Message.objects.filter(kind=INVITATION).count() == 1


def test_an_invitation_can_be_sent_again_later(percy):
    invite_person(percy)

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        invite_person(percy)

    assert Message.objects.filter(kind=INVITATION).count() == 2


def test_an_invitation_is_not_sent_to_someone_deactivated_meanwhile(lena, percy):
    invite_person(percy)
    message = Message.objects.get(kind=INVITATION)
    deactivate_person(percy, by=lena)

    message.refresh_from_db()
    assert message.state == Message.State.CANCELLED
    with pytest.raises(kinds.NotWanted):
        kinds.get(INVITATION).is_wanted(message)


def test_everyone_is_invited_once(percy):
    make_person("Nowhere", email=None)
    everyone = Person.objects.filter(is_staff=False)

    assert invite_everyone(everyone) == 1
    assert invite_everyone(everyone) == 0


def test_deactivating_ends_sessions_at_once(client, lena, percy):
    client.force_login(percy)
    UserSession.objects.create(
        user=percy, ip="127.0.0.1", session_key=client.session.session_key, data={}
    )

    deactivate_person(percy, by=lena)

    assert not UserSession.objects.filter(user=percy).exists()
    assert not Session.objects.exists()
    reactivate_person(percy, by=lena)
    percy.refresh_from_db()
    assert percy.is_active


def test_nobody_deactivates_themselves(nora):
    with pytest.raises(Refused, match="cannot deactivate yourself"):
        deactivate_person(nora, by=nora)


def test_only_a_programme_lead_reaches_for_staff(lena, nora):
    with pytest.raises(Refused, match="Only a programme lead"):
        edit_person(nora, by=lena, email="lena.other@example.org")
    with pytest.raises(Refused, match="Only a programme lead"):
        deactivate_person(nora, by=lena)

    assert not deactivate_person(lena, by=nora).is_active


def test_the_same_number_twice_is_refused_in_a_sentence():
    add_person(full_name="Ada Fenwick", trn="12345")

    with pytest.raises(Refused, match="Somebody with this teacher reference number"):
        add_person(full_name="Tom Okafor", trn="0012345")


def test_a_name_on_two_lines_becomes_one():
    assert add_person(full_name="Ada\r\nFenwick").full_name == "Ada Fenwick"


@pytest.mark.parametrize("trn", ["0000000", "١٢٣٤٥٦٧", "1234", "12345678"])
def test_a_number_that_is_no_trn_is_kept_by_nobody(lena, trn):
    with pytest.raises(Refused, match="has seven figures"):
        add_person(full_name="Ada Fenwick", trn=trn)
    with pytest.raises(DatabaseError), transaction.atomic():
        Person.objects.filter(pk=lena.pk).update(trn=trn)
