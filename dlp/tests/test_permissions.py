"""Every address, every role: the answer that docs/permissions.csv gives, by every method for some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse

from dlp.embedded import mailbox
from dlp.tests.permissions import (
    ANSWERS,
    METHODS,
    ROLES,
    STAFF,
    deciding,
    expected,
    matches,
    matrix,
)
from dlp.tests.routes import Route, routes
from dlp.tests.world import UNHURRIED, World, make_world


class Case(NamedTuple):
    """An address as it is asked: for Percy's, or with a link that we did not make."""

    name: str
    route: Route
    is_bad: bool = False


ROUTES = routes()
CASES = [Case(route.name, route) for route in ROUTES] + [
    Case(f"{route.name} with a bad link", route, is_bad=True)
    for route in ROUTES
    if "token" in route.arguments
]
ASKED_BY_ALL = ("GET", "POST")
POST_LAST = tuple(sorted(METHODS, key="POST".__eq__))
"""What changes something comes after what only looks, so that one undoing does for all of them."""
ASK_ALL = ("anonymous", "participant", "programme lead")
"""Those who ask every address in every way: nobody, somebody, and who may do most."""
STRANGERS = ("other participant", "other school lead", "school lead", "supervisor", "facilitator")
MAILBOX_TOKEN = "the-link-of-this-start"
LETTER_PAGES = ("mailbox:list", "mailbox:letter", "mailbox:letter_html")
LETTER = b"Message-ID: <1@example.org>\nContent-Type: text/html\n\n<p>Good morning.</p>\n"
FORM = "application/x-www-form-urlencoded"
pytestmark = pytest.mark.django_db

