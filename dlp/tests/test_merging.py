"""Every column that names a person is known to the merge of two records, found by looking at the models."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db.models import Field, JSONField, Model

from cohorts.models import Person
from dlp import merging

# Columns that can name somebody without being a foreign key, and what becomes of that.
KNOWN_OTHERWISE = {
    "cohorts.Completion.answers": "sentences about what completing took, and nobody's number",
    "outbox.Message.recipient": "moves with outbox.Message.person",
    "outbox.Message.subject_id": "moves with outbox.Message.person",
    "outbox.Message.message_id": "the identity of a letter, not of a person",
    "outbox.JobRun.result": "figures",
    "audit.AccessRecord.subject_id": "only added to: what was read, when it was read",
    "admin.LogEntry.object_id": "what was done in the admin, when it was done",
    "cohorts.ImportRun.rows": "what a file said; links to the record that is gone lead on",
    "cohorts.ImportRun.columns": "names of columns",
    "cohorts.ImportRun.ignored_columns": "names of columns",
    "cohorts.ImportRun.notes": "what was passed over in a file",
    "cohorts.ImportRun.counts": "figures",
    "cohorts.RequirementAttempt.source_id": "what met a requirement: a session, a placement",
    "cohorts.PersonMerge.taken": "names of columns",
    "cohorts.PersonMerge.moved": "figures",
    "mfa.Authenticator.data": "of the second factor, which goes",
    "usersessions.UserSession.data": "of the session, which ends",
}


def models() -> Iterator[type[Model]]:
    for model in apps.get_models(include_auto_created=True):
        is_history = hasattr(model, "pgh_tracked_model") or model._meta.app_label == "pghistory"
        if not is_history and not model._meta.proxy:
            yield model


def columns() -> Iterator[tuple[type[Model], Field]]:
    """Foreign keys to a person, those of the tables behind every many-to-many included."""
    for model in models():
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model._meta.concrete_model is Person:
                yield model, field


def could_name_somebody(field: Field) -> bool:
    return not field.is_relation and (
        isinstance(field, JSONField) or field.name.endswith("_id") or field.name == "recipient"
    )


def test_it_is_said_of_every_foreign_key_to_a_person_what_becomes_of_it():
    unsaid = [
        f"{model._meta.label}.{field.name}"
        for model, field in columns()
        if not merging.is_said(model, field)
    ]

    assert not unsaid, f"Say it in the app's merging.py: {unsaid}"


def test_a_column_of_which_nothing_is_said_is_noticed(monkeypatch):
    left = {
        name: one for name, one in merging._handlers.items() if name != "placements.Post.person"
    }
    monkeypatch.setattr(merging, "_handlers", left)

    unsaid = [model for model, field in columns() if not merging.is_said(model, field)]

    assert [model._meta.label for model in unsaid] == ["placements.Post"]


def test_nothing_is_said_of_what_is_no_column():
    known = {f"{model._meta.label}.{field.name}" for model, field in columns()}

    assert merging._handlers.keys() <= known


def test_every_other_column_that_could_name_somebody_is_known():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in models()
        for field in model._meta.local_fields
        if could_name_somebody(field)
    }

    assert found == KNOWN_OTHERWISE.keys()


def test_nothing_names_a_person_by_a_generic_key():
    assert not [
        model._meta.label
        for model in models()
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    ]


@pytest.mark.parametrize("one", merging._all(), ids=lambda one: one.column)
def test_what_stays_says_why_and_what_moves_is_not_said_to_stay(one):
    assert not (one.stays and (one.move or one.one))
