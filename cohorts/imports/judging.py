"""What each row of a people file would do, given today's data and the choices made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from cohorts.imports.rows import FILLED, NEW, OUT, PersonRow, means
from cohorts.imports.statuses import as_said, steps_of_row
from cohorts.models import Cohort, ImportRun, Participation, Person
from cohorts.standing import Plan, Standing, Step, replay
from dlp.errors import Refused
from dlp.text import fold

RowState = ImportRun.RowState
State = Participation.State
LONGEST_KEPT = 2_000
"""Characters of a cell that are returned if its row is left out."""
MARKS = (("email", "address"), ("trn", "TRN"))


@dataclass
class Verdict:
    """What a row would do.

    Which person it means, what it fills in, whether they join and with which state. `candidates`
    are the people it could mean, where somebody has to choose, or has chosen.
    """

    row: PersonRow
    state: str = RowState.NEW
    person: Person | None = None
    candidates: list[Person] = field(default_factory=list)
    may_be_new: bool = False
    fills: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    joins: bool = True
    message: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether it is clear which person the row means."""
        return self.state not in (RowState.ERROR, RowState.AMBIGUOUS)

    @property
    def completes(self) -> bool:
        """Whether the person comes in as having completed."""
        return self.joins and self.row.state == State.COMPLETED

    @property
    def is_out(self) -> bool:
        return self.row.choice == OUT

    def refuse(self, sentence: str) -> None:
        """Reject the row; if a choice led to that, ask for the choice again."""
        if self.candidates or self.may_be_new:
            self.ask(sentence)
        else:
            self.state, self.message, self.joins = RowState.ERROR, sentence, False

    def ask(self, sentence: str) -> None:
        """Ask somebody to choose which person the row means."""
        self.state, self.message, self.joins, self.person = (
            RowState.AMBIGUOUS,
            sentence,
            False,
            None,
        )
        if not self.is_out:
            self.row.choice = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "line": self.row.line,
            "state": str(self.state),
            "name": self.row.full_name or "No name",
            "message": self.message,
            "person": self.person.pk if self.person is not None else None,
            "candidates": [person.pk for person in self.candidates],
            "may_be_new": self.may_be_new,
            "choice": self.row.choice,
            "data": self.row.as_data() if self.state != RowState.ERROR else {},
            "written": [cell[:LONGEST_KEPT] for cell in self.row.written],
        }


def judge(rows: Sequence[PersonRow], cohort: Cohort, *, to_be_done: bool = False) -> list[Verdict]:
    """Decide for each row what it would do now, in a constant number of queries.

    With `to_be_done`, everybody whom a row could mean is locked until the transaction ends.
    """
    known = _Known(rows, locked=to_be_done)
    verdicts = [Verdict(row) for row in rows]
    today = timezone.localdate()
    for verdict in verdicts:
        try:
            if verdict.row.problems:
                raise Refused(" ".join(verdict.row.problems))
            verdict.steps = steps_of_row(verdict.row, cohort, today)
        except Refused as refusal:
            verdict.refuse(str(refusal))
        else:
            _find_person(verdict, known, cohort)
    staying = [verdict for verdict in verdicts if not verdict.is_out]
    _refuse_one_person_twice(staying)
    _doubt_namesakes(staying)
    for verdict in verdicts:
        if verdict.is_settled:
            _find_place(verdict, known, cohort)
    return verdicts


def _refuse_one_person_twice(verdicts: Iterable[Verdict]) -> None:
    """Reject a choice that gives a row a person whom another row already means without a choice."""
    taken: dict[int, int] = {}
    for verdict in sorted(verdicts, key=lambda one: bool(one.row.choice)):
        if verdict.person is None or not verdict.is_settled:
            continue
        first = taken.setdefault(verdict.person.pk, verdict.row.line)
        if first != verdict.row.line:
            verdict.refuse(
                f"This is {verdict.person}, whom line {first} means already. Take one of the "
                f"two rows out."
            )


