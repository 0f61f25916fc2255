"""/healthz says whether the servers answer, to anybody, and nothing else."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from redis.exceptions import ConnectionError as NoValkey

from dlp.embedded.checks import role_is_no_superuser


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
    assert client.get("/healthz", headers={"host": "127.0.0.1:8000"}).status_code == 200


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
