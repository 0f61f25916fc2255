"""People files as people have them, through the front door: choose, look, say yes, see the result."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula

from cohorts.imports.people import apply_people, preview_people
from cohorts.models import ImportRun, Participation, Person
from cohorts.tests.factories import make_cohort, make_person

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2024, 9, 1), date(2026, 8, 31)


@pytest.fixture
def door(client, lena):
    """Lena at the door of the 2024 cohort, with a file."""
    client.force_login(lena)
    return Door(client, make_cohort("2024 Cohort", starts_on=FIRST, ends_on=LAST))


class Door:
    def __init__(self, client, cohort):
        self.client, self.cohort = client, cohort

    def choose(self, content, name="people.csv"):
        """The page after the file was chosen: the preview, or the form that says why not."""
        content = content.encode() if isinstance(content, str) else content
        url = reverse("cohorts:import_people", args=[self.cohort.pk])
        return self.client.post(url, {"file": SimpleUploadedFile(name, content)}, follow=True)

    def bring_in(self, content, name="people.csv"):
        """Everybody of the file, once it was confirmed, by name."""
        page = self.choose(content, name)
        assert "run" in page.context, page.context["form"].errors
        run = page.context["run"]
        url = reverse("cohorts:import_confirm", args=[run.pk])
        page = self.client.post(url, follow=True)
        assert "The file was brought into 2024 Cohort" in page.content.decode()
        held = Participation.objects.filter(cohort=self.cohort).select_related("person")
        return {one.person.full_name: one for one in held}

    def refusal(self, content, name="people.csv"):
        """The sentence at the field; nothing was kept."""
        page = self.choose(content, name)
        (sentence,) = page.context["form"].errors["file"]
        assert escape(sentence) in page.content.decode()
        assert not ImportRun.objects.exists()
        assert not Participation.objects.exists()
        return sentence

    def mistakes(self, content, name="people.csv"):
        """What the preview says of each row that is left out, by its line."""
        run = self.choose(content, name).context["run"]
        return {row["line"]: row["message"] for row in run.rows if row["state"] == "error"}

    def notes(self, content, name="people.csv"):
        page = self.choose(content, name)
        run = page.context["run"]
        assert all(note in page.content.decode() for note in run.notes)
        return run.notes

    def left_out(self, run):
        answer = self.client.get(reverse("cohorts:import_left_out", args=[run.pk]))
        assert answer["Content-Disposition"].startswith("attachment")
        return b"".join(answer.streaming_content)


def workbook(*rows, book=None, title="Leaders", **sheets):
    """An .xlsx as bytes: one sheet of rows, then others by name."""
    book = book or Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name, others in sheets.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


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


# Encodings, line ends, delimiters

UNTIDY = "Name{0}E-mail\r\nZoë Müller{0}zoe@example.org\r\nSeán Ó Briain{0}sean@example.org\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(door, encoding, delimiter):
    people = door.bring_in(UNTIDY.format(delimiter).encode(encoding))

    assert set(people) == {"Zoë Müller", "Seán Ó Briain"}


def test_utf_16_with_the_big_end_first(door):
    content = b"\xfe\xff" + UNTIDY.format("\t").encode("utf-16-be")

    assert set(door.bring_in(content)) == {"Zoë Müller", "Seán Ó Briain"}


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_row_in_another_encoding_spoils_no_other(door, end):
    lines = ["Name", "Zoë Müller", "Seán Ó Briain"]
    content = b"".join(
        (line + end).encode("cp1252" if line.startswith("Seán") else "utf-8") for line in lines
    )

    assert set(door.bring_in(content)) == {"Zoë Müller", "Seán Ó Briain"}


def test_a_header_in_another_encoding(door):
    content = "Name,Résumé,E-mail\n".encode("cp1252") + "Zoë Müller,,z@example.org\n".encode()

    assert set(door.bring_in(content)) == {"Zoë Müller"}
    assert ImportRun.objects.get().ignored_columns == ["Résumé"]


def test_the_delimiter_is_the_one_that_makes_the_header_known(door):
    content = "Name;Notes, if any, and more, still;E-mail\nAda;one, two, three;ada@example.org\n"

    assert door.bring_in(content)["Ada"].person.email == "ada@example.org"


# Headers


@pytest.mark.parametrize(
    ("header", "field", "cell", "kept"),
    [
        ("Name,E-mail", "email", "a@example.org", "a@example.org"),
        ("nAmE,eMAIL aDDRESS", "email", "a@example.org", "a@example.org"),
        ("Full\u00a0name, Work e-mail ", "email", "a@example.org", "a@example.org"),
        ('"Name" , "E-mail (work)"', "email", "a@example.org", "a@example.org"),
        ("FullName,EmailAddress", "email", "a@example.org", "a@example.org"),
        ('Name,"E-mail\naddress"', "email", "a@example.org", "a@example.org"),
        ("Name *,Teacher reference number", "trn", "1234567", "1234567"),
        ("Name,TRN (7 digits)", "trn", "'0012345", "0012345"),
        ("Name,Teacher Ref. No.", "trn", "12345", "0012345"),
        ("Name,Known as", "known_as", "Addie", "Addie"),
        ("Name,Preferred name", "known_as", "Addie", "Addie"),
        ("Name,Mobile number", "phone", "7700900123", "07700900123"),
        ("Name,Tel:", "phone", "'+44 7700 900123", "+44 7700 900123"),
    ],
)  # fmt: skip
def test_headers_as_people_write_them(door, header, field, cell, kept):
    person = door.bring_in(f"{header}\nAda Fenwick,{cell}\n")["Ada Fenwick"].person

    assert getattr(person, field) == kept


@pytest.mark.parametrize(
    "header",
    ["Forename,Surname", "First name(s),Family name", "FIRST NAME,LAST NAME", "GivenName,Surname "],
)
def test_first_and_last_names_have_columns(door, header):
    assert set(door.bring_in(f"{header}\nAda,Fenwick\n")) == {"Ada Fenwick"}


def test_titles_above_the_header_are_passed_over_and_said(door):
    content = (
        "Leaders for the 2024 Cohort,,\nStart,,\n,,\n"
        "Name,E-mail,Start date,,,\nAda Fenwick,ada@example.org,1/10/2024,,,\n"
    )

    assert set(door.bring_in(content)) == {"Ada Fenwick"}
    run = ImportRun.objects.get()
    assert run.notes == [
        "The names of the columns were found on line 4; what stands above them was not read."
    ]
    assert [row["line"] for row in run.rows] == [5]


@pytest.mark.parametrize(
    "instructions",
    [
        "As it appears on their certificate,Work address if known,dd/mm/yyyy",
        "Required,Optional,Optional",
        "e.g. Jane Smith,jane.smith@example.org,01/09/2024",
        "Enter the full name,,",
        "Text,Must be 7 digits,",
    ],
)
def test_instructions_under_the_header_are_passed_over_and_said(door, instructions):
    content = f"Name,E-mail,Start date\n{instructions}\nAda Fenwick,ada@example.org,\n"

    assert door.notes(content) == [
        "Line 2 reads like instructions for filling in the file and was passed over."
    ]
    assert [row["name"] for row in ImportRun.objects.get().rows] == ["Ada Fenwick"]


@pytest.mark.parametrize(
    "person", ["Must Format,must@example.org,", "Enter Kaya,e@example.org,1/9/2024", "Eg Numberg,,"]
)
def test_nobody_is_taken_for_an_instruction(door, person):
    assert set(door.bring_in(f"Name,E-mail,Start date\n{person}\n")) == {person.split(",")[0]}


def test_blank_rows_and_columns_are_passed_over(door):
    content = "Name,E-mail,,\n,,,\n \u00a0,,,\nAda,ada@example.org,,\n\n\nTom,tom@example.org\n\n"

    assert door.mistakes(content) == {}
    assert [row["line"] for row in ImportRun.objects.get().rows if row["name"] != ";;;"] == [4, 7]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty."),
        ("\ufeff", "The file is empty."),
        (",,,\n;;\n", "The file is empty."),
        ("Name,E-mail\n", "has a header and no rows under it"),
        ("Name,E-mail\nRequired,Optional\n", "has a header and no rows under it"),
        ("Colour,Size\nred,9\n", "no column for the name"),
        ("Mobile,Telephone,Name\n1,2,Ada\n", "both columns for the telephone"),
    ],
)
def test_a_file_with_nobody_in_it_is_refused(door, content, sentence):
    assert sentence in door.refusal(content)


# Cells


@pytest.mark.parametrize(
    "cell",
    [
        "2024-10-01", "'2024-10-01", "2024-10-01 00:00:00", "2024-10-01T00:00:00Z", "01/10/2024",
        "1/10/2024", "1/10/24", "1.10.2024", "01-10-2024", "1 Oct 2024", "1 October 2024",
        "1st October 2024", "Tuesday 1 October 2024", "01-Oct-24", "October 1 2024", "45566",
        "45566.0", "01/10/2024 00:00", "1 Oct. 2024", "2024/10/01",
    ],
)  # fmt: skip
def test_dates_as_people_and_spreadsheets_write_them(door, cell):
    assert door.bring_in(f"Name,Start date\nAda,{cell}\n")["Ada"].starts_on == date(2024, 10, 1)


def test_sept_is_a_month(door):
    assert door.bring_in("Name,Start\nAda,3 Sept 2024\n")["Ada"].starts_on == date(2024, 9, 3)


@pytest.mark.parametrize(
    "cell", ["1/1/7000", "31/02/2025", "99999", "next week", "13/13/2024", "1 Foo 2024", "2024", "1/10"]
)  # fmt: skip
def test_what_is_no_date_is_refused(door, cell):
    assert f"“{cell}” is not a date." in door.mistakes(f"Name,Start date\nAda,{cell}\n")[2]


def test_a_column_with_an_american_date_is_not_guessed_at(door):
    wrong = door.mistakes(
        "Name,Start date\nAda,12/31/2024 12:00:00 AM\nTom,3/4/2025\nUma,2025-04-03\nVic,5/5/2025\n"
    )

    assert wrong == {
        2: "“12/31/2024” has the month before the day. Write it as 31/12/2024.",
        3: "“3/4/2025” could be 3 April or 4 March, because line 2 has the month first "
        "(12/31/2024). Write it with the year first, as 2025-04-03.",
    }


def test_without_an_american_date_the_day_comes_first(door):
    people = door.bring_in("Name,Start date\nAda,3/4/2025\nTom,18/05/2025\n")

    assert people["Ada"].starts_on == date(2025, 4, 3)


@pytest.mark.parametrize(
    "cell",
    [
        '=WEBSERVICE("http://x")',
        "@SUM(A1)",
        "+SUM(A1)",
        "-A1(2)",
        "'=1+1",
        "\u00a0=1",
        "=cmd|'/c'!A",
    ],
)
def test_formulas_are_refused_in_words(door, cell):
    out = io.StringIO()
    csv.writer(out).writerows([["Name", "E-mail"], [cell, "ada@example.org"]])

    assert door.mistakes(out.getvalue()) == {
        2: "The cell under “Name” is a formula. Put its result there instead."
    }


@pytest.mark.parametrize("cell", [";;;", "-", "12345"])
def test_what_has_no_letter_is_no_name(door, cell):
    assert f"“{cell}” is not a name." in door.mistakes(f"Name\n{cell}\n")[2]


def test_a_failed_formula_is_no_name(door):
    assert "shows #N/A, a formula that failed" in door.mistakes("Name\n#N/A\n")[2]


def test_a_number_that_a_spreadsheet_shortened_is_not_kept(door):
    wrong = door.mistakes("Name,Telephone\nAda,4.47701E+11\n")

    assert "has shortened the telephone number" in wrong[2]


def test_quotes_line_breaks_and_unseen_characters(door):
    content = (
        'Name, E-mail ,Known as\n "Ada\nFenwick" , "ada@example.org\u200b" ,\u00a0Addie\n'
        '"O\'Neil, Tom ""Tommy""",tom@example.org,\n'
    )

    people = door.bring_in(content)

    assert set(people) == {"Ada Fenwick", 'O\'Neil, Tom "Tommy"'}
    assert people["Ada Fenwick"].person.email == "ada@example.org"
    assert people["Ada Fenwick"].person.known_as == "Addie"


