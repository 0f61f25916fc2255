"""The list of placements and its map: what is on it, who sees it, what it costs."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.tests.factories import make_cohort, make_participation, make_person
from placements import listing
from placements import where as where_module
from placements.models import Placement, Setting
from placements.operations.placements import end_early
from placements.tests.factories import make_placement, make_school
from placements.where import HOSTED, Hosted, where, where_of

pytestmark = pytest.mark.django_db
State = Placement.State
LEEDS = {"easting": 429_900, "northing": 433_800, "region": "yorkshire"}
LONDON = {"easting": 530_000, "northing": 180_400, "region": "london"}


def asked(client, viewer, **query):
    client.force_login(viewer)
    return client.get(reverse("placements:placements"), query)


def leaders(response) -> list[str]:
    return [entry.leader for entry in response.context["entries"]]


def placed(name: str, school=None, **fields) -> Placement:
    return make_placement(make_participation(make_person(name)), school, **fields)


# The list


def test_one_school_has_one_name_and_a_past_placement_that_of_its_day(client, lena):
    today = timezone.localdate()
    school = make_school("The ArtsXchange")
    for name, ends_on in (("Ada Fenwick", today - timedelta(days=9)), ("Tom Okafor", None)):
        one = placed(name, school, ends_on=ends_on or today)
        Placement.objects.filter(pk=one.pk).update(host_name="WAC Arts College")

    shown = {
        row.leader: str(row.host) for row in asked(client, lena, time="any").context["entries"]
    }
    exported = client.get(reverse("placements:placements_export"), {"time": "any"})
    rows = csv.DictReader(io.StringIO(exported.getvalue().decode("utf-8-sig")))

    assert shown == {
        "Ada Fenwick": "WAC Arts College (now The ArtsXchange)",
        "Tom Okafor": "The ArtsXchange",
    }
    assert {row["Leader"]: row["Host"] for row in rows} == shown


def test_the_list_shows_who_leads_today_by_name(client, lena):
    today = timezone.localdate()
    placed("Tom Okafor")
    placed("Ada Fenwick", make_school("The ArtsXchange", **LONDON))
    placed("Joseph Amara", state=State.CONFIRMED, starts_on=today + timedelta(days=30))
    placed("Rosa Delgado", state=State.COMPLETED, ends_on=today - timedelta(days=1))
    placed("Nobody Yet", state=State.PROPOSED)

    response = asked(client, lena)

    assert leaders(response) == ["Ada Fenwick", "Tom Okafor"]
    assert "The ArtsXchange" in response.content.decode()
    assert leaders(asked(client, lena, time="coming")) == ["Joseph Amara", "Nobody Yet"]
    assert leaders(asked(client, lena, time="past")) == ["Rosa Delgado"]
    assert len(leaders(asked(client, lena, time="any"))) == 5


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize(("first", "last"), [(-9, -1), (-9, 0), (0, 9), (1, 9)])
def test_every_placement_is_in_one_time_and_one_alone(state, first, last):
    today = timezone.localdate()
    placement = placed(
        "Ada Fenwick",
        state=state,
        starts_on=today + timedelta(days=first),
        ends_on=today + timedelta(days=last),
    )

    times = [value for value, _ in listing.TIMES if value != "any"]
    found = [t for t in times if Placement.objects.filter(listing.in_time(t, today)).exists()]

    assert len(found) == 1
    held = Placement.objects.held_on(today).filter(pk=placement.pk).exists()
    assert (found == [""]) is held


def test_filters_narrow_list_and_map_and_stay_in_the_address(client, lena):
    cohort = make_cohort("2031 Cohort")
    special = make_school("Moorside", setting=Setting.SPECIAL, **LEEDS)
    make_placement(make_participation(make_person("Ada Fenwick"), cohort), special)
    placed("Tom Okafor", make_school("The ArtsXchange", **LONDON))

    for query in ({"setting": "special"}, {"region": "yorkshire"}, {"cohort": cohort.pk}):
        response = asked(client, lena, **query)
        assert leaders(response) == ["Ada Fenwick"]
        assert response.context["where"].title == "1 leader in 1 school"
        (name, value) = query.popitem()
        assert f"export/?{name}={value}" in response.content.decode()


def test_filters_that_mean_nothing_filter_nothing(client, lena):
    placed("Ada Fenwick")

    response = asked(client, lena, region="mars", cohort="x", time="never", page="z")

    assert leaders(response) == ["Ada Fenwick"]


def test_nobody_placed_says_what_to_do_first(client, lena):
    assert "Nobody is placed today" in asked(client, lena).content.decode()
    assert "No placement is like that" in asked(client, lena, time="past").content.decode()


def test_the_list_turns_its_pages(client, lena):
    school = make_school(**LEEDS)
    for number in range(51):
        placed(f"Leader {number:02}", school)

    first = asked(client, lena, region="yorkshire")

    assert len(leaders(first)) == 50
    assert "?region=yorkshire&amp;page=2" in first.content.decode()
    assert leaders(asked(client, lena, region="yorkshire", page=2)) == ["Leader 50"]


# Who may see it


@pytest.mark.parametrize("name", ["percy", "olive", "marcus", "ruth"])
@pytest.mark.parametrize("address", ["placements:placements", "placements:placements_export"])
def test_list_and_export_are_for_staff(client, request, percy, name, address):
    make_placement(percy.participations.get())
    client.force_login(request.getfixturevalue(name))

    response = client.get(reverse(address))

    assert response.status_code == 403
    assert "Percy" not in response.content.decode() or name == "percy"


# The export


def test_the_export_holds_what_is_filtered_and_no_formula(client, lena):
    placed("=cmd|calc", make_school("+Harbour", **LEEDS), starts_on=date(2025, 9, 1))
    placed("Tom Okafor", make_school(**LONDON))
    client.force_login(lena)

    response = client.get(reverse("placements:placements_export"), {"region": "yorkshire"})
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))

    (row,) = rows
    assert (row["Leader"], row["Host"]) == ("'=cmd|calc", "'+Harbour")
    assert (row["First day"], row["Last day"]) == ("2025-09-01", "2027-08-31")
    assert (row["Region"], row["State"]) == ("Yorkshire and the Humber", "Active")


# The map


def test_the_map_counts_leaders_and_schools_by_region(client, lena):
    harbour = make_school("Harbour Lane", **LEEDS)
    placed("Ada Fenwick", harbour)
    placed("Tom Okafor", harbour)
    placed("Imran Sheikh", make_school(**LONDON))

    text = asked(client, lena).content.decode()

    assert "3 leaders in 2 schools" in text
    assert "Leaders by region: Yorkshire and the Humber 2, London 1." in text
    assert "Harbour Lane: 2 leaders" in text
    assert ">London, 1</text>" in text


def test_a_leader_in_two_schools_is_one_leader():
    today = timezone.localdate()
    participation = make_participation()
    for school, first in ((make_school(**LEEDS), -400), (make_school(**LONDON), -9)):
        make_placement(
            participation,
            school,
            starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=first + 100),
        )

    assert where(Placement.objects.all()).title == "1 leader in 2 schools"


def test_the_map_of_loaded_placements_is_the_same():
    special = make_school(setting=Setting.SPECIAL, **LEEDS)
    for school in (special, special, make_school(**LONDON), make_school(), make_school(**LONDON)):
        placed("Ada Fenwick", school)

    loaded = [Hosted(*row) for row in Placement.objects.values_list(*HOSTED)]

    assert where_of(loaded) == where(Placement.objects.all())


def test_a_school_that_cannot_be_drawn_is_named(client, lena):
    placed("Ada Fenwick", make_school("Impact", region="london"))
    placed("Tom Okafor", make_school("Far Isles", easting=10_000, northing=1_100_000))
    placed("Imran Sheikh", make_school(**LEEDS))

    response = asked(client, lena)

    said = "Far Isles and Impact are not drawn: GIAS gives no place in England for them."
    assert said in response.content.decode()
    assert not response.context["where"].drawing.labels[1:]
    assert sum(map(len, response.context["where"].drawing.shapes.values())) == 1
    assert [row.name for row in response.context["where"].regions][-1] == "Not known"


def test_of_many_schools_that_cannot_be_drawn_three_are_named():
    placed("Ada Fenwick", make_school("Impact"))
    assert where(Placement.objects.all()).not_drawn == [
        "Impact is not drawn: GIAS gives no place in England for it."
    ]

    for name in ("Dock", "Abbey", "Camp", "Bridge"):
        placed("Tom Okafor", make_school(name))
    said = "Abbey, Bridge, Camp and 2 more are not drawn: GIAS gives no place in England for them."

    assert where(Placement.objects.all()).not_drawn == [said]
    loaded = [Hosted(*row) for row in Placement.objects.values_list(*HOSTED)]
    assert where_of(loaded).not_drawn == [said]


def test_of_more_schools_than_an_eye_can_tell_those_with_most_leaders_are_drawn(monkeypatch):
    monkeypatch.setattr(where_module, "MOST_DRAWN", 2)
    busy = make_school("Busy", **LEEDS)
    for name in ("Ada Fenwick", "Tom Okafor"):
        placed(name, busy)
    for _ in range(3):
        placed("Imran Sheikh", make_school(**LONDON))

    found = where(Placement.objects.all())

    titles = [one.title for kind in found.drawing.shapes.values() for one in kind]
    assert "Busy: 2 leaders" in titles
    assert len(titles) == 2
    assert found.not_drawn == ["Drawn are the 2 schools with most leaders."]
    assert found.title == "5 leaders in 4 schools"


def test_the_key_says_how_many_schools_have_each_shape():
    placed("Ada Fenwick", make_school(**LEEDS))
    placed("Tom Okafor", make_school(setting=Setting.MAINSTREAM, **LEEDS))

    kinds = where(Placement.objects.all()).kinds

    assert [(row.label, row.schools) for row in kinds] == [
        ("Alternative provision", 1),
        ("Other", 1),
    ]


# What it costs


def test_the_map_is_kept_only_while_nothing_changes(client, lena):
    one = placed("Ada Fenwick", make_school(**LEEDS))
    assert asked(client, lena).context["where"].title == "1 leader in 1 school"

    placed("Tom Okafor", make_school(**LEEDS))
    assert asked(client, lena).context["where"].title == "2 leaders in 2 schools"

    end_early(one, last_day=timezone.localdate() - timedelta(days=1), reason="leader", by=lena)
    assert asked(client, lena).context["where"].title == "1 leader in 1 school"


def test_each_filter_has_a_map_of_its_own(client, lena):
    placed("Ada Fenwick", make_school(**LEEDS))
    placed("Tom Okafor", make_school(**LONDON))

    assert asked(client, lena).context["where"].title == "2 leaders in 2 schools"
    assert asked(client, lena, region="london").context["where"].title == "1 leader in 1 school"


def test_two_hundred_placements_take_no_more_queries(client, lena):
    placed("Ada Fenwick", make_school(**LEEDS))

    client.force_login(lena)
    address = reverse("placements:placements")

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return [one["sql"] for one in captured.captured_queries]

    queries()
    placed("Tom Okafor", make_school(**LEEDS))
    for_one = queries()
    cohort = make_cohort("2031 Cohort")
    for number in range(200):
        school = make_school(easting=429_900 + number, northing=433_800, region="yorkshire")
        make_placement(make_participation(cohort=cohort), school)
    for_many = queries()

    assert len(for_many) == len(for_one) <= 12
    assert max(Counter(for_many).values()) <= 2
    assert len(client.get(address).content) < 150_000
