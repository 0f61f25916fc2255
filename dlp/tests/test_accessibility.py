"""Every page of the matrix, looked at in a real browser: both schemes, phone to laptop, enlarged.

Pages are found through docs/permissions.csv: a new address is visited as soon as it has its line there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from cohorts.models import Person
from cohorts.tests.factories import make_person
from dlp.embedded import mailbox
from dlp.home import demo
from dlp.tests.browsers import PHONE
from dlp.tests.eyes import THUMBED, ask, glance_at, look_at
from dlp.tests.permissions import STAFF, expected, matches
from dlp.tests.routes import Route, routes
from dlp.tests.test_permissions import LETTER, LETTER_PAGES, MAILBOX_TOKEN
from dlp.tests.world import UNHURRIED, Walker, World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# Who looks: one of the staff, each kind of member, and whoever is left.
READERS = ("participant", "school lead", "supervisor", "facilitator")
OTHERS = ("staff without second factor", "anonymous")
OWN_ROOMS = ("home", "cohorts", "placements", "training")
# What answers 200 and is no page.
NO_PAGES = {
    "healthz|healthz_deep": "lines for monitoring",
    "*_export": "a file",
    "outbox:feed": "a calendar",
    "home:invitations": "a part of the home, fetched anew",
    "cohorts:certificate|placements:agreement|training:inspection_pack_pdf": "a PDF",
    "training:certificate_file|training:attendance_certificate": "a file",
    "cohorts:import_example|cohorts:import_left_out": "a file",
    "cohorts:person_photo": "a picture",
    "training:resource": "a file",
    "mfa_login_webauthn": "data for a passkey",
    "admin:jsi18n": "a script",
    "mailbox:letter_html": "a letter, which stands in the frame of mailbox:letter",
}
# The demonstration's people, at home.
THEIRS = {
    "bethan.price": ("/", "/sessions/", "/me/"),
    "ada.fenwick": ("/",),
    "marcus.bell": ("/", "/our-dates/"),
    "ruth.adeyemi": ("/",),
    "sunita.patel": ("/",),
    "grace.whitlock": ("/desk/", "/search/?q=arts"),
}
EMPTY = ("/people/?q=", "/schools/?q=", "/sessions/?q=", "/search/?q=", "/messages/?q=")
TROUBLE = ("400.html", "403_csrf.html", "429.html", "500.html", "503.html")
# Forms in which nothing has to be filled in, and one that comes once something was chosen.
NEVER_REFUSED = (
    "cohorts:my_details",
    "training:calendar_copy",
    "training:catch_up",
    "placements:opening_withdraw",
    "training:session_postpone",
    "training:session_cancel",
    "placements:agreement_edit",
    "placements:clash_answer",
    "placements:handover_welcome",
)
# The page's own form is the one that it answers itself; a name of "action" in it hides its property.
SEND_NOTHING = """
const isAnsweredHere = (form) => new URL(form.getAttribute("action") ?? "", location).pathname === location.pathname;
const form = [...document.querySelectorAll("main form[method=post]")].find(isAnsweredHere);
for (const field of form.elements) if (field.name !== "csrfmiddlewaretoken") field.removeAttribute("name");
form.submit();
"""
SAYS_WHAT_IS_WRONG = "main .notice[role=alert] li, main [aria-invalid=true]"
# A cookie named __Host- can only be set by the server itself.
COOKIES_TO_HAND_OVER = {"SESSION_COOKIE_NAME": "session", "SESSION_COOKIE_SECURE": False}


class Visit(NamedTuple):
    role: str
    route: Route


def visits() -> list[Visit]:
    """Each page as the first who sees it; in our own rooms as every kind of person who does."""
    found = []
    for route in routes():
        if any(matches(pattern, route.name) for pattern in NO_PAGES):
            continue
        staff = [role for role in STAFF if is_open(role, route)][:1]
        members = [role for role in READERS if is_open(role, route)]
        others = [role for role in OTHERS if is_open(role, route)]
        is_own = route.name.partition(":")[0] in OWN_ROOMS
        found += [
            Visit(role, route)
            for role in (staff + members if is_own else (staff + members + others)[:1])
        ]
    return sorted(found, key=lambda visit: visit.role)


def is_open(role: str, route: Route) -> bool:
    return expected(role, route.name, "GET") == "ok"


class Sight:
    """A browser for each role, signed in, looking at the pages of one server."""

    def __init__(self, chromium: Browser, server: str, clients: dict[str, Walker]) -> None:
        self.chromium, self.server, self.clients = chromium, server, clients
        self.pages: dict[str, Page] = {}

    def page(self, role: str) -> Page:
        if role not in self.pages:
            context = self.chromium.new_context(
                locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce"
            )
            self.let_in(context, role)
            self.pages[role] = context.new_page()
        return self.pages[role]

    def let_in(self, context: BrowserContext, role: str) -> None:
        cookie = self.clients[role].cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None:
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.server}])

    def open(self, role: str, path: str, *, status: int = 200) -> Page:
        page = self.page(role)
        response = page.goto(f"{self.server}{path}")
        assert response is not None
        assert response.status == status, f"{path} answers {role} {response.status}"
        return page

    def problems(self, role: str, path: str) -> list[str]:
        found = look_at(self.open(role, path), twice=role in READERS)
        return [f"{path} for {role}, {problem}" for problem in found]

    def glances(self, role: str, path: str, *, status: int = 200) -> list[str]:
        page = self.open(role, path, status=status)
        return [f"{path} for {role}, {problem}" for problem in glance_at(page)]

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """The demonstration, and beside it one person in every role; committed, for a server to show."""
    folder = tmp_path_factory.mktemp("mailbox")
    here = {"EMAIL_URL": "", "MAILBOX_DIR": folder, "MAILBOX_TOKEN": MAILBOX_TOKEN}
    settings_here = override_settings(**here, **COOKIES_TO_HAND_OVER, **UNHURRIED)
    with settings_here, django_db_blocker.unblock():
        try:
            demo.build(timezone.localdate())
            key = mailbox.deliver(LETTER, to="percy@example.org")
            world = make_world()
            world.add("nobody", make_person("Noor Nobody"))
            world.things |= dict.fromkeys(LETTER_PAGES, {"token": MAILBOX_TOKEN, "key": key})
            yield world
        finally:
            end_other_connections()
            call_command("flush", interactive=False, verbosity=0)
            connections.close_all()


def end_other_connections() -> None:
    """The server's threads may still hold one each, and the database could not be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="module")
