"""Bringing people into a cohort from a CSV: judge each row, show it, then do it whole or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from cohorts.imports.rows import COLUMNS, FILLED, PersonRow, people_in
from cohorts.models import Cohort, ImportRun, Participation, ParticipationChange, Person
from cohorts.standing import Plan, Step, replay
from dlp import words
from dlp.errors import Refused
from dlp.tables import read_rows
from dlp.text import fold

RowState = ImportRun.RowState
Kind = ParticipationChange.Kind
State = Participation.State
GOOD = (RowState.NEW, RowState.MATCHES)


@dataclass
class Verdict:
    """What a row would do: whom it means, what it fills in, whether they join."""

    row: PersonRow
    state: str = RowState.NEW
    person: Person | None = None
    fills: dict[str, Any] = field(default_factory=dict)
    joins: bool = True
    message: str = ""

    def refuse(self, sentence: str) -> None:
        self.state, self.message, self.joins = RowState.ERROR, sentence, False

    def as_json(self) -> dict[str, Any]:
        return {
            "line": self.row.line,
            "state": str(self.state),
            "name": self.row.full_name or "No name",
            "message": self.message,
            "person": self.person.pk if self.person is not None else None,
            "data": self.row.as_data() if self.state != RowState.ERROR else {},
        }


def preview_people(file: UploadedFile, cohort: Cohort, *, by: Person) -> ImportRun:
    """Read a CSV and keep what each row would do. Changes nobody.

    Raises Refused, in a sentence, where the file as a whole cannot be used.
    """
    table = read_rows(file, COLUMNS)
    verdicts = judge(people_in(table), cohort)
    file.seek(0)
    return ImportRun.objects.create(
        kind=ImportRun.Kind.PEOPLE,
        file_name=(file.name or "people.csv")[-200:],
        file_sha256=hashlib.file_digest(file, "sha256").hexdigest(),
        cohort=cohort,
        uploaded_by=by,
        rows=[verdict.as_json() for verdict in verdicts],
        counts=counts_of(verdicts),
        ignored_columns=[title[:100] for title in table.ignored],
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
    shown = {row["line"]: row for row in run.rows if row["state"] != RowState.ERROR}
    verdicts = judge(
        [PersonRow.from_data(line, row["data"]) for line, row in shown.items()], run.cohort
    )
    for verdict in verdicts:
        before = shown[verdict.row.line]
        known = verdict.person.pk if verdict.person is not None else None
        if (before["state"], before["person"]) != (str(verdict.state), known):
            raise Refused(
                f"Something has changed since you looked: line {verdict.row.line}, "
                f"{verdict.row.full_name}. The rows below are as they stand now."
            )
    _carry_out(verdicts, run.cohort, by=by)
    run.state = ImportRun.State.APPLIED
    run.applied_at = timezone.now()
    run.applied_by = by
    people = {verdict.row.line: verdict.person for verdict in verdicts}
    for row in run.rows:
        person = people.get(row["line"])
        row["data"] = {}  # kept no longer than it is needed
        row["person"] = person.pk if person is not None else row["person"]
    run.save(update_fields=["state", "applied_at", "applied_by", "rows"])
    return run


@transaction.atomic
def look_again(run: ImportRun) -> ImportRun:
    """Judge the rows of a preview anew, as the programme stands now."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=run.pk)
    if run.state == ImportRun.State.APPLIED or run.cohort is None:
        return run
    wrong = [row for row in run.rows if row["state"] == RowState.ERROR]
    verdicts = judge(
        [
            PersonRow.from_data(row["line"], row["data"])
            for row in run.rows
            if row["state"] != RowState.ERROR
        ],
        run.cohort,
    )
    rows = [*wrong, *(verdict.as_json() for verdict in verdicts)]
    run.rows = sorted(rows, key=lambda row: row["line"])
    run.counts = dict(Counter(row["state"] for row in run.rows))
    run.save(update_fields=["rows", "counts"])
    return run


def counts_of(verdicts: Iterable[Verdict]) -> dict[str, int]:
    return dict(Counter(str(verdict.state) for verdict in verdicts))


