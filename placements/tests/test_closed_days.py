"""The days on which a school is closed although others are open: told by it, and read by whoever plans."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cohorts.tests.factories import make_participation, make_person
from placements.models import ClosedDays
from placements.tests.factories import make_contact, make_placement, make_school
from training.advice import warnings_about
from training.operations.sessions import cancel
from training.tests.factories import make_booking, make_session, make_venue

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = date(2027, 10, 18)


@pytest.fixture
def school():
    return make_school("Harbour Lane School")


def words_of(response):
    return " ".join(response.content.decode().split())


def test_a_school_tells_its_own_holiday_and_takes_it_back(client, school, lena):
    marcus = make_contact(school, make_person("Marcus Bell")).person
    elsewhere = make_contact(make_school("Elsewhere"), make_person("Ivy Stone")).person
    first = timezone.localdate() + 30 * DAY
    add = reverse("placements:closed_days_add", args=[school.pk])
    client.force_login(marcus)

    backwards = words_of(
        client.post(add, {"kind": "holiday", "starts_on": first, "ends_on": first - DAY})
    )
    too_long = words_of(
        client.post(add, {"kind": "holiday", "starts_on": first, "ends_on": first + 90 * DAY})
    )
    kept = client.post(
        add, {"kind": "holiday", "starts_on": first, "ends_on": first + 4 * DAY}, follow=True
    )
    again = words_of(
        client.post(add, {"kind": "inset", "starts_on": first, "ends_on": first + 4 * DAY})
    )
    client.post(add, {"kind": "inset", "starts_on": first + 60 * DAY, "ends_on": ""})

    assert "The last day cannot be before the first day." in backwards
    assert "A school is closed for 60 days at most." in too_long
    assert "These days are written down already." in again
    assert "Holiday of its own" in words_of(kept)
    holiday, inset = ClosedDays.objects.all()
    assert (inset.starts_on, holiday.recorded_by) == (inset.ends_on, marcus)
    remove = reverse("placements:closed_days_remove", args=[holiday.pk])
    client.force_login(elsewhere)
    assert client.post(remove).status_code == 404
    client.force_login(lena, second_factor_shown=True)
    assert "INSET day" in words_of(client.get(school.get_absolute_url()))
    client.post(remove)
    assert ClosedDays.objects.get() == inset
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedDays.objects.filter(pk=inset.pk).update(ends_on=first)


def test_whoever_plans_reads_which_of_the_schools_concerned_are_closed(client, school, lena):
    far, other = make_school("Northgate"), make_school("Not concerned")
    leader = make_participation(make_person("Ada Fenwick"), starts_on=date(2027, 9, 1))
    make_placement(
        leader, far, state="active", starts_on=date(2027, 9, 1), ends_on=date(2028, 8, 31)
    )
    days = {"recorded_by": lena, "starts_on": MONDAY, "ends_on": MONDAY + 4 * DAY}
    for one, kind in ((school, "holiday"), (far, "inset"), (other, "holiday")):
        ClosedDays.objects.create(school=one, kind=kind, **days)
    venue = make_venue("The hall", school=school)
    session = make_session("Reading together", starts_on=MONDAY + 2 * DAY, venue=venue)
    make_booking(session, leader.person)
    client.force_login(lena, second_factor_shown=True)

    page = words_of(client.get(session.get_absolute_url()))
    typed = {
        "look": "1", "title": "Again", "starts_on": MONDAY, "starts_time": "16:00",
        "ends_time": "18:00", "mode": "in_person", "venue": venue.pk,
    }  # fmt: skip
    planning = words_of(client.post(f"{reverse('training:session_add')}?kind=twilight", typed))

    assert "Harbour Lane School has a holiday of its own: 18 to 22 October 2027." in page
    assert "Northgate, where some of those asked are placed, has an INSET day" in page
    assert "Not concerned" not in page
    assert "Harbour Lane School has a holiday of its own" in planning
    assert "Northgate" not in planning
    cancel(session, by=lena)
    assert "INSET day" not in words_of(client.get(session.get_absolute_url()))
    later = make_session(starts_on=MONDAY + 7 * DAY, venue=venue)
    online = make_session(
        starts_on=MONDAY + 2 * DAY, starts_time=time(9), ends_time=time(10), mode="online"
    )
    for one in (later, online):
        assert "Harbour Lane" not in " ".join(warnings_about(one))
