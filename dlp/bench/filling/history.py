"""History tables as the triggers would have left them, had everything been done on its day.

Rows are inserted by the hundred thousand with triggers off: they would date everything today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import Model

from cohorts.models import Cohort, Participation, Person
from dlp.audit.joins import ADDED
from dlp.bench.filling.scene import PLANNED_WITHIN
from placements.models import Placement
from training.models import Booking, Session


class Step(NamedTuple):
    """One change in a row's history: its time, who made it, and the columns that were different.

    All in SQL, over the columns of the row as it is now.
    """

    at: str
    by: str
    then: Mapping[str, str] = {}
    where: str = "true"


def planned(at: str, after: str = "") -> str:
    """That instant; if it is in the future, some day of the last forty, in order."""
    then = f"now() - (1 + mod(id, {PLANNED_WITHIN})) * interval '1 day'"
    then = f"greatest({after}, {then})" if after else then
    return f"CASE WHEN {at} < now() - interval '1 day' THEN {at} ELSE {then} END"


STAFF = "(SELECT min(id) FROM cohorts_person WHERE is_staff)"
DRAFTED = planned("starts_at - interval '90 days'")
UNMARKED = {"attendance": "''", "marked_at": "NULL", "marked_by_id": "NULL"}
UNANSWERED = {"state": "'invited'", "replied_at": "NULL", "replied_via": "''"}
UNCLOSED = {"register_closed_at": "NULL", "register_closed_by_id": "NULL"}

STEPS: dict[type[Model], Sequence[Step]] = {
    Person: [
        Step("added_at", STAFF, {"invited_at": "NULL"}),
        Step("invited_at", STAFF, where="invited_at IS NOT NULL"),
    ],
    Cohort: [Step(planned("starts_on - 200"), STAFF)],
    Participation: [
        Step(planned("starts_on - 60"), STAFF, {"state": "'accepted'", "held_to": "NULL"}),
        Step("starts_on", STAFF, {"state": "'active'", "held_to": "NULL"}, "state <> 'accepted'"),
        Step(
            "coalesce(held_to, current_date - 50)",
            STAFF,
            where="state NOT IN ('accepted', 'active')",
        ),
    ],
    Placement: [
        Step(planned("starts_on - 40"), STAFF, {"state": "'accepted'"}),
        Step(planned("starts_on - 20", planned("starts_on - 40")), STAFF, {"state": "'confirmed'"}),
        Step("starts_on", STAFF, {"state": "'active'"}, "state <> 'confirmed'"),
        Step("current_date - 50", STAFF, where="state = 'paused'"),
        Step("ends_on", STAFF, where="state IN ('completed', 'ended_early')"),
    ],
    Session: [
        Step(DRAFTED, STAFF, {"state": "'draft'", **UNCLOSED}),
        Step(planned("starts_at - interval '61 days'", DRAFTED), STAFF, UNCLOSED),
        Step("register_closed_at", "register_closed_by_id", where="register_closed_at IS NOT NULL"),
    ],
    Booking: [
        Step("booked_at", STAFF, {**UNANSWERED, **UNMARKED}),
        Step("replied_at", "person_id", UNMARKED, "replied_at IS NOT NULL"),
        Step("marked_at", "marked_by_id", where="marked_at IS NOT NULL"),
    ],
}
OTHERWISE = [Step("now() - interval '200 days'", STAFF)]


def write() -> None:
    """Add the history of every row that has none yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pghistory_context (id, created_at, updated_at, metadata) "
            "SELECT md5('person ' || id)::uuid, added_at, added_at, jsonb_build_object('user', id) "
            "FROM cohorts_person ON CONFLICT DO NOTHING"
        )
        for event in apps.get_models():
            model: type[Model] | None = getattr(event, "pgh_tracked_model", None)
            if model is None:
                continue
            key = model._meta.pk.column
            cursor.execute(f"SELECT coalesce(max({key}), 0) FROM {event._meta.db_table}")  # noqa: S608
            (known,) = cursor.fetchone()
            for number, step in enumerate(STEPS.get(model, OTHERWISE)):
                label = "update" if number else _first_label(event)
                told = _statement(model, event, step)
                cursor.execute(told, {"known": known, "label": label})


def _first_label(event: type[Model]) -> str:
    """What the history calls the making of a row: joins have a word of their own."""
    return "insert" if _is_of_rows(event) else ADDED


def _is_of_rows(event: type[Model]) -> bool:
    """Whether the history points at its row; that of joins, which come and go, does not."""
    return any(field.name == "pgh_obj" for field in event._meta.concrete_fields)


def _statement(model: type[Model], event: type[Model], step: Step) -> str:
    key = model._meta.pk.column
    fields = [field for field in event._meta.concrete_fields if not field.name.startswith("pgh_")]
    name = connection.ops.quote_name
    told = {
        name(str(field.column)): step.then.get(str(field.column), name(str(field.column)))
        for field in fields
    }
    told |= {"pgh_created_at": step.at, "pgh_label": "%(label)s"}
    told |= {"pgh_obj_id": str(key)} if _is_of_rows(event) else {}
    told |= {"pgh_context_id": f"md5('person ' || {step.by})::uuid"}
    return (
        f"INSERT INTO {event._meta.db_table} ({', '.join(told)}) "  # noqa: S608
        f"SELECT {', '.join(told.values())} FROM {model._meta.db_table} "
        f"WHERE {key} > %(known)s AND {step.where} ORDER BY {step.at}"
    )
