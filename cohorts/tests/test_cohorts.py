"""Cohorts: adding, changing, the list."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts import completion
from cohorts.cohort_states import state_on, with_state
from cohorts.models import Cohort
from cohorts.operations import cohorts as operations
from cohorts.operations import participations
from cohorts.permissions import READ_ONLY
from cohorts.tests.factories import (
    complete_all_the_same,
    make_cohort,
    make_participation,
    make_person,
    make_staff,
)
from dlp.errors import Refused


@pytest.fixture
def nothing_asked(monkeypatch):
    """A programme whose completion takes nothing."""
    monkeypatch.setattr(completion, "_criteria", {})


def typed(**values):
    return {
        "name": "2027 Cohort",
        "starts_on": "2027-09-01",
        "target_size": "12",
        "colour": "pine",
        "regions": ["london"],
        **values,
    }


def test_a_cohort_ends_two_years_less_a_day_after_its_start(client, lena):
    client.force_login(lena)

    client.post(reverse("cohorts:add"), typed())

    cohort = Cohort.objects.get()
    assert (cohort.ends_on, cohort.regions) == (date(2029, 8, 31), ["london"])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends_on": "2027-01-01"}, "The last day must come after the first day."),
        ({"name": "2026 COHORT"}, "Another cohort has this name."),
        ({"name": ""}, "Give the cohort a name"),
        ({"starts_on": ""}, "Choose the first day."),
        ({"starts_on": "31/02/2027"}, "date"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, lena, cohort, wrong, sentence):
    client.force_login(lena)

    response = client.post(reverse("cohorts:add"), typed(**wrong))

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert 'value="12"' in response.content.decode()
    assert Cohort.objects.count() == 1


def test_moved_dates_move_everyone_in_it(lena):
    start = timezone.localdate() + timedelta(days=30)
    cohort = make_cohort(starts_on=start)
    joined = participations.add_to_cohort(make_person(), cohort, by=lena)

    operations.edit_cohort(cohort, starts_on=start + timedelta(days=7), ends_on=None)

    joined.refresh_from_db()
    cohort.refresh_from_db()
    assert joined.starts_on == cohort.starts_on == start + timedelta(days=7)
    assert joined.expected_end_on == cohort.ends_on


def test_a_cohort_in_which_people_have_started_begins_no_later_than_today(
    client, lena, percy, cohort
):
    client.force_login(lena)
    ahead = timezone.localdate() + timedelta(days=40)

    answer = client.post(reverse("cohorts:edit", args=[cohort.pk]), typed(starts_on=ahead))

    assert "1 person has started" in answer.content.decode()
    cohort.refresh_from_db()
    assert cohort.starts_on < ahead


def test_an_undo_that_brings_someone_into_two_cohorts_is_refused_whole(lena, cohort):
    today = timezone.localdate()
    held = participations.add_to_cohort(make_person("Ada Fenwick"), cohort, by=lena)
    complete_all_the_same(held, on=today)
    coming = make_cohort("Next Cohort", starts_on=today + timedelta(days=30))
    joined = participations.add_to_cohort(
        held.person, coming, by=lena, starts_on=today + timedelta(days=30)
    )

    with pytest.raises(Refused, match="Ada Fenwick is in Next Cohort already"):
        participations.undo(held.changes.get(kind="completed"), by=lena)

    held.refresh_from_db()
    assert (held.state, joined.state) == ("completed", "accepted")


def test_the_list_counts_people_without_more_queries(client, lena, cohort):
    client.force_login(lena)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("cohorts:list"))
        return len(captured)

    make_participation(cohort=cohort)
    for_one = queries()
    for _ in range(6):
        make_participation(cohort=make_cohort())

    assert queries() == for_one <= 12
    assert "1 for 10 places" in client.get(reverse("cohorts:list")).content.decode()


def test_the_list_begins_with_the_newest_cohort(client, lena):
    for year in (2021, 2026, 2019):
        make_participation(cohort=make_cohort(f"{year} Cohort", starts_on=date(year, 9, 1)))
    client.force_login(lena)

    listed = [cohort.name for cohort in client.get(reverse("cohorts:list")).context["page"]]
    assert listed == ["2026 Cohort", "2021 Cohort", "2019 Cohort"]


def test_an_empty_list_leads_to_the_first_cohort(client, lena):
    client.force_login(lena)

    assert "Add the first one" in client.get(reverse("cohorts:list")).content.decode()


def test_cohorts_are_changed_by_those_who_change(client, lena, percy, olive, cohort):
    url = reverse("cohorts:edit", args=[cohort.pk])
    answers = []
    for who in (lena, make_staff("Iris Page", READ_ONLY), percy, olive):
        client.force_login(who)
        answers.append(client.get(url).status_code)

    assert answers == [200, 403, 403, 404]


def test_everyone_in_a_cohort_is_invited_once(client, lena, percy, cohort):
    client.force_login(lena)
    url = reverse("cohorts:invite", args=[cohort.pk])

    assert "1 invitation on the way" in client.post(url, follow=True).content.decode()
    assert "Everyone here has been invited" in client.post(url, follow=True).content.decode()


def test_the_list_of_cohorts_comes_a_page_at_a_time(client, lena):
    client.force_login(lena)
    for number in range(21):
        make_cohort(f"Cohort of {2000 + number}", starts_on=date(2000 + number, 9, 1))

    first = client.get(reverse("cohorts:list")).content.decode()
    second = client.get(reverse("cohorts:list"), {"page": 2}).content.decode()

    assert "Cohort of 2020" in first
    assert "Cohort of 2000<" not in first
    assert "Cohort of 2000<" in second


# Where a cohort stands

DAY = timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts", "people", "state"),
    [
        (400, [], "planned"),
        (400, ["offered"], "recruiting"),
        (400, ["accepted"], "recruiting"),
        (400, ["declined"], "planned"),
        (365, [], "recruiting"),
        (1, ["accepted"], "recruiting"),
        (0, [], "active"),
        (-90, ["active", "withdrawn"], "active"),
        (-90, ["deferred"], "active"),
        (-90, ["withdrawn", "completed"], "completed"),
        (-90, ["offered"], "active"),
        (-729, ["active"], "active"),
        (-800, ["completed"], "completed"),
        (-800, ["completed", "active"], "active"),
        (-800, ["completed", "deferred"], "active"),
        (-800, [], "completed"),
        (-800, ["declined"], "completed"),
    ],
)
def test_a_cohort_stands_as_its_dates_and_its_people_do(starts, people, state):
    today = timezone.localdate()
    cohort = make_cohort(starts_on=today + starts * DAY)
    for one in people:
        make_participation(cohort=cohort, state=one, changed_on=max(cohort.starts_on, today))
    facts = {
        "is_offered": "offered" in people,
        "is_held": bool({*people} - {"offered", "declined"}),
        "is_current": bool({*people} & {"accepted", "active", "deferred"}),
    }

    assert state_on(today, cohort.starts_on, cohort.ends_on, **facts) == state
    assert with_state(Cohort.objects.all(), today).get().state == state


def test_cohorts_are_found_by_how_they_stand(client, lena, cohort):
    make_participation(cohort=cohort)
    make_cohort("2031 Cohort", starts_on=timezone.localdate() + 1000 * DAY)
    client.force_login(lena)

    active = client.get(reverse("cohorts:list"), {"state": "active"}).content.decode()
    planned = client.get(reverse("cohorts:list"), {"state": "planned"}).content.decode()
    none = client.get(reverse("cohorts:list"), {"state": "completed"}).content.decode()

    assert ("2026 Cohort" in active, "2031 Cohort" in active) == (True, False)
    assert ("2026 Cohort" in planned, "2031 Cohort" in planned) == (False, True)
    assert "No cohort stands so today." in none


def test_any_month_is_legal_and_there_is_one_pioneer(client, lena):
    client.force_login(lena)

    for month in range(1, 13):
        client.post(
            reverse("cohorts:add"), typed(name=f"From {month}", starts_on=f"2027-{month:02}-15")
        )
    client.post(reverse("cohorts:add"), typed(name="Pioneer", is_pioneer="on"))
    second = client.post(reverse("cohorts:add"), typed(name="Another", is_pioneer="on"))

    assert Cohort.objects.count() == 13
    assert "There is one Pioneer Cohort" in second.content.decode()


# One step for many


def test_many_complete_at_once_and_whoever_cannot_is_named_with_the_reason(
    client, lena, nothing_asked
):
    today = timezone.localdate()
    cohort = make_cohort("2024 Cohort", starts_on=today - 800 * DAY)
    ada, bo, tom = (
        participations.add_to_cohort(make_person(name), cohort, by=lena)
        for name in ("Ada Fenwick", "Bo Ek", "Tom Reid")
    )
    participations.defer(bo, by=lena, reason="other", on=today + 5 * DAY)
    client.force_login(lena)
    page = client.get(cohort.get_absolute_url()).content.decode()
    url = reverse("cohorts:cohort_complete", args=[cohort.pk])

    answer = client.post(url, {"people": [ada.pk, bo.pk], "on": ""}).content.decode()

    states = [one.refresh_from_db() or one.state for one in (ada, bo, tom)]
    assert "3 people past the expected last day" in page
    assert url in page
    assert "1 person completed." in answer
    assert "Bo Ek: “Deferred from" in answer
    assert states == ["completed", "active", "active"]
    assert ada.held_to == ada.expected_end_on
    assert "Ada Fenwick, " not in answer


def test_many_start_on_one_day(client, lena):
    today = timezone.localdate()
    cohort = make_cohort(starts_on=today + DAY)
    coming = [participations.add_to_cohort(make_person(), cohort, by=lena) for _ in range(3)]
    client.force_login(lena)

    answer = client.post(
        reverse("cohorts:cohort_start", args=[cohort.pk]),
        {"people": [one.pk for one in coming], "on": today + 2 * DAY},
        follow=True,
    )

    assert "3 people started." in answer.content.decode()
    assert {one.changes.last().effective_on for one in coming} == {today + 2 * DAY}


def test_nobody_ticked_is_said(client, lena, percy, cohort):
    client.force_login(lena)

    answer = client.post(reverse("cohorts:cohort_complete", args=[cohort.pk]), {"on": ""})

    assert "Choose at least one person." in answer.content.decode()
