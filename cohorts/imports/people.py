"""Bringing people into a cohort from a file: judge each row, show it, let people choose, then save."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from cohorts.imports.judging import Verdict, judge
from cohorts.imports.rows import COLUMNS, OUT, PersonRow, people_in
from cohorts.imports.saving import save_all
from cohorts.models import Cohort, ImportRun, Person
from cohorts.permissions import can_override_completion
from dlp import words
from dlp.errors import Refused
from dlp.tables import read_rows

log = logging.getLogger("cohorts")
RowState = ImportRun.RowState
LONGEST_TITLE = 100
SAVED = (RowState.NEW, RowState.MATCHES)


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


def shown_state(row: Mapping[str, Any]) -> str:
    """The state under which a row is shown and counted: its own, or "left out" by choice."""
    return RowState.OUT if row.get("choice") == OUT else row["state"]


@transaction.atomic
def choose(
    run: ImportRun, choices: Mapping[int, str], *, whole: tuple[str, str] | None = None
) -> ImportRun:
    """Save choices for these lines and judge the rows again. Locks the run.

    `whole` is a state and a choice for every row shown in that state, on whatever page; an empty
    state means every row. A choice that a row does not offer is ignored.
    """
    run = _locked(run)
    if run.state != ImportRun.State.PREVIEWED or run.is_erased:
        return run
    if whole is not None:
        state, choice = whole
        lines = (row["line"] for row in run.rows if state in ("", shown_state(row)))
        choices = {**choices, **dict.fromkeys(lines, choice)}
    return _judge_again(run, choices)


@transaction.atomic
def apply_people(
    run: ImportRun, *, by: Person, choices: Mapping[int, str] | None = None
) -> ImportRun:
    """Save every row that is clear and was not left out, in one transaction, once.

    `choices` are those made since the rows were shown. Locks the run, so that a second press changes
    nothing. Raises Refused when the programme has changed since, so that a row would now do
    something else than was shown.
    """
    run = _locked(run)
    if run.state != ImportRun.State.PREVIEWED:
        return run
    assert run.cohort is not None  # noqa: S101  a people file goes into a cohort
    if run.is_erased:
        raise Refused("What this file held was erased meanwhile. Choose the file again.")
    chosen = _take_over(run, choices or {})
    shown = {row["line"]: row for row in run.rows if row["state"] != RowState.ERROR}
    verdicts = judge(
        [PersonRow.from_kept(row) for row in shown.values()], run.cohort, to_be_done=True
    )
    _refuse_what_changed(verdicts, shown, but=chosen)
    saved = [one for one in verdicts if one.state in SAVED and not one.is_out]
    _refuse_completions(saved, by)
    made = save_all(saved, run.cohort, by=by)
    for verdict in verdicts:
        row = shown[verdict.row.line]
        row |= verdict.as_json() | {"data": {}}  # kept no longer than it is needed
        if verdict.is_settled and not verdict.is_out:
            row["written"] = []
        if verdict.row.line in made:
            row["made"] = made[verdict.row.line]
    run.state = ImportRun.State.APPLIED
    run.applied_at = timezone.now()
    run.applied_by = by
    run.counts = _counts(run.rows)
    run.save(update_fields=["state", "applied_at", "applied_by", "rows", "counts"])
    return run


def _locked(run: ImportRun) -> ImportRun:
    runs = ImportRun.objects.select_for_update(of=("self",)).select_related("cohort")
    return runs.get(pk=run.pk)


def _judge_again(run: ImportRun, choices: Mapping[int, str]) -> ImportRun:
    assert run.cohort is not None  # noqa: S101  a people file goes into a cohort
    _take_over(run, choices)
    wrong = [row for row in run.rows if row["state"] == RowState.ERROR]
    others = [row for row in run.rows if row["state"] != RowState.ERROR]
    verdicts = judge([PersonRow.from_kept(row) for row in others], run.cohort)
    rows = [*wrong, *(verdict.as_json() for verdict in verdicts)]
    run.rows = sorted(rows, key=lambda row: row["line"])
    run.counts = _counts(run.rows)
    run.save(update_fields=["rows", "counts"])
    return run


def _take_over(run: ImportRun, choices: Mapping[int, str]) -> set[int]:
    """Save the choices on the rows; return the lines whose choice changed."""
    chosen = set()
    for row in run.rows:
        before = row.get("choice", "")
        row["choice"] = choices.get(row["line"], before)
        if row["choice"] != before:
            chosen.add(row["line"])
    return chosen


def _refuse_what_changed(
    verdicts: Sequence[Verdict], shown: Mapping[int, Mapping[str, Any]], *, but: set[int]
) -> None:
    """Refuse if any row would now do something else than was shown.

    Rows just chosen may differ, and rows that wait for a choice are not saved anyway.
    """
    for verdict in verdicts:
        before, line = shown[verdict.row.line], verdict.row.line
        if line in but or shown_state(before) in (RowState.OUT, RowState.AMBIGUOUS):
            continue
        now = verdict.as_json()
        if any(now[name] != before[name] for name in ("state", "person", "message")):
            raise Refused(
                f"Something has changed since you looked: line {line}, {verdict.row.full_name}. The "
                f"rows below are as they stand now."
            )


def _refuse_completions(saved: Sequence[Verdict], by: Person) -> None:
    """Only a programme lead may bring in people as completed (R-PRG-05)."""
    completed = [one.row.full_name for one in saved if one.completes]
    if completed and not can_override_completion(by):
        raise Refused(
            f"Only a programme lead brings in people who have completed: {words.joined(completed[:5])}"
            f"{', and others' if len(completed) > 5 else ''}. Leave them out, or let a programme lead "
            f"bring the file in."
        )


def _counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    return dict(Counter(str(shown_state(row)) for row in rows))
