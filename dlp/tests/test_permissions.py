"""Every address, every role: the answer that docs/permissions.csv gives, by every method for some.

What else is true of every answer is looked at on the same walk: what it is headed with, what a stranger
learns from it, and that it gives no reason away for which somebody is away or left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse

from dlp.embedded import mailbox
from dlp.tests.caching import forget_all_kept
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
from dlp.tests.test_headers import check
from dlp.tests.test_kept_reasons import READERS, plant, tells, text_of
from dlp.tests.world import UNHURRIED, World, make_world


class Case(NamedTuple):
    """An address as it is asked: for Percy's, or with a link that we did not make."""

    name: str
    route: Route
    is_bad: bool = False

    @property
    def is_in_admin(self) -> bool:
        return self.name.startswith("admin:")


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
FRAMED = "mailbox:letter_html"
"""A letter, which stands in a frame of ours and is headed accordingly."""
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
        plant(world)
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
    return world.clients[role].generic(method, address, world.forms.get(address, ""), FORM)


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
        forget_all_kept()  # or limits would build up over thousands of requests
        with undone():
            wrong += not_as_told(world, case, role, address)

    assert not wrong, f"{address}\n" + "\n".join(wrong)


def ways(case: Case, role: str) -> tuple[str, ...]:
    """How this role asks. The admin has one door, at which those who are no staff need not try each way."""
    is_outside = case.is_in_admin and role not in STAFF
    if role in STRANGERS and is_outside:
        return ("GET",)
    return POST_LAST if role in ASK_ALL and not is_outside else ASKED_BY_ALL


def not_as_told(world: World, case: Case, role: str, address: str) -> list[str]:
    """What the file says otherwise, what is written by looking, and what no answer may say."""
    wrong = []
    for method in ways(case, role):
        with written() as changes:
            response = ask(world, role, method, address)
            text = text_of(response)
        got, wanted = answer_of(response), expected(role, case.name, method)
        if got != wanted:
            wrong.append(f"{method} by {role}: {got}, and the file says {wanted}")
        if method != "POST" and (changes := unexpected(changes, case)):
            wrong.append(f"{method} by {role} writes when it only looks: {changes}")
        if method == "GET" and got == "ok" and not reads_reasons(role, case):
            wrong += [f"{method} by {role} gives a reason away: {said}" for said in tells(text)]
        if case.name != FRAMED:
            check(response, f"{method} {address} by {role}")
        if got == "404" and role in STRANGERS:
            wrong += learned(world, case, role, method, plain(text, address))
    return wrong


def unexpected(changes: set[str], case: Case) -> set[str]:
    """What is written without being noted in NOTED_BY_LOOKING."""
    is_export = case.name.endswith("_export")
    noted = NOTED_BY_LOOKING.get("*_export" if is_export else case.name)
    return {sql for sql in changes if not (noted and sql.startswith(noted))}


def reads_reasons(role: str, case: Case) -> bool:
    """Two roles do, on pages and in files of ours; the admin hands them out to nobody."""
    return role in READERS and not (case.is_in_admin and case.name.endswith("_export"))


def learned(world: World, case: Case, role: str, method: str, told: str) -> list[str]:
    """A 404 for what is somebody else's is, letter by letter, the 404 for what does not exist."""
    if case.is_in_admin or "pk" not in case.route.arguments:
        return []
    nowhere = world.address(case.route, nowhere=True)
    none = ask(world, role, method, nowhere)
    if none.status_code == 404 and plain(text_of(none), nowhere) == told:
        return []
    return [f"{role} learns by {method} that there is nothing at {nowhere}"]


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


def plain(text: str, address: str) -> str:
    """A page without what is new each time."""
    text = text.replace(address, "HERE")
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
