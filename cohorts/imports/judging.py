"""What each row of a people file would do, as the programme stands now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from cohorts.imports.rows import FILLED, PersonRow
from cohorts.models import Cohort, ImportRun, Participation, ParticipationChange, Person
from cohorts.standing import Plan, Standing, Step, replay
from dlp import words
from dlp.text import fold

RowState = ImportRun.RowState
Kind = ParticipationChange.Kind
State = Participation.State
LONGEST_KEPT = 2_000
"""So many characters of a cell are handed back where its row is left out."""


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
            "written": [cell[:LONGEST_KEPT] for cell in self.row.written],
        }


def judge(rows: Sequence[PersonRow], cohort: Cohort, *, to_be_done: bool = False) -> list[Verdict]:
    """Say of each row what it would do now. A constant number of queries.

    Where it is to be done, everybody whom a row could mean is locked until the transaction ends.
    """
    known = _Known(rows, locked=to_be_done)
    verdicts = [Verdict(row) for row in rows]
    taken: dict[int, int] = {}
    for verdict in verdicts:
        if verdict.row.problems:
            verdict.refuse(" ".join(verdict.row.problems))
            continue
        _find_person(verdict, known, cohort)
        if verdict.person is not None and verdict.state != RowState.ERROR:
            first = taken.setdefault(verdict.person.pk, verdict.row.line)
            if first != verdict.row.line:
                verdict.refuse(
                    f"This is {verdict.person}, whom line {first} means already. Take one of the "
                    f"two rows out."
                )
    _doubt_namesakes(verdicts)
    for verdict in verdicts:
        if verdict.state != RowState.ERROR:
            _find_place(verdict, known, cohort)
    return verdicts


def _doubt_namesakes(verdicts: Sequence[Verdict]) -> None:
    """Guess of no two rows of one name whether they are one person with two addresses.

    Nobody doubts people we know already, nor people whose TRNs differ.
    """
    by_name: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.state != RowState.ERROR:
            by_name[verdict.row.key].append(verdict)
    for namesakes in by_name.values():
        trns = {one.row.trn for one in namesakes if one.row.trn}
        if len(trns) == len(namesakes) or all(one.person for one in namesakes):
            continue
        lines = [one.row.line for one in namesakes]
        for one in namesakes if len(lines) > 1 else ():
            other = next(line for line in lines if line != one.row.line)
            one.refuse(
                f"{one.row.full_name} is on line {other} too, with another address or TRN. If they "
                f"are one person, take one of the two rows out; if not, give each their TRN."
            )


class _Known:
    """Everybody whom any row could mean, with their time in cohorts: two queries."""

    def __init__(self, rows: Sequence[PersonRow], *, locked: bool) -> None:
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
        if locked:  # all who bring people in lock them in one order
            people = people.order_by("pk").select_for_update(of=("self",))
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


def steps_to_join(first_day: date, *, is_given: bool) -> list[Step]:
    """What is recorded of somebody who comes in by a file."""
    today = timezone.localdate()
    steps = [Step(Kind.ACCEPTED, min(first_day, today))]
    if first_day <= today or is_given:
        steps.append(Step(Kind.STARTED, first_day))
    return steps


def _standing(first_day: date, cohort: Cohort) -> Standing:
    plan = Plan(cohort.starts_on, cohort.ends_on)
    return replay(steps_to_join(first_day, is_given=False), timezone.localdate(), plan)
