"""Bringing in schools: the same file twice, a changed file, a bad one."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from cohorts.models import ImportRun
from dlp.errors import Refused
from placements.gias import SMALL_FILE
from placements.models import LocalAuthority, School, SchoolName, Setting, Trust
from placements.operations.gias import apply_gias, import_gias, preview_gias
from placements.operations.schools import edit_school, follow_gias_again
from placements.tests.factories import make_partnership

pytestmark = pytest.mark.django_db
HEADER = [
    "URN", "EstablishmentName", "TypeOfEstablishment (code)", "EstablishmentStatus (code)",
    "CloseDate", "LastChangedDate", "Trusts (code)", "Trusts (name)", "Town",
]  # fmt: skip
ARTS = ["141164", "The ArtsXchange", "38", "1", "", "01-09-2026", "", "", "London"]


@pytest.fixture(autouse=True)
def kept_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def gias(*rows: list[str], header: list[str] = HEADER, encoding: str = "cp1252") -> io.BytesIO:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([header, *rows])
    return io.BytesIO(text.getvalue().encode(encoding))


def bring_in(*rows: list[str], **how: object) -> ImportRun:
    return import_gias(gias(*rows, **how), file_name="gias.csv")


def with_(row: list[str], **cells: str) -> list[str]:
    places = {"name": 1, "type": 2, "status": 3, "closed": 4, "changed": 5, "uid": 6, "trust": 7}
    changed = list(row)
    for cell, value in cells.items():
        changed[places[cell]] = value
    return changed


def test_the_small_file_comes_in_whole():
    with SMALL_FILE.open("rb") as file:
        run = import_gias(file, file_name=SMALL_FILE.name)

    assert (run.counts["new"], run.counts.get("error", 0)) == (139, 0)
    arts = School.objects.get(urn=141164)
    assert (arts.name, arts.setting) == ("The ArtsXchange", Setting.ALTERNATIVE_PROVISION)
    assert (arts.local_authority.name, arts.region) == ("Camden", "london")
    woodside = School.objects.get(urn=137745)
    assert woodside.trust == Trust.objects.get(uid="16669")
    assert woodside.website == "http://www.mulberrywoodside.org"
    assert woodside.latitude == pytest.approx(51.603502, abs=9e-5)
    assert LocalAuthority.objects.get(code="309").region == "london"


def test_the_same_file_again_changes_nothing(django_assert_max_num_queries):
    with SMALL_FILE.open("rb") as file:
        import_gias(file, file_name=SMALL_FILE.name)
        before = list(School.objects.values_list("pk", "gias_read_at"))
        file.seek(0)
        with django_assert_max_num_queries(20):
            run = import_gias(file, file_name=SMALL_FILE.name)

    assert run.counts["unchanged"] == 139
    assert list(School.objects.values_list("pk", "gias_read_at")) == before


def test_a_changed_name_becomes_a_former_name_with_its_day():
    bring_in(with_(ARTS, name="WAC Arts College"))
    run = bring_in(with_(ARTS, changed="02-09-2026"))

    former = SchoolName.objects.get()
    assert (former.name, former.source) == ("WAC Arts College", SchoolName.Source.GIAS)
    assert former.held_to == date(2026, 9, 2)
    assert School.objects.matching("wac arts").get().name == "The ArtsXchange"
    assert run.rows[0]["message"] == "WAC Arts College is now The ArtsXchange."


def test_what_staff_edited_is_never_written_over():
    bring_in(ARTS)
    edit_school(School.objects.get(), values={"town": "Belsize Park"})
    run = bring_in([*with_(ARTS, name="ArtsXchange", changed="03-09-2026")[:8], "Camden"])

    school = School.objects.get()
    assert (school.name, school.town) == ("ArtsXchange", "Belsize Park")
    assert run.counts["changed"] == 1


def test_an_edit_can_be_given_back_to_gias():
    bring_in(ARTS)
    school = edit_school(School.objects.get(), values={"town": "Belsize Park"})
    follow_gias_again(school)
    bring_in(ARTS)

    assert School.objects.get().town == "London"


def test_an_older_file_rolls_nothing_back():
    bring_in(ARTS)
    run = bring_in(with_(ARTS, name="WAC Arts College", changed="01-09-2019"))

    assert School.objects.get().name == "The ArtsXchange"
    assert run.counts["unchanged"] == 1


def test_a_row_that_cannot_be_read_stops_no_other():
    run = bring_in(["12", *ARTS[1:]], ARTS, with_(ARTS, name="Twin"))

    assert School.objects.get().name == "The ArtsXchange"
    assert [(row["line"], row["message"]) for row in run.rows if row["state"] == "error"] == [
        (2, "“12” is not a URN. A URN is a number from 100000 to 999999."),
        (4, "URN 141164 stands on line 3 already."),
    ]


def test_a_welsh_school_is_left_out_in_a_sentence():
    run = bring_in(["401234", "Ysgol y Bryn", "30", "1", "", "", "", "", "Bangor"])

    assert not School.objects.exists()
    assert run.rows[0]["message"] == "Ysgol y Bryn is in Wales; the programme works in England."


def test_the_preview_says_what_happens_to_schools_of_ours_and_touches_none():
    bring_in(ARTS)
    make_partnership(School.objects.get())
    run = preview_gias(
        gias(
            with_(
                ARTS, status="2", closed="31-08-2026", uid="9", trust="Nine", changed="02-09-2026"
            )
        ),
        file_name="gias.csv",
    )

    assert School.objects.get().is_open
    assert run.state == ImportRun.State.PREVIEWED
    assert (run.counts["changed"], run.counts["closed"]) == (1, 1)
    assert run.rows[0]["sort"] == "ours"
    assert run.rows[0]["message"] == (
        "It closed on 31 August 2026. It joined Nine. New: closing date."
    )


def test_confirming_does_what_the_preview_said_and_only_once(django_capture_on_commit_callbacks):
    run = preview_gias(gias(ARTS), file_name="gias.csv")
    with django_capture_on_commit_callbacks(execute=True):
        run = apply_gias(run)

    assert (run.state, School.objects.get().urn) == (ImportRun.State.APPLIED, 141164)
    assert not default_storage.listdir("imports")[1]
    with pytest.raises(Refused, match="brought in already"):
        apply_gias(run)


def test_a_file_that_is_kept_no_longer_is_asked_for_again():
    run = preview_gias(gias(ARTS), file_name="gias.csv")
    default_storage.delete(f"imports/schools-{run.pk}.csv")

    with pytest.raises(Refused, match="Choose it again"):
        apply_gias(run)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_marks_survive_every_encoding(encoding):
    bring_in(with_(ARTS, name="École Sainte-Anne"), encoding=encoding)

    assert School.objects.get().name == "École Sainte-Anne"


def test_the_header_may_be_in_any_order_and_letter_case():
    bring_in(
        ["The ArtsXchange", "141164", "x"],
        header=["ESTABLISHMENTNAME", "urn", "Something else"],
    )

    assert School.objects.get().urn == 141164


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (gias(ARTS[1:], header=HEADER[1:]), "no column for the URN"),
        (gias([ARTS[0]], header=["URN"]), "no column for the EstablishmentName"),
        (io.BytesIO(b""), "The file is empty"),
        (gias(), "no rows under it"),
        (io.BytesIO(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "not a CSV file"),
        (io.BytesIO(b"PK\x03\x04rest"), "workbook"),
    ],
)
def test_a_file_that_is_no_gias_file_is_refused_in_a_sentence(file, sentence):
    with pytest.raises(Refused, match=sentence):
        preview_gias(file, file_name="picture.png")

    assert not ImportRun.objects.exists()


def test_the_command_says_what_it_did(capsys):
    call_command("import_gias", str(SMALL_FILE))

    assert "139 new" in capsys.readouterr().out


def test_the_command_says_why_it_did_nothing(tmp_path):
    empty = tmp_path / "empty.csv"
    empty.touch()

    with pytest.raises(CommandError, match="The file is empty"):
        call_command("import_gias", str(empty))
