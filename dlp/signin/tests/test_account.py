"""My account, my address, and proving again that it is me."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.urls import reverse

from cohorts.tests.factories import make_person
from dlp.errors import Refused
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.signin.operations import change_address
from dlp.signin.tests.test_code import CONFIRM, ask, code_from_letter
from dlp.tests.people import FrontDoorClient, give_factor

ADDRESS = reverse("signin:address")
AGAIN = reverse("signin:again")
pytestmark = pytest.mark.django_db


def grow_old(client, *, minutes: int = 6) -> None:
    """Let some minutes pass since the person signed in."""
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": time.time() - minutes * 60}
        for record in session["account_authentication_methods"]
    ]
    session.save()


def letters_to(address: str) -> list[str]:
    return [
        message.lead
        for message in Message.objects.filter(kind="signin.notice")
        if message.open_context()["address"] == address
    ]


def test_the_account_page_says_who_i_am_and_how_i_sign_in(client, percy):
    client.force_login(percy)
    page = client.get(reverse("signin:account")).content.decode()

    assert "Percy Adeyemi" in page
    assert "percy@example.org" in page
    assert reverse("account_logout") in page
    assert reverse("mfa_index") in page


def test_staff_see_why_they_need_a_factor(client, lena):
    client.force_login(lena)

    assert "a code alone does not let you in" in client.get("/me/").content.decode()


def test_a_changed_address_is_told_to_both_and_ends_every_session(client, percy):
    client.force_login(percy)
    elsewhere = FrontDoorClient(headers={"host": "localhost"})
    ask(elsewhere, percy.email)
    elsewhere.post(CONFIRM, {"code": code_from_letter()})
    new = "Percy.New@Example.org"
    response = client.post(ADDRESS, {"email": new, "again": new}, follow=True)
    percy.refresh_from_db()

    assert percy.email == "percy.new@example.org"
    assert "Your address is changed" in response.content.decode()
    assert elsewhere.get("/me/").status_code == 302
    assert letters_to("percy@example.org") == ["address_left"]
    assert letters_to("percy.new@example.org") == ["address_new"]


def test_the_old_address_opens_nothing_any_more(client, percy):
    EmailAddress.objects.create(user=percy, email=percy.email, primary=True, verified=True)
    change_address(percy, "new@example.org", by=percy)
    ask(client, "percy@example.org")
    assert Message.objects.latest("created_at").kind == "signin.unknown_address"
    ask(client, "new@example.org")
    client.post(CONFIRM, {"code": code_from_letter()})

    assert client.session["_auth_user_id"] == str(percy.pk)


def test_another_persons_address_is_refused_and_nothing_is_written(percy, olive):
    with pytest.raises(Refused, match="cannot be used"):
        change_address(percy, "OLIVE@example.org", by=percy)
    percy.refresh_from_db()

    assert percy.email == "percy@example.org"
    assert not Message.objects.exists()


def test_the_same_address_again_writes_to_nobody(percy):
    change_address(percy, "Percy@example.org ", by=percy)

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "address", ["no address", "a@b\nBcc: c@example.org", "", "a@x.org,b@x.org"]
)
def test_what_is_no_address_gets_a_sentence_at_its_place(client, percy, address):
    client.force_login(percy)
    response = client.post(ADDRESS, {"email": address, "again": address})
    percy.refresh_from_db()

    assert response.status_code == 200
    assert response.context["form"].errors["email"]
    assert percy.email == "percy@example.org"


def test_a_slip_of_the_finger_is_noticed(client, percy):
    client.force_login(percy)
    response = client.post(ADDRESS, {"email": "new@example.org", "again": "now@example.org"})

    assert "not the same address" in response.content.decode()
    assert 'value="new@example.org"' in response.content.decode()


def test_fields_that_the_form_does_not_have_change_nothing(client, percy):
    client.force_login(percy)
    new = "new@example.org"
    extra = {"is_staff": "on", "is_superuser": "on", "id": "1", "full_name": "Mallory"}
    client.post(ADDRESS, {"email": new, "again": new, **extra})
    percy.refresh_from_db()

    assert (percy.is_staff, percy.is_superuser, percy.full_name) == (False, False, "Percy Adeyemi")


def test_a_sign_in_of_long_ago_is_not_enough_to_change_an_address(client, percy):
    client.force_login(percy)
    grow_old(client)
    response = client.get(ADDRESS)
    assert urlsplit(response["Location"]).path == AGAIN
    page = client.get(response["Location"])
    assert client.session["_auth_user_id"] == str(percy.pk)
    assert "Sign in again first" in page.content.decode()

    onward = client.post(AGAIN, {"next": page.context["next"]})
    assert "_auth_user_id" not in client.session
    assert parse_qs(urlsplit(onward["Location"]).query)["next"] == [ADDRESS]


def test_who_has_a_factor_is_asked_for_that(client, lena):
    client.force_login(lena)
    grow_old(client)

    assert urlsplit(client.get(ADDRESS)["Location"]).path == reverse("mfa_reauthenticate")


def test_a_code_alone_does_not_count_as_recent_for_who_has_a_factor(client, percy):
    client.force_login(percy)
    give_factor(percy)

    assert urlsplit(client.get(ADDRESS)["Location"]).path == reverse("mfa_reauthenticate")


@pytest.mark.parametrize(
    "target", ["//elsewhere.example", "https://elsewhere.example", "/\\x.example"]
)
def test_signing_in_again_leads_nowhere_else(client, percy, target):
    client.force_login(percy)
    onward = client.post(AGAIN, {"next": target})["Location"]

    assert parse_qs(urlsplit(onward).query)["next"] == [reverse("signin:account")]


def test_letters_about_a_change_hold_no_address_and_no_host_of_a_request(percy):
    change_address(percy, "new@example.org", by=percy)
    for message in Message.objects.filter(kind="signin.notice"):
        letter = kinds.get(message.kind).render(message)
        assert "new@example.org" not in letter.text + letter.html
        assert "http://localhost:8000/" in letter.text


def test_ending_sessions_leaves_other_people_signed_in(client, percy, olive):
    client.force_login(olive)
    change_address(percy, "new@example.org", by=percy)

    assert Session.objects.filter(session_key=client.session.session_key).exists()


def test_a_person_without_an_address_gets_their_first(db):
    person = make_person(email=None)
    change_address(person, "first@example.org", by=person)

    assert letters_to("first@example.org") == ["address_new"]