# Somebody twice


def test_one_name_with_two_addresses_is_not_guessed_at(door):
    wrong = door.mistakes(
        "Name,E-mail\nAda Fenwick,ada@a.org\nTom,tom@a.org\nADA  FENWICK,ada@b.org\n"
    )

    assert set(wrong) == {2, 4}
    assert wrong[2].startswith("Ada Fenwick is on line 4 too, with another address or TRN.")
    assert wrong[4].startswith("ADA FENWICK is on line 2 too")


def test_namesakes_with_two_numbers_are_two_people(door):
    content = "Name,E-mail,TRN\nAda,ada@a.org,1234567\nAda,ada@b.org,1234568\n"

    door.bring_in(content)

    assert Person.objects.filter(full_name="Ada").count() == 2


def test_namesakes_whom_we_know_are_two_people(door):
    make_person("Ada", email="ada@a.org")
    make_person("Ada", email="ada@b.org")

    assert door.mistakes("Name,E-mail\nAda,ada@a.org\nAda,ada@b.org\n") == {}


@pytest.mark.parametrize("second", ["A F,ADA@EXAMPLE.ORG,", "A F,other@example.org,1234567"])
def test_the_same_mark_twice_names_the_other_line(door, second):
    wrong = door.mistakes(f"Name,E-mail,TRN\n\nAda,ada@example.org,1234567\n{second}\n")

    assert "the person of line 3 again" in wrong[4]


