"""Bringing in schools: the same file twice, a changed file, a bad one."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from cohorts.models import ImportRun
from cohorts.tests.factories import make_person
from dlp.audit.history import history_of
from dlp.errors import Refused
from placements.forms.schools import GiasFileForm
from placements.gias import SMALL_FILE
from placements.gias.saying import sentences
from placements.models import LocalAuthority, School, SchoolLink, SchoolName, Setting, Trust
from placements.operations import gias as gias_operations
from placements.operations.gias import (
    Files,
    carry_on,
    confirm_gias,
    forget_old_files,
    import_gias,
    read_again,
    receive_gias,
)
from placements.operations.schools import edit_school, follow_gias_again
from placements.tests.factories import make_placement

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


def test_a_pru_without_a_trust_comes_in_and_so_does_its_day_with_a_trust():
    pru = ["100001", "Hill Top PRU", "14", "1", "", "01-09-2026", "", "", "Leeds"]
    bring_in(pru)
    school = School.objects.get()
    assert (school.setting, school.trust) == (Setting.ALTERNATIVE_PROVISION, None)

    bring_in(with_(pru, uid="9", trust="Nine", changed="02-09-2026"))
    bring_in(with_(pru, changed="03-09-2026"))
    school.refresh_from_db()
    assert school.trust is None


def receive(*rows: list[str], links: io.BytesIO | None = None) -> ImportRun:
    return receive_gias(Files(gias(*rows), links), file_name="gias.csv")


def test_a_file_is_read_behind_the_scenes_then_brought_in_and_removed(
    django_capture_on_commit_callbacks,
):
    bring_in(ARTS)
    host = make_placement(school=School.objects.get()).school
    end = {"status": "2", "closed": "31-08-2026", "uid": "9", "trust": "Nine"}
    run = receive(with_(ARTS, name="Arts Academy", changed="02-09-2026", **end))
    assert run.state == ImportRun.State.READING

    carry_on()
    run.refresh_from_db()
    assert run.state == ImportRun.State.PREVIEWED
    assert School.objects.get().is_open
    assert run.rows[0]["message"] == (
        "The ArtsXchange is now Arts Academy. It closed on 31 August 2026. It joined Nine. "
        "New: closing date."
    )
    assert sentences(run.counts) == [
        "1 of our hosts closed, 1 changed name, 1 joined a trust.",
        "1 school changed.",
    ]

    with django_capture_on_commit_callbacks(execute=True):
        confirm_gias(run, by=(kit := make_person("Kit Osei")))
        assert carry_on() == 1
    run.refresh_from_db()
    host.refresh_from_db()
    assert (run.state, run.applied_by, host.status) == (ImportRun.State.APPLIED, kit, "closed")
    assert history_of(host)[0]["by"] == kit
    assert not default_storage.listdir("imports")[1]
    with pytest.raises(Refused, match="brought in already"):
        confirm_gias(run)


def test_work_that_broke_off_is_taken_up_again_and_given_up_after_three_times(monkeypatch):
    run = receive(ARTS)
    with monkeypatch.context() as broken:
        broken.setitem(gias_operations._STEPS, ImportRun.State.READING, lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            carry_on()
    assert carry_on() == 1  # by whoever comes next
    run.refresh_from_db()
    assert (run.state, run.attempts) == (ImportRun.State.PREVIEWED, 0)

    confirm_gias(run)
    ImportRun.objects.update(attempts=3)
    assert carry_on() == 0
    run.refresh_from_db()
    assert (run.state, School.objects.exists()) == (ImportRun.State.PREVIEWED, False)
    assert run.notes == ["It broke off three times, for a reason of ours. Nothing was changed."]
    confirm_gias(run)
    assert carry_on() == 1
    assert School.objects.get().urn == 141164


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_a_run_is_left_to_whoever_is_at_it_and_taken_up_once_their_transaction_is_gone():
    run = receive(ARTS)
    worker = connection.copy()
    worker.set_autocommit(False)
    with worker.cursor() as cursor:
        cursor.execute("SELECT 1 FROM cohorts_importrun WHERE id = %s FOR UPDATE", [run.pk])
    try:
        assert carry_on() == 0
        worker.rollback()
        assert carry_on() == 1
    finally:
        worker.close()


def test_a_file_that_cannot_be_read_says_why_and_is_read_again_on_request():
    run = receive()
    carry_on()
    run.refresh_from_db()
    assert (run.state, run.notes) == (
        ImportRun.State.STOPPED,
        ["The file has a header and no rows under it. Add the rows, then try again."],
    )

    read_again(run)
    with pytest.raises(Refused, match="being read"):
        read_again(run)
    default_storage.delete(f"imports/schools-{run.pk}.csv")
    carry_on()
    run.refresh_from_db()
    assert run.notes == ["The file is kept no longer. Choose it again."]
    with pytest.raises(Refused, match="Choose it again"):
        read_again(run)


def test_files_are_kept_for_a_week_and_no_longer():
    left = receive(ARTS, links=links(LINK))
    default_storage.save("imports/schools-0.csv", gias(ARTS))
    day = timedelta(days=1)

    assert forget_old_files(left.uploaded_at) == 0  # of a run that may be on its way
    assert forget_old_files(left.uploaded_at + 6 * day) == 1  # nobody’s
    assert forget_old_files(left.uploaded_at + 8 * day) == 2
    assert not default_storage.listdir("imports")[1]


LINK = ["141164", "150001", "Successor", "01-09-2026"]


def links(*rows: list[str]) -> io.BytesIO:
    return gias(*rows, header=["URN", "LinkURN", "LinkType", "LinkEstablishedDate"])


def test_links_come_with_their_schools_once_each_and_lead_to_schools_that_are_here():
    after = ["150001", "Arts Academy", *ARTS[2:]]
    rows = links(
        LINK,
        ["150001", "141164", "Predecessor - merged", ""],
        ["141164", "150999", "Successor", ""],
        ["141164", "150001", "Sixth Form Centre Link", ""],
        ["141164", "12", "Successor", ""],
    )
    run = receive(ARTS, after, links=rows)
    carry_on()
    run.refresh_from_db()
    assert sentences(run.counts)[-3:] == [
        "2 links are new.",
        "1 link leads to a school that is not here.",
        "1 line of the links file cannot be read.",
    ]
    assert run.rows[0]["message"] == "“12” is not a URN. A URN is a number from 100000 to 999999."
    assert not SchoolLink.objects.exists()

    confirm_gias(run)
    carry_on()
    assert set(SchoolLink.objects.values_list("school__urn", "other__urn", "kind")) == {
        (141164, 150001, "successor"),
        (150001, 141164, "predecessor"),
    }
    again = receive_gias(Files(links=links([*LINK[:3], "02-09-2026"])), file_name="links.csv")
    carry_on()
    again.refresh_from_db()
    assert sentences(again.counts) == ["1 link has another day."]


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
        (io.BytesIO(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "cannot be read as a table"),
        (io.BytesIO(b"PK\x03\x04rest"), "workbook"),
    ],
)
def test_a_file_that_is_no_gias_file_is_refused_in_a_sentence(file, sentence):
    chosen = SimpleUploadedFile("picture.png", file.getvalue())
    form = GiasFileForm({}, {"file": chosen})

    assert sentence in form.errors["file"][0]


def test_the_command_says_what_it_did(capsys, tmp_path):
    file = tmp_path / "links.csv"
    file.write_bytes(links(["141164", "137745", "Successor", ""], LINK).getvalue())
    call_command("import_gias", str(SMALL_FILE), "--links", str(file))

    assert capsys.readouterr().out.splitlines() == [
        "None of our hosts closed, changed name or changed trust.",
        "139 schools are new.",
        "1 link is new.",
        "1 link leads to a school that is not here.",
    ]


def test_the_command_says_why_it_did_nothing(tmp_path):
    empty = tmp_path / "empty.csv"
    empty.touch()

    with pytest.raises(CommandError, match="The file is empty"):
        call_command("import_gias", str(empty))
