"""What files held goes after ninety days, as the privacy policy says; that they came in stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cohorts.imports.people import apply_people, choose
from cohorts.models import ImportRun, Person
from cohorts.tasks import erase_old_imports
from dlp.celery import app
from dlp.errors import Refused
from dlp.privacy.policy import rule_for

pytestmark = pytest.mark.django_db

PEOPLE = "Name,E-mail,Shoe size\nAda Fenwick,ada@example.org,5\nTom Okafor,nonsense,9\n"
DAYS = 90


def run_of(door) -> ImportRun:
    return door.choose(PEOPLE).context["run"]


def after(days: float):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def page_of(door, lena, run: ImportRun) -> str:
    door.client.force_login(lena)
    return door.client.get(reverse("cohorts:import_run", args=[run.pk])).content.decode()


def test_what_a_file_held_is_erased_after_the_days_of_the_policy(door, lena):
    run = run_of(door)
    apply_people(run, by=lena)
    assert rule_for(ImportRun, "rows").keep.days == DAYS

    with after(DAYS - 0.01):
        assert erase_old_imports() == 0
    with after(DAYS + 0.01):
        assert [erase_old_imports(), erase_old_imports()] == [1, 0]

    run.refresh_from_db()
    assert [run.rows, run.columns, run.ignored_columns, run.notes] == [[], [], [], []]
    assert (run.counts, run.applied_by) == ({"new": 1, "error": 1}, lena)
    assert Person.objects.filter(email="ada@example.org").exists()


def test_a_file_brought_in_late_is_kept_from_that_day(door, lena):
    run = run_of(door)
    with after(DAYS - 1):
        apply_people(run, by=lena)
    with after(DAYS + 1):
        assert erase_old_imports() == 0


def test_a_file_that_was_read_and_left_cannot_be_brought_in_once_erased(door, lena):
    run = run_of(door)
    with after(DAYS + 1):
        erase_old_imports()
        said = page_of(door, lena, run)
        assert "Never brought in" in said
        assert "has been erased" in said
        assert "Bring in" not in said
        assert "Tom Okafor" not in said
        with pytest.raises(Refused, match="was erased"):
            apply_people(run, by=lena)

        assert choose(run, {}).counts == {"new": 1, "error": 1}
    assert not Person.objects.filter(email="ada@example.org").exists()


def test_the_page_of_an_erased_file_still_says_that_it_came_in(door, lena):
    run = run_of(door)
    apply_people(run, by=lena)
    with after(DAYS + 1):
        erase_old_imports()
        said = page_of(door, lena, run)

    assert "1 saved" in said
    assert "has been erased" in said
    assert "Row by row" not in said


def test_beat_asks_for_it():
    assert erase_old_imports.name in {one["task"] for one in app.conf.beat_schedule.values()}
