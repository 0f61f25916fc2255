"""The progress board: who is stuck and for how long, in one page for a hundred people."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts import evidence
from cohorts.models import PlanItem, RequirementAttempt
from cohorts.operations.requirements import (
    Outcome,
    Report,
    Source,
    report_requirement,
    report_requirements,
    waive,
)
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_plan_item,
    make_requirement,
)

pytestmark = pytest.mark.django_db


def days_ago(days: int):
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def lena_client(client, lena):
    client.force_login(lena)
    return client


@pytest.fixture
def cohort():
    return make_cohort("2026 Cohort")


@pytest.fixture
def join(cohort):
    """Put somebody of this name into the cohort."""

    def joined(name: str, state: str = "active"):
        return make_participation(make_person(name), cohort, state=state)

    return joined


@pytest.fixture
def ada(join):
    return join("Ada Fenwick")


def board_of(client, cohort, **filters: str) -> str:
    response = client.get(reverse("cohorts:board", args=[cohort.pk]), filters)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def names_on(page: str, *names: str) -> list[str]:
    """Those of the names that the page shows, in its order."""
    return sorted((name for name in names if name in page), key=page.index)


def test_the_board_says_who_is_stuck_at_what_and_for_how_long(lena_client, cohort, ada, join):
    tom = join("Tom Okafor")
    make_plan_item(ada, "reflection", due_on=days_ago(-20))
    make_plan_item(tom, "reflection", due_on=days_ago(9))
    make_plan_item(tom, "training", due_on=days_ago(23))

    page = board_of(lena_client, cohort)

    assert "1 of 2 is stuck." in page
    assert "Training, 23 days" in page
    assert "and 1 more" in page
    assert names_on(page, "Ada Fenwick", "Tom Okafor") == ["Tom Okafor", "Ada Fenwick"]
    assert names_on(board_of(lena_client, cohort, order="name"), "Ada Fenwick", "Tom Okafor") == [
        "Ada Fenwick",
        "Tom Okafor",
    ]


def test_nothing_is_overdue_and_nobody_stuck_while_they_are_deferred(
    lena_client, cohort, ada, join
):
    away = join("Tom Okafor", state="deferred")
    for key in ("training", "reflection"):
        make_plan_item(away, key, due_on=days_ago(23))
        make_plan_item(ada, key, due_on=days_ago(-23))

    for page in (
        board_of(lena_client, cohort),
        board_of(lena_client, cohort, requirement="training"),
    ):
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        assert "Nobody is stuck." in page
        assert "Deferred" in body
        assert "Not started" in body
        assert "23 d" not in body
        assert "overdue" not in body


@pytest.mark.parametrize(
    ("outcome", "show"), [(Outcome.WAITING_FOR_US, "us"), (Outcome.WAITING_FOR_YOU, "them")]
)
def test_the_board_can_show_what_waits_for_one_side(lena_client, cohort, ada, join, outcome, show):
    tom = join("Tom Okafor")
    for one in (ada, tom):
        make_plan_item(one, "certificate")
    report(tom, "certificate", outcome)

    page = board_of(lena_client, cohort, show=show)

    assert names_on(page, "Ada Fenwick", "Tom Okafor") == ["Tom Okafor"]


def test_who_is_stuck_is_asked_of_what_is_shown(lena_client, cohort, ada):
    make_plan_item(ada, "training", due_on=days_ago(23))
    make_plan_item(ada, "reflection", due_on=days_ago(9))

    page = board_of(lena_client, cohort, requirement="reflection")

    assert "Not started, 9 days overdue" in page
    assert "23 days" not in page.partition("<main")[2]


def test_a_cell_leads_to_what_it_rests_on(lena_client, cohort, ada, monkeypatch):
    for key in ("training", "reflection"):
        make_plan_item(ada, key)
    report(ada, "training", Outcome.MET, number=31)
    attempt = RequirementAttempt.objects.get()
    url = reverse("cohorts:board", args=[cohort.pk])
    assert f"<a class=m href=e/{attempt.pk}/>Met</a>" in board_of(lena_client, cohort)

    assert lena_client.get(f"{url}e/{attempt.pk}/").url == ada.person.get_absolute_url()
    monkeypatch.setitem(evidence._addresses, "test", lambda number, viewer: f"/tests/{number}/")
    assert lena_client.get(f"{url}e/{attempt.pk}/").url == "/tests/31/"


def test_what_is_asked_several_times_is_counted(lena_client, cohort, ada, lena):
    for days in (10, 20, 30):
        make_plan_item(ada, "supervision", due_on=days_ago(-days))
    reflection = make_plan_item(ada, "reflection")
    report(ada, "supervision", Outcome.MET)
    waive(reflection, reason="She wrote one at her last school.", by=lena)

    page = board_of(lena_client, cohort)

    assert ">1/3<" in page
    assert "<i class=w>Waived</i>" in page


def test_names_of_people_and_requirements_are_text_and_never_markup(lena_client, cohort, join):
    eve = join("<script>Eve</script> O’Neill")
    make_plan_item(eve, "training", due_on=days_ago(9))
    requirement = make_requirement("training")
    requirement.name = requirement.short_name = "<b>DSL</b>"
    requirement.save()

    for page in (
        board_of(lena_client, cohort),
        board_of(lena_client, cohort, requirement="training"),
    ):
        assert "<script>Eve" not in page
        assert "<b>DSL" not in page


def test_the_board_is_exported_as_it_is_filtered(lena_client, cohort, ada, join):
    tom = join("Tom Okafor")
    for one in (ada, tom):
        make_plan_item(one, "training", due_on=days_ago(4))
    report(ada, "training", Outcome.MET)

    answer = lena_client.get(
        reverse("cohorts:board_export", args=[cohort.pk]), {"show": "stuck"}
    ).getvalue()
    rows = list(csv.reader(io.StringIO(answer.decode("utf-8-sig"))))

    assert rows == [
        ["Name", "State", "Stuck at", "Days", "Training"],
        ["Tom Okafor", "Active", "Training", "4", "Not started, 4 days overdue"],
    ]


@pytest.mark.parametrize("filters", [{"show": "nonsense"}, {"requirement": "gone"}, {"page": "x"}])
def test_a_filter_that_means_nothing_shows_everyone(lena_client, cohort, ada, filters):
    make_plan_item(ada, "training")

    assert "Ada Fenwick" in board_of(lena_client, cohort, **filters)


def test_a_cohort_without_people_or_plans_says_what_to_do(lena_client, cohort, join):
    assert "Nobody is in this cohort yet" in board_of(lena_client, cohort)

    join("Ada Fenwick")

    assert "Nobody here has a plan yet" in board_of(lena_client, cohort)


def test_a_hundred_people_by_thirty_requirements_are_one_page_of_few_queries(lena_client, cohort):
    everybody = [make_participation(cohort=cohort) for _ in range(100)]
    first, *others = everybody
    plan = [make_plan_item(first, f"part-{n}", due_on=days_ago(n - 40)) for n in range(30)]
    PlanItem.objects.bulk_create(
        PlanItem(
            participation=one,
            template=item.template,
            key=item.key,
            requirement=item.requirement,
            title=item.title,
            due_on=item.due_on,
        )
        for one in others
        for item in plan
    )
    report_requirements(
        [
            Report(one.pk, f"part-{n}", Source("test", n), Outcome.MET, days_ago(1), None)
            for one in everybody
            for n in range(30)
        ]
    )
    board_of(lena_client, cohort)

    with CaptureQueriesContext(connection) as asked:
        page = board_of(lena_client, cohort)

    assert len(asked) <= 12
    assert page.count(">Met</a>") == 3_000
    assert len(page.encode()) < 150_000


def report(participation, key: str, outcome, *, number: int = 1) -> None:
    report_requirement(
        participation, key, source=Source("test", number), state=outcome, on=days_ago(2), by=None
    )