# Workbooks

HEADER = ["Name", "E-mail", "TRN", "Telephone", "Start date", "Shoe size"]


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
        (workbook(["Name", *map(str, range(60))], ["Ada"]), "50 is the most"),
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


# The rows left out

MIXED = (
    "Line,Forename,Surname,E-mail,Start date,Notes\n"
    "a,Ada,Fenwick,ada@example.org,,\n"
    "b,Tom,Okafor,nonsense,,=1+1\n"
    'c,Zoë,Müller,zoe@example.org,12/31/2024,"two\nlines"\n'
)


def table_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_rows_left_out_are_handed_back_with_reasons_before_and_after(door):
    page = door.choose(MIXED)
    run = page.context["run"]
    link = reverse("cohorts:import_left_out", args=[run.pk])
    assert link in page.content.decode()
    before = door.left_out(run)
    page = door.client.post(reverse("cohorts:import_confirm", args=[run.pk]), follow=True)

    assert "2 rows were left out" in page.content.decode()
    assert link in page.content.decode()
    assert door.left_out(run) == before
    assert before.startswith(b"\xef\xbb\xbf")
    assert table_of(before) == [
        ["Line in the file", "Line", "Forename", "Surname", "E-mail", "Start date", "Notes", "What is wrong"],
        ["3", "b", "Tom", "Okafor", "nonsense", "", "'=1+1", "“nonsense” is not an e-mail address. Correct it, or leave it out."],
        ["4", "c", "Zoë", "Müller", "zoe@example.org", "12/31/2024", "two\nlines", "“12/31/2024” has the month before the day. Write it as 31/12/2024."],
    ]  # fmt: skip


