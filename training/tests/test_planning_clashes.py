"""Who has something else at a time that is planned: told while it is typed, and refused to nobody."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.urls import reverse

from cohorts.models import Person
from cohorts.operations import participations
from cohorts.tests.factories import make_cohort, make_participation, make_person
from dlp.calendar import LONDON
from training.models import Kind, Session
from training.planning_clashes import Times, planned_for, says
from training.tests.factories import make_booking, make_group, make_session

pytestmark = pytest.mark.django_db

DAY = date(2035, 11, 15)
SECOND_LOOK = "Worth a second look"


@pytest.fixture(autouse=True)
def _a_fortnight_before(time_machine):
    time_machine.move_to(datetime(2035, 11, 1, 10, tzinfo=LONDON))


def typed(**more: object) -> dict[str, object]:
    return {
        "title": "Restorative talk",
        "starts_on": DAY.isoformat(),
        "starts_time": "16:30",
        "ends_time": "18:30",
        "mode": "online",
        **more,
    }


def test_planning_names_who_has_something_else_then_and_keeps_it_all_the_same(client, lena: Person):
    cohort, later = make_cohort(), make_cohort()
    ada, tom, rosa, uma, away, no = (
        make_participation(make_person(name), cohort)
        for name in ("Ada Fenwick", "Tom Reed", "Rosa Marsh", "Uma Rao", "Ava Way", "Noel No")
    )
    participations.defer(away, by=lena, reason="other")
    other = make_session("Calm starts", starts_on=DAY, facilitators=[uma.person])
    for one in (ada, tom, rosa, away):
        make_booking(other, one.person)
    make_booking(other, no.person, state="not_coming")
    make_session("Later on", starts_on=DAY, starts_time=time(18, 30), ends_time=time(19, 30))
    make_session("Of a draft", starts_on=DAY, cohorts=[later], state="draft")
    make_participation(make_person("Lee Later"), later)
    client.force_login(lena)
    url = f"{reverse('training:session_add')}?kind=twilight"
    form = typed(cohorts=[cohort.pk, later.pk], facilitators="Lena Hart")

    looked = client.post(url, {**form, "look": "yes"}).content.decode()
    assert not Session.objects.filter(title="Restorative talk").exists()
    client.post(url, form)

    assert SECOND_LOOK in looked
    assert looked.index("Keep it as a draft") < looked.index("Look for holidays")  # what Enter does
    assert (
        "4 people already have Calm starts, Thu 15 November 2035, 16:00–18:00: "
        "Ada Fenwick, Rosa Marsh, Tom Reed and 1 more." in looked
    )
    assert "1 person already has Of a draft" in looked
    assert "Later on" not in looked
    assert 'value="Restorative talk"' in looked
    kept = Session.objects.get(title="Restorative talk")
    assert "Calm starts" in client.get(kept.get_absolute_url()).content.decode()


def test_a_series_says_it_of_each_of_its_days_and_a_change_of_those_after_it(client, lena: Person):
    ruth, ada = make_person("Ruth Adeyemi"), make_person("Ada Fenwick")
    group = make_group(supervisor=ruth, members=[ada])
    for number, day in enumerate((DAY, date(2035, 11, 22)), 1):
        make_booking(make_session(f"Calm starts {number}", starts_on=day), ada)
    make_session("Ruth leads", starts_on=date(2035, 11, 29), facilitators=[ruth])
    client.force_login(lena)
    url = f"{reverse('training:series_add')}?kind=supervision"
    form = typed(title="Supervision", group=group.pk, pattern="weekly", count=3)

    looked = client.post(url, {**form, "look": "yes"}).content.decode()
    client.post(url, form)

    assert looked.index("Calm starts 1") < looked.index("Calm starts 2")
    assert "1 person already has Ruth leads" in looked
    first, *_ = sessions = list(Session.objects.filter(kind=Kind.SUPERVISION).order_by("starts_at"))
    assert len(sessions) == 3
    change = typed(title="Supervision", starts_time="14:00", ends_time="15:00", group=group.pk)
    edit = reverse("training:session_edit", args=[first.pk])
    freed = client.post(edit, {**change, "following": "yes", "look": "yes"}).content.decode()
    clashing = {**change, "starts_time": "17:00", "ends_time": "18:00", "following": "yes"}
    again = client.post(edit, {**clashing, "look": "yes"}).content.decode()
    assert SECOND_LOOK not in freed
    assert "Nothing stands out" in freed
    assert "Calm starts 2" in again


def test_many_people_and_days_take_two_questions(django_assert_num_queries):
    cohort = make_cohort()
    for number in range(12):
        session = make_session(f"Session {number}", starts_on=DAY)
        make_booking(session, make_participation(None, cohort).person)
    planned = [Times(DAY, time(16), DAY, time(17)), Times(DAY, time(17), DAY, time(18))]
    asked = planned_for([cohort], None, [])

    with django_assert_num_queries(2):
        said = says(planned, asked)

    assert (len(said), said[-1]) == (9, "And so it is with 4 more sessions.")


def test_whoever_invites_reads_who_has_something_else_then(client, lena: Person):
    cohort = make_cohort()
    ada, tom = (make_participation(make_person(one), cohort).person for one in ("Ada Fox", "Tom"))
    session = make_session(starts_on=DAY, cohorts=[cohort])
    client.force_login(lena)
    url = reverse("training:invite", args=[session.pk])
    assert SECOND_LOOK not in client.get(url).content.decode()

    other = make_session("Calm starts", starts_on=DAY)
    for one in (ada, tom):
        make_booking(other, one)
    make_booking(session, tom)
    page = client.get(url).content.decode()
    assert SECOND_LOOK in page
    assert "1 person already has Calm starts, Thu 15 November 2035" in page
    assert "Ada Fox." in page