# Written by looking: the session and its list, that somebody looked at a home or took a list away,
# and that a calendar was asked for. Nothing else.
WRITTEN_BY_GET = re.compile(
    r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(?:django_session|usersessions_usersession)"'
    r"|^(?:SAVEPOINT|RELEASE|ROLLBACK)"
)
A_LOOK = 'INSERT INTO "home_look"'
NOTED_BY_LOOKING = {
    "home:home": A_LOOK,
    "home:desk": A_LOOK,
    "cohorts:certificate": 'INSERT INTO "audit_accessrecord"',
    "training:certificate_file": 'INSERT INTO "audit_accessrecord"',
    "training:inspection_pack": 'INSERT INTO "audit_accessrecord"',
    "training:inspection_pack_pdf": 'INSERT INTO "audit_accessrecord"',
    "placements:agreement": 'INSERT INTO "audit_accessrecord"',
    "*_export": 'INSERT INTO "audit_exportrecord"',
    "outbox:feed": 'UPDATE "outbox_feedtoken" SET "last_fetched_at"',
}
WRITES = re.compile(
    r"^\s*(?:INSERT|UPDATE|DELETE|TRUNCATE|MERGE|WITH\b.*\b(?:INSERT|UPDATE|DELETE))", re.I
)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """One programme for the whole module; every request on it is undone."""
    folder = tmp_path_factory.mktemp("mailbox")
    here = {"EMAIL_URL": "", "MAILBOX_DIR": folder, "MAILBOX_TOKEN": MAILBOX_TOKEN}
    with override_settings(**here, **UNHURRIED), django_db_blocker.unblock(), transaction.atomic():
        key = mailbox.deliver(LETTER, to="percy@example.org")
        world = make_world()
        world.things |= dict.fromkeys(LETTER_PAGES, {"token": MAILBOX_TOKEN, "key": key})
        yield world
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """Undo what requests did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(world: World, role: str, method: str, address: str) -> HttpResponse:
    response = world.clients[role].generic(method, address, world.forms.get(address, ""), FORM)
    if response.streaming:
        list(response.streaming_content)
    return response


def forget_limits() -> None:
    """Let no limit build up over thousands of requests; other processes keep their own keys."""
    client = cache._cache.get_client(write=True)
    prefix = settings.CACHES["default"]["KEY_PREFIX"]
    if keys := list(client.scan_iter(f"{prefix}:*", count=10_000)):
        client.delete(*keys)


def answer_of(response: HttpResponse) -> str:
    """What happened, in the words of the file."""
    if response.status_code in (301, 302):
        path = urlsplit(response["Location"]).path
        if path == reverse("account_login"):
            return "sign-in"
        if path == reverse("mfa_index"):
            return "second factor"
        if path in (reverse("mfa_reauthenticate"), reverse("mfa_reauthenticate_webauthn")):
            return "prove again"
        return "done"
    return "ok" if response.status_code == 200 else str(response.status_code)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_everybody_gets_the_answer_of_the_matrix(world, case):
    address = world.address(case.route, nowhere=case.is_bad)
    wrong = []
    for role in ROLES:
        forget_limits()
        with undone():
            wrong += not_as_told(world, case, role, address)

    assert not wrong, f"{address}\n" + "\n".join(wrong)


def ways(case: Case, role: str) -> tuple[str, ...]:
    """How this role asks. The admin has one door, at which those who are no staff need not try each way."""
    is_outside = case.name.startswith("admin:") and role not in STAFF
    if role in STRANGERS and is_outside:
        return ("GET",)
    return POST_LAST if role in ASK_ALL and not is_outside else ASKED_BY_ALL


def not_as_told(world: World, case: Case, role: str, address: str) -> list[str]:
    """What the file says otherwise, and what is written by looking."""
    wrong = []
    for method in ways(case, role):
        with written() as changes:
            got = answer_of(ask(world, role, method, address))
        if got != (wanted := expected(role, case.name, method)):
            wrong.append(f"{method} by {role}: {got}, and the file says {wanted}")
        is_export = case.name.endswith("_export")
        if noted := NOTED_BY_LOOKING.get("*_export" if is_export else case.name):
            changes = {sql for sql in changes if not sql.startswith(noted)}
        if method != "POST" and changes:
            wrong.append(f"{method} by {role} writes when it only looks: {changes}")
    return wrong


@contextmanager
def written() -> Iterator[set[str]]:
    """What requests write beyond their own session."""
    found: set[str] = set()

    def note(execute, sql, *rest):
        if WRITES.match(sql) and not WRITTEN_BY_GET.match(sql):
            found.add(sql[:80])
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield found


@pytest.mark.parametrize(
    "route",
    [r for r in ROUTES if "pk" in r.arguments and not r.name.startswith("admin:")],
    ids=lambda route: route.name,
)
def test_strangers_are_told_what_they_would_be_told_of_nothing(world, route):
    """A 404 for what is somebody else's is, letter by letter, the 404 for what does not exist."""
    address, nowhere = world.address(route), world.address(route, nowhere=True)
    for role in STRANGERS:
        with undone():
            for method in ASKED_BY_ALL:
                theirs = ask(world, role, method, address)
                if theirs.status_code == 404:
                    none = ask(world, role, method, nowhere)
                    assert none.status_code == 404, f"{role} learns that {nowhere} is nothing"
                    assert plain(theirs, address) == plain(none, nowhere)


def plain(response: HttpResponse, address: str) -> str:
    """A page without what is new each time."""
    text = response.content.decode().replace(address, "HERE")
    text = re.sub(r"(csrf\w*\W+(?:value=)?\W*)[\w]{32,}", r"\1", text)
    return re.sub(r'nonce="[^"]*"', "", text)


def test_the_check_on_writes_sees_one(world):
    with written() as changes, undone():
        world.people["participant"].save()

    assert changes


def test_every_line_of_the_file_decides_something():
    decided = {
        deciding(role, case.name, method) for case in CASES for role in ROLES for method in METHODS
    }
    idle = [row for row in matrix() if row not in decided]
    names = {name for row in matrix() for name in row.name.split("|")}
    nothing = [name for name in names if not any(matches(name, case.name) for case in CASES)]

    assert not idle, "These lines decide nothing:\n" + "\n".join(map(str, idle))
    assert not nothing, f"No address has these names: {nothing}"


def test_every_line_gives_one_answer_that_there_is():
    assert {row.answer for row in matrix()} <= ANSWERS


def test_every_group_of_staff_sees_people_and_one_that_only_reads_changes_none():
    assert {expected(role, "cohorts:people", "GET") for role in STAFF} == {"ok"}
    assert expected("read only", "cohorts:person_edit", "POST") == "403"