def test_rows_left_out_come_in_once_they_are_put_right(door):
    door.bring_in(MIXED)
    content = door.left_out(ImportRun.objects.get()).decode()

    people = door.bring_in(
        content.replace("nonsense", "tom@example.org").replace("12/31/", "31/12/")
    )

    assert set(people) == {"Ada Fenwick", "Tom Okafor", "Zoë Müller"}
    assert ImportRun.objects.first().ignored_columns == ["Line", "Notes"]


def test_rows_left_out_a_second_time_have_their_columns_once(door):
    first = door.left_out(door.choose(MIXED).context["run"])

    again = door.left_out(door.choose(first).context["run"])

    assert [row[0] for row in table_of(again)] == ["Line in the file", "2", "3"]
    assert [row[1:] for row in table_of(again)] == [row[1:] for row in table_of(first)]


def test_rows_left_out_of_a_workbook_are_handed_back_too(door):
    run = door.choose(workbook(HEADER, ["Ada", "no", 12345, None, date(2024, 10, 1)])).context[
        "run"
    ]

    assert table_of(door.left_out(run))[1][:6] == ["2", "Ada", "no", "12345", "", "2024-10-01"]


def test_what_was_brought_in_is_kept_in_the_run_no_longer(door):
    door.bring_in(MIXED)

    kept = {row["line"]: row["written"] for row in ImportRun.objects.get().rows}
    assert kept[2] == []
    assert kept[3][1:3] == ["Tom", "Okafor"]


