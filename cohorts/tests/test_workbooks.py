"""Excel workbooks of people through the front door, and those that are not let in."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula

from cohorts.imports.people import apply_people, preview_people
from cohorts.models import ImportRun
from cohorts.tests.people_files import HEADER, workbook
from dlp.tables import archives, workbooks
from dlp.tables.workbooks import MAX_SHEETS, _Rows

pytestmark = pytest.mark.django_db


def repacked(content, **entries):
    """The zip with entries put in place of others; a double underscore stands for a slash."""
    entries = {
        name.replace("__", "/").replace("_xml", ".xml"): body for name, body in entries.items()
    }
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename not in entries:
                new.writestr(entry, old.read(entry))
        for name, body in entries.items():
            new.writestr(name, body)
    return out.getvalue()


def test_a_workbook_comes_in(door):
    content = workbook(
        HEADER,
        ["Ada Fenwick", "ada@example.org", 12345, 7700900123, datetime(2024, 10, 1), 38.5],
        [],
        ["Tom Okafor", "tom@example.org", "0012346", "07700 900124", 45566, None],
    )

    people = door.bring_in(content, name="people.xlsx")

    ada = people["Ada Fenwick"]
    assert (ada.person.trn, ada.person.phone) == ("0012345", "07700900123")
    assert {one.starts_on for one in people.values()} == {date(2024, 10, 1)}
    run = ImportRun.objects.get()
    assert [row["line"] for row in run.rows] == [2, 4]
    assert run.ignored_columns == ["Shoe size"]


@pytest.mark.parametrize("name", ["people.csv", "people", "people.xls"])
def test_a_workbook_is_known_by_what_it_holds(door, name):
    assert set(door.bring_in(workbook(["Name"], ["Ada"]), name=name)) == {"Ada"}


def test_a_csv_may_be_called_a_workbook(door):
    assert set(door.bring_in("Name\nAda\n", name="people.xlsx")) == {"Ada"}


def test_days_are_counted_from_where_the_workbook_counts_them(door):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    day = date(2024, 10, 1)
    bare = (day - date(1904, 1, 1)).days
    content = workbook(["Name", "Start date"], ["Ada", day], ["Tom", bare], book=book)

    people = door.bring_in(content)

    assert [people[name].starts_on for name in ("Ada", "Tom")] == [day, day]


def test_formulas_in_a_workbook_are_refused_in_words(door):
    content = workbook(
        HEADER,
        ['="Ada" & " Fenwick"', "ada@example.org"],
        [ArrayFormula("A3", "=UPPER(B3)"), "tom@example.org"],
        ["Uma", '=HYPERLINK("http://x")'],
    )

    said = door.mistakes(content)

    assert (
        said[2] == said[3] == ("The cell under “Name” is a formula. Put its result there instead.")
    )
    assert "under “E-mail” is a formula" in said[4]


def test_titles_instructions_and_truth_values_in_a_workbook(door):
    content = workbook(
        ["Leaders", None, date(2024, 7, 1)], [], ["Name", "E-mail", "Confirmed"],
        ["Required", "If known", "Optional"], ["Ada", "ada@example.org", True],
    )  # fmt: skip

    assert len(door.notes(content)) == 2
    assert ImportRun.objects.get().rows[0]["written"] == ["Ada", "ada@example.org", "TRUE"]


def test_of_several_sheets_the_one_that_names_most_columns_is_read_and_said(door):
    content = workbook(
        ["How to fill this in"], ["Name", "of each leader"], title="Read me",
        Leaders=[HEADER, ["Ada", "ada@example.org"]], Later=[HEADER, ["Tom"]],
    )  # fmt: skip

    assert door.notes(content) == [
        "Only the sheet “Leaders” was read; the file also holds “Read me”, “Later”."
    ]
    assert [row["name"] for row in ImportRun.objects.get().rows] == ["Ada"]


def test_hidden_rows_are_read_and_said(door):
    book = Workbook()
    book.active.row_dimensions[3].hidden = True
    content = workbook(["Name"], ["Ada"], ["Tom"], ["Uma"], book=book)

    assert door.notes(content) == ["Line 3 is hidden in the workbook and was read like the others."]
    assert len(ImportRun.objects.get().rows) == 3


def ole(stream):
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(900)
    )


def odd_zip(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


PLAIN = workbook(["Name"], ["Ada"])
TYPES = "[Content_Types].xml"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (ole("EncryptedPackage"), "locked with a password. Open it, take the password off"),
        (ole("Workbook"), "of the old kind (.xls)"),
        (odd_zip("mimetype", "content.xml"), "an OpenDocument file"),
        (odd_zip(TYPES, "xl/workbook.bin"), "a binary workbook (.xlsb)"),
        (odd_zip(TYPES, "xl/workbook.xml", "xl/vbaProject.bin"), "holds macros (.xlsm)"),
        (odd_zip(TYPES, "word/document.xml"), "cannot be read as an Excel workbook"),
        (odd_zip("Index/Document.iwa"), "cannot be read as an Excel workbook"),
        (PLAIN[: len(PLAIN) // 2], "cannot be read as an Excel workbook"),
        (workbook(), "The file is empty."),
        (workbook(["Name"]), "has a header and no rows under it"),
        (workbook(["Name", *map(str, range(60))], ["Ada"]), "more than 50 columns"),
    ],
)  # fmt: skip
def test_other_workbooks_are_refused_with_what_to_do(door, content, sentence):
    said = door.refusal(content, name="people.xlsx")

    assert sentence in said
    assert said.count(".") > 1  # what is wrong, and what to do


SHEET = "xl__worksheets__sheet1_xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_of(rows, doctype=""):
    return (
        f'<?xml version="1.0"?>{doctype}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'
    )


def inline(ref, text):
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://localhost:1/x"> %a;]>',
    ],
)
def test_entities_in_a_workbook_are_not_unfolded(door, doctype):
    name = "&b;" if "&a;" in doctype else "&a;" if "% a" not in doctype else "Ada"
    rows = f'<row r="1">{inline("A1", "Name")}</row><row r="2">{inline("A2", name)}</row>'
    content = repacked(PLAIN, **{SHEET: sheet_of(rows, doctype)})

    assert "cannot be read as an Excel workbook" in door.refusal(content)


def test_a_workbook_that_unfolds_without_end_is_not_opened(door):
    bomb = repacked(PLAIN, xl__media__bomb_xml=b"0" * (60 * 1024 * 1024))

    assert len(bomb) < 100_000
    assert "unfolds to far more" in door.refusal(bomb)


def test_a_workbook_within_the_size_but_not_the_ratio_is_not_opened(door):
    assert "unfolds to far more" in door.refusal(
        repacked(PLAIN, xl__media__b_xml=b"0" * 20_000_000)
    )


def test_a_zip_whose_directory_lies_is_not_believed(door):
    bomb = repacked(PLAIN, xl__media__bomb_xml=b"0" * 10_000_000)
    lying = bomb.replace(struct.pack("<L", 10_000_000), struct.pack("<L", 100))

    assert "cannot be read as an Excel workbook" in door.refusal(lying)


def test_a_zip_of_many_entries_is_not_opened(door):
    many = repacked(PLAIN, **{f"x{number}": "x" for number in range(250)})

    assert "unfolds to far more" in door.refusal(many)


def with_shared_texts(texts, rows):
    """A workbook as Excel writes it: the texts once, the cells by their number."""
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        types = archive.read(TYPES).decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    shared = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    cells = "".join(
        f'<row r="{line}">'
        + "".join(f'<c r="{chr(65 + n)}{line}" t="s"><v>{v}</v></c>' for n, v in enumerate(row))
        + "</row>"
        for line, row in enumerate(rows, 1)
    )
    return repacked(
        PLAIN,
        xl__sharedStrings_xml=f"<sst {MAIN}>{items}</sst>",
        **{SHEET: sheet_of(cells), TYPES: types.replace("</Types>", shared)},
    )


def test_texts_are_found_where_excel_keeps_them(door):
    content = with_shared_texts(["Name", "E-mail", "Ada", "ada@example.org"], [[0, 1], [2, 3]])

    assert door.bring_in(content)["Ada"].person.email == "ada@example.org"


def test_one_text_in_every_cell_counts_each_time(door):
    text = "".join(f"{number * number:x}" for number in range(500))

    said = door.refusal(with_shared_texts([text], [[0] * 10] * 500))

    assert 10 * 500 * len(text) > 5 * 1024 * 1024
    assert "unfolds to far more" in said


def test_a_row_far_down_is_reached_without_those_between(door):
    rows = (
        f'<row r="1">{inline("A1", "Name")}</row><row r="1048576">{inline("A1048576", "Ada")}</row>'
    )
    door.bring_in(repacked(PLAIN, **{SHEET: sheet_of(rows)}))

    assert [row["line"] for row in ImportRun.objects.get().rows] == [1_048_576]


def sheets_of(part, count):
    """A workbook that lists so many sheets, all of them this one part."""
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        book = archive.read("xl/workbook.xml").decode()
    start, end = book.index("<sheet "), book.index("</sheets>")
    listed = "".join(
        book[start:end].replace("Leaders", f"S{n}").replace('sheetId="1"', f'sheetId="{n + 1}"')
        for n in range(count)
    )
    return repacked(PLAIN, xl__workbook_xml=book[:start] + listed + book[end:], **{SHEET: part})


def test_empty_rows_are_walked_in_no_sheet(door, monkeypatch):
    walked = []
    parse = _Rows.parse_row
    monkeypatch.setattr(_Rows, "parse_row", lambda *args: walked.append(1) or parse(*args))
    far = sheet_of(f'<row r="1048575">{inline("A1048575", "Name")}</row>')

    assert "no rows under it" in door.refusal(sheets_of(far, 185))
    assert len(walked) == MAX_SHEETS + 1


def test_the_first_sheets_are_looked_at_and_no_others(door):
    blank = {f"S{n}": [["x"]] for n in range(MAX_SHEETS - 1)}

    assert "no column for the name" in door.refusal(
        workbook(["x"], **blank, Last=[["Name"], ["Ada"]])
    )


def test_one_part_gone_through_by_many_sheets_counts_each_time(door, monkeypatch):
    monkeypatch.setattr(archives, "MAX_TAGS", 15_000)  # a hundredth, for as little of the time
    rows = sheet_of("".join(f'<row r="{n}"><c r="A{n}"/></row>' for n in range(1, 600)))

    assert archives.MAX_TAGS < 3 * 600 * 18
    assert "unfolds to far more" in door.refusal(sheets_of(rows, 18))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/styles.xml", f"<styleSheet {MAIN}><cellXfs>{'<xf/>' * 230_000}</cellXfs></styleSheet>"),
        ("xl/theme/theme1.xml", "<x/>" * 300_000),
        ("docProps/core.xml", "<x/>" * 300_000),
        ("xl/_rels/workbook.xml.rels", "<x/>" * 300_000),
        ("xl/workbook.xml", "<x/>" * 300_000),
        (TYPES, "<x/>" * 300_000),
    ],
)  # fmt: skip
def test_a_part_that_is_built_whole_has_a_bound(door, part, content):
    noise = random.Random(1).randbytes(100_000)  # so that the ratio lets it by
    bomb = repacked(PLAIN, **{part: content, "xl/media/noise.png": noise})

    assert "unfolds to far more" in door.refusal(bomb)


def test_the_texts_that_cells_share_have_a_bound(door, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_TAGS_OF_TEXTS", 6_000)
    noise = random.Random(1).randbytes(100_000)
    shared = with_shared_texts(["Name"], [[0]])
    bomb = repacked(
        shared,
        xl__sharedStrings_xml=f"<sst {MAIN}>{'<si/>' * 7_000}</sst>",
        **{"xl/media/noise.png": noise},
    )

    assert "unfolds to far more" in door.refusal(bomb)


def test_a_row_of_more_cells_than_a_row_has_is_refused(door):
    rows = f'<row r="1">{inline("A1", "Name")}{"<c/>" * 20_000}</row>'

    assert "unfolds to far more" in door.refusal(repacked(PLAIN, **{SHEET: sheet_of(rows)}))


def test_a_header_far_to_the_right_is_one_column_too_many(door):
    rows = f'<row r="1">{inline("A1", "Name")}{inline("XFD1", "E-mail")}</row>'

    assert "more than 50 columns" in door.refusal(repacked(PLAIN, **{SHEET: sheet_of(rows)}))


def test_a_line_that_is_there_twice_is_not_guessed_at(door):
    rows = "".join(f'<row r="{n}">{inline(f"A{n}", "Name")}</row>' for n in (1, 2, 2))

    assert "cannot be read" in door.refusal(repacked(PLAIN, **{SHEET: sheet_of(rows)}))


def test_a_formula_is_not_unfolded_over_the_cells_that_share_it(door):
    long = "A1+" * 2_000 + "1"
    shares = "".join(f'<c r="B{n}"><f t="shared" si="0"/></c>' for n in [2] * 10_000)
    rows = (
        f'<row r="1">{inline("A1", "Name")}{inline("B1", "TRN")}</row><row r="2">{inline("A2", "Ada")}'
        f'<c r="B2"><f t="shared" si="0" ref="B2:B9">{long}</f></c>{shares}</row>'
    )
    wrong = door.mistakes(repacked(PLAIN, **{SHEET: sheet_of(rows)}))

    assert wrong == {2: "The cell under “TRN” is a formula. Put its result there instead."}
    assert ImportRun.objects.get().rows[0]["written"] == ["Ada", "="]


def test_a_duration_is_no_formula(door):
    people = door.bring_in(workbook(["Name", "Known as"], ["Ada", timedelta(hours=30)]))

    assert people["Ada"].person.known_as == "1 day, 6:00:00"


def test_a_mistake_of_ours_is_not_blamed_on_the_file(door, monkeypatch):
    monkeypatch.setattr(workbooks, "_as_text", lambda value: value.nonsense)

    with pytest.raises(AttributeError):
        door.choose(workbook(["Name"], ["Ada"]))


def test_a_row_beyond_the_last_is_none(door):
    rows = f'<row r="1">{inline("A1", "Name")}</row><row r="999999999">{inline("A9", "Ada")}</row>'

    assert "no rows under it" in door.refusal(repacked(PLAIN, **{SHEET: sheet_of(rows)}))


def test_more_rows_than_one_import_takes_are_refused(door):
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Leaders")
    sheet.append(["Name"])
    for number in range(5_001):
        sheet.append([f"Leader {number}"])
    file = io.BytesIO()
    book.save(file)

    assert "more than 5,000 rows" in door.refusal(file.getvalue())


def test_five_hundred_people_of_a_workbook_take_few_queries(door, lena):
    rows = [[f"Leader {n}", f"leader{n}@example.org", 1_000_000 + n] for n in range(500)]
    file = SimpleUploadedFile("people.xlsx", workbook(HEADER, *rows))

    with CaptureQueriesContext(connection) as captured:
        apply_people(preview_people(file, door.cohort, by=lena), by=lena)

    assert len(captured) <= 40
    assert door.cohort.participations.count() == 500


def test_as_many_rows_as_one_import_takes_are_looked_at(door):
    run = door.choose(workbook(["Name"], *([f"Leader {n}"] for n in range(5_000)))).context["run"]

    assert run.good_count == 5_000


@pytest.mark.parametrize("place", range(0, len(PLAIN), 97))
def test_a_workbook_with_a_byte_turned_over_is_read_or_refused(door, place):
    broken = bytearray(PLAIN)
    broken[place] ^= 0xFF

    page = door.choose(bytes(broken))

    assert page.status_code == 200
    assert "run" in page.context or page.context["form"].errors["file"]
