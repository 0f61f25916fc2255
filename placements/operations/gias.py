"""Bringing in files from Get Information About Schools: kept, read behind the scenes, looked at, done.

A run waits in the database for whoever works on it, and a transaction that holds its row does. So
a worker that is killed leaves nothing half done, and its run free to be taken up again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import IO, NamedTuple

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
    """Keep what was uploaded, and have it read behind the scenes."""
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
    """Say yes to what the preview says; it is done behind the scenes.

    Raises Refused where it was done already, or the file is kept no longer.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.state != State.PREVIEWED:
        raise Refused(_WHY_NO_YES[State(run.state)])
    _refuse_unless_kept(run)
    run.state, run.applied_by = State.APPLYING, by
    return _have_done(run)


@transaction.atomic
def read_again(run: ImportRun) -> ImportRun:
    """Have a file read that could not be. Raises Refused where it was, or is kept no longer."""
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
    """Do what runs wait for, the oldest first; leave those that somebody is at. Returns how many.

    Safe to run any number of times and at once. What raises is tried again by the next call.
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
    """Count the attempt, in a transaction of its own so that a killed one stays counted."""
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
    """The run, locked; None where somebody is at it or it is done."""
    return (
        ImportRun.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, state__in=ImportRun.AT_WORK)
        .first()
    )


def _give_up(run: ImportRun, why: str) -> None:
    """A file that was never read waits to be read again, one that was for another yes."""
    run.state = State.STOPPED if run.state == State.READING else State.PREVIEWED
    run.applied_by, run.attempts, run.notes = None, 0, [why]
    run.save(update_fields=["state", "applied_by", "attempts", "notes"])


def _read(run: ImportRun, files: Files, tell: Tell) -> None:
    """Write down what the files would change. No school is touched."""
    _go_through(run, files, Preview(tell))
    run.state = State.PREVIEWED
    run.save()


def _apply(run: ImportRun, files: Files, tell: Tell) -> None:
    """Do it, compared afresh with the schools as they are now; all or nothing."""
    _go_through(run, files, Saving(tell))
    run.state, run.applied_at = State.APPLIED, timezone.now()
    run.save()
    transaction.on_commit(lambda: forget_files(run.pk))


_STEPS = {State.READING: _read, State.APPLYING: _apply}


@transaction.atomic
def import_gias(
    schools: IO[bytes],
    *,
    file_name: str,
    links: IO[bytes] | None = None,
    by: Person | None = None,
) -> ImportRun:
    """Bring in files at once, without a look: for the command line and the demonstration."""
    files = Files(schools, links)
    run = ImportRun(
        kind=ImportRun.Kind.SCHOOLS,
        file_name=file_name[:200],
        file_sha256=_sha256(files),
        uploaded_by=by,
    )
    _go_through(run, files, Saving(lambda rows: None))
    run.state, run.applied_at, run.applied_by = State.APPLIED, timezone.now(), by
    run.save()
    return run


def _go_through(run: ImportRun, files: Files, walk: Preview | Saving) -> None:
    """Read the schools, then the links, and keep in the run what was met."""
    shown, counts = Shown(), Counter[str]()
    if files.schools is not None:
        counts.update(walk.schools(read_rows(files.schools, COLUMNS, limits=LIMITS), shown))
    if files.links is not None:
        counts.update(walk.links(read_rows(files.links, LINK_COLUMNS, limits=LIMITS), shown))
    run.rows, run.counts, run.notes, run.attempts = shown.rows(), dict(counts), [], 0


def forget_old_files(now: datetime) -> int:
    """Remove files that are done, or were left; return how many. Safe to run any number of times.

    One that has just come is left: its run may not be committed yet.
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
    """Raises Refused where neither is kept any longer."""
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
    """Of the one file, or of both together."""
    digest = hashlib.sha256()
    for file in files.given:
        file.seek(0)
        for chunk in iter(partial(file.read, CHUNK), b""):
            digest.update(chunk)
        file.seek(0)
    return digest.hexdigest()