def crowd(world) -> list[tuple[str, str]]:
    """Pages of the demonstration's own people, full of what has happened to them."""
    found = [(name, path) for name, paths in THEIRS.items() for path in paths]
    for name in {name for name, _ in found}:
        world.add(name, Person.objects.get(email=f"{name}@example.org"))
    bethan = Person.objects.get(email="bethan.price@example.org")
    joined = bethan.participations.latest("starts_on")
    placement = joined.placements.first()
    past = joined.cohort.sessions.filter(register_closed_at__isnull=False).first()
    things = (bethan, joined.cohort, placement, past)
    return [
        *found,
        ("bethan.price", placement.get_absolute_url()),
        ("bethan.price", reverse("home:two_years", args=[bethan.pk])),
        *(("grace.whitlock", thing.get_absolute_url()) for thing in things),
        ("grace.whitlock", reverse("training:register", args=[past.pk])),
    ]


@pytest.fixture(scope="module")
def sight(world, chromium) -> Iterator[Sight]:
    server = LiveServer("localhost")
    sight = Sight(chromium, server.url, world.clients)
    yield sight
    sight.close()
    server.stop()


def test_no_page_of_the_matrix_shuts_anybody_out(sight, world):
    found = [
        problem
        for visit in visits()
        for problem in sight.problems(visit.role, world.address(visit.route) or "/no-such-thing")
    ]

    assert not found, "\n".join(found)


