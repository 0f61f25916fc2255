"""Where I am signed in, and ending that for one browser."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from dlp.signin.tests.test_second_factor import sign_in_by_code

ACCOUNT = reverse("signin:account")
LIST = reverse("usersessions_list")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0.0.0 Safari/537.36"
pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(percy) -> Client:
    return signed_in(percy, IPHONE)


@pytest.fixture
def laptop(percy) -> Client:
    return signed_in(percy, WINDOWS)


def signed_in(person, user_agent: str) -> Client:
    browser = Client(headers={"host": "localhost", "user-agent": user_agent})
    sign_in_by_code(browser, person.email)
    return browser


def session_of(browser: Client) -> UserSession:
    return UserSession.objects.get(session_key=browser.session.session_key)


def end(browser: Client, session: UserSession):
    return browser.post(reverse("signin:session_end", args=[session.pk]), follow=True)


def test_one_browser_is_signed_out_and_the_others_stay(phone, laptop, percy):
    tablet = signed_in(percy, "iPad")
    page = end(laptop, session_of(phone)).content.decode()

    assert "Safari on an iPhone is signed out." in page
    assert phone.get(ACCOUNT).status_code == 302
    assert tablet.get(ACCOUNT).status_code == laptop.get(ACCOUNT).status_code == 200


def test_the_browser_one_uses_is_kept_and_has_no_button(phone, laptop):
    mine = session_of(laptop)
    page = end(laptop, mine).content.decode()

    assert "This is the browser you are using" in page
    assert laptop.get(ACCOUNT).status_code == 200
    assert reverse("signin:session_end", args=[mine.pk]) not in page
    assert reverse("signin:session_end", args=[session_of(phone).pk]) in page


def test_nobody_ends_somebody_elses(phone, olive):
    other = signed_in(olive, WINDOWS)

    assert end(other, session_of(phone)).status_code == 404
    assert phone.get(ACCOUNT).status_code == 200


def test_the_list_says_when_each_was_last_used(phone, laptop):
    with travel(timezone.now() + timedelta(days=3), tick=False):
        phone.get(ACCOUNT)
    with travel(timezone.now() + timedelta(days=5), tick=False):
        page = laptop.get(LIST).content.decode()

    assert "Last used 2 days ago" in page
    assert page.index("You are using it now") < page.index("Last used")


def test_use_is_noted_at_most_every_ten_minutes(laptop):
    with travel(timezone.now() + timedelta(minutes=9), tick=False):
        laptop.get(ACCOUNT)
    assert session_of(laptop).last_seen_at < timezone.now()

    with travel(timezone.now() + timedelta(minutes=11), tick=False):
        laptop.get(ACCOUNT)
    assert session_of(laptop).last_seen_at > timezone.now()


def test_use_does_not_put_off_the_end_of_a_session(laptop):
    end_of_it = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    with travel(end_of_it - timedelta(hours=1), tick=False):
        assert laptop.get(ACCOUNT).status_code == 200
    with travel(end_of_it + timedelta(hours=1), tick=False):
        assert laptop.get(ACCOUNT).status_code == 302