def judge(rows: Sequence[PersonRow], cohort: Cohort) -> list[Verdict]:
    """Say of each row what it would do now. A constant number of queries."""
    known = _Known(rows)
    verdicts = []
    taken: dict[int, int] = {}
    for row in rows:
        verdict = Verdict(row)
        verdicts.append(verdict)
        if row.problems:
            verdict.refuse(" ".join(row.problems))
            continue
        _find_person(verdict, known, cohort)
        if verdict.state == RowState.ERROR:
            continue
        if verdict.person is not None:
            first = taken.setdefault(verdict.person.pk, row.line)
            if first != row.line:
                verdict.refuse(
                    f"This is {verdict.person}, whom line {first} means already. Take one of the "
                    f"two rows out."
                )
                continue
        _find_place(verdict, known, cohort)
    return verdicts


class _Known:
    """Everybody whom any row could mean, with their time in cohorts: two queries."""

    def __init__(self, rows: Sequence[PersonRow]) -> None:
        names = {row.full_name.lower() for row in rows if not row.email and not row.trn}
        people = (
            Person.objects.get_queryset()
            .alias(lower_name=Lower("full_name"))
            .filter(
                Q(email__in={row.email for row in rows if row.email})
                | Q(trn__in={row.trn for row in rows if row.trn})
                | Q(lower_name__in=names)
            )
        )
        self.by_email: dict[str, Person] = {}
        self.by_trn: dict[str, Person] = {}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        self.times: dict[int, list[Participation]] = defaultdict(list)
        for person in people:
            if person.email:
                self.by_email[person.email] = person
            if person.trn:
                self.by_trn[person.trn] = person
            self.by_name[fold(person.full_name)].append(person)
        ids = {person.pk for group in self.by_name.values() for person in group}
        held = Participation.objects.filter(person__in=ids).exclude(state=State.DECLINED)
        for time in held.select_related("cohort"):
            self.times[time.person_id].append(time)


def _find_person(verdict: Verdict, known: _Known, cohort: Cohort) -> None:
    row = verdict.row
    by_email = known.by_email.get(row.email) if row.email else None
    by_trn = known.by_trn.get(row.trn) if row.trn else None
    if by_email is not None and by_trn is not None and by_email.pk != by_trn.pk:
        verdict.refuse(
            f"The address is {by_email}’s and the TRN is {by_trn}’s. Correct one of them, in the "
            f"file or here."
        )
        return
    person = by_email or by_trn
    if person is None and not row.email and not row.trn:
        namesakes = known.by_name[row.key]
        here = [one for one in namesakes if _time_in(known, one, cohort) is not None]
        if len(namesakes) > 1 or len(here) != len(namesakes):
            verdict.refuse(
                "Somebody of this name is here already. Add the address or the TRN, so that it is "
                "clear who is meant."
            )
            return
        person = here[0] if here else None
    if person is None:
        return
    verdict.person, verdict.state = person, RowState.MATCHES
    for name, label in (("email", "address"), ("trn", "TRN")):
        ours, theirs = getattr(person, name), getattr(row, name)
        if ours and theirs and ours != theirs:
            verdict.refuse(
                f"{person} is here with another {label}. Correct it in the file or here, so that "
                f"it is clear who is meant."
            )
            return
    if not person.is_active:
        verdict.refuse(f"{person} was deactivated. Reactivate them first, or take the row out.")
        return
    verdict.fills = {
        name: getattr(row, name)
        for name in FILLED
        if getattr(row, name) and not getattr(person, name)
    }


def _find_place(verdict: Verdict, known: _Known, cohort: Cohort) -> None:
    row, person = verdict.row, verdict.person
    first_day = row.starts_on or cohort.starts_on
    if not cohort.starts_on <= first_day <= cohort.ends_on:
        verdict.refuse(
            f"The start date, {words.plain_day(first_day)}, lies outside the cohort, which runs "
            f"{words.span(cohort.starts_on, cohort.ends_on)}."
        )
        return
    if person is None:
        return
    if _time_in(known, person, cohort) is not None:
        verdict.joins = False
        if not verdict.fills:
            verdict.state, verdict.message = RowState.UNCHANGED, f"Is in {cohort} already."
            return
    else:
        holds = _standing(first_day, cohort).starts_on
        for time in known.times[person.pk]:
            if time.state != State.OFFERED and (time.held_to is None or time.held_to >= holds):
                verdict.refuse(
                    f"{person} is in {time.cohort} already. Transfer them from there, or record "
                    f"first that they left it."
                )
                return
    verdict.message = _say(verdict, cohort)


