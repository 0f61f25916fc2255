"""One row of the file, turned into what we keep about a school."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from bng_latlon import OSGB36toWGS84

from dlp.postcodes import as_postcode
from dlp.tables import Column, Limits, Row, as_date, with_its_zero
from placements.gias import codes
from placements.models.schools import Setting

LIMITS = Limits(rows=100_000, megabytes=150, columns=400)
COLUMNS = (
    Column("urn", "URN", required=True),
    Column("name", "EstablishmentName", required=True),
    Column("la_code", "LA (code)"),
    Column("la_name", "LA (name)"),
    Column("type_code", "TypeOfEstablishment (code)"),
    Column("type_name", "TypeOfEstablishment (name)"),
    Column("status_code", "EstablishmentStatus (code)"),
    Column("status_name", "EstablishmentStatus (name)"),
    Column("opened_on", "OpenDate"),
    Column("closed_on", "CloseDate"),
    Column("phase_name", "PhaseOfEducation (name)"),
    Column("low_age", "StatutoryLowAge"),
    Column("high_age", "StatutoryHighAge"),
    Column("pupils_count", "NumberOfPupils"),
    Column("trust_uid", "Trusts (code)"),
    Column("trust_name", "Trusts (name)"),
    Column("gias_changed_on", "LastChangedDate"),
    Column("street", "Street"),
    Column("locality", "Locality"),
    Column("town", "Town"),
    Column("postcode", "Postcode"),
    Column("website", "SchoolWebsite"),
    Column("phone", "TelephoneNum"),
    Column("head_title", "HeadTitle (name)"),
    Column("head_first_name", "HeadFirstName"),
    Column("head_last_name", "HeadLastName"),
    Column("region", "GOR (name)"),
    Column("country", "Country (name)"),
    Column("easting", "Easting"),
    Column("northing", "Northing"),
)
LINK_COLUMNS = (
    Column("urn", "URN", required=True),
    Column("other", "LinkURN", required=True),
    Column("kind", "LinkType", required=True),
    Column("established_on", "LinkEstablishedDate"),
)
LABELS = {column.name: column.label for column in (*COLUMNS, *LINK_COLUMNS)}
DATES = ("opened_on", "closed_on", "gias_changed_on")
NUMBERS = {"low_age": 32_767, "high_age": 32_767, "pupils_count": 1_000_000}
UK = frozenset({"", "united kingdom", "england", "great britain"})


_day = lru_cache(maxsize=10_000)(as_date)  # few days open and close most schools


class RowProblem(Exception):
    """This row cannot be read; the message is a sentence that follows its line number."""


class LeftOut(Exception):
    """This row is a school that the programme never works with; the message says why."""


@dataclass
class SchoolFacts:
    """What one row says. A column that the file lacks has no key in `values`."""

    line: int
    urn: int
    name: str
    values: dict[str, Any]
    authority: tuple[str, str] | None = None
    trust: tuple[str, str] | None = None


def read_school(row: Row, found: frozenset[str]) -> SchoolFacts:
    """Read one row. Raises RowProblem, or LeftOut for schools outside England."""
    if row.problems:
        raise RowProblem(" ".join(row.problems))
    cells = Cells(row, found)
    name = cells.text("name", 200)
    type_code = cells.code("type_code", 2)
    if reason := _left_out(cells, type_code):
        raise LeftOut(f"{name or 'This establishment'} {reason}; the programme works in England.")
    urn = cells.urn()
    if not name:
        raise RowProblem(f"URN {urn} has no name. Give it one under EstablishmentName.")
    facts = SchoolFacts(row.line, urn, name, {"name": name})
    _kind(cells, facts.values, type_code)
    for group in (_dates_and_numbers, _address, _place, _contact):
        group(cells, facts.values)
    _check_ages(facts.values)
    if code := cells.code("la_code", 3):
        facts.authority = (code, cells.text("la_name", 100))
    if uid := cells.text("trust_uid", 10):
        facts.trust = (uid, cells.text("trust_name", 200) or f"Trust {uid}")
    return facts


class Cells:
    """The cells of one row by our names, with GIAS's many ways of writing "nothing" removed."""

    def __init__(self, row: Row, found: frozenset[str]) -> None:
        self.row = row
        self.found = found

    def text(self, name: str, length: int) -> str:
        cell = self.row.cells.get(name)
        if not cell:
            return ""
        text = " ".join(cell.split())
        return "" if text.lower() in codes.NOTHING else text[:length]

    def code(self, name: str, digits: int) -> str:
        """A code with the leading zeros that a spreadsheet dropped; "" for none or all zeros."""
        code = self.text(name, digits + 5)
        if code.isdigit():
            code = code.zfill(digits)
        return "" if not code.strip("0") or len(code) > digits else code

    def number(self, name: str, most: int) -> int | None:
        text = self.text(name, 20)
        if not text:
            return None
        if not re.fullmatch(r"\d+(\.0+)?", text) or float(text) > most:
            raise RowProblem(f"“{text}” under {LABELS[name]} is not a whole number in its range.")
        return int(float(text))

    def day(self, name: str) -> date | None:
        text = self.text(name, 30)
        try:
            return _day(text)
        except ValueError:
            raise RowProblem(
                f"“{text}” under {LABELS[name]} is not a date. Write it as 31-12-2026."
            ) from None

    def urn(self, name: str = "urn") -> int:
        text = self.text(name, 20)
        if re.fullmatch(r"[1-9]\d{5}(\.0)?", text):
            return int(float(text))
        said = f"“{text}” is not a URN" if text else "The URN is missing"
        raise RowProblem(f"{said}. A URN is a number from 100000 to 999999.")


