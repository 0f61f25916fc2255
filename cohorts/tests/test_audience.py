"""The list of people as something to write to."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cohorts.audience import GONE, PAUSED
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.outbox.mailing import audiences

pytestmark = pytest.mark.django_db


def test_list_that_was_narrowed_is_written_to_and_named_in_words():
    lena, cohort = make_staff("Lena Hart"), make_cohort("2026 Cohort")
    ada = make_participation(make_person("Ada Okafor"), cohort).person
    make_participation(make_person("Ben Price"))

    found = audiences.recipients(lena, "people", f"cohort={cohort.pk}&q=oka&role=participant")

    assert found.going == [ada]
    assert found.words == "On the programme in the 2026 Cohort, with “oka”"


def test_who_is_paused_is_left_out_unless_the_list_asks_for_them():
    lena, cohort = make_staff("Lena Hart"), make_cohort("2026 Cohort")
    paul = make_participation(make_person("Paul Away"), cohort, state="deferred").person

    everyone = audiences.recipients(lena, "people", f"cohort={cohort.pk}")
    assert everyone.left_out == [(paul, PAUSED)]
    asked_for = audiences.recipients(lena, "people", f"cohort={cohort.pk}&state=deferred")
    assert asked_for.going == [paul]


def test_who_left_a_cohort_is_not_written_to_with_it_unless_the_list_asks_for_them():
    lena, cohort = make_staff("Lena Hart"), make_cohort("2026 Cohort")
    lee = make_participation(make_person("Lee Gone"), cohort, state="withdrawn").person

    everyone = audiences.recipients(lena, "people", f"cohort={cohort.pk}")
    assert everyone.left_out == [(lee, GONE)]
    asked_for = audiences.recipients(lena, "people", f"cohort={cohort.pk}&state=withdrawn")
    assert asked_for.going == [lee]


@pytest.mark.parametrize("asked", ["cohort=99999", "state=nonsense", "role=everyone"])
def test_filter_that_makes_no_sense_now_leaves_nobody_rather_than_everybody(asked):
    make_person("Ada Okafor")

    found = audiences.recipients(make_staff("Lena Hart"), "people", asked)

    assert (found.going, found.left_out) == ([], [])


def test_list_of_people_leads_those_who_may_to_write_to_them(client):
    make_person("Ada Okafor")
    link = f"{reverse('outbox:mailing_new')}?q=oka&amp;audience=people"
    for group, may in (("Coordinator", True), ("Read only", False)):
        client.force_login(make_staff("Staff", group))
        content = client.get(f"{reverse('cohorts:people')}?q=oka").content.decode()
        assert (link in content) is may
