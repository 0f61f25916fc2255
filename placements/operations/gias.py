"""Bringing in a file from Get Information About Schools: look at it, then say yes."""

from __future__ import annotations

import hashlib
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from cohorts.models import ImportRun, Person
from dlp.errors import Refused
from dlp.tables import Table, read_rows
from placements.gias.comparing import Comparison, Outcome, batches
from placements.gias.rows import COLUMNS, LIMITS
from placements.models import LocalAuthority, School, SchoolName, Trust

SHOWN = {"error": 100, "ours": 200, "changed": 100, "new": 100, "left_out": 20}
"""How many rows of each sort an import keeps to be looked at."""

WRITTEN_FIELDS = [
    "name", "setting", "type_code", "type_name", "status", "opened_on", "closed_on", "phase_name",
    "low_age", "high_age", "pupils_count", "local_authority", "trust", "region", "street", "town",
    "postcode", "easting", "northing", "latitude", "longitude", "website", "phone", "head_name",
    "gias_changed_on", "gias_read_at", "search_text",
]  # fmt: skip


@transaction.atomic
def preview_gias(file: IO[bytes], *, file_name: str, by: Person | None = None) -> ImportRun:
    """Read a file, write down what it would change and keep it until somebody says yes.

    No school is touched. Raises Refused where the file as a whole cannot be read.
    """
    table = read_rows(file, COLUMNS, limits=LIMITS)
    comparison = Comparison(table.found, today=timezone.localdate())
    shown = _Shown()
    for rows in batches(table):
        facts, refused = comparison.read(rows)
        shown.add(refused + comparison.compare(facts, School.objects.all()))
    run = ImportRun.objects.create(
        kind=ImportRun.Kind.SCHOOLS,
        file_name=file_name[:200],
        file_sha256=_sha256(file),
        rows=shown.rows(),
        counts=dict(comparison.counts),
        uploaded_by=by,
    )
    file.seek(0)
    default_storage.save(_kept_name(run), File(file))
    return run


@transaction.atomic
def apply_gias(run: ImportRun, *, by: Person | None = None) -> ImportRun:
    """Do what the preview said, compared afresh with the schools as they are now; all or nothing.

    Raises Refused where it was done already, or the file is kept no longer.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state == ImportRun.State.APPLIED:
        raise Refused("This file was brought in already.")
    if not default_storage.exists(_kept_name(run)):
        raise Refused("The file is kept no longer. Choose it again.")
    with default_storage.open(_kept_name(run)) as file:
        _import_into(run, file, by=by)
    transaction.on_commit(lambda: default_storage.delete(_kept_name(run)))
    return run


@transaction.atomic
def import_gias(file: IO[bytes], *, file_name: str, by: Person | None = None) -> ImportRun:
    """Bring in a file at once, without a look: for the command line and the demonstration."""
    run = ImportRun(
        kind=ImportRun.Kind.SCHOOLS,
        file_name=file_name[:200],
        file_sha256=_sha256(file),
        uploaded_by=by,
    )
    file.seek(0)
    _import_into(run, file, by=by)
    return run


def _import_into(run: ImportRun, file: IO[bytes], *, by: Person | None) -> None:
    table = read_rows(file, COLUMNS, limits=LIMITS)
    shown, counts = _save_all(table)
    run.state = ImportRun.State.APPLIED
    run.rows, run.counts = shown.rows(), counts
    run.applied_at, run.applied_by = timezone.now(), by
    run.save()


def _save_all(table: Table) -> tuple[_Shown, dict[str, int]]:
    comparison = Comparison(table.found, today=timezone.localdate())
    shown = _Shown()
    for rows in batches(table):
        facts, refused = comparison.read(rows)
        _add_authorities(comparison, [one.authority for one in facts if one.authority])
        _add_trusts(comparison, [one.trust for one in facts if one.trust])
        here = School.objects.select_for_update(of=("self",))
        outcomes = comparison.compare(facts, here)
        _save([outcome for outcome in outcomes if outcome.saves], comparison)
        shown.add(refused + outcomes)
    _place_authorities()
    return shown, dict(comparison.counts)


def _add_authorities(comparison: Comparison, asked: list[tuple[str, str]]) -> None:
    known = comparison.directory.authorities
    missing = {code: name for code, name in reversed(asked) if code not in known}
    made = LocalAuthority.objects.bulk_create(
        LocalAuthority(code=code, name=name or f"Authority {code}")
        for code, name in missing.items()
    )
    known.update({authority.code: authority.pk for authority in made})


def _add_trusts(comparison: Comparison, asked: list[tuple[str, str]]) -> None:
    known = comparison.directory.trusts
    missing = {uid: name for uid, name in reversed(asked) if uid not in known}
    made = Trust.objects.bulk_create(Trust(uid=uid, name=name) for uid, name in missing.items())
    known.update({trust.uid: trust.pk for trust in made})


def _save(outcomes: list[Outcome], comparison: Comparison) -> None:
    """Write the new and the changed; keep the names that schools had."""
    schools = [outcome.school for outcome in outcomes if outcome.school]
    if not schools:
        return
    _keep_names(outcomes, comparison)
    former: dict[int, list[str]] = {}
    changed = [school for school in schools if school.pk]
    names = SchoolName.objects.filter(school__in=changed).values_list("school", "name")
    for school_pk, name in names if changed else ():
        former.setdefault(school_pk, []).append(name)
    now = timezone.now()
    for school in schools:
        school.gias_read_at = now
        school.search_text = school.folded(former.get(school.pk, ()))
    School.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["urn"], update_fields=WRITTEN_FIELDS
    )
    _copy_in([school for school in schools if not school.pk])


def _copy_in(schools: list[School]) -> None:
    """Insert by COPY: a third of the time that bulk_create takes, and triggers see every row."""
    fields = [field for field in School._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(School._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as rows:
        for school in schools:
            rows.write_row([getattr(school, field.attname) for field in fields])


def _keep_names(outcomes: list[Outcome], comparison: Comparison) -> None:
    SchoolName.objects.bulk_create(
        [
            SchoolName(
                school=outcome.school,
                name=outcome.name_before,
                held_to=outcome.school.gias_changed_on or comparison.today,
                source=SchoolName.Source.GIAS,
            )
            for outcome in outcomes
            if outcome.name_before and outcome.school
        ],
        ignore_conflicts=True,
    )


def _place_authorities() -> None:
    """Give each authority without a region that of its schools."""
    known = School.objects.filter(local_authority=OuterRef("pk")).exclude(region="")
    LocalAuthority.objects.filter(Exists(known), region="").update(
        region=Subquery(known.values("region")[:1])
    )


class _Shown:
    """The rows of an import worth showing, so many of each sort and no more."""

    def __init__(self) -> None:
        self._by_sort: dict[str, list[dict[str, object]]] = {sort: [] for sort in SHOWN}

    def add(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            sort = "ours" if outcome.is_ours and outcome.message else outcome.state
            kept = self._by_sort.get(sort)
            if kept is None or len(kept) >= SHOWN[sort]:
                continue
            school = outcome.school
            kept.append(
                {
                    "line": outcome.line,
                    "state": outcome.state,
                    "sort": sort,
                    "urn": outcome.urn,
                    "name": outcome.name,
                    "message": outcome.message,
                    "school": school.pk if school else None,
                    "setting": school.get_setting_display() if school else "",
                }
            )

    def rows(self) -> list[dict[str, object]]:
        return [row for rows in self._by_sort.values() for row in rows]


def _kept_name(run: ImportRun) -> str:
    return f"imports/schools-{run.pk}.csv"


def _sha256(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
    return digest.hexdigest()