def _say(verdict: Verdict, cohort: Cohort) -> str:
    person = verdict.person
    if person is None:
        return ""
    said = [f"Is {person.full_name}, whom we know."]
    if verdict.joins:
        said.append(f"Joins {cohort}.")
    if verdict.fills:
        fields: list[Any] = [Person._meta.get_field(name) for name in verdict.fills]
        said.append(f"Adds the {', '.join(str(each.verbose_name) for each in fields)}.")
    if fold(person.full_name) != verdict.row.key:
        said.append("The name here stays.")
    return " ".join(said)


def _time_in(known: _Known, person: Person, cohort: Cohort) -> Participation | None:
    times = known.times[person.pk]
    return next((time for time in times if time.cohort_id == cohort.pk), None)


def _steps(first_day: date, *, is_given: bool) -> list[Step]:
    today = timezone.localdate()
    steps = [Step(Kind.ACCEPTED, min(first_day, today))]
    if first_day <= today or is_given:
        steps.append(Step(Kind.STARTED, first_day))
    return steps


def _standing(first_day: date, cohort: Cohort) -> Any:
    plan = Plan(cohort.starts_on, cohort.ends_on)
    return replay(_steps(first_day, is_given=False), timezone.localdate(), plan)


def _carry_out(verdicts: Sequence[Verdict], cohort: Cohort, *, by: Person) -> None:
    """Write everything in a handful of statements; triggers keep the history."""
    good = [verdict for verdict in verdicts if verdict.state in GOOD]
    new = [verdict for verdict in good if verdict.person is None]
    for verdict, person in zip(new, _add_people([one.row for one in new]), strict=True):
        verdict.person = person
    _fill_in([verdict for verdict in good if verdict.fills])
    _join([verdict for verdict in good if verdict.joins], cohort, by=by)


def _add_people(rows: Sequence[PersonRow]) -> list[Person]:
    people = []
    for row in rows:
        person = Person(
            full_name=row.full_name,
            known_as=row.known_as,
            email=row.email,
            phone=row.phone,
            trn=row.trn,
            pronouns=row.pronouns,
            password=make_password(None),
        )
        person.search_text = person.folded()
        people.append(person)
    try:
        with transaction.atomic():
            return list(Person.objects.bulk_create(people))
    except IntegrityError as error:
        raise Refused("Somebody in the file has just been added by someone else.") from error


def _fill_in(verdicts: Sequence[Verdict]) -> None:
    people = []
    for verdict in verdicts:
        person = verdict.person
        assert person is not None  # noqa: S101  only a known person lacks something
        for name, value in verdict.fills.items():
            setattr(person, name, value)
        person.search_text = person.folded()
        people.append(person)
    Person.objects.bulk_update(people, [*FILLED, "search_text"], batch_size=1_000)


def _join(verdicts: Sequence[Verdict], cohort: Cohort, *, by: Person) -> None:
    today = timezone.localdate()
    plan = Plan(cohort.starts_on, cohort.ends_on)
    participations, changes = [], []
    for verdict in verdicts:
        steps = _steps(
            verdict.row.starts_on or cohort.starts_on, is_given=verdict.row.starts_on is not None
        )
        standing = replay(steps, today, plan)
        participation = Participation(
            person=verdict.person,
            cohort=cohort,
            state=standing.state,
            starts_on=standing.starts_on,
            held_to=standing.held_to,
            expected_end_on=standing.expected_end_on,
        )
        participations.append(participation)
        changes += [
            ParticipationChange(
                participation=participation, kind=step.kind, effective_on=step.effective_on, by=by
            )
            for step in steps
        ]
    try:
        with transaction.atomic():
            Participation.objects.bulk_create(participations)
    except IntegrityError as error:
        raise Refused("Somebody in the file has just joined another cohort.") from error
    ParticipationChange.objects.bulk_create(changes)