def _doubt_namesakes(verdicts: Iterable[Verdict]) -> None:
    """Ask about rows in the file with the same name: one person with two addresses, or two?

    Not asked for people we know already, people whose TRNs differ, or rows already chosen.
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
            if one.person is not None:
                continue
            other = next(line for line in lines if line != one.row.line)
            one.may_be_new = True
            if one.row.choice != NEW:
                one.ask(
                    f"{one.row.full_name} is on line {other} too, with another address or TRN. If they "
                    f"are one person, leave one of the two rows out; if not, say that this is somebody "
                    f"of their own."
                )


class _Known:
    """Everybody whom any row could mean, with their participations. Two queries."""

    def __init__(self, rows: Sequence[PersonRow], *, locked: bool) -> None:
        people = (
            Person.objects.get_queryset()
            .alias(lower_name=Lower("full_name"))
            .filter(
                Q(email__in={row.email for row in rows if row.email})
                | Q(trn__in={row.trn for row in rows if row.trn})
                | Q(lower_name__in={row.full_name.lower() for row in rows})
            )
        )
        if locked:  # all who bring people in lock them in one order
            people = people.order_by("pk").select_for_update(of=("self",))
        self.by_mark: dict[str, dict[str, Person]] = {"email": {}, "trn": {}}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        self.times: dict[int, list[Participation]] = defaultdict(list)
        for person in people:
            for name, of_people in self.by_mark.items():
                if mark := getattr(person, name):
                    of_people[mark] = person
            self.by_name[fold(person.full_name)].append(person)
        ids = {person.pk for group in self.by_name.values() for person in group}
        held = Participation.objects.filter(person__in=ids).exclude(state=State.DECLINED)
        for time in held.select_related("cohort"):
            self.times[time.person_id].append(time)

    def having(self, name: str, row: PersonRow) -> Person | None:
        """The known people with the same address, TRN or name as the row."""
        return self.by_mark[name].get(getattr(row, name) or "")

    def time_in(self, cohort: Cohort, person: Person) -> Participation | None:
        times = self.times[person.pk]
        return next((time for time in times if time.cohort_id == cohort.pk), None)


def _find_person(verdict: Verdict, known: _Known, cohort: Cohort) -> None:
    row = verdict.row
    person, doubt = _meant(verdict, known, cohort)
    if doubt:
        chosen = next((one for one in verdict.candidates if row.choice == means(one.pk)), None)
        if chosen is None and not (verdict.may_be_new and row.choice == NEW):
            verdict.ask(doubt)
            return
        person = chosen
    elif row.choice not in ("", OUT) and not (row.choice == NEW and person is None):
        row.choice = ""  # what it was chosen for has gone
    if person is None:
        return
    verdict.person, verdict.state = person, RowState.MATCHES
    if person.died_on is not None:
        verdict.refuse(f"{person} has died. Take the row out.")
        return
    if not person.is_active:
        verdict.refuse(f"{person} was deactivated. Reactivate them first, or take the row out.")
        return
    verdict.fills = {
        name: getattr(row, name)
        for name in FILLED
        if getattr(row, name)
        and not getattr(person, name)
        and (name not in known.by_mark or known.having(name, row) is None)
    }


def _meant(verdict: Verdict, known: _Known, cohort: Cohort) -> tuple[Person | None, str]:
    """Which person a row means; else a sentence why that is unclear, and the candidates."""
    row = verdict.row
    by_email, by_trn = known.having("email", row), known.having("trn", row)
    if by_email is not None and by_trn is not None and by_email.pk != by_trn.pk:
        verdict.candidates = [by_email, by_trn]
        return None, f"The address is {by_email}’s and the TRN is {by_trn}’s."
    person = by_email or by_trn
    if person is not None:
        for name, label in MARKS:
            ours, theirs = getattr(person, name), getattr(row, name)
            if ours and theirs and ours != theirs:
                verdict.candidates = [person]
                return person, f"{person} is here with another {label}."
        return person, ""
    namesakes = [one for one in known.by_name[row.key] if not (one.trn and row.trn)]
    if not namesakes:
        return None, ""
    if (
        len(namesakes) == 1
        and not row.email
        and not row.trn
        and known.time_in(cohort, namesakes[0])
    ):
        return namesakes[0], ""
    verdict.candidates, verdict.may_be_new = namesakes, True
    return None, "Somebody of this name is here already, and may be meant."


def _find_place(verdict: Verdict, known: _Known, cohort: Cohort) -> None:
    person = verdict.person
    if person is None:
        return
    if known.time_in(cohort, person) is not None:
        verdict.joins = False
        if not verdict.fills:
            verdict.state, verdict.message = RowState.UNCHANGED, f"Is in {cohort} already."
            return
    else:
        standing = standing_of(verdict.steps, cohort)
        for time in known.times[person.pk]:
            if _overlap(time, standing):
                verdict.refuse(
                    f"{person} is in {time.cohort} already. Transfer them from there, or record "
                    f"first that they left it."
                )
                return
    verdict.message = _say(verdict, cohort)


def _overlap(time: Participation, standing: Standing) -> bool:
    """Whether somebody would be in two cohorts on the same day."""
    if time.state == State.OFFERED or standing.state in (State.OFFERED, State.DECLINED):
        return False
    if standing.held_to is not None and standing.held_to < max(time.starts_on, standing.starts_on):
        return False
    return time.held_to is None or time.held_to >= standing.starts_on


def _say(verdict: Verdict, cohort: Cohort) -> str:
    person = verdict.person
    if person is None:
        return ""
    said = [f"Is {person.full_name}, whom we know."]
    if verdict.joins:
        said.append(f"Joins {cohort}{as_said(verdict.row.state)}.")
    if verdict.fills:
        fields: list[Any] = [Person._meta.get_field(name) for name in verdict.fills]
        said.append(f"Adds the {', '.join(str(each.verbose_name) for each in fields)}.")
    if fold(person.full_name) != verdict.row.key:
        said.append("The name here stays.")
    return " ".join(said)


def standing_of(steps: Sequence[Step], cohort: Cohort) -> Standing:
    """Their state in the cohort today, after these steps."""
    return replay(steps, timezone.localdate(), Plan(cohort.starts_on, cohort.ends_on))
