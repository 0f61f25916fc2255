"""What a row of a people file says, before anybody looks whether we know the person. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cohorts.models import ImportRun, Person
from cohorts.models.people import normal_email, normal_name, normal_trn
from dlp.errors import Refused
from dlp.tables import Column, Row, Table, as_date
from dlp.text import fold

COLUMNS = (
    Column("full_name", "name", ("full name", "participant", "leader")),
    Column("first_name", "first name", ("forename", "given name", "first names")),
    Column("last_name", "last name", ("surname", "family name")),
    Column("known_as", "known as", ("preferred name", "known-as name")),
    Column("email", "e-mail address", ("email", "e-mail", "mail", "email address")),
    Column("phone", "telephone", ("phone", "mobile", "telephone number", "phone number")),
    Column("trn", "TRN", ("teacher reference number", "trn number")),
    Column("pronouns", "pronouns"),
    Column("starts_on", "start date", ("first day", "starts on", "start", "started")),
)
FILLED = ("known_as", "phone", "trn", "pronouns", "email")
"""What the file may fill in where we know nothing yet; what is known is never written over."""

RowState = ImportRun.RowState


@dataclass
class PersonRow:
    """One person as the file gives them, and what is wrong with the row."""

    line: int
    full_name: str = ""
    known_as: str = ""
    email: str | None = None
    phone: str = ""
    trn: str | None = None
    pronouns: str = ""
    starts_on: date | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return fold(self.full_name)

    def as_data(self) -> dict[str, Any]:
        """The columns of the row, fit for JSON."""
        named = ("full_name", "known_as", "email", "phone", "trn", "pronouns")
        data: dict[str, Any] = {name: value for name in named if (value := getattr(self, name))}
        if self.starts_on is not None:
            data["starts_on"] = self.starts_on.isoformat()
        return data

    @classmethod
    def from_data(cls, line: int, data: dict[str, Any]) -> PersonRow:
        values = dict(data)
        if "starts_on" in values:
            values["starts_on"] = date.fromisoformat(values["starts_on"])
        return cls(line, **values)


def people_in(table: Table) -> list[PersonRow]:
    """Read every row. Raises Refused where the file as a whole cannot be used."""
    found = table.found
    if "full_name" not in found and not {"first_name", "last_name"} <= found:
        raise Refused(
            "The file has no column for the name. Add one called “Name”, or two called "
            "“First name” and “Last name”."
        )
    people = [_read(row) for row in table]
    _mark_twins(people)
    return people


def _read(row: Row) -> PersonRow:
    cells = row.cells
    both = f"{cells.get('first_name', '')} {cells.get('last_name', '')}"
    person = PersonRow(
        line=row.line,
        full_name=normal_name(cells.get("full_name") or both),
        known_as=normal_name(cells.get("known_as")),
        email=normal_email(cells.get("email")),
        phone=normal_name(cells.get("phone")),
        trn=normal_trn(cells.get("trn")),
        pronouns=normal_name(cells.get("pronouns")),
        problems=list(row.problems),
    )
    if person.problems:
        return person
    if not person.full_name:
        person.problems.append("The name is missing. Write it in, or take the row out.")
    try:
        person.starts_on = as_date(cells.get("starts_on", ""))
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
    """Say on a later row that it is a person of an earlier one."""
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
