"""What changed about one row, for the history pages of the admin."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import capfirst

from dlp.audit.joins import joins_of


def history_of(thing: models.Model, *, at_most: int = 200) -> list[dict[str, Any]]:
    """The newest changes of one row: when, by whom, and what.

    The database records old and new values of each column, if the model keeps history, and what was
    added to the row or removed from it. For anything else there is what Django's admin logged.
    """
    entries = [*_recorded(thing, at_most), *_joined(thing, at_most), *_noted(thing, at_most)]
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)[:at_most]


def _recorded(thing: models.Model, at_most: int) -> list[dict[str, Any]]:
    events = getattr(thing, "events", None)
    if events is None:
        return []
    rows = list(events.select_related("pgh_context").order_by("-pgh_id")[: at_most + 1])
    people = get_user_model()._base_manager.in_bulk(
        {pk for row in rows if (pk := _author(row)) is not None}
    )
    names = [f for f in rows[0]._meta.fields if not f.name.startswith("pgh_")] if rows else []
    entries = []
    for row, before in zip_longest(rows, rows[1:]):
        entries.append(
            {
                "at": row.pgh_created_at,
                "by": people.get(_author(row)),
                "added": row.pgh_label == "insert",
                "changes": [
                    (heading(f.name, f), _said(f, before), _said(f, row))
                    for f in names
                    if before is not None and getattr(before, f.attname) != getattr(row, f.attname)
                ],
            }
        )
    return entries[:at_most]


def _joined(thing: models.Model, at_most: int) -> list[dict[str, Any]]:
    """What was added to one row or removed from it, grouped by moment and person."""
    moments: dict[tuple[Any, Any], list[str]] = {}
    for field, kept in joins_of(type(thing)):
        if kept is None:
            continue
        here, there = field.m2m_field_name(), f"{field.m2m_reverse_field_name()}_id"
        rows = kept._default_manager.filter(**{here: thing.pk}).select_related("pgh_context")
        newest: list[Any] = list(rows.order_by("-pgh_id")[:at_most])
        others = field.related_model._default_manager.in_bulk({getattr(r, there) for r in newest})
        for row in reversed(newest):
            other = others.get(getattr(row, there), "something that is no longer here")
            said = f"{heading(field.name, field)}: {other} {row.pgh_label}"
            moments.setdefault((row.pgh_created_at, _author(row)), []).append(said)
    people = get_user_model()._base_manager.in_bulk({pk for _, pk in moments if pk is not None})
    return [
        {"at": at, "by": people.get(pk), "added": False, "notes": notes}
        for (at, pk), notes in moments.items()
    ]


def _noted(thing: models.Model, at_most: int) -> list[dict[str, Any]]:
    """What Django's admin logged about one row beyond its history."""
    events = getattr(thing, "events", None)
    columns = events.model._meta.fields if events is not None else ()
    joined = [field for field, kept in joins_of(type(thing)) if kept is not None]
    known = {heading(field.name, field).casefold() for field in (*columns, *joined)}
    kind = ContentType.objects.get_for_model(thing, for_concrete_model=False)
    rows = LogEntry.objects.filter(content_type=kind, object_id=str(thing.pk))
    entries = []
    for row in rows.select_related("user").order_by("-action_time", "-pk")[:at_most]:
        added = row.is_addition() and events is None
        notes = _notes_of(row, known)
        if added or notes:
            entries.append({"at": row.action_time, "by": row.user, "added": added, "notes": notes})
    return entries


def _notes_of(row: LogEntry, known: set[str]) -> list[str]:
    """One line for each change, except fields already known from the history."""
    if not row.change_message.startswith("["):
        return [row.change_message] if row.change_message else []
    notes = []
    for part in json.loads(row.change_message):
        for verb, what in part.items():
            thing = f"{capfirst(what['name'])} “{what['object']}”" if "name" in what else ""
            fields = [
                name for name in what.get("fields", ()) if thing or name.casefold() not in known
            ]
            if thing:
                notes.append(f"{thing} {verb}{': ' if fields else ''}{', '.join(fields)}")
            elif fields:
                notes.append(f"{', '.join(fields)} {verb}")
    return notes


def _author(event: Any) -> int | None:
    context = event.pgh_context
    return context.metadata.get("user") if context is not None else None


def _said(field: models.Field, row: Any) -> str:
    value = getattr(row, field.attname)
    if value in (None, ""):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "nothing"
    return str(dict(field.flatchoices).get(value, value))


def heading(lookup: str, field: models.Field | None) -> str:
    """The heading of a column, such as \"Person full name\" for \"person__full_name\"."""
    *way, last = lookup.split("__")
    word = str(field.verbose_name) if field is not None else last.replace("_", " ")
    return capfirst(" ".join([*(part.replace("_", " ") for part in way), word]))
