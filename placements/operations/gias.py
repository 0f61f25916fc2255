"""Importing files from GIAS: stored, read in the background, previewed, applied.

A run waits in the database for a worker, and whoever works on it holds its row locked. So a killed
worker leaves nothing half done, and its run can be taken up again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import IO, NamedTuple

import pghistory
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from cohorts.models import ImportRun, Person
from dlp import words
from dlp.errors import Refused
from dlp.ringing import ring_on_commit
from dlp.tables import read_rows
from placements.gias.previewing import Preview
from placements.gias.progress import Progress, Tell
from placements.gias.rows import COLUMNS, LIMITS, LINK_COLUMNS
from placements.gias.showing import Shown
from placements.operations.gias_rows import Saving

State = ImportRun.State
TASK = "placements.tasks.carry_on_imports"
MOST_ATTEMPTS = 3
FOLDER = "imports"
FILES_KEPT = timedelta(days=7)
JUST_COME = timedelta(hours=1)
CHUNK = 1024 * 1024


class Files(NamedTuple):
    """The schools, the links between them, or both."""

    schools: IO[bytes] | None = None
    links: IO[bytes] | None = None

    @property
    def given(self) -> list[IO[bytes]]:
        return [file for file in self if file is not None]


@transaction.atomic
def receive_gias(files: Files, *, file_name: str, by: Person | None = None) -> ImportRun:
    """Store the uploaded files, and have them read in the background."""
    run = ImportRun.objects.create(
        kind=ImportRun.Kind.SCHOOLS,
        state=State.READING,
        file_name=file_name[:200],
        file_sha256=_sha256(files),
        uploaded_by=by,
    )
    for name, file in zip(kept_names(run.pk), files, strict=True):
        if file is not None:
            file.seek(0)
            default_storage.save(name, File(file))
    ring_on_commit(TASK)
    return run


@transaction.atomic
def confirm_gias(run: ImportRun, *, by: Person | None = None) -> ImportRun:
    """Confirm the preview; the files are applied in the background.

    Raises Refused if that was done, or if a file has been removed.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != State.PREVIEWED:
        raise Refused(_WHY_NO_YES[State(run.state)])
    _refuse_unless_kept(run)
    run.state, run.applied_by = State.APPLYING, by
    return _have_done(run)


