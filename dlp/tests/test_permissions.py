"""Every address, every role, every method: the answer that docs/permissions.csv gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dlp.tests.permissions import ANSWERS, METHODS, ROLES, expected, matrix
from dlp.tests.routes import Route, routes
from dlp.tests.world import World, make_world

ROUTES = routes()
pytestmark = pytest.mark.django_db

# Written by looking: the session and its list, and that recovery codes were shown. Nothing else.
WRITTEN_BY_GET = re.compile(
    r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(?:django_session|usersessions_usersession)"'
    r"|^(?:SAVEPOINT|RELEASE|ROLLBACK)"
)
WRITES = re.compile(
    r"^\s*(?:INSERT|UPDATE|DELETE|TRUNCATE|MERGE|WITH\b.*\b(?:INSERT|UPDATE|DELETE))", re.I
)
SHOWN_ONCE = {"mfa_view_recovery_codes", "mfa_download_recovery_codes"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One programme for the whole module; every request on it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """Undo what a request did, and let no limit build up over thousands of them."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(world: World, role: str, method: str, address: str) -> HttpResponse:
    client = world.clients[role]
    cookies = client.cookies.copy()
    with undone():
        response = client.generic(method, address, **form(method))
        if response.streaming:
            list(response.streaming_content)
    client.cookies = cookies
    return response


def forget_limits() -> None:
    """Let no limit build up over thousands of requests; other processes keep their own keys."""
    client = cache._cache.get_client(write=True)
    if keys := list(client.scan_iter(f"{settings.CACHES['default']['KEY_PREFIX']}:*")):
        client.delete(*keys)


def form(method: str) -> dict[str, str]:
    return {"content_type": "application/x-www-form-urlencoded"} if method == "POST" else {}


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


def roles_to_ask(route: Route) -> tuple[str, ...]:
    """Everybody; on the hundred pages of the admin, one of each kind that its lines tell apart."""
    if route.name.startswith("admin:") and route.name.count("_") > 1:
        return (
            "anonymous",
            "staff without second factor",
            "participant",
            "coordinator",
            "read only",
        )
    return ROLES


def methods_to_ask(role: str) -> tuple[str, ...]:
    """GET and POST by everybody. The rest is answered before anybody is known, so two ask for it."""
    return METHODS if role in ("anonymous", "coordinator") else ("GET", "POST")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_everybody_gets_the_answer_of_the_matrix(world, route):
    address = world.address(route)
    if address is None:
        pytest.skip("There is no such thing in the small programme.")
    wrong = []
    for role in roles_to_ask(route):
        forget_limits()
        for method in methods_to_ask(role):
            wanted = expected(role, route.name, method)
            with CaptureQueriesContext(connection) as queries:
                got = answer_of(ask(world, role, method, address))
            if got not in wanted:
                wrong.append(f"{method} by {role}: {got}, and the file says {' or '.join(wanted)}")
            if method != "POST" and route.name not in SHOWN_ONCE and (found := written(queries)):
                wrong.append(f"{method} by {role} writes when it only looks: {found}")

    assert not wrong, f"{address}\n" + "\n".join(wrong)


def written(queries: CaptureQueriesContext) -> set[str]:
    """What a request wrote beyond its own session."""
    return {
        query["sql"][:80]
        for query in queries
        if WRITES.match(query["sql"]) and not WRITTEN_BY_GET.match(query["sql"])
    }


@pytest.mark.parametrize(
    "route",
    [r for r in ROUTES if r.arguments and not r.name.startswith("admin:")],
    ids=lambda route: route.name,
)
def test_strangers_are_told_what_they_would_be_told_of_nothing(world, route):
    """A 404 for what is somebody else's is, letter by letter, the 404 for what does not exist."""
    address, nowhere = world.address(route), world.address(route, nowhere=True)
    if address is None or address == nowhere:
        pytest.skip("There is no such thing in the small programme.")
    for role in ("other participant", "other school lead", "school lead", "supervisor"):
        for method in ("GET", "POST"):
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
    with CaptureQueriesContext(connection) as queries, undone():
        world.people["participant"].save()

    assert written(queries)


def test_the_file_speaks_of_what_it_says_it_speaks_of():
    unknown = {answer for row in matrix() for answer in row.answers} - ANSWERS

    assert not unknown
