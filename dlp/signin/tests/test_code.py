"""Signing in with a mailed code, through the front door."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from time_machine import travel

from cohorts.tests.factories import make_person
from dlp.outbox import kinds
from dlp.outbox.models import Message

LOGIN = reverse("account_login")
CONFIRM = reverse("account_confirm_login_code")
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "localhost"})


@pytest.fixture
def percy():
    return make_person("Percy Adeyemi", email="percy@example.org")


def ask(browser: Client, address: str, **extra):
    return browser.post(LOGIN, {"login": address, **extra})


def newest() -> Message:
    return Message.objects.order_by("created_at", "due_at").last()


def code_from_letter() -> str:
    message = newest()
    assert message.kind == "signin.code"
    text = kinds.get(message.kind).render(message).text
    return re.search(r"^\d{6}$", text, re.MULTILINE).group()


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_a_code_from_the_letter_signs_in(browser, percy):
    ask(browser, "percy@example.org")
    response = browser.post(CONFIRM, {"code": code_from_letter()})

    assert response.status_code == 302
    assert browser.session["_auth_user_id"] == str(percy.pk)


def test_a_pasted_code_with_a_space_in_it_works(browser, percy):
    ask(browser, "percy@example.org")
    code = code_from_letter()
    browser.post(CONFIRM, {"code": f" {code[:3]} {code[3:]} "})

    assert is_signed_in(browser)


def test_an_address_in_other_letter_case_is_the_same_address(browser, percy):
    ask(browser, " PERCY@Example.ORG ")
    browser.post(CONFIRM, {"code": code_from_letter()})

    assert is_signed_in(browser)


@pytest.mark.parametrize("address", ["nobody@example.org", "gone@example.org", "pecry@example.org"])
def test_page_and_status_say_nothing_about_who_is_known(percy, address):
    make_person(email="gone@example.org", is_active=False)
    answers = []
    for asked in ("percy@example.org", address):
        browser = Client(headers={"host": "localhost"})
        asking = ask(browser, asked)
        page = browser.get(CONFIRM)
        body = page.content.decode().replace(asked, "ADDRESS")
        body = re.sub(r'(csrfmiddlewaretoken" value|"x-csrftoken"|nonce)=?:? ?"[^"]+"', "", body)
        answers.append((asking.status_code, asking["Location"], page.status_code, body))

    assert answers[0] == answers[1]


@pytest.mark.parametrize("address", ["nobody@example.org", "gone@example.org"])
def test_who_is_not_known_gets_a_letter_that_names_the_programme_team(browser, address):
    make_person(email="gone@example.org", is_active=False)
    ask(browser, address)

    message = newest()
    text = kinds.get(message.kind).render(message).text
    assert message.kind == "signin.unknown_address"
    assert "ask the programme team" in text
    assert "sign up" not in text.lower()
    assert "http://localhost:8000/help/" in text


@pytest.mark.parametrize(
    "address", ["not an address", "two@example.org,three@example.org", "a@b\nc"]
)
def test_a_mistyped_address_gets_a_sentence_and_keeps_what_was_typed(browser, address):
    response = ask(browser, address)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Message.objects.exists()


def test_the_third_wrong_code_ends_the_try(browser, percy):
    ask(browser, "percy@example.org")
    right = code_from_letter()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(3):
        browser.post(CONFIRM, {"code": wrong})
    response = browser.post(CONFIRM, {"code": right})

    assert response.status_code == 302
    assert not is_signed_in(browser)


def test_the_tenth_wrong_code_gets_no_further_than_the_third(browser, percy):
    ask(browser, "percy@example.org")
    for number in range(10):
        response = browser.post(CONFIRM, {"code": f"{number:06}"}, follow=True)

    assert response.status_code == 200
    assert response.request["PATH_INFO"] == LOGIN
    assert not is_signed_in(browser)


def test_answers_sent_all_at_once_are_counted_too(browser, percy):
    """Each answer carries the session as it was before any: the count in Valkey sees them all."""
    ask(browser, "percy@example.org")
    right = code_from_letter()
    session = browser.session
    before = dict(session)
    for _ in range(3):
        browser.post(CONFIRM, {"code": "12"})
        stored = browser.session
        stored.update(before)
        stored.save()
    browser.post(CONFIRM, {"code": right})

    assert not is_signed_in(browser)


def test_a_code_works_once(browser, percy):
    ask(browser, "percy@example.org")
    code = code_from_letter()
    browser.post(CONFIRM, {"code": code})
    browser.post(reverse("account_logout"))
    browser.post(CONFIRM, {"code": code})

    assert not is_signed_in(browser)


def test_a_code_works_in_the_browser_that_asked_only(browser, percy):
    other = Client(headers={"host": "localhost"})
    ask(browser, "percy@example.org")
    code = code_from_letter()
    assert other.post(CONFIRM, {"code": code}).status_code == 302
    ask(other, "nobody@example.org")
    other.post(CONFIRM, {"code": code})

    assert not is_signed_in(other)


def test_a_code_is_worth_nothing_after_ten_minutes(browser, percy):
    with travel("2026-11-23 12:00+00:00", tick=False) as clock:
        ask(browser, "percy@example.org")
        code = code_from_letter()
        clock.shift(timedelta(minutes=10, seconds=1))
        browser.post(CONFIRM, {"code": code})

    assert not is_signed_in(browser)


def test_a_new_code_makes_the_older_one_worthless(browser, percy):
    ask(browser, "percy@example.org")
    first = code_from_letter()
    browser.post(CONFIRM, {"action": "resend"})
    second = code_from_letter()
    browser.post(CONFIRM, {"code": first})
    assert first == second or not is_signed_in(browser)
    browser.post(CONFIRM, {"code": second})

    assert is_signed_in(browser)


def test_another_address_can_be_given_while_a_code_is_on_its_way(browser, percy):
    ask(browser, "pecry@example.org")
    assert "?another=1" in browser.get(CONFIRM).content.decode()
    assert browser.get(LOGIN, {"another": "1"}).status_code == 200
    ask(browser, "percy@example.org")
    browser.post(CONFIRM, {"code": code_from_letter()})

    assert is_signed_in(browser)


def test_who_comes_back_while_a_code_is_on_its_way_types_it(browser, percy):
    ask(browser, "percy@example.org")

    assert browser.get(LOGIN)["Location"] == CONFIRM


def test_somebody_deactivated_between_letter_and_code_does_not_get_in(browser, percy):
    ask(browser, "percy@example.org")
    code = code_from_letter()
    percy.is_active = False
    percy.save()
    browser.post(CONFIRM, {"code": code})

    assert not is_signed_in(browser)


def test_deactivating_somebody_ends_what_they_were_doing(client, percy):
    client.force_login(percy)
    assert client.get(reverse("signin:account")).status_code == 200
    percy.is_active = False
    percy.save()

    assert client.get(reverse("signin:account")).status_code == 302


def test_signing_in_gives_a_new_session_key(browser, percy):
    ask(browser, "percy@example.org")
    before = browser.session.session_key
    browser.post(CONFIRM, {"code": code_from_letter()})

    assert browser.session.session_key != before
    assert UserSession.objects.get().session_key == browser.session.session_key


@pytest.mark.parametrize(
    "target",
    [
        "//elsewhere.example",
        "/\\elsewhere.example",
        "https:elsewhere.example",
        "https://elsewhere.example/",
        "http://localhost.elsewhere.example/",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:a=b\r\nX: y",
        "\t//elsewhere.example",
    ],
)
def test_a_target_elsewhere_is_not_followed(browser, percy, target):
    asking = browser.post(LOGIN, {"login": "percy@example.org", "next": target})
    response = browser.post(CONFIRM, {"code": code_from_letter(), "next": target})

    assert "elsewhere" not in asking["Location"]
    assert response["Location"] in ("/", "/me/") or response["Location"].startswith("/%")
    assert not re.search(r"[\r\n]", response["Location"])


def test_a_target_here_is_followed(browser, percy):
    ask(browser, "percy@example.org", next="/me/")
    response = browser.post(CONFIRM, {"code": code_from_letter(), "next": "/me/"})

    assert response["Location"] == "/me/"


def test_nobody_is_asked_for_a_password_anywhere(browser):
    body = browser.get(LOGIN).content.decode().lower()

    assert 'type="password"' not in body


@pytest.mark.parametrize(
    "path",
    [
        "/account/signup/",
        "/account/signup/passkey/",
        "/account/email/",
        "/account/confirm-email/",
        "/account/confirm-email/abc/",
        "/account/password/change/",
        "/account/password/set/",
        "/account/password/reset/",
        "/account/password/reset/done/",
        "/account/password/reset/key/1-abc/",
        "/account/reauthenticate/",
        "/account/inactive/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_up_addresses_and_passwords_are_closed(client, browser, percy, path, method):
    client.force_login(percy)

    assert getattr(browser, method)(path).status_code == 404
    assert getattr(client, method)(path).status_code == 404
