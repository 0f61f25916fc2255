"""Every list leaves as a file the same way: what is filtered, what one may have, and written down."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from cohorts.models import Person
from cohorts.operations import participations
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.audit.models import ExportRecord
from dlp.tests.routes import routes
from placements.tests.factories import make_placement, make_school
from training.models import Booking
from training.tests.factories import make_booking, make_group, make_member, make_session

pytestmark = pytest.mark.django_db
SECRET = "whose mother is very ill"


@pytest.fixture
def boss() -> Person:
    return make_staff("Boss One", "Programme lead")


@pytest.fixture
def desk(client: Client, boss: Person) -> Client:
    client.force_login(boss)
    return client


LISTS = {
    "cohorts:people_export": "people",
    "cohorts:list_export": "cohorts",
    "placements:schools_export": "schools",
    "placements:placements_export": "placements",
    "training:sessions_export": "sessions",
    "training:attendance_export": "attendance",
    "training:groups_export": "supervision groups",
    "outbox:messages_export": "messages",
}


def table_of(answer) -> list[list]:
    """The rows of a CSV or a workbook as it was handed out."""
    whole = b"".join(answer.streaming_content)
    if answer["Content-Type"].startswith("text/csv"):
        return list(csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline="")))
    return [
        list(row) for row in load_workbook(io.BytesIO(whole)).active.iter_rows(values_only=True)
    ]


def fill(count: int) -> None:
    """So many of everything, each with a reason that nobody takes away."""
    for _ in range(count):
        cohort = make_cohort(f"Cohort {make_person().pk}")
        person = make_person("=Ada Fenwick", trn=f"{make_person().pk + 1_000_000}")
        held = make_participation(person, cohort)
        make_placement(held, school=make_school())
        participations.defer(held, by=person, reason="bereavement", note=SECRET)
        session = make_session(starts_at=timezone.now() + timedelta(days=9), state="published")
        make_booking(session, person, state=Booking.State.NOT_COMING, reply_reason=SECRET)
        make_member(make_group(), person)


def test_every_list_of_ours_that_leaves_is_tried_here():
    named = {route.name for route in routes() if route.name.endswith("_export")}

    assert {name for name in named if not name.startswith("admin:")} == {
        *LISTS,
        "training:bookings_export",
        "cohorts:board_export",
        "home:completing_export",
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_leaves_under_its_name_and_day_and_is_written_down(desk, boss, name, form):
    fill(1)
    address = f"{reverse(name)}?file={form}"

    answer = desk.get(address)
    found = table_of(answer)

    today = timezone.localdate()
    what = LISTS[name]
    assert f'"{what.replace(" ", "-")}-{today:%Y-%m-%d}.{form}"' in answer["Content-Disposition"]
    record = ExportRecord.objects.get()
    assert (record.person, record.what, record.form) == (boss, what, form)
    assert (record.address, record.count) == (address, len(found) - 1)
    assert {len(row) for row in found} == {len(found[0])}
    assert SECRET not in str(found)
    assert "ereavement" not in str(found)


@pytest.mark.parametrize("name", LISTS)
def test_a_longer_list_takes_no_more_queries(desk, name):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            table_of(desk.get(reverse(name)))
        return len(captured)

    fill(1)
    few = asked()
    fill(4)

    assert asked() == few <= 12


@pytest.mark.parametrize("name", [*LISTS, "admin:cohorts_person_export"])
def test_nothing_leaves_that_runs(desk, name):
    fill(1)

    for row in table_of(desk.get(reverse(name))):
        assert not [cell for cell in row if re.match(r"[=+@\t\r-]", str(cell))]


@pytest.mark.parametrize("name", ["cohorts:people_export", "admin:cohorts_person_export"])
@pytest.mark.parametrize(
    ("group", "has_them"),
    [("Programme lead", True), ("Coordinator", True), ("Data protection lead", True),
     ("Safeguarding lead", False), ("Read only", False)],
)  # fmt: skip
def test_numbers_of_teachers_leave_with_those_who_need_them(client, name, group, has_them):
    make_person(trn="7654321")
    client.force_login(make_staff("Iris Page", group))

    assert ("7654321" in str(table_of(client.get(reverse(name))))) is has_them


def test_the_file_holds_what_the_page_shows_under_the_same_filters(desk):
    ours, others = make_cohort("Ours"), make_cohort("Others")
    make_participation(make_person("Ada Fenwick"), ours)
    make_participation(make_person("Tom Okafor"), others)
    filters = {"cohort": ours.pk, "q": "ada"}

    page = desk.get(reverse("cohorts:people"), filters).content.decode()
    link = re.search(r'href="(/people/export/\?[^"]*file=xlsx)"', page)
    assert link is not None
    found = table_of(desk.get(link[1].replace("&amp;", "&")))

    assert [row[0] for row in found] == ["Name", "Ada Fenwick"]
    assert f"cohort={ours.pk}&q=ada" in ExportRecord.objects.get().address


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_bookings_of_one_session_leave_as_its_page_shows_them(desk, form):
    session = make_session(starts_at=timezone.now() + timedelta(days=9), state="published")
    make_booking(session, make_person("Ada Fenwick"), state=Booking.State.COMING)
    make_booking(session, make_person("Tom Okafor"), state=Booking.State.NOT_COMING)

    address = reverse("training:bookings_export", args=[session.pk])
    found = table_of(desk.get(address, {"who": "coming", "file": form}))

    assert [row[0] for row in found] == ["Name", "Ada Fenwick"]
    assert ExportRecord.objects.get().count == 1


def test_whoever_is_refused_takes_nothing_and_leaves_no_record(client):
    client.force_login(make_person("Percy"))

    assert client.get(reverse("cohorts:people_export")).status_code == 403
    assert not ExportRecord.objects.exists()


def test_where_it_cannot_be_written_down_nothing_leaves(desk, monkeypatch):
    def fails(**kwargs):
        raise RuntimeError("the record cannot be written")

    monkeypatch.setattr("dlp.exports.note_export", fails)

    with pytest.raises(RuntimeError):
        desk.get(reverse("cohorts:people_export"))


def test_the_admin_hands_out_a_workbook_of_what_is_shown(desk):
    make_person("Ada Fenwick")
    make_person("Tom Okafor")

    address = reverse("admin:cohorts_person_export")
    found = table_of(desk.get(address, {"q": "ada", "file": "xlsx"}))

    assert [row[0] for row in found] == ["Full name", "Ada Fenwick"]
    assert ExportRecord.objects.get().address == f"{address}?q=ada&file=xlsx"
