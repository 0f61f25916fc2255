"""Every page of the matrix, looked at in a real browser: both schemes, phone to laptop, enlarged.

Pages are found through docs/permissions.csv: a new address is visited as soon as it has its line there.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from cohorts.models import Person
from dlp.tests.browsers import PHONE
from dlp.tests.eyes import THUMBED, ask, look_twice_at
from dlp.tests.permissions import STAFF, expected, matches
from dlp.tests.routes import Route, routes

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
NOWHERE = "/no-such-thing"


class Visit(NamedTuple):
    role: str
    route: Route

    @property
    def is_in_admin(self) -> bool:
        return self.route.name.startswith("admin:")


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


@pytest.fixture(scope="module")
def crowd(shown_world) -> list[tuple[str, str]]:
    """Pages of the demonstration's own people, full of what has happened to them."""
    found = [(name, path) for name, paths in THEIRS.items() for path in paths]
    for name in {name for name, _ in found}:
        shown_world.add(name, Person.objects.get(email=f"{name}@example.org"))
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


def test_no_page_of_our_rooms_shuts_anybody_out(sight, shown_world):
    found = [
        problem
        for visit in visits()
        if not visit.is_in_admin
        for problem in sight.problems(visit.role, shown_world.address(visit.route) or NOWHERE)
    ]

    assert not found, "\n".join(found)


def test_no_page_full_of_the_programme_shuts_anybody_out(sight, crowd):
    found = [
        problem for name, path in crowd for problem in sight.problems(name, path, look_twice_at)
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
