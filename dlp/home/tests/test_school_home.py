import re
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.home.parts import school_lead
from dlp.home.tests.asking import page, queries, status
from placements.models import Placement, School
from placements.tests.factories import make_contact, make_placement, make_school
from training.models import Booking, Kind
from training.tests.factories import make_booking, make_group, make_past, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def arts(marcus) -> School:
    """The school that Marcus leads."""
    return School.objects.get(contacts__person=marcus)


@pytest.fixture
def placed(percy, arts) -> Placement:
    """Percy's placement at Marcus's school."""
    return make_placement(Participation.objects.get(person=percy), arts)


def school_day() -> object:
    """The next weekday but one that is in the term of today and no bank holiday."""
    from dlp.calendar import is_working_day

    day = timezone.localdate() + timedelta(days=2)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def test_lead_sees_the_leader_the_role_the_dates_and_the_cohort(client, marcus, placed):
    text = page(client, marcus, "home:home")

    assert "One leader with you" in text
    assert "Percy Adeyemi" in text
    assert "Associate Leader" in text
    assert "2026 Cohort" in text


def test_lead_sees_on_how_many_days_a_leader_is_out(client, marcus, placed, percy, time_machine):
    time_machine.move_to("2026-11-23T09:00Z", tick=False)
    for day in ("2026-11-25", "2026-12-02"):
        session = make_session(
            "Very private title",
            kind=Kind.TRAINING_DAY,
            starts_on=timezone.datetime.fromisoformat(day).date(),
            starts_time=timezone.datetime.fromisoformat("2026-01-01T09:30").time(),
            ends_time=timezone.datetime.fromisoformat("2026-01-01T15:30").time(),
        )
        make_booking(session, percy, state=Booking.State.COMING)

    text = page(client, marcus, "home:home")

    assert "Out 2 days<" in text
    assert "Percy, 09:30–15:30" in text
    assert "2 days out in the autumn term: 25 November 2026, 2 December 2026." in text


def test_a_meeting_online_is_told_as_a_meeting_in_school_and_no_day_out(
    client, marcus, placed, percy, time_machine
):
    time_machine.move_to("2026-11-23T09:00Z", tick=False)
    for day, starts, ends in ((1, 9, 15), (3, 12, 13), (8, 12, 13)):
        session = make_session(
            starts_on=date(2026, 12, day), starts_time=time(starts), ends_time=time(ends),
            mode="in_person" if day == 1 else "online",
        )  # fmt: skip
        make_booking(session, percy, state=Booking.State.COMING)

    text = page(client, marcus, "home:home")

    assert "Out 1 day, and 2 meetings in school" in text
    assert "1 day out in the autumn term: 1 December 2026. Meetings in school: 3 Dec" in text
    assert "Meeting in school, online, needs a quiet room" in text
    assert re.search(r'"Next out"><span>Tue 1 Dec, <span class="whole">09:00–15:00</span>', text)


def test_lead_never_reads_what_a_session_is_called(client, marcus, placed, percy):
    group = make_group("Ruth’s quiet group", members=[percy])
    supervision = make_session(
        "Supervision of grief", kind=Kind.SUPERVISION, group=group, starts_on=school_day()
    )
    twilight = make_session("The first call home", starts_on=school_day())
    make_booking(supervision, percy, state=Booking.State.COMING)
    make_booking(twilight, percy, state=Booking.State.COMING)

    text = page(client, marcus, "home:home")

    for word in ("grief", "upervision", "quiet group", "first call home", "Ruth Adeyemi"):
        assert word not in text
    assert "Meeting" in text


def test_lead_never_sees_marks_or_answers(client, marcus, placed, percy):
    session = make_past(title="Long ago")
    make_booking(session, percy, state=Booking.State.COMING, attendance="absent")

    text = page(client, marcus, "home:home").lower()

    assert "absent" not in text
    assert "strip" not in text


def test_lead_never_sees_leaders_of_other_schools_or_their_days(client, marcus, placed, olive):
    other = make_school("Another school")
    make_placement(Participation.objects.get(person=olive), other)
    make_booking(make_session(starts_on=school_day()), olive, state=Booking.State.COMING)

    text = page(client, marcus, "home:home")

    assert "Olive" not in text
    assert "Another school" not in text


