"""/healthz says whether the servers answer, /healthz/deep whether letters go; to anybody, of nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis.exceptions import ConnectionError as NoValkey

from dlp.embedded.checks import role_is_no_superuser
from dlp.health import deep_health
from dlp.outbox.models import Message, SenderRound
from dlp.outbox.tests.factories import make_message


@pytest.fixture(autouse=True)
def _nothing_kept():
    deep_health.forget()
    yield
    deep_health.forget()


@pytest.mark.django_db
def test_all_is_well(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "valkey": "ok"}


@pytest.mark.django_db
def test_a_database_that_is_away_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", away)
    monkeypatch.setattr(connection, "close", lambda: None)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"database": "away", "valkey": "ok"}


@pytest.mark.django_db
def test_a_valkey_that_is_away_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise NoValkey

    monkeypatch.setattr(cache, "get", away)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "valkey": "away"}


def test_an_address_of_numbers_leads_to_localhost(client: Client) -> None:
    answer = client.get("/account/login/?next=/", headers={"host": "127.0.0.1:8000"})

    assert answer.status_code == 302
    assert answer["Location"] == "http://localhost:8000/account/login/?next=/"


@pytest.mark.django_db
def test_monitoring_may_ask_by_number(client: Client) -> None:
    for path in ("/healthz", "/healthz/deep"):
        answer = client.get(path, headers={"host": "127.0.0.1:8000"})
        assert answer["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_the_role_we_run_as_passes_the_deployment_check() -> None:
    assert role_is_no_superuser(None) == []


@pytest.mark.django_db
def test_a_role_that_bypasses_row_level_security_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP VIEW pg_roles AS SELECT current_user AS rolname, true AS rolsuper, false AS rolbypassrls"
        )
        cursor.execute("SET LOCAL search_path = pg_temp, pg_catalog, public")

    found = role_is_no_superuser(None)

    assert [complaint.id for complaint in found] == ["dlp.E001"]


@pytest.fixture
def round_ended(db) -> None:
    SenderRound.objects.note(SenderRound.Ringer.LOOP)


def late(length: timedelta) -> None:
    """A letter that has been due for so long."""
    make_message()
    Message.objects.update(due_at=Now() - length, next_attempt_at=Now() - length)


def test_deep_all_is_well(client: Client, round_ended: None) -> None:
    late(timedelta(minutes=9))

    answer = client.get("/healthz/deep")

    told = answer.json()
    assert (answer.status_code, told["status"], told["troubles"]) == (200, "ok", [])
    assert (told["database"], told["valkey"]) == ("ok", "ok")
    assert 540 <= told["oldest_due_seconds"] < 600
    assert 0 <= told["last_round_seconds"] < 60


def test_deep_names_a_letter_that_waits_and_nobody(client: Client, round_ended: None) -> None:
    late(timedelta(minutes=11))

    answer = client.get("/healthz/deep")

    assert answer.status_code == 503
    assert answer.json()["troubles"] == ["A letter has been due for 11 minutes."]
    assert b"ada" not in answer.content.lower()


@pytest.mark.parametrize(
    "change",
    [
        {"next_attempt_at": Now() + timedelta(minutes=5)},
        {"held_until": Now() + timedelta(minutes=5)},
        {"state": "cancelled"},
    ],
)
def test_deep_minds_no_letter_that_need_not_leave(
    client: Client, round_ended: None, change: dict[str, object]
) -> None:
    late(timedelta(hours=1))
    Message.objects.update(**change)

    assert client.get("/healthz/deep").json()["oldest_due_seconds"] is None


@pytest.mark.django_db
def test_deep_says_when_no_sender_comes_round(client: Client) -> None:
    assert client.get("/healthz/deep").json()["troubles"] == ["No sender has come round yet."]

    SenderRound.objects.create(ringer="loop", ended_at=timezone.now() - timedelta(minutes=6))
    SenderRound.objects.create(ringer="celery", ended_at=timezone.now() - timedelta(hours=6))
    deep_health.forget()

    assert client.get("/healthz/deep").json()["troubles"] == [
        "No sender has come round for 6 minutes."
    ]


@pytest.mark.django_db
def test_deep_names_servers_that_are_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_database(*args: object) -> None:
        raise DatabaseError

    def no_valkey(*args: object) -> None:
        raise NoValkey

    monkeypatch.setattr(connection, "cursor", no_database)
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(cache, "get", no_valkey)

    answer = client.get("/healthz/deep")

    assert answer.status_code == 503
    told = answer.json()
    assert told["troubles"] == ["The database does not answer.", "Valkey does not answer."]
    assert (told["database"], told["valkey"]) == ("away", "away")


def test_deep_asks_once_however_often_it_is_asked(client: Client, round_ended: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        for _ in range(20):
            client.get("/healthz/deep")

    assert len(captured) == 1