def _left_out(cells: Cells, type_code: str) -> str:
    country = cells.text("country", 60)
    if country.lower() not in UK:
        return f"is in {country}"
    region = cells.row.cells.get("region", "").strip().lower()
    return codes.LEFT_OUT_TYPES.get(type_code) or codes.LEFT_OUT_REGIONS.get(region, "")


def _kind(cells: Cells, values: dict[str, Any], type_code: str) -> None:
    if "type_code" in cells.found:
        values["type_code"] = type_code
        values["setting"] = codes.SETTING_BY_TYPE.get(type_code, Setting.UNCLASSIFIED).value
    if "type_name" in cells.found:
        values["type_name"] = cells.text("type_name", 100)
    if "phase_name" in cells.found:
        values["phase_name"] = cells.text("phase_name", 50)
    code, name = cells.code("status_code", 1), cells.text("status_name", 60)
    if code or name:
        status = codes.STATUS_BY_CODE.get(code) or codes.STATUS_BY_NAME.get(name.lower())
        if status is None:
            raise RowProblem(f"“{code or name}” is no establishment status that GIAS has.")
        values["status"] = str(status)


def _dates_and_numbers(cells: Cells, values: dict[str, Any]) -> None:
    for name in DATES:
        if name in cells.found:
            values[name] = cells.day(name)
    for name, most in NUMBERS.items():
        if name in cells.found:
            values[name] = cells.number(name, most)


def _check_ages(values: dict[str, Any]) -> None:
    low, high = values.get("low_age"), values.get("high_age")
    if low is not None and high is not None and high < low:
        raise RowProblem(f"The oldest age, {high}, is under the youngest, {low}.")


def _address(cells: Cells, values: dict[str, Any]) -> None:
    if "street" in cells.found:
        lines = (cells.text("street", 150), cells.text("locality", 100))
        values["street"] = ", ".join(line for line in lines if line)[:200]
    if "town" in cells.found:
        values["town"] = cells.text("town", 100)
    if "postcode" in cells.found:
        values["postcode"] = as_postcode(cells.text("postcode", 20))
    if "region" in cells.found:
        values["region"] = codes.REGION_BY_NAME.get(cells.text("region", 40).lower(), "")


def _place(cells: Cells, values: dict[str, Any]) -> None:
    if not {"easting", "northing"} <= cells.found:
        return
    easting = cells.number("easting", 700_000) or None
    northing = cells.number("northing", 1_300_000) or None
    if easting is None or northing is None:
        easting = northing = None
    values["easting"], values["northing"] = easting, northing


def as_latitude_and_longitude(
    easting: int | None, northing: int | None
) -> tuple[float | None, float | None]:
    """National grid (OSGB36) to GPS coordinates (WGS84), including the datum shift."""
    if easting is None or northing is None:
        return None, None
    latitude, longitude = OSGB36toWGS84(easting, northing)
    return latitude, longitude


def _contact(cells: Cells, values: dict[str, Any]) -> None:
    if "website" in cells.found:
        values["website"] = as_website(cells.text("website", 300))
    if "phone" in cells.found:
        values["phone"] = with_its_zero(cells.text("phone", 40))
    if "head_last_name" in cells.found:
        names = ("head_title", "head_first_name", "head_last_name")
        values["head_name"] = " ".join(
            part for part in (cells.text(name, 80) for name in names) if part
        )[:200]


def as_website(text: str) -> str:
    """An address with its scheme; "" if no browser could open it."""
    if not text:
        return ""
    text = re.sub(r"^(https?):/*", r"\1://", text, flags=re.IGNORECASE)
    address = text if re.match(r"https?://", text, re.IGNORECASE) else f"http://{text}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    looks_right = re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", host) and " " not in address
    return address if looks_right and len(address) <= 300 else ""
