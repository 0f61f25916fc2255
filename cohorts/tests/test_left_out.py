"""The rows of a people file that were left out: handed back with reasons, put right, brought in."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from cohorts.models import ImportRun
from cohorts.tests.factories import make_person
from cohorts.tests.people_files import HEADER, table_of, workbook

pytestmark = pytest.mark.django_db


MIXED = (
    "Line,Forename,Surname,E-mail,Start date,Notes\n"
    "a,Ada,Fenwick,ada@example.org,,\n"
    "b,Tom,Okafor,nonsense,,=1+1\n"
    'c,Zoë,Müller,zoe@example.org,12/31/2024,"two\nlines"\n'
)


def test_rows_left_out_are_handed_back_with_reasons_before_and_after(door):
    page = door.choose(MIXED)
    run = page.context["run"]
    link = reverse("cohorts:import_left_out", args=[run.pk])
    assert link in page.content.decode()
    before = door.left_out(run)
    page = door.client.post(reverse("cohorts:import_confirm", args=[run.pk]), follow=True)

    assert "2 not saved" in page.content.decode()
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


def test_a_preview_from_before_rows_were_kept_as_written_is_confirmed(door):
    run = door.choose("Name,E-mail\nAda,ada@example.org\nTom,nonsense\n").context["run"]
    for row in run.rows:
        del row["written"]
    run.columns = []
    run.save()
    migration = import_module("cohorts.migrations.0002_import_run_columns_and_notes")
    migration.give_rows_what_was_written(apps, None)

    page = door.client.post(reverse("cohorts:import_confirm", args=[run.pk]), follow=True)

    assert "The file was brought into" in page.content.decode()
    assert "1 not saved" in page.content.decode()
    assert reverse("cohorts:import_left_out", args=[run.pk]) not in page.content.decode()


def test_what_was_written_stays_where_it_is_kept(door):
    run = door.choose(MIXED).context["run"]
    migration = import_module("cohorts.migrations.0002_import_run_columns_and_notes")

    migration.give_rows_what_was_written(apps, None)

    assert ImportRun.objects.get().rows == run.rows