@transaction.atomic
def read_again(run: ImportRun) -> ImportRun:
    """Have a file read again that could not be read.

    Raises Refused if it was read, or has been removed.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != State.STOPPED:
        raise Refused("This file is being read, or was read already.")
    _refuse_unless_kept(run)
    run.state = State.READING
    return _have_done(run)


_WHY_NO_YES = {
    State.READING: "This file is still being read.",
    State.STOPPED: "This file could not be read. Have it read again first.",
    State.APPLYING: "This file is being brought in already.",
    State.APPLIED: "This file was brought in already.",
    State.REVERTED: "This file was brought in already, and taken back.",
}


def _have_done(run: ImportRun) -> ImportRun:
    run.attempts, run.notes = 0, []
    run.save(update_fields=["state", "applied_by", "attempts", "notes"])
    ring_on_commit(TASK)
    return run


def carry_on() -> int:
    """Work on the runs that wait, the oldest first; skip those that another worker holds.

    Returns how many. Safe to run at any time, in parallel. An exception leaves the run for the next
    call.
    """
    waiting = ImportRun.objects.filter(
        kind=ImportRun.Kind.SCHOOLS, state__in=ImportRun.AT_WORK
    ).order_by("uploaded_at")
    return sum(_carry_on(pk) for pk in list(waiting.values_list("pk", flat=True)))


def _carry_on(pk: int) -> bool:
    if not _begin(pk):
        return False
    with transaction.atomic():
        run = _free(pk)
        if run is None:
            return False
        try:
            with (
                transaction.atomic(),
                _kept_files(run) as files,
                Progress(run.pk, files.given) as tell,
            ):
                _STEPS[State(run.state)](run, files, tell)
        except Refused as refusal:
            _give_up(run, str(refusal))
    return True


@transaction.atomic
def _begin(pk: int) -> bool:
    """Count the attempt, in its own transaction so that it counts even if the worker is killed."""
    run = _free(pk)
    if run is None:
        return False
    if run.attempts >= MOST_ATTEMPTS:
        tries = words.in_words(MOST_ATTEMPTS)
        _give_up(run, f"It broke off {tries} times, for a reason of ours. Nothing was changed.")
        return False
    run.attempts += 1
    run.save(update_fields=["attempts"])
    return True


def _free(pk: int) -> ImportRun | None:
    """The run, locked; None if another worker holds it or it is done."""
    return (
        ImportRun.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, state__in=ImportRun.AT_WORK)
        .first()
    )


def _give_up(run: ImportRun, why: str) -> None:
    """Return the run to where somebody can start it again: reading, or confirming."""
    run.state = State.STOPPED if run.state == State.READING else State.PREVIEWED
    run.applied_by, run.attempts, run.notes = None, 0, [why]
    run.save(update_fields=["state", "applied_by", "attempts", "notes"])


def _read(run: ImportRun, files: Files, tell: Tell) -> None:
    """Store a preview of what the files would change. No school is touched."""
    _go_through(run, files, Preview(tell))
    run.state = State.PREVIEWED
    run.save()


def _apply(run: ImportRun, files: Files, tell: Tell) -> None:
    """Apply the files, compared again with the schools as they are now; all or nothing.

    No request is at hand, so the history is told here who confirmed.
    """
    with pghistory.context(user=run.applied_by_id):
        _go_through(run, files, Saving(tell))
        run.state, run.applied_at = State.APPLIED, timezone.now()
        run.save()
    transaction.on_commit(lambda: forget_files(run.pk))


_STEPS = {State.READING: _read, State.APPLYING: _apply}


@transaction.atomic
def import_gias(schools: IO[bytes], *, file_name: str, links: IO[bytes] | None = None) -> ImportRun:
    """Import files at once, without a preview: for the command line and the demonstration."""
    files = Files(schools, links)
    run = ImportRun(
        kind=ImportRun.Kind.SCHOOLS,
        file_name=file_name[:200],
        file_sha256=_sha256(files),
    )
    _go_through(run, files, Saving(lambda rows: None))
    run.state, run.applied_at = State.APPLIED, timezone.now()
    run.save()
    return run


def _go_through(run: ImportRun, files: Files, walk: Preview | Saving) -> None:
    """Read the schools, then the links, and store the outcome on the run."""
    shown, counts = Shown(), Counter[str]()
    if files.schools is not None:
        counts.update(walk.schools(read_rows(files.schools, COLUMNS, limits=LIMITS), shown))
    if files.links is not None:
        counts.update(walk.links(read_rows(files.links, LINK_COLUMNS, limits=LIMITS), shown))
    run.rows, run.counts, run.notes, run.attempts = shown.rows(), dict(counts), [], 0


def forget_old_files(now: datetime) -> int:
    """Remove files that are done or abandoned; return how many. Safe to run at any time.

    Recent ones stay: their run may not be committed yet.
    """
    if not default_storage.exists(FOLDER):
        return 0
    waiting = ImportRun.objects.filter(
        kind=ImportRun.Kind.SCHOOLS, uploaded_at__gt=now - FILES_KEPT
    ).exclude(state__in=[State.APPLIED, State.REVERTED])
    needed = {name for pk in waiting.values_list("pk", flat=True) for name in kept_names(pk)}
    kept = {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}
    left = [
        name for name in kept - needed if default_storage.get_modified_time(name) < now - JUST_COME
    ]
    for name in left:
        default_storage.delete(name)
    return len(left)


def forget_files(pk: int) -> None:
    for name in kept_names(pk):
        default_storage.delete(name)


def kept_names(pk: int) -> tuple[str, str]:
    return f"{FOLDER}/schools-{pk}.csv", f"{FOLDER}/links-{pk}.csv"


@contextmanager
def _kept_files(run: ImportRun) -> Iterator[Files]:
    """Raises Refused if neither file is there any more."""
    _refuse_unless_kept(run)
    with ExitStack() as stack:
        yield Files(
            *(
                stack.enter_context(default_storage.open(name))
                if default_storage.exists(name)
                else None
                for name in kept_names(run.pk)
            )
        )


def _refuse_unless_kept(run: ImportRun) -> None:
    if not any(default_storage.exists(name) for name in kept_names(run.pk)):
        raise Refused("The file is kept no longer. Choose it again.")


def _sha256(files: Files) -> str:
    """Of one file, or of both together."""
    digest = hashlib.sha256()
    for file in files.given:
        file.seek(0)
        for chunk in iter(partial(file.read, CHUNK), b""):
            digest.update(chunk)
        file.seek(0)
    return digest.hexdigest()
