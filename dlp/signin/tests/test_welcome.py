"""What an invitation opens, and links that carry their own permission."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from dlp.outbox.models import Message
from dlp.signin import links
from dlp.signin.tests.test_code import CONFIRM, code_from_letter

WEEK = timedelta(days=7)


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "localhost"})


def door(person) -> str:
    return reverse("signin:welcome", args=[links.make("invitation", WEEK, person=person.pk)])


def test_an_invitation_says_what_this_is_and_one_button_mails_a_code(browser, percy):
    page = browser.get(door(percy))
    assert page.status_code == 200
    assert "Difference Leadership Programme" in page.content.decode()
    assert "p…@example.org" in page.content.decode()
    assert not Message.objects.exists()

    browser.post(door(percy))
    browser.post(CONFIRM, {"code": code_from_letter()})
    assert browser.session["_auth_user_id"] == str(percy.pk)


def test_looking_at_an_invitation_signs_nobody_in(browser, percy):
    browser.get(door(percy))
    browser.get(door(percy))

    assert "_auth_user_id" not in browser.session


def test_an_expired_invitation_says_how_to_get_another(browser, percy):
    with travel("2026-11-01 12:00+00:00", tick=False) as clock:
        url = door(percy)
        clock.shift(WEEK + timedelta(seconds=1))
        for response in (browser.get(url), browser.post(url)):
            assert response.status_code == 410
            assert "ask them to invite you again" in response.content.decode()

    assert not Message.objects.exists()


def test_an_invitation_for_somebody_deactivated_opens_nothing(browser, percy):
    url = door(percy)
    percy.is_active = False
    percy.save()

    assert browser.get(url).status_code == 404
    assert browser.post(url).status_code == 404
    assert not Message.objects.exists()


def test_a_forged_invitation_opens_nothing(browser, percy):
    url = door(percy)
    for forged in (url[:-3] + "xx/", "/welcome/abc/", "/welcome/1:2:3/"):
        assert browser.get(forged).status_code == 404


def test_a_token_for_one_purpose_opens_no_other():
    token = links.make("invitation", WEEK, person=1)

    with pytest.raises(links.LinkProblem):
        links.read(token, "reply")


def test_a_token_gives_back_what_it_was_made_with():
    token = links.make("reply", WEEK, booking=7, answer="yes")

    assert links.read(token, "reply") == {"booking": 7, "answer": "yes"}


def test_a_token_expires_to_the_second():
    with travel("2026-11-01 12:00+00:00", tick=False) as clock:
        token = links.make("reply", timedelta(hours=1), booking=7)
        clock.shift(timedelta(hours=1))
        assert links.read(token, "reply")
        clock.shift(timedelta(seconds=2))
        with pytest.raises(links.LinkExpired, match="has had its time"):
            links.read(token, "reply")


def test_a_new_secret_key_ends_every_link_and_an_old_one_in_reserve_keeps_them(settings):
    token = links.make("reply", WEEK, booking=7)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-that-is-long-enough-0123456789"
    with pytest.raises(links.LinkProblem):
        links.read(token, "reply")
    settings.SECRET_KEY_FALLBACKS = [old]

    assert links.read(token, "reply") == {"booking": 7}


def test_who_is_signed_in_already_goes_home(client, percy):
    client.force_login(percy)

    assert client.get(door(percy))["Location"] == "/"
