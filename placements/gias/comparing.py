"""How a file differs from our data, batch by batch; preview and import share this code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db.models import QuerySet

from dlp.tables import Row, Table
from dlp.words import plain_day
from placements.gias.rows import (
    LeftOut,
    RowProblem,
    SchoolFacts,
    as_latitude_and_longitude,
    read_school,
)
from placements.models import LocalAuthority, Placement, School, Trust

BATCH = 1_000
State = Literal["new", "changed", "unchanged", "left_out", "error"]
NAMES_OF_FIELDS = {
    "name": "name",
    "setting": "setting",
    "type_name": "type",
    "phase_name": "phase",
    "low_age": "youngest age",
    "high_age": "oldest age",
    "pupils_count": "pupils",
    "local_authority_id": "authority",
    "region": "region",
    "opened_on": "opening date",
    "closed_on": "closing date",
    "street": "street",
    "town": "town",
    "postcode": "postcode",
    "easting": "place on the map",
    "website": "website",
    "phone": "telephone",
    "head_name": "head",
}
QUIET_FIELDS = frozenset({"gias_changed_on"})
"""A change in only these is saved and not reported."""


@dataclass
class Outcome:
    """What one row means for our data. `school` is the row to save, if there is one."""

    line: int
    state: State
    name: str
    urn: int | None = None
    message: str = ""
    school: School | None = None
    facts: SchoolFacts | None = None
    name_before: str = ""
    closes: bool = False
    is_ours: bool = False
    saves: bool = False


@dataclass
class Directory:
    """The local authorities and trusts we have, by code."""

    authorities: dict[str, int] = field(default_factory=dict)
    trusts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Directory:
        return cls(
            dict(LocalAuthority.objects.values_list("code", "pk")),
            dict(Trust.objects.values_list("uid", "pk")),
        )

    def keys_of(self, facts: SchoolFacts, found: frozenset[str]) -> dict[str, int | None]:
        """The foreign keys of a row; 0 for an authority or trust that we do not have yet."""
        keys: dict[str, int | None] = {}
        if "la_code" in found:
            keys["local_authority_id"] = (
                self.authorities.get(facts.authority[0], 0) if facts.authority else None
            )
        if "trust_uid" in found:
            keys["trust_id"] = self.trusts.get(facts.trust[0], 0) if facts.trust else None
        return keys


def our_hosts() -> frozenset[int]:
    """Schools where leaders are, or are about to begin."""
    return frozenset(Placement.objects.live().values_list("school", flat=True))


def our_schools() -> frozenset[int]:
    """Other schools that the programme deals with: staff should see a change there."""
    ours: set[int] = set()
    for relation in ("partnerships", "contacts", "openings", "parts"):
        related: QuerySet = School.objects.filter(**{f"{relation}__isnull": False})
        ours.update(related.values_list("pk", flat=True))
    return frozenset(ours)


def batches(table: Table) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in table:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class Comparison:
    """Goes through the rows of a file and says what each would change."""

    def __init__(self, found: frozenset[str], *, today: date) -> None:
        self.found = found
        self.today = today
        self.directory = Directory.load()
        self.hosts = our_hosts()
        self.ours = self.hosts | our_schools()
        self.counts: Counter[str] = Counter()
        self._line_of: dict[int, int] = {}

    @property
    def urns(self) -> Set[int]:
        """The URNs of all rows read so far."""
        return self._line_of.keys()

    def read(self, rows: list[Row]) -> tuple[list[SchoolFacts], list[Outcome]]:
        """The facts of each row, and the outcomes of rows that are left out or cannot be read."""
        facts, refused = [], []
        for row in rows:
            try:
                one = read_school(row, self.found)
                first = self._line_of.setdefault(one.urn, one.line)
                if first != one.line:
                    raise RowProblem(f"URN {one.urn} stands on line {first} already.")
                facts.append(one)
            except RowProblem as problem:
                refused.append(self._refused(row, "error", str(problem)))
            except LeftOut as reason:
                refused.append(self._refused(row, "left_out", str(reason)))
        return facts, refused

    def _refused(self, row: Row, state: State, message: str) -> Outcome:
        self.counts[state] += 1
        return Outcome(row.line, state, row.cells.get("name", "")[:200], message=message)

    def compare(self, facts: list[SchoolFacts], schools: QuerySet[School]) -> list[Outcome]:
        """What each row changes.

        `schools` are the ones to compare with, locked by a caller that will save.
        """
        here = {school.urn: school for school in schools.filter(urn__in=[one.urn for one in facts])}
        return [self._outcome(one, here.get(one.urn)) for one in facts]

    def _outcome(self, facts: SchoolFacts, school: School | None) -> Outcome:
        values = {**facts.values, **self.directory.keys_of(facts, self.found)}
        outcome = Outcome(facts.line, "new", facts.name, facts.urn, school=school, facts=facts)
        if school is None:
            outcome.school = School(urn=facts.urn)
            _put(outcome.school, values)
            outcome.saves = True
        elif _is_older(facts, school):
            outcome.state = "unchanged"
        else:
            self._differ(outcome, school, values)
        self.counts[outcome.state] += 1
        self.counts["closed"] += outcome.closes
        self.counts["unclassified"] += values.get("setting") == "unclassified"
        return outcome

    def _differ(self, outcome: Outcome, school: School, values: dict[str, Any]) -> None:
        before = {
            name: getattr(school, name)
            for name, value in values.items()
            if getattr(school, name) != value
            and name.removesuffix("_id") not in school.edited_fields
        }
        told = set(before) - QUIET_FIELDS
        outcome.state = "changed" if told else "unchanged"
        outcome.saves = bool(before)
        outcome.is_ours = school.pk in self.ours
        if not before:
            return
        _put(school, {name: values[name] for name in before})
        outcome.name_before = before.get("name", "")
        outcome.closes = school.status == School.Status.CLOSED and "status" in before
        outcome.message = _what_changes(school, before, outcome.facts)
        if outcome.is_ours:
            self._count_ours(school, before)

    def _count_ours(self, school: School, before: dict[str, Any]) -> None:
        """Count changes: each change of our hosts, and how many of our other schools change."""
        if school.pk not in self.hosts:
            self.counts["ours_changed"] += bool(set(before) - QUIET_FIELDS)
            return
        is_new = {
            "host_closed": "status" in before and school.status == School.Status.CLOSED,
            "host_closing": "status" in before and school.status == School.Status.CLOSING,
            "host_renamed": "name" in before,
            "host_joined": "trust_id" in before and school.trust_id is not None,
            "host_left": "trust_id" in before and school.trust_id is None,
        }
        self.counts.update({name: int(is_so) for name, is_so in is_new.items()})


def _is_older(facts: SchoolFacts, school: School) -> bool:
    """Whether the file was made before the one that this school was last read from."""
    changed_on = facts.values.get("gias_changed_on")
    return bool(changed_on and school.gias_changed_on and changed_on < school.gias_changed_on)


def _put(school: School, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(school, name, value)
    if {"easting", "northing"} & set(values):
        school.latitude, school.longitude = as_latitude_and_longitude(
            school.easting, school.northing
        )


def _what_changes(school: School, before: dict[str, Any], facts: SchoolFacts | None) -> str:
    """Sentences about what a person would want to know, then the other fields by name."""
    said = []
    if "name" in before:
        said.append(f"{before['name']} is now {school.name}.")
    if "status" in before:
        on = f" on {plain_day(school.closed_on)}" if school.closed_on else ""
        said.append(
            {
                School.Status.CLOSED.value: f"It closed{on}.",
                School.Status.CLOSING.value: f"It is proposed to close{on}.",
                School.Status.PROPOSED.value: "It is proposed to open.",
                School.Status.OPEN.value: "It is open.",
            }[school.status]
        )
    if "trust_id" in before:
        trust = facts.trust[1] if facts and facts.trust else ""
        said.append(f"It joined {trust}." if trust else "It is in no trust any more.")
    others = [word for name, word in NAMES_OF_FIELDS.items() if name in before and name != "name"]
    if others:
        said.append(f"New: {', '.join(others)}.")
    return " ".join(said)
