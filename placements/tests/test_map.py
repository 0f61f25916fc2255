"""The map of partners and placements: who is on it, by cohort and setting, and the same as a table."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.tests.factories import make_cohort, make_participation, make_staff
from placements.models import Setting
from placements.tests.factories import (
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db


def page(client, **filters: object):
    return client.get(reverse("placements:map"), {"time": "any", **filters})


def schools(answer) -> list[tuple[str, int, bool]]:
    return [(row.school, row.leaders, row.is_partner) for row in answer.context["rows"]]


def test_partners_and_placements_stand_on_the_map_and_in_its_table_by_cohort_and_setting(client):
    client.force_login(make_staff("Lena Hart"))
    cohort, special = make_cohort(), {"setting": Setting.SPECIAL}
    arts = make_school("The ArtsXchange", region="london", easting=528_800, northing=185_700)
    make_partnership(arts)
    for _ in range(2):
        make_placement(make_participation(cohort=cohort), arts)
    leeds = make_school(
        "Leeds East", region="yorkshire", easting=429_900, northing=433_800, **special
    )
    make_partnership(leeds)
    make_opening(leeds, make_cohort(), state="open")
    make_placement(school=make_school("Nowhere Yet"))
    make_school("A stranger")

    with CaptureQueriesContext(connection) as asked:
        answer = page(client)
    assert schools(answer) == [
        ("The ArtsXchange", 2, True),
        ("Nowhere Yet", 1, False),
        ("Leeds East", 0, True),
    ]
    assert len(asked) <= 12
    text = answer.content.decode()
    assert "3 leaders in 2 schools, 1 partner without a leader" in text
    assert "<title>Leeds East: a partner without a leader</title>" in text
    assert "Nowhere Yet is not drawn: GIAS gives no place in England for it." in text

    assert schools(page(client, cohort=cohort.pk)) == [("The ArtsXchange", 2, True)]
    assert schools(page(client, setting="special")) == [("Leeds East", 0, True)]
    assert "No school is like that" in page(client, region="south_west").content.decode()


def test_the_map_that_is_kept_tells_of_whatever_changed(client):
    client.force_login(make_staff("Lena Hart"))
    school = make_school("The ArtsXchange")
    assert schools(page(client)) == []

    partnership = make_partnership(school)
    assert schools(page(client)) == [("The ArtsXchange", 0, True)]
    make_placement(school=school)
    assert schools(page(client)) == [("The ArtsXchange", 1, True)]
    school.name = "The Arts Exchange"
    school.save()
    partnership.delete()
    assert schools(page(client)) == [("The Arts Exchange", 1, False)]
