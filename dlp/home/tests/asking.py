"""How these tests ask for a page and count what it costs."""

from __future__ import annotations

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.models import Person

NOT_QUESTIONS = ("SAVEPOINT", "BEGIN", "COMMIT")


def page(client: Client, person: Person, name: str, *args: object, **query: str) -> str:
    """The page as this person reads it."""
    client.force_login(person)
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def status(client: Client, person: Person, name: str, *args: object) -> int:
    client.force_login(person)
    return client.get(reverse(name, args=args)).status_code


def queries(client: Client, person: Person, name: str, *args: object, **query: str) -> list[str]:
    """Every question that the page asked the database."""
    client.force_login(person)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    asked = [one["sql"] for one in captured.captured_queries]
    return [sql for sql in asked if not any(word in sql for word in NOT_QUESTIONS)]


def without_values(sql: str) -> str:
    """The text of a question, whatever it was asked about."""
    return re.sub(r"'[^']*'|\b\d+\b", "?", sql)
