"""People files as people have them, through the front door: choose, look, say yes, see the result."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from cohorts.models import ImportRun, Person
from cohorts.tests.factories import make_person

pytestmark = pytest.mark.django_db


# Encodings, line ends, delimiters

UNTIDY = "Name{0}E-mail\r\nZoë Müller{0}zoe@example.org\r\nSeán Ó Briain{0}sean@example.org\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
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
    "person",
    [
        "Must Format,must@example.org,,", "Enter Kaya,e@example.org,1/9/2024,", "Eg Numberg,,,",
        "Ada Fenwick,,,Start date as on contract", "Ada,,,Do not phone", "Type Okafor,,,",
        "Ada,,,e.g. on Mondays", "Use A. Okafor,,,Optional", "E.G. Marshall,,,", "Enter Digits,,,",
        "Optional,optional@example.org,,", "Adam Format,,,Required",
    ],
)  # fmt: skip
def test_nobody_is_taken_for_an_instruction(door, person):
    people = door.bring_in(f"Name,E-mail,Start date,Notes\n{person}\n")

    assert set(people) == {person.split(",")[0]}


def test_a_row_that_tells_what_to_write_beside_the_name_is_a_row(door):
    wrong = door.mistakes("Name,TRN,Start date\nAda Fenwick,Must be 7 digits,dd/mm/yyyy\n")

    assert "seven figures" in wrong[2]


def test_blank_rows_and_columns_are_passed_over(door):
    content = "Name,E-mail,,\n,,,\n \u00a0,,,\nAda,ada@example.org,,\n\n\nTom,tom@example.org\n\n"

    assert door.mistakes(content) == {}
    assert [row["line"] for row in ImportRun.objects.get().rows if row["name"] != ";;;"] == [4, 7]


def test_cells_beyond_the_last_column_are_passed_over_and_said(door):
    content = "Name,E-mail\nAda,ada@example.org,,likes tea\nTom,tom@example.org,,\n"

    assert door.notes(content) == ["Line 2: what stands beyond the last column was not read."]


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
        'Name, E-mail ,Known as\n "Ada\nFenwick" , "\u202aada@example.org\u202c\u200b" ,\u00a0Addie\n'
        '"O\'Neil, Tom ""Tommy""",tom@example.org,\n'
    )

    people = door.bring_in(content)

    assert set(people) == {"Ada Fenwick", 'O\'Neil, Tom "Tommy"'}
    assert people["Ada Fenwick"].person.email == "ada@example.org"
    assert people["Ada Fenwick"].person.known_as == "Addie"


# Somebody twice


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
