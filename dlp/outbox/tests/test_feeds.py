"""The private calendar's address: who may make it, what opens it, and where it never shows."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from dlp.logs import Discreet
from dlp.outbox import feeds
from dlp.outbox.models import FeedToken
from dlp.outbox.tests.factories import make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db):
    return make_reader()


def path_of(token: str) -> str:
    return reverse("outbox:feed", args=[token])


def address_on(page) -> str:
    """The address that a page shows."""
    return page.content.decode().partition("<code>")[2].partition("</code>")[0]


def test_address_is_shown_once_and_opens_the_calendar_without_signing_in(client, ada):
    client.force_login(ada)
    made = client.post(reverse("outbox:my_calendar"))
    address = address_on(made)
    client.logout()

    answer = client.get(address)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store, private"
    assert "session" not in answer.cookies
    client.force_login(ada)
    assert address_on(client.get(reverse("outbox:my_calendar"))) == ""


def test_buttons_hand_the_address_to_the_three_calendars(client, ada):
    client.force_login(ada)
    page = client.post(reverse("outbox:my_calendar"))

    address = address_on(page)
    rest = address.partition("://")[2]
    escaped = rest.replace("/", "%2F").replace(":", "%3A")
    body = page.content.decode()
    assert f'href="webcal://{rest}"' in body
    assert f"calendar.google.com/calendar/r?cid=webcal%3A%2F%2F{escaped}" in body
    assert f"addfromweb?url=http%3A%2F%2F{escaped}" in body


def test_only_somebody_who_signed_in_lately_makes_an_address(client, ada):
    client.force_login(ada)
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 301
    session.save()

    answer = client.post(reverse("outbox:my_calendar"))

    assert answer["Location"].startswith(reverse("signin:again"))
    assert not FeedToken.objects.exists()


def test_new_address_ends_the_one_before(client, ada):
    old, new = feeds.make_token(ada), feeds.make_token(ada)

    assert client.get(path_of(old)).status_code == 404
    assert client.get(path_of(new)).status_code == 200


def test_switching_it_off_ends_it_at_once(client, ada):
    token = feeds.make_token(ada)
    client.force_login(ada)

    answer = client.post(reverse("outbox:my_calendar_off"), follow=True)

    assert "no longer works" in answer.content.decode()
    assert client.get(path_of(token)).status_code == 404


def test_whoever_is_deactivated_has_no_calendar(client, ada):
    token = feeds.make_token(ada)
    type(ada).objects.filter(pk=ada.pk).update(is_active=False)

    assert client.get(path_of(token)).status_code == 404


@pytest.mark.parametrize("token", ["x", "é" * 300, "%00", "a" * 4000, "..", "' OR 1=1"])
def test_every_key_that_opens_nothing_gets_the_same_404(client, ada, token):
    unknown = client.get(path_of("A" * 43))

    answer = client.get(path_of(token))

    assert answer.status_code == unknown.status_code == 404
    assert answer.headers.items() >= {"Cache-Control": "no-store, private"}.items()


def test_unchanged_calendar_is_not_sent_again(client, ada):
    token = feeds.make_token(ada)
    first = client.get(path_of(token))

    again = client.get(path_of(token), headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_asking_is_noted_to_ten_minutes(client, ada):
    token = feeds.make_token(ada)
    client.get(path_of(token))
    first = FeedToken.objects.get().last_fetched_at
    client.get(path_of(token))
    assert first is not None
    assert FeedToken.objects.get().last_fetched_at == first

    FeedToken.objects.update(last_fetched_at=timezone.now() - timedelta(minutes=11))
    client.get(path_of(token))

    client.force_login(ada)
    assert "Last asked for" in client.get(reverse("outbox:my_calendar")).content.decode()
    assert FeedToken.objects.get().last_fetched_at > first - timedelta(minutes=1)


def test_sixty_times_an_hour_is_enough(client, ada):
    token = feeds.make_token(ada)

    answers = [client.get(path_of(token)).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]
    assert client.get(path_of(feeds.make_token(make_reader("bo@example.org")))).status_code == 200


def test_key_is_nowhere_in_the_database(client, ada):
    client.force_login(ada)
    key = address_on(client.post(reverse("outbox:my_calendar"))).rpartition("/")[2][:-4]
    client.get(path_of(key))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(table_name) FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(
                f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE %s",  # noqa: S608
                [f"%{key}%"],
            )
            assert cursor.fetchone() == (0,), table
    assert len(tables) > 20
    history = FeedToken.objects.get().events.values()
    assert not {"token_hash", "last_fetched_at"} & set(history[0])


def test_key_is_in_no_line_of_the_log(client, ada, caplog):
    caplog.handler.addFilter(Discreet())
    caplog.set_level(logging.DEBUG)
    token = feeds.make_token(ada)
    feeds.revoke(ada)

    client.get(path_of(token))
    client.get(f"/r/{token}/")

    assert "Not Found: /calendar/…" in caplog.text
    assert token not in caplog.text


def test_log_lines_are_lines_and_keep_the_numbers_of_letters():
    said = "Not Found: /messages/12345678-1234-4234-8234-123456789abc/\nINFO forged"
    record = logging.LogRecord("x", logging.INFO, "x", 1, "%s", (said,), None)

    Discreet().filter(record)

    assert record.getMessage() == said.replace("\n", "\\n")


def test_a_refusal_is_one_line_of_the_log_and_a_fault_has_its_traceback(client, ada, caplog):
    caplog.handler.addFilter(Discreet())
    client.force_login(ada)
    client.get("/desk/")
    refused = [one for one in caplog.records if "/desk/" in one.getMessage()]
    fault = logging.LogRecord(
        "x", logging.ERROR, "x", 1, "broken", None, (ValueError, ValueError(), None)
    )
    Discreet().filter(fault)

    assert [one.exc_info for one in refused] == [None]
    assert "Traceback" not in caplog.text
    assert fault.exc_info is not None


def test_handler_of_the_log_is_discreet(settings):
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["discreet"]
