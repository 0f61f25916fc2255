"""Writing down what was read, and what was taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Model

from dlp.audit.models import AccessRecord, ExportRecord

if TYPE_CHECKING:
    from cohorts.models import Person


def note_reading(
    record: Model, *, by: Person, purpose: str, about: Person | None = None
) -> AccessRecord:
    """Write down that `by` is about to read a record.

    In the caller's transaction and before anything is opened: if it cannot be written, nothing is
    shown.
    """
    key = record.pk
    return AccessRecord.objects.create(
        person=by,
        about=about,
        subject_kind=record._meta.label,
        subject_id=None if isinstance(key, UUID) else key,
        subject_key=key if isinstance(key, UUID) else None,
        purpose=purpose,
    )


def note_readings(records: Sequence[tuple[Model, Person]], *, by: Person, purpose: str) -> None:
    """Write down that `by` is about to read many records, each with whom it is about; one query."""
    AccessRecord.objects.bulk_create(
        AccessRecord(
            person=by,
            about=about,
            subject_kind=record._meta.label,
            subject_id=record.pk,
            purpose=purpose,
        )
        for record, about in records
    )


def note_export(*, by: Person, what: str, address: str, form: str, count: int) -> ExportRecord:
    """Write down that `by` is about to take a list away, before any row of it leaves."""
    return ExportRecord.objects.create(
        person=by, what=what, address=address, form=form, count=count
    )
