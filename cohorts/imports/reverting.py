"""Reverting an import: what it added is removed if nothing has happened since; the rest stays."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import pgtrigger
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from cohorts.imports import since
from cohorts.imports.judging import standing_of
from cohorts.imports.saving import mark_of
from cohorts.models import (
    Completion,
    ImportRun,
    Participation,
    ParticipationChange,
    Person,
    PlanItem,
)
from dlp.errors import Refused

CHANGED = "Their details were changed since."
WORKED_ON = "Their plan was worked on since."
MOVED = "More has been recorded of their time in the cohort since."


@dataclass
class Part:
    """What one row added, and the reasons why it must stay; without any it can be reverted."""

    row: dict[str, Any]
    why: list[str] = field(default_factory=list)

    @property
    def made(self) -> dict[str, Any]:
        made: dict[str, Any] = self.row["made"]
        return made

    @property
    def name(self) -> str:
        return str(self.row["name"])


def parts_of(run: ImportRun) -> list[Part]:
    """What can be reverted of an import now, and what cannot, with the reasons."""
    parts = [Part(row) for row in run.rows if row.get("made")]
    people = {part.row["person"] for part in parts}
    added = {part.row["person"] for part in parts if part.made["person"]}
    times = {pk for part in parts if (pk := part.made["participation"])}
    assert run.applied_at is not None  # noqa: S101  a constraint holds it
    reasons = since.with_people(people, run.applied_at)
    held = since.holding(Person, added, {Participation})
    of_times = since.holding(Participation, times, {ParticipationChange, PlanItem})
    gone_on = since.changes_recorded(times, run.applied_at)
    worked_on = _worked_on(times)
    changed = _changed(added)
    for part in parts:
        person, time = part.row["person"], part.made["participation"]
        part.why = [*reasons.get(person, ()), *held.get(person, ()), *of_times.get(time, ())]
        if time in worked_on:
            part.why.append(WORKED_ON)
        if time in gone_on:
            part.why.append(MOVED)
        if person in changed:
            part.why.append(CHANGED)
    return parts


@transaction.atomic
def revert_people(run: ImportRun, *, by: Person) -> ImportRun:
    """Revert what an import did where nothing has happened since; say why the rest stays.

    People whom it added are removed. People we knew leave the cohort by changes that undo those of
    the import, and fields it filled in are emptied if unchanged. Locks the run and everybody in it,
    so that a second press changes nothing. Raises Refused where nothing can be reverted.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=run.pk)
    if run.state == ImportRun.State.REVERTED:
        return run
    if run.state != ImportRun.State.APPLIED or run.is_erased:
        raise Refused(
            "There is nothing to take back: it was never brought in, or is kept no longer."
        )
    people = _locked({row["person"] for row in run.rows if row.get("made")})
    parts = parts_of(run)
    taken = [part for part in parts if not part.why]
    if not taken:
        raise Refused(
            "Nothing of it can be taken back: something has happened with everybody since."
        )
    _remove([part for part in taken if part.made["person"]])
    known = [part for part in taken if not part.made["person"]]
    _undo_times(run, [pk for part in known if (pk := part.made["participation"])], by=by)
    _empty(known, people)
    for part in parts:
        part.row["kept"] = part.why
        if not part.why and part.made["person"]:
            part.row["person"] = None
    run.state = ImportRun.State.REVERTED
    run.reverted_at, run.reverted_by = timezone.now(), by
    run.save(update_fields=["state", "reverted_at", "reverted_by", "rows"])
    return run


def _locked(ids: Collection[int]) -> dict[int, Person]:
    people = Person.objects.get_queryset().filter(pk__in=ids).order_by("pk")
    return {person.pk: person for person in people.select_for_update(of=("self",))}


def _changed(added: Collection[int]) -> set[int]:
    """The people who were changed after they were added, according to their history."""
    events: Any = Person._meta.get_field("events").related_model
    later = events.objects.filter(pgh_obj__in=added).exclude(pgh_label="insert")
    return set(later.order_by().values_list("pgh_obj", flat=True))


def _worked_on(times: Collection[int]) -> set[int]:
    """The participations whose plan has been changed since it was laid out."""
    items = PlanItem.objects.filter(participation__in=times)
    touched = items.filter(Q(is_pinned=True) | ~Q(attempt=None) | ~Q(excuse=""))
    return set(touched.order_by().values_list("participation", flat=True))


def _remove(parts: Collection[Part]) -> None:
    """Delete people to whom nothing has happened yet, with their participation.

    Their changes are deleted too, the only changes that ever are: they record nothing that
    happened. The history tables keep what was there.
    """
    people = [part.row["person"] for part in parts]
    times = [pk for part in parts if (pk := part.made["participation"])]
    try:
        with transaction.atomic():
            _delete(people, times)
            connection.check_constraints()
    except IntegrityError as error:
        raise Refused(
            "Something has just happened with somebody in the file. Look again."
        ) from error


def _delete(people: Collection[int], times: Collection[int]) -> None:
    _delete_plans(times)
    changes = ParticipationChange.objects.filter(participation__in=times)
    completions = Completion.objects.filter(change__in=list(changes))
    with pgtrigger.ignore("cohorts.Completion:append_only"):
        completions._raw_delete(completions.db)
    with pgtrigger.ignore("cohorts.ParticipationChange:append_only"):
        changes._raw_delete(changes.db)
    held = Participation.objects.filter(pk__in=times)
    held._raw_delete(held.db)
    found = Person.objects.get_queryset().filter(pk__in=people)
    found._raw_delete(found.db)


def _delete_plans(times: Collection[int]) -> None:
    """Delete the plans laid out for them at the import, which nobody has touched."""
    items = PlanItem.objects.filter(participation__in=times)
    items._raw_delete(items.db)


def _undo_times(run: ImportRun, times: Collection[int], *, by: Person) -> None:
    """Undo every change of these participations, as `operations.participations.undo` does for one."""
    assert run.cohort is not None  # noqa: S101  a people file goes into a cohort
    _delete_plans(times)
    changes = ParticipationChange.objects.filter(participation__in=times)
    undoing = [
        ParticipationChange(
            participation_id=change.participation_id,
            kind=change.kind,
            effective_on=change.effective_on,
            by=by,
            undoes=change,
        )
        for change in changes
    ]
    ParticipationChange.objects.bulk_create(undoing)
    standing = standing_of([], run.cohort)
    Participation.objects.filter(pk__in=times).update(
        state=standing.state,
        starts_on=standing.starts_on,
        held_to=standing.held_to,
        expected_end_on=standing.expected_end_on,
    )


def _empty(parts: Collection[Part], people: dict[int, Person]) -> None:
    """Empty the fields that the import filled in, where nobody has changed them since."""
    emptied: dict[int, Person] = {}
    names: set[str] = set()
    for part in parts:
        person = people[part.row["person"]]
        for name, mark in part.made["fills"].items():
            if mark_of(getattr(person, name)) != mark:
                continue
            column: Any = Person._meta.get_field(name)
            setattr(person, name, None if column.null else "")
            person.search_text = person.folded()
            emptied[person.pk] = person
            names.add(name)
    if emptied:
        columns = [*sorted(names), "search_text"]
        Person.objects.bulk_update(emptied.values(), columns, batch_size=1_000)
