"""Why somebody is away or left: read by two roles, and found nowhere by anybody else.

Words are planted where a reason may be written, and looked for in every search, log and letter; on every
page and in every file, too, by test_permissions, which asks for all of them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from cohorts.models import ParticipationChange
from cohorts.operations import participations
from cohorts.operations.settling import apply_due_changes
from cohorts.tests.factories import make_cohort, make_participation, make_person
from dlp.audit.models import ExportRecord
from dlp.outbox.plans import sweeping
from dlp.outbox.tests.factories import deliver
from dlp.tests.permissions import STAFF, expected
from dlp.tests.world import UNHURRIED, World, make_world
from placements.operations.conflicts import note_conflict

READERS = ("programme lead", "safeguarding lead")
NOTE = "Zytoplasmic"
REASON = ParticipationChange.Reason.LONG_TERM_SICKNESS.label
EVERY_REASON = ParticipationChange.Reason.labels
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Percy was away, left and is back; another of his cohort is away and one has left."""
    with override_settings(**UNHURRIED), django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        plant(world)
        yield world
        transaction.set_rollback(True)


def plant(world: World) -> None:
    by, today = world.people["programme lead"], timezone.localdate()
    why = {"by": by, "reason": "long_term_sickness", "note": NOTE}
    held = world.things["participations"]
    participations.defer(held, **why)
    participations.review(held, by=by, note=NOTE, review_on=today)
    participations.resume(held, by=by)
    participations.withdraw(held, **why)
    participations.reinstate(held, by=by, note=NOTE)
    held.cohort.coordinator = world.people["coordinator"]
    held.cohort.save()
    for state in (participations.defer, participations.withdraw):
        state(make_participation(make_person("Ada Fenwick"), held.cohort), **why)
    moved = make_participation(make_person("Tom Reid"), held.cohort)
    participations.transfer(moved, by=by, to=make_cohort("Elsewhere"), note=NOTE)
    note_conflict(held.person, world.things["openings"].school, by=by, note=NOTE)
    offered = make_participation(make_person("Bo Ek"), held.cohort, state="offered")
    participations.decline(offered, by=by, note=NOTE)


def text_of(response: object) -> str:
    content = getattr(response, "streaming_content", None)
    parts = [response.content] if content is None else list(content)  # type: ignore[attr-defined]
    return b"".join(parts).decode(errors="replace")


def tells(text: str) -> list[str]:
    """What of the reasons a page gives away; a form on which one is chosen offers all of them."""
    offers_all = all(label in text for label in EVERY_REASON)
    return [said for said in (NOTE, REASON) if said in text and not (said == REASON and offers_all)]


@pytest.mark.parametrize("role", READERS)
def test_the_two_roles_read_it(world, role):
    address = reverse("home:timeline", args=[world.people["participant"].pk])

    assert set(tells(text_of(world.clients[role].get(address)))) == {NOTE, REASON}


@pytest.mark.parametrize("role", STAFF)
def test_search_finds_nobody_by_a_reason(world, role):
    found = []
    for model, shown in admin.site._registry.items():
        if model is ExportRecord:  # it says what was asked for: our own words
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if expected(role, f"{name}_export", "GET") != "ok" or not shown.search_fields:
            continue
        rows = text_of(world.clients[role].get(reverse(f"{name}_export"), {"q": NOTE}))
        found += [f"{name} is found by it"] * (len(rows.splitlines()) > 1)

    assert not found, "\n".join(found)
    for page in ("home:search", "cohorts:people"):
        assert "Ada Fenwick" not in text_of(world.clients[role].get(reverse(page), {"q": NOTE}))


def test_no_letter_and_no_line_of_the_log_gives_a_reason_away(world, settings, caplog):
    caplog.set_level(logging.DEBUG)
    with transaction.atomic():
        apply_due_changes(timezone.localdate())
        sweeping.replan()
        letters = deliver(settings)
        transaction.set_rollback(True)

    assert letters
    assert not [one for one in letters if tells(str(one))]
    assert not tells(caplog.text)
