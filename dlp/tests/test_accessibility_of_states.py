"""Pages in one more of their states: refused, empty, half done, shut, in trouble."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from dlp.tests.eyes import glance_at
from dlp.tests.permissions import expected
from dlp.tests.sights import Sight
from dlp.tests.test_accessibility import OWN_ROOMS, Visit, visits
from dlp.tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

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


def test_no_page_in_another_state_shuts_anybody_out(sight, shown_world):
    found = [
        *(problem for visit in forms() for problem in refused(sight, visit, shown_world)),
        *(problem for path in EMPTY for problem in sight.glances("programme lead", f"{path}zzqx")),
        *sight.glances("nobody", "/"),
        *sight.glances("participant", "/nowhere/", status=404),
        *sight.glances("participant", "/desk/", status=403),
        *sight.glances("anonymous", "/r/x/", status=410),
        *(problem for name in TROUBLE for problem in troubled(sight, name)),
        *register_half_done(sight, shown_world),
        *signing_in(sight),
    ]

    assert not found, "\n".join(found)


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
