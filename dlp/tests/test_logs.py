"""What the log holds: numbers and names of things, nothing of anybody."""

from __future__ import annotations

import io
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cohorts.models import Person
from cohorts.tests.factories import make_person
from dlp.logs import Discreet

SECRET = "ada.okafor@example.org"  # noqa: S105  an address


@pytest.fixture
def log(settings) -> Iterator[io.StringIO]:
    """The log as LOGGING writes it."""
    written = io.StringIO()
    handler = logging.config.DictConfigurator(settings.LOGGING)  # type: ignore[attr-defined]
    formatter = handler.configure_formatter(dict(settings.LOGGING["formatters"]["line"]))
    stream = logging.StreamHandler(written)
    stream.setFormatter(formatter)
    stream.addFilter(Discreet())
    root = logging.getLogger()
    root.addHandler(stream)
    yield written
    root.removeHandler(stream)


def test_trace_tells_where_and_what_kind_and_not_what_it_says(log):
    def lookup() -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"Nobody has {SECRET}.") from error

    try:
        lookup()
    except ValueError:
        logging.getLogger("dlp").exception("It failed.")

    said = log.getvalue()
    assert SECRET not in said
    assert said.index("KeyError") < said.index("ValueError")
    assert "test_logs.py:" in said
    assert "in lookup" in said


@pytest.mark.django_db
def test_refusal_of_the_database_names_its_rule_and_not_the_row(log):
    make_person("Ada Okafor", email=SECRET)
    try:
        with transaction.atomic():
            Person.objects.create(full_name="Bo Lind", email=SECRET)
    except IntegrityError:
        logging.getLogger("dlp").exception("It failed.")

    said = log.getvalue()
    assert "UniqueViolation (cohorts_person_email_key)" in said
    for private in (SECRET, "Bo Lind", "Ada"):
        assert private not in said


def test_task_that_fails_is_told_by_its_kind(log):
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s] raised unexpected: %(exc)s",
        {"name": "x", "id": "1", "exc": f"ValueError('{SECRET}')", "traceback": SECRET},
    )

    assert log.getvalue() == "ERROR celery.app.trace: Task x[1] raised unexpected: ValueError\n"


@pytest.mark.django_db
def test_error_of_a_page_is_logged_without_what_it_holds(log, monkeypatch):
    def fails(*args: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("dlp.pages.render", fails)
    client = Client(raise_request_exception=False)

    assert client.get("/help/").status_code == 500

    said = log.getvalue()
    assert "Internal Server Error: /help/" in said
    assert "RuntimeError" in said
    assert SECRET not in said


def test_worker_logs_as_everything_else_does(settings):
    assert settings.CELERY_WORKER_HIJACK_ROOT_LOGGER is False
    assert settings.LOGGING["formatters"]["line"]["()"] == "dlp.logs.Line"