def test_days_before_the_placement_are_not_the_schools_business(client, marcus, arts, percy):
    begins = timezone.localdate() + timedelta(days=30)
    make_placement(Participation.objects.get(person=percy), arts, starts_on=begins)
    make_booking(make_session(starts_on=school_day()), percy, state=Booking.State.COMING)

    text = page(client, marcus, "home:home")

    assert "One leader to come" in text
    assert "No day out is planned from here on." in text


@pytest.mark.parametrize("state", ["proposed", "withdrawn", "declined"])
def test_placements_that_do_not_stand_are_not_shown(client, marcus, arts, percy, state):
    ends = timezone.localdate() - timedelta(days=1)
    make_placement(Participation.objects.get(person=percy), arts, state=state, ends_on=ends)

    text = page(client, marcus, "home:home")

    assert "No leader is placed with you now" in text
    assert "Percy" not in text


def test_a_school_keeps_who_led_with_it_and_when_but_not_the_days_out(
    client, marcus, lena, arts, percy, time_machine
):
    time_machine.move_to("2026-11-23T09:00Z", tick=False)
    over = make_placement(
        Participation.objects.get(person=percy), arts,
        state="completed", starts_on=date(2024, 9, 1), ends_on=date(2026, 8, 31),
    )  # fmt: skip
    day = {"starts_on": date(2026, 3, 3), "starts_time": time(9), "ends_time": time(15)}
    make_booking(make_session(**day), percy, state=Booking.State.COMING)

    text = page(client, marcus, "home:home")
    seen = {one: page(client, one, "home:placement", over.pk) for one in (marcus, percy, lena)}

    before = text[text.index("Who led with you before") :]
    assert "Percy Adeyemi" in before
    assert f'href="{over.get_absolute_url()}"' in before
    assert ["Programme, 09:00" in shown for shown in seen.values()] == [False, True, True]


def test_lead_finds_the_coordinator_to_ask(client, marcus, arts):
    lena = make_staff("Lena Hart")
    cohort = make_cohort()
    cohort.coordinator = lena
    cohort.save(update_fields=["coordinator"])
    make_placement(make_participation(cohort=cohort), arts)

    text = page(client, marcus, "home:home")

    assert "Lena Hart coordinates your placements" in text
    assert f"mailto:{lena.email}" in text


def test_lead_reaches_no_page_of_the_desk(client, marcus, placed, arts, percy, cohort):
    assert status(client, marcus, "home:desk") == 403
    assert status(client, marcus, "home:person", percy.pk) == 404
    assert status(client, marcus, "home:cohort", cohort.pk) == 404
    assert status(client, marcus, "home:school", arts.pk) == 404


def test_two_leaders_out_together_share_a_row(client, marcus, arts, cohort):
    session = make_session(starts_on=school_day())
    for name in ("Ada Fenwick", "Tom Okafor"):
        person = make_person(name)
        make_placement(make_participation(person, cohort), arts)
        make_booking(session, person, state=Booking.State.COMING)

    part = school_lead.part(marcus, timezone.now())

    assert [row.title for row in part.rows] == ["Ada and Tom, 16:00–18:00"]


def test_two_hundred_leaders_ask_no_more(client, marcus, placed, arts, percy, cohort):
    session = make_session(starts_on=school_day())
    make_booking(session, percy, state=Booking.State.COMING)
    few = queries(client, marcus, "home:home")
    people = [Person(full_name=f"Leader {number}") for number in range(200)]
    for person in people:
        person.save()
        make_placement(make_participation(person, cohort), arts)
        make_booking(session, person)

    many = queries(client, marcus, "home:home")

    assert len(many) == len(few) <= 10
    assert len(page(client, marcus, "home:home").encode()) < 150_000


def test_somebody_who_left_the_school_sees_nothing_of_it(client, placed, arts):
    former = make_person("Former Lead")
    make_contact(arts, former, ends_on=timezone.localdate() - timedelta(days=1))

    assert "Percy" not in page(client, former, "home:home")
