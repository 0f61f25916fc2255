"""What a row of a people file says, before anybody looks whether we know the person. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cohorts.imports.statuses import state_of
from cohorts.models import Person
from cohorts.models.people import normal_email, normal_name, normal_trn
from dlp.errors import Refused
from dlp.tables import Column, DateColumn, Row, Table, with_its_zero
from dlp.text import fold

LINE, WRONG = "Line in the file", "What is wrong"
"""The two extra columns of a file of left-out rows; ignored when it is imported again."""

COLUMNS = (
    Column("full_name", "name", ("full name", "participant", "leader", "teacher", "name of leader"), is_name=True),
    Column("first_name", "first name", ("forename", "forenames", "first names", "given name", "given names"), is_name=True),
    Column("last_name", "last name", ("surname", "family name", "last names"), is_name=True),
    Column("known_as", "known as", ("preferred name", "known-as name", "preferred first name", "name (preferred)", "goes by", "nickname")),
    Column("email", "e-mail address", ("email", "mail", "email id", "work email", "work email address", "school email", "contact email")),
    Column("phone", "telephone", ("phone", "mobile", "telephone number", "phone number", "mobile number", "mobile phone", "tel", "tel no", "contact number")),
    Column("trn", "TRN", ("teacher reference number", "teacher ref", "teacher ref no", "teacher reference no", "trn number", "trn no")),
    Column("pronouns", "pronouns", ("preferred pronouns",)),
    Column("starts_on", "start date", ("first day", "starts", "start", "started", "date started", "date of start", "programme start date")),
    Column("state", "status", ("state", "participation status", "programme status", "participant status", "current status", "stage")),
    Column("since", "since", ("status since", "status date", "date of status", "since when", "deferred on", "deferred since", "date deferred", "deferral date", "withdrawn on", "date withdrawn", "withdrawal date")),
    Column("ends_on", "last day", ("end date", "ends", "end", "ended", "date ended", "finish date", "finished", "date left", "left on", "leaving date", "completed on", "completion date", "date completed")),
    Column("left_out_line", LINE),
    Column("left_out_why", WRONG),
)  # fmt: skip
DAYS = ("starts_on", "since", "ends_on")
OUT, NEW = "out", "new"


def means(person_id: int) -> str:
    """The choice that a row means this person."""
    return f"person:{person_id}"


FILLED = ("known_as", "phone", "trn", "pronouns", "email")
"""Fields that a file may fill in if they are empty; it never overwrites anything."""


@dataclass
class PersonRow:
    """One person as the file gives them, and what is wrong with the row.

    `written` is the row as it stands in the file, to be handed back where it is left out; `choice`
    what somebody chose for it: nothing yet, OUT, NEW, or the person it means.
    """

    line: int
    full_name: str = ""
    known_as: str = ""
    email: str | None = None
    phone: str = ""
    trn: str | None = None
    pronouns: str = ""
    starts_on: date | None = None
    state: str = ""
    since: date | None = None
    ends_on: date | None = None
    choice: str = ""
    problems: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return fold(self.full_name)

    def as_data(self) -> dict[str, Any]:
        """The columns of the row, fit for JSON."""
        named = ("full_name", "known_as", "email", "phone", "trn", "pronouns", "state")
        data: dict[str, Any] = {name: value for name in named if (value := getattr(self, name))}
        return data | {name: day.isoformat() for name in DAYS if (day := getattr(self, name))}

    @classmethod
    def from_kept(cls, row: dict[str, Any]) -> PersonRow:
        """The row as a preview keeps it."""
        values = dict(row["data"])
        values |= {name: date.fromisoformat(values[name]) for name in DAYS if name in values}
        return cls(row["line"], written=row["written"], choice=row.get("choice", ""), **values)


def people_in(table: Table) -> list[PersonRow]:
    """Read every row. Raises Refused where the file as a whole cannot be used."""
    found = table.found
    if "full_name" not in found and not {"first_name", "last_name"} <= found:
        raise Refused(
            "The file has no column for the name. Add one called “Name”, or two called "
            "“First name” and “Last name”."
        )
    rows = list(table)
    dates = {
        name: DateColumn(
            ((row.line, row.cells.get(name, "")) for row in rows), day_zero=table.day_zero
        )
        for name in DAYS
    }
    people = [_read(row, dates) for row in rows]
    _mark_twins(people)
    return people


def _read(row: Row, dates: dict[str, DateColumn]) -> PersonRow:
    cells = row.cells
    both = f"{cells.get('first_name', '')} {cells.get('last_name', '')}"
    person = PersonRow(
        line=row.line,
        full_name=normal_name(cells.get("full_name") or both),
        known_as=normal_name(cells.get("known_as")),
        email=normal_email(cells.get("email")),
        phone=with_its_zero(normal_name(cells.get("phone"))),
        trn=normal_trn(cells.get("trn")),
        pronouns=normal_name(cells.get("pronouns")),
        problems=list(row.problems),
        written=row.written,
    )
    if person.problems:
        return person
    if not person.full_name:
        person.problems.append("The name is missing. Write it in, or take the row out.")
    elif not any(letter.isalpha() for letter in person.full_name):
        person.problems.append(
            f"“{person.full_name[:80]}” is not a name. Correct it, or take the row out."
        )
    for name, column in dates.items():
        try:
            setattr(person, name, column.read(cells.get(name, "")))
        except ValueError as error:
            person.problems.append(str(error))
    try:
        person.state = state_of(cells.get("state", ""))
    except ValueError as error:
        person.problems.append(str(error))
    _check(person)
    return person


def _check(person: PersonRow) -> None:
    if person.email:
        try:
            validate_email(person.email)
        except ValidationError:
            person.problems.append(
                f"“{person.email[:80]}” is not an e-mail address. Correct it, or leave it out."
            )
    if re.fullmatch(r"\d(\.\d+)?e\+\d+", person.phone, re.IGNORECASE):
        person.problems.append(
            f"The spreadsheet has shortened the telephone number to {person.phone}. Write it out, "
            f"or leave it out."
        )
    for name in ("full_name", "known_as", "phone", "trn", "pronouns"):
        value = getattr(person, name)
        column: Any = Person._meta.get_field(name)
        try:
            if value:
                column.run_validators(value)
        except ValidationError as error:
            problem = error.messages[0]
            if error.error_list[0].code == "max_length":
                problem = (
                    f"The {column.verbose_name} is longer than {column.max_length} characters. "
                    f"Shorten it."
                )
            person.problems.append(problem)


def _mark_twins(people: Iterable[PersonRow]) -> None:
    """Mark a later row as the same person as an earlier one."""
    seen: dict[tuple[str, str], int] = {}
    for person in people:
        marks = [("address", person.email or ""), ("TRN", person.trn or "")]
        if not person.email and not person.trn:
            marks.append(("name", person.key))
        for what, value in marks:
            if not value:
                continue
            first = seen.setdefault((what, value), person.line)
            if first != person.line:
                person.problems.append(
                    f"This is the person of line {first} again: the {what} is the same. "
                    f"Take one of the two rows out."
                )
                break
