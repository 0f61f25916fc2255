"""Limits that strangers meet, whatever headers they send, and what happens when Valkey is away."""

import pytest
from django.test import Client
from django.urls import reverse

from dlp.outbox.models import Message
from dlp.signin.tests.test_code import CONFIRM, LOGIN, ask, code_from_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "localhost"})


def without_valkey(settings) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock?db=1"}
    }


def test_codes_for_one_address_stop_after_three_a_minute(browser, percy):
    for _ in range(3):
        ask(browser, "percy@example.org")
    response = ask(browser, "percy@example.org")

    assert "Too many tries" in response.content.decode()
    assert Message.objects.count() == 3


def test_the_limit_is_the_same_for_an_address_nobody_has(browser):
    for _ in range(3):
        ask(browser, "nobody@example.org")

    assert "Too many tries" in ask(browser, "nobody@example.org").content.decode()
    assert Message.objects.count() == 3


def test_a_forged_forwarded_address_does_not_lift_the_limit(browser):
    for number in range(20):
        browser.post(
            LOGIN,
            {"login": f"n{number}@example.org"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
    response = browser.post(
        LOGIN, {"login": "late@example.org"}, headers={"X-Forwarded-For": "10.9.9.9"}
    )

    assert "Too many tries" in response.content.decode()


def test_behind_a_proxy_only_its_own_entry_counts(browser, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        headers = {"X-Forwarded-For": f"10.0.0.{number}, 198.51.100.7"}
        browser.post(LOGIN, {"login": f"n{number}@example.org"}, headers=headers)
    same = browser.post(
        LOGIN, {"login": "x@example.org"}, headers={"X-Forwarded-For": "10.9.9.9, 198.51.100.7"}
    )
    other = browser.post(
        LOGIN, {"login": "y@example.org"}, headers={"X-Forwarded-For": "10.9.9.9, 198.51.100.8"}
    )

    assert "Too many tries" in same.content.decode()
    assert other.status_code == 302


def test_hammering_the_sign_in_page_ends_in_429(browser):
    for _ in range(30):
        browser.post(LOGIN, {"login": "not an address"})
    response = browser.post(LOGIN, {"login": "not an address"})

    assert response.status_code == 429
    assert "A little slower" in response.content.decode()


def test_without_valkey_nobody_may_try_and_a_page_says_so(browser, percy, settings):
    without_valkey(settings)
    response = ask(browser, "percy@example.org")

    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "Signing in is not possible just now" in response.content.decode()
    assert not Message.objects.exists()


def test_without_valkey_a_right_code_waits_too(browser, percy, settings):
    ask(browser, "percy@example.org")
    code = code_from_letter()
    without_valkey(settings)

    assert browser.post(CONFIRM, {"code": code}).status_code == 503
    assert "_auth_user_id" not in browser.session


def test_without_valkey_other_pages_keep_working(client, browser, percy, settings):
    client.force_login(percy)
    without_valkey(settings)

    assert client.get(reverse("signin:account")).status_code == 200
    assert browser.get(LOGIN).status_code == 200
    assert browser.get(reverse("help")).status_code == 200


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost.elsewhere.example", "a b", ""])
def test_a_forged_host_gets_400_and_reaches_no_letter(percy, host):
    response = Client().post(LOGIN, {"login": percy.email}, headers={"host": host})

    assert response.status_code == 400
    assert not Message.objects.exists()


def test_a_forwarded_host_is_not_believed(browser, percy):
    response = browser.post(
        LOGIN, {"login": "who@example.org"}, headers={"X-Forwarded-Host": "elsewhere.example"}
    )

    assert response.status_code == 302
    assert "elsewhere" not in response["Location"]
