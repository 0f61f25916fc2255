"""Recording readings and exports."""

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
    """Record that `by` is about to read a record.

    In the caller's transaction and before anything is opened: if it cannot be recorded, nothing is
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
    """Record that `by` is about to read many records, each with its person. One query."""
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
    """Record that `by` is about to export a list, before any row is sent."""
    return ExportRecord.objects.create(
        person=by, what=what, address=address, form=form, count=count
    )
