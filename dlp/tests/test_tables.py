"""Tables that come in and go out."""

import io
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from dlp.errors import Refused
from dlp.tables import (
    Column,
    Limits,
    as_date,
    csv_lines,
    is_formula,
    read_rows,
    safe_cell,
    write_xlsx,
)

COLUMNS = (Column("name", "name", ("full name",), required=True), Column("mail", "e-mail"))


def rows(content, **limits):
    content = content if isinstance(content, bytes) else content.encode()
    table = read_rows(io.BytesIO(content), COLUMNS, limits=Limits(**limits))
    return [(row.line, row.cells, row.problems) for row in table]


def test_headers_are_found_by_name_in_any_order_case_and_dress():
    (row,) = rows(' E-MAIL ;"  Full   NÁME"\r\na@x.org;Ada\r\n')

    assert row == (2, {"mail": "a@x.org", "name": "Ada"}, [])


def test_the_hint_that_spreadsheets_write_is_passed_over():
    assert rows("sep=;\nname;e-mail\nAda;a\n")[0][0] == 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(end):
    assert [row[0] for row in rows(end.join(["name", "Ada", "Tom"]))] == [2, 3]


@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\r\n\x1a\x1a"])
def test_the_mark_that_dos_writes_at_the_end_is_passed_over(end):
    assert [row[1]["name"] for row in rows(f"name\r\nAda\r\nTom{end}")] == ["Ada", "Tom"]


def test_a_cell_may_hold_a_line_break_and_lines_are_still_counted():
    found = rows('name,e-mail\n"Ada\nFenwick",a\nTom,t\n')

    assert [(line, cells["name"]) for line, cells, _ in found] == [(2, "Ada\nFenwick"), (4, "Tom")]


def test_one_row_in_another_encoding_spoils_no_other():
    found = rows("name\nZoë\n".encode() + "Müller\n".encode("cp1252"))

    assert [cells["name"] for _, cells, _ in found] == ["Zoë", "Müller"]


def test_a_short_row_has_empty_cells_and_a_long_one_is_cut():
    assert [cells for _, cells, _ in rows("name,e-mail\nAda\nTom,t,extra\n")] == [
        {"name": "Ada", "mail": ""},
        {"name": "Tom", "mail": "t"},
    ]


def test_an_apostrophe_that_protects_a_cell_is_dropped_and_one_in_a_name_is_not():
    found = rows("name,e-mail\n'007,'+44\n't Hooft,x\n")

    assert [list(cells.values()) for _, cells, _ in found] == [["007", "+44"], ["'t Hooft", "x"]]


@pytest.mark.parametrize(
    "cell", ["=1+1", " =A1", "@SUM(A1)", "+A1", "-SUM(A1)", "+1+cmd|' /C calc'!A0"]
)
def test_formulas_are_known(cell):
    assert is_formula(cell)


@pytest.mark.parametrize("cell", ["", "-", "- none", "+44 (0)20 7946 0112", "+44 7700 900123 ext2"])
def test_numbers_and_dashes_are_no_formulas(cell):
    assert not is_formula(cell)


def test_a_missing_column_is_named():
    with pytest.raises(Refused, match="no column for the name"):
        rows("e-mail\na\n")


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_workbook_is_refused_where_only_a_csv_is_taken(start):
    with pytest.raises(Refused, match="a workbook, not a CSV file"):
        rows(start + b"abc")


def test_too_many_rows_are_refused():
    with pytest.raises(Refused, match="more than 3 rows"):
        rows("name\n" + "a\n" * 4, rows=3)


def test_a_file_that_grows_while_it_is_read_is_refused():
    with pytest.raises(Refused, match="1 MB is the most"):
        rows("name\n" + ("a" * 1000 + "\n") * 1100, megabytes=1)


@given(st.binary(max_size=300))
def test_whatever_comes_in_is_read_or_refused(content):
    with suppress(Refused):
        assert rows(content)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("", None),
        ("2026-09-01", date(2026, 9, 1)),
        ("1/9/2026", date(2026, 9, 1)),
        ("01.09.2026", date(2026, 9, 1)),
        ("1 September 2026", date(2026, 9, 1)),
        ("1-Sep-2026", date(2026, 9, 1)),
        ("2026-09-01 00:00:00", date(2026, 9, 1)),
        ("46266", date(2026, 9, 1)),
    ],
)
def test_dates_are_read_as_people_write_them(cell, day):
    assert as_date(cell) == day


