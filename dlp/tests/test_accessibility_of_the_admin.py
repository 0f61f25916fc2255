"""Every page of the admin, looked at in a real browser: what its kind looks like, then each model's own."""

from __future__ import annotations

import pytest

from dlp.tests.eyes import glance_at, look_at
from dlp.tests.test_accessibility import Visit, visits

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SAME_FOR_ALL = "history"  # of one template, and nothing of the model's own: one in each app will do


def kind_of(visit: Visit) -> str:
    """The last word of its name: changelist, add, change …, or the name of a page of its own."""
    return visit.route.name.rpartition("_")[2]


def app_of(visit: Visit) -> str:
    return visit.route.name.removeprefix("admin:").partition("_")[0]


def to_be_seen() -> list[Visit]:
    seen: set[tuple[str, str]] = set()
    found = []
    for visit in visits():
        kind = (kind_of(visit), app_of(visit))
        if visit.is_in_admin and not (kind in seen and kind[0] == SAME_FOR_ALL):
            seen.add(kind)
            found.append(visit)
    return found


def test_no_page_of_the_admin_shuts_anybody_out(sight, shown_world):
    """The first of each kind by day and by night; the others, in the same clothes, on a phone by night."""
    found, kinds = [], set()
    for visit in to_be_seen():
        look = glance_at if kind_of(visit) in kinds else look_at
        kinds.add(kind_of(visit))
        path = shown_world.address(visit.route) or "/no-such-thing"
        found += sight.problems(visit.role, path, look)

    assert not found, "\n".join(found)
