"""The rows of a people file as a page shows them, beside what we already know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cohorts.imports.people import shown_state
from cohorts.imports.rows import NEW, OUT, means
from cohorts.imports.statuses import as_said
from cohorts.models import ImportRun, Participation, Person
from dlp import words
from dlp.http import addresses

RowState = ImportRun.RowState
Facts = list[tuple[str, str]]
SAID = (("email", "E-mail"), ("trn", "TRN"), ("phone", "Telephone"), ("known_as", "Known as"))
LABELS: dict[str, str] = dict(RowState.choices)


class Option(NamedTuple):
    """One choice for a row: a known person, somebody new, or leaving it out."""

    value: str
    label: str
    facts: Facts
    is_chosen: bool


class Entry(NamedTuple):
    """One row of the page; `options` if somebody has to choose whom it means."""

    line: int
    name: str
    url: str
    state: str
    state_label: str
    message: str
    says: Facts
    options: list[Option]
    can_be_left: bool
    is_taken: bool


def entries(run: ImportRun, rows: Sequence[Mapping[str, Any]], viewer: Person) -> list[Entry]:
    """The rows of one page; two more queries if any of them needs a choice."""
    kept = _kept(viewer, {pk for row in rows for pk in row.get("candidates", ())})
    return [_entry(run, row, kept) for row in rows]


def _entry(run: ImportRun, row: Mapping[str, Any], kept: Mapping[int, tuple[str, Facts]]) -> Entry:
    state = shown_state(row)
    is_open = run.state == ImportRun.State.PREVIEWED
    options = _options(row, kept) if is_open and row["state"] != RowState.ERROR else []
    return Entry(
        line=row["line"],
        name=row["name"],
        url=addresses("home:person")(row["person"]) if row["person"] else "",
        state=state,
        state_label=LABELS[state],
        message=_message(run, row, state),
        says=_facts(row["data"]) if options else [],
        options=options,
        can_be_left=is_open and row["state"] in (RowState.NEW, RowState.MATCHES),
        is_taken=row.get("choice") != OUT,
    )


def _message(run: ImportRun, row: Mapping[str, Any], state: str) -> str:
    if "kept" in row:
        return f"Stays. {' '.join(row['kept'])}" if row["kept"] else "Was taken back."
    is_done = run.state != ImportRun.State.PREVIEWED
    if state == RowState.OUT:
        return "Was left out." if is_done else "Is left out, as you chose."
    if row["message"]:
        return str(row["message"])
    if is_done:
        return f"Was added, and is in {run.cohort}."
    return f"Is added, and joins {run.cohort}{as_said(row['data'].get('state', ''))}."


def _options(row: Mapping[str, Any], kept: Mapping[int, tuple[str, Facts]]) -> list[Option]:
    candidates, choice = row.get("candidates", ()), row.get("choice", "")
    if not candidates and not row.get("may_be_new"):
        return []
    options = [
        Option(means(pk), f"This is {name}", facts, choice == means(pk))
        for pk in candidates
        if pk in kept
        for name, facts in [kept[pk]]
    ]
    if row.get("may_be_new"):
        options.append(Option(NEW, "Somebody new", [], choice == NEW))
    return [*options, Option(OUT, "Leave this row out", [], choice == OUT)]


def _kept(viewer: Person, ids: Iterable[int]) -> dict[int, tuple[str, Facts]]:
    """What we know of these people, and which cohorts they are in."""
    wanted = set(ids)
    if not wanted:
        return {}
    times = Participation.objects.visible_to(viewer).filter(person__in=wanted)
    where: dict[int, str] = {}
    for time in times.exclude(state=Participation.State.DECLINED).select_related("cohort"):
        said = f"{time.cohort}, {time.get_state_display().lower()}"
        where.setdefault(time.person_id, said)
    people = Person.objects.visible_to(viewer).filter(pk__in=wanted)
    return {
        person.pk: (
            person.full_name,
            [
                *_facts({name: getattr(person, name) for name, _ in SAID}),
                ("Cohort", where.get(person.pk, "In no cohort")),
            ],
        )
        for person in people
    }


def _facts(values: Mapping[str, Any]) -> Facts:
    said = [(label, str(values[name])) for name, label in SAID if values.get(name)]
    said = [(label, f"…{value[-3:]}" if label == "TRN" else value) for label, value in said]
    if starts_on := values.get("starts_on"):
        said.append(("First day", words.plain_day(date.fromisoformat(starts_on))))
    return said or [("", "Nothing but the name")]