@pytest.mark.parametrize("cell", ["31/02/2026", "1/1/7000", "soon", "09/2026", "13/25/2026"])
def test_what_is_no_date_is_said_in_a_sentence(cell):
    with pytest.raises(ValueError, match="is not a date. Write it as"):
        as_date(cell)


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\0", " =", "\ufeff=", "\u00a0@"]
)
def test_nothing_that_goes_out_can_run(start):
    assert safe_cell(f"{start}1").startswith("'")


def test_numbers_dates_and_nothing_go_out_as_they_are():
    assert [safe_cell(value) for value in (-1, None, True, date(2026, 9, 1), "O'Neil")] == [
        -1,
        "",
        "yes",
        "2026-09-01",
        "O'Neil",
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), min_size=1))
def test_what_goes_out_comes_back_as_many_rows(cells):
    text = "".join(csv_lines(["name"], [[f"x{cell}"] for cell in cells]))

    assert len(rows(text)) == len(cells)


def test_rows_go_out_as_they_are_asked_for():
    asked = []

    def source():
        for number in range(5_000):
            asked.append(number)
            yield [number]

    lines = csv_lines(["n"], source())
    next(lines)

    assert len(asked) < 1_000


def sheet(header, found, title="People"):
    """What a spreadsheet makes of a workbook of ours, its cells as they stand."""
    answer = write_xlsx("people.xlsx", header, found, title=title)
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active


ANY_CELL = st.one_of(
    st.text(max_size=40),
    st.builds(str.__add__, st.sampled_from("=+-@\t\r \ufeff"), st.text(max_size=10)),
)


@given(st.lists(ANY_CELL, min_size=1, max_size=8))
def test_no_cell_of_a_workbook_is_a_formula_and_all_say_what_they_said(cells):
    shown = sheet(["name"], [[f"x{cell}"] for cell in cells] + [[cell] for cell in cells])

    for found in shown["A"]:
        assert found.data_type in ("s", "n", "inlineStr")
        assert found.data_type != "n" or found.value is None
    for cell, (found,) in zip(cells, shown.iter_rows(2, 1 + len(cells)), strict=True):
        said = ILLEGAL_CHARACTERS_RE.sub("", cell)
        assert found.value == "x" + said.replace("\r\n", "\n").replace("\r", "\n")


@given(st.sampled_from("=+-@\t\r"), st.text(max_size=20))
def test_what_could_run_stays_text_when_somebody_edits_the_cell(start, rest):
    (_, (found,)) = sheet(["name"], [[start + rest]]).iter_rows()

    assert found.quotePrefix
    assert found.number_format == "@"


def test_days_moments_numbers_and_answers_are_what_they_are_in_a_workbook():
    noon_in_summer = datetime(2026, 7, 1, 11, tzinfo=UTC)
    cells = [date(2026, 9, 1), noon_in_summer, 12, True, None, "", date(1899, 1, 1), "=1+1"]

    (titles, found) = sheet(list("abcdefgh"), [cells], title="What/we [know]").iter_rows()

    assert [cell.value for cell in found] == [
        datetime(2026, 9, 1), datetime(2026, 7, 1, 12), 12, "yes", None, None, "1899-01-01", "=1+1",
    ]  # fmt: skip
    assert [cell.is_date for cell in found[:3]] == [True, True, False]
    assert all(cell.font.b for cell in titles)


def test_a_workbook_that_left_comes_in_again():
    people = [["Zoë Müller", "zoe@example.org"], ["O'Neil & <Sons>", "o@example.org"]]
    whole = b"".join(write_xlsx("x.xlsx", ["Name", "E-mail"], people, title="x").streaming_content)

    table = read_rows(
        io.BytesIO(whole), [Column("name", "Name"), Column("email", "E-mail")], takes_workbooks=True
    )

    assert [[row.cells["name"], row.cells["email"]] for row in table] == people


def test_a_workbook_leaves_as_its_rows_are_asked_for():
    asked = []

    def source():
        for number in range(20_000):
            asked.append(number)
            yield [number]

    pieces = iter(write_xlsx("x.xlsx", ["n"], source(), title="x").streaming_content)
    next(pieces)
    first = len(asked)

    assert first < 1_000
    assert sum(len(piece) for piece in pieces) > 10_000
    assert len(asked) == 20_000


def test_columns_beyond_z_have_their_letters():
    (titles,) = sheet([str(n) for n in range(60)], []).iter_rows()

    assert [titles[n].coordinate for n in (0, 25, 26, 51, 52)] == ["A1", "Z1", "AA1", "AZ1", "BA1"]
