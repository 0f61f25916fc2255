"""The demonstration: the same rows for the same day, and nothing in it that the rules forbid."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from cohorts.models import Cohort, ImportRun, Participation, Person
from cohorts.operations.settling import apply_due_changes, plan_of, standing_of
from cohorts.standing import in_force, replay, steps_of
from cohorts.tests.factories import make_person
from dlp.calendar import years_later
from dlp.home import demo
from dlp.outbox.models import Message
from dlp.outbox.plans import sweeping
from placements.operations.settling import settle_due
from training import reminders
from training.models import Session

MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TODAY = MORNING.date()

pytestmark = pytest.mark.django_db


class Rollback(Exception):
    """Ends a transaction without a trace."""


def everything() -> list[tuple[object, ...]]:
    """Every row of the three apps and of their history; a key is told as a place in its table.

    Not the import's own record, which lists keys; of letters, what is not made of keys.
    """
    models = [one for one in our_models(with_events=True) if one is not ImportRun]
    places = {model: places_of(model) for model in models}
    rows = [row for model in models for row in in_order(model, told(model, places))]
    facts = ("person__full_name", "kind", "lead", "due_at", "state", "accepted_at", "created_at")
    return rows + sorted(Message.objects.values_list(*facts), key=str)


def places_of(model: type[Model]) -> dict[object, int]:
    keys = model._default_manager.order_by("pk").values_list("pk", flat=True)
    return {key: place for place, key in enumerate(keys)}


def told(model: type[Model], places: dict[type[Model], dict[object, int]]):
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.name == "source_id")  # a key of another table
        and not (is_event(model) and field.name == "id")
    ]
    for row in model._default_manager.order_by("pk").values_list(*[f.attname for f in fields]):
        yield (
            model._meta.model_name,
            *(
                places.get(field.related_model, {}).get(value, value)
                if field.is_relation
                else value
                for field, value in zip(fields, row, strict=True)
            ),
        )


def in_order(
    model: type[Model], rows: Iterable[tuple[object, ...]]
) -> Iterable[tuple[object, ...]]:
    """As they were written, but for history: what one statement changes, it changes in any order."""
    return sorted(rows, key=str) if is_event(model) else rows


def is_event(model: type[Model]) -> bool:
    return model._meta.model_name.endswith("event")


def our_models(*, with_events: bool = False) -> list[type[Model]]:
    labels = ("cohorts", "placements", "training")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return [model for model in models if with_events or not is_event(model)]


def test_two_runs_on_one_day_give_the_same_rows_and_it_says_who_can_sign_in():
    runs = []
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(2):
            with suppress(Rollback), transaction.atomic():
                said = demo_says()
                runs.append(everything())
                assert sweeping.sweep() == 0, "It leaves letters to put right."
                assert_running_it_again_changes_nothing()
                raise Rollback

    assert runs[0] == runs[1]
    assert len(runs[0]) > 10_000
    assert "ada.fenwick@example.org" in said
    assert "is a leader in the second year" in said
    assert "coordinates the cohorts  authenticator " in said


def assert_running_it_again_changes_nothing() -> None:
    before = Person.objects.count(), Session.objects.count(), Message.objects.count()

    assert "is here already" in demo_says()
    assert (Person.objects.count(), Session.objects.count(), Message.objects.count()) == before


def demo_says() -> str:
    said = StringIO()
    call_command("demo", stdout=said)
    return said.getvalue()


def test_it_does_not_mix_with_real_people():
    make_person("Lena Marsh")

    with pytest.raises(CommandError, match="holds people already"):
        call_command("demo", stdout=StringIO())


# That it keeps the rules


def letters_to_put_right() -> int:
    """What the sweep would do, by the clock of the test and not the database's."""
    now = timezone.now()
    ahead = Session.objects.filter(starts_at__range=(now, sweeping.horizon(now)))
    return reminders.plan_all(ahead, now=now).total


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 12, 24),
        date(2027, 8, 31),
        date(2027, 9, 1),
        date(2028, 2, 28),
    ],
    ids=str,
)
def test_on_any_day_it_stands_as_the_nightly_work_would_leave_it(day: date):
    with time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False):
        demo.build(day)

        for row in Participation.objects.select_related("cohort").prefetch_related("changes"):
            steps = steps_of(in_force(row.changes.all()))
            assert standing_of(row) == replay(steps, day, plan_of(row)), row
        assert apply_due_changes(day) == 0
        assert settle_due(day) == 0
        assert letters_to_put_right() == 0
        running = Cohort.objects.running_on(day).order_by("starts_on")
        year_ago = years_later(day, -1)
        assert [cohort.starts_on <= year_ago for cohort in running] == [True, False]