def test_rows_left_out_are_handed_to_staff_alone(door, client, percy):
    run = door.choose(MIXED).context["run"]
    client.force_login(percy)

    assert client.get(reverse("cohorts:import_left_out", args=[run.pk])).status_code == 404


def test_a_row_that_became_wrong_meanwhile_is_handed_back_whole(door):
    run = door.choose("Name,E-mail\nAda,ada@example.org\nTom,tom@example.org\n").context["run"]
    make_person("Tom", email="tom@example.org", is_active=False)

    page = door.client.post(reverse("cohorts:import_confirm", args=[run.pk]), follow=True)

    assert "Something has changed since you looked" in page.content.decode()
    assert table_of(door.left_out(run))[1][1:3] == ["Tom", "tom@example.org"]


# Sizes


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


NASTY = [
    b"\0", b"\xff", b"\xff\xfe", b"\xff\xfe\0\0", b"\xfe\xff\xd8\0", b"\xef\xbb\xbf", b'"', b'""', b'"\n"',
    b"Name\n\"", b"Name\n'", b"Name\n\x00", b"Name\n\x1b[31m", b"Name\n\xed\xa0\x80", b"Name\r\r\r\r",
    b"Name\n" + b'"' * 1001, b"Name\n" + b"a" * 200_000, b"sep=", b"sep=;\nName\nAda", b"sep=;\n",
    b"Name,Name\n", b",Name\n,Ada", b"Name\n\xe2\x80\xaeAda", b"Name\nA\xcc\x81\n", b"PK\x03\x04",
    b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + bytes(100), b"\xd0\xcf\x11\xe0", b"Name\n" + b"," * 5000,
    b"," * 5000, b"\n" * 70_000, "Name\n\u2028\u2029\x85Ada".encode(), b"Name;E-mail\n;a@b.c;;;;",
    b"Name,Start date\nAda,\xd9\xa1\xd9\xa2/1/2025", b"Name,Start date\nAda,99999999999999999999",
    b"Name,TRN\nAda,\xc2\xb2\xc2\xb2\xc2\xb2\xc2\xb2\xc2\xb2\xc2\xb2\xc2\xb2",
]  # fmt: skip


@pytest.mark.parametrize("content", NASTY, ids=range(len(NASTY)))
def test_whatever_is_chosen_a_page_answers(door, content):
    page = door.choose(content)

    assert page.status_code == 200
    assert "run" in page.context or page.context["form"].errors["file"]


@pytest.mark.parametrize("place", range(0, len(PLAIN), 97))
def test_a_workbook_with_a_byte_turned_over_is_read_or_refused(door, place):
    broken = bytearray(PLAIN)
    broken[place] ^= 0xFF

    page = door.choose(bytes(broken))

    assert page.status_code == 200
    assert "run" in page.context or page.context["form"].errors["file"]
