"""Bringing people into a cohort from a file: judge each row, show it, then do it whole or not at all."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from cohorts.imports.judging import judge
from cohorts.imports.rows import COLUMNS, PersonRow, people_in
from cohorts.imports.saving import save_all
from cohorts.models import Cohort, ImportRun, Person
from dlp.errors import Refused
from dlp.tables import read_rows

log = logging.getLogger("cohorts")
RowState = ImportRun.RowState
LONGEST_TITLE = 100


def preview_people(file: UploadedFile, cohort: Cohort, *, by: Person) -> ImportRun:
    """Read a CSV or an .xlsx and keep what each row would do. Changes nobody.

    Raises Refused, in a sentence, where the file as a whole cannot be used.
    """
    try:
        table = read_rows(file, COLUMNS, takes_workbooks=True)
        people = people_in(table)
    except Refused as refusal:
        kind = type(refusal.__cause__ or refusal).__name__
        log.info("A file of person %s for cohort %s was refused: %s.", by.pk, cohort.pk, kind)
        raise
    rows = [verdict.as_json() for verdict in judge(people, cohort)]
    file.seek(0)
    return ImportRun.objects.create(
        kind=ImportRun.Kind.PEOPLE,
        file_name=(file.name or "people.csv")[-200:],
        file_sha256=hashlib.file_digest(file, "sha256").hexdigest(),
        cohort=cohort,
        uploaded_by=by,
        rows=rows,
        counts=_counts(rows),
        columns=[title[:LONGEST_TITLE] for title in table.titles],
        ignored_columns=[title[:LONGEST_TITLE] for title in table.ignored],
        notes=table.notes,
    )


@transaction.atomic
def apply_people(run: ImportRun, *, by: Person) -> ImportRun:
    """Do what the preview shows: every good row, in one transaction, once.

    Locks the run, so that a second press changes nothing. Raises Refused when the programme has
    changed since, so that a row would now do something else.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=run.pk)
    if run.state == ImportRun.State.APPLIED:
        return run
    assert run.cohort is not None  # noqa: S101  a people file goes into a cohort
    if run.is_erased:
        raise Refused("What this file held was erased meanwhile. Choose the file again.")
    shown = {row["line"]: row for row in run.rows if row["state"] != RowState.ERROR}
    rows = [PersonRow.from_kept(row) for row in shown.values()]
    verdicts = judge(rows, run.cohort, to_be_done=True)
    for verdict in verdicts:
        before = shown[verdict.row.line]
        known = verdict.person.pk if verdict.person is not None else None
        if (before["state"], before["person"]) != (str(verdict.state), known):
            raise Refused(
                f"Something has changed since you looked: line {verdict.row.line}, "
                f"{verdict.row.full_name}. The rows below are as they stand now."
            )
    save_all(verdicts, run.cohort, by=by)
    run.state = ImportRun.State.APPLIED
    run.applied_at = timezone.now()
    run.applied_by = by
    people = {verdict.row.line: verdict.person for verdict in verdicts}
    for row in shown.values():
        person = people[row["line"]]
        row["data"], row["written"] = {}, []  # kept no longer than it is needed
        row["person"] = person.pk if person is not None else None
    run.save(update_fields=["state", "applied_at", "applied_by", "rows"])
    return run


@transaction.atomic
def look_again(run: ImportRun) -> ImportRun:
    """Judge the rows of a preview anew, as the programme stands now."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=run.pk)
    if run.state == ImportRun.State.APPLIED or run.cohort is None or run.is_erased:
        return run
    wrong = [row for row in run.rows if row["state"] == RowState.ERROR]
    others = [PersonRow.from_kept(row) for row in run.rows if row["state"] != RowState.ERROR]
    verdicts = judge(others, run.cohort)
    rows = [*wrong, *(verdict.as_json() for verdict in verdicts)]
    run.rows = sorted(rows, key=lambda row: row["line"])
    run.counts = _counts(run.rows)
    run.save(update_fields=["rows", "counts"])
    return run


def _counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    return dict(Counter(row["state"] for row in rows))
