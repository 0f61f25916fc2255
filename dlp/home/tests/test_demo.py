"""The demonstration: the same rows for the same day, and nothing in it that the rules forbid."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model

from cohorts.models import ImportRun, Participation, Person
from cohorts.operations.settling import standing_of
from cohorts.tests.factories import make_person
from dlp.home import demo
from dlp.outbox import planning
from dlp.outbox.models import Message
from placements.models import Placement, School
from training.models import Session

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


class Rollback(Exception):
    """Ends a transaction without a trace."""


def everything() -> list[str]:
    """Every row of the three apps, with the names of what it points at instead of their keys.

    Not the import's own record, which lists keys.
    """
    rows = []
    for model in our_models():
        if model is not ImportRun:
            rows += [in_words(row) for row in model._default_manager.order_by("pk")]
    return rows


def our_models() -> list[type[Model]]:
    """The apps' models without the tables of history."""
    labels = ("cohorts", "placements", "training")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return [model for model in models if not model._meta.model_name.endswith("event")]


def in_words(row: Model) -> str:
    fields = (field for field in row._meta.concrete_fields if not field.primary_key)
    return "; ".join(f"{field.name}={getattr(row, field.name)}" for field in fields)


def test_two_runs_on_one_day_give_the_same_rows():
    runs = []
    for _ in range(2):
        with time_machine.travel(MORNING, tick=False), suppress(Rollback), transaction.atomic():
            demo.build(MORNING.date())
            runs.append(everything())
            raise Rollback

    assert runs[0] == runs[1]
    assert len(runs[0]) > 500


def test_running_it_again_changes_nothing():
    call_command("demo", stdout=StringIO())
    before = Person.objects.count(), Session.objects.count(), Message.objects.count()
    said = StringIO()

    call_command("demo", stdout=said)

    assert (Person.objects.count(), Session.objects.count(), Message.objects.count()) == before
    assert "is here already" in said.getvalue()


def test_it_does_not_mix_with_real_people():
    make_person("Lena Marsh")

    with pytest.raises(CommandError, match="holds people already"):
        call_command("demo", stdout=StringIO())


def test_everybody_stands_where_their_changes_put_them():
    demo.build(MORNING.date())

    for row in Participation.objects.all():
        standing = standing_of(row)
        assert (row.state, row.starts_on, row.held_to) == (
            standing.state,
            standing.starts_on,
            standing.held_to,
        )


def test_every_row_keeps_the_rules():
    demo.build(MORNING.date())

    for model in our_models():
        for row in model._default_manager.all()[:60]:
            row.validate_constraints()


def test_the_thread_is_in_it():
    demo.build(MORNING.date())

    assert Placement.objects.held_on(MORNING.date()).count() == 10
    assert School.objects.matching("wac arts").get().name == "The ArtsXchange"
    assert set(Session.objects.values_list("kind", flat=True)) == {
        "training_day",
        "dsl_training",
        "twilight",
        "supervision",
        "residential",
    }


def test_the_sweep_finds_nothing_to_put_right():
    demo.build(datetime.now(UTC).date())

    assert planning.sweep() == 0


def test_it_lists_who_can_sign_in_with_what_their_authenticator_shows():
    said = StringIO()

    call_command("demo", stdout=said)

    assert "ada.fenwick@example.org" in said.getvalue()
    assert "coordinates the cohort  authenticator " in said.getvalue()