def test_no_page_full_of_the_programme_shuts_anybody_out(sight, crowd):
    found = [problem for name, path in crowd for problem in sight.problems(name, path)]

    assert not found, "\n".join(found)


def test_no_page_in_another_state_shuts_anybody_out(sight, world):
    found = [
        *(problem for visit in forms() for problem in refused(sight, visit, world)),
        *(problem for path in EMPTY for problem in sight.glances("programme lead", f"{path}zzqx")),
        *sight.glances("nobody", "/"),
        *sight.glances("participant", "/nowhere/", status=404),
        *sight.glances("participant", "/desk/", status=403),
        *sight.glances("anonymous", "/r/x/", status=410),
        *(problem for name in TROUBLE for problem in troubled(sight, name)),
        *register_half_done(sight, world),
        *signing_in(sight),
    ]

    assert not found, "\n".join(found)


def test_thumbs_find_what_they_press_and_readers_their_own_spacing_and_colours(sight, crowd):
    found = []
    for name, path in crowd:
        page = sight.open(name, path)
        found += [f"{path}: {one}" for one in (*ask(page, "moving"), *adapted(page, name))]

    assert not found, "\n".join(found)


def adapted(page: Page, name: str) -> list[str]:
    """What is wrong for thumbs, in the reader's own colours and with their own spacing."""
    page.set_viewport_size(PHONE)
    found = ask(page, "tooSmall", THUMBED, 44) if name != "grace.whitlock" else []
    page.emulate_media(forced_colors="active")
    found += ask(page, "signless")
    page.emulate_media(forced_colors="none")
    ask(page, "spaceOut")
    return found + ask(page, "tooWide") + ask(page, "cutOff")


def forms() -> list[Visit]:
    """Where an empty form gets its page back, with what is wrong in it."""
    return [
        visit
        for visit in visits()
        if visit.role in ("programme lead", "participant")
        and visit.route.name not in NEVER_REFUSED
        and visit.route.name.partition(":")[0] in (*OWN_ROOMS, "signin", "account_login")
        and expected(visit.role, visit.route.name, "POST") == "ok"
    ]


def refused(sight: Sight, visit: Visit, world: World) -> list[str]:
    path = world.address(visit.route)
    page = sight.open(visit.role, str(path))
    with page.expect_navigation():
        page.evaluate(SEND_NOTHING)
    if not page.locator(SAYS_WHAT_IS_WRONG).count():
        return [f"{path} for {visit.role} took an empty form and says nothing of it."]
    return [f"{path} refused, {problem}" for problem in glance_at(page)]


def troubled(sight: Sight, name: str) -> list[str]:
    """A page that only trouble brings, shown in place of another."""
    page = sight.page("anonymous")
    address = f"{sight.server}/{name}/"
    page.route(address, lambda route: route.fulfill(body=render_to_string(name)))
    page.goto(address)
    return [f"{name}, {problem}" for problem in glance_at(page)]


def register_half_done(sight: Sight, world: World) -> list[str]:
    running = world.things["training:register"]
    page = sight.open("facilitator", reverse("training:register", args=[running.pk]))
    page.get_by_text("Late", exact=True).first.click()
    page.get_by_text("Every tap is saved").wait_for()
    return [f"half a register, {problem}" for problem in glance_at(page)]


def signing_in(sight: Sight) -> list[str]:
    page = sight.open("anonymous", reverse("account_login"))
    page.get_by_label("Your e-mail address").fill("percy@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code from the mail").wait_for()
    found = glance_at(page)
    page.get_by_label("Code from the mail").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    page.locator("[aria-invalid]").wait_for()
    return [f"signing in, {problem}" for problem in (*found, *glance_at(page))]
