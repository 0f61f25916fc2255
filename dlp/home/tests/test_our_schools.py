"""The pages that a school's leads live in: what they find there, and that they find nothing else."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.tests.factories import make_participation, make_person, make_plan_item
from dlp.home.tests.asking import page, queries, without_values
from placements.models import (
    Clash,
    Handover,
    Placement,
    PlacementChange,
    SchoolContact,
    SchoolProfile,
)
from placements.tests.factories import (
    make_contact,
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)
from training.models import Booking, Kind
from training.tests.factories import make_booking, make_group, make_session

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LINK = re.compile(r'<a[^>]* href="(/[^"#]*)')


def crawl(client: Client, person: Person) -> dict[str, str]:
    """Every page that links lead to from somebody's home, by address."""
    client.force_login(person)
    seen: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        is_page = answer["Content-Type"].startswith("text/html")
        seen[address] = answer.content.decode() if is_page else ""
        waiting += LINK.findall(seen[address])
    return seen


@pytest.fixture
def busy(arts, placed, percy, olive, marcus, lena) -> Placement:
    """A school with all there is to tell, beside others of which its lead is to read nothing."""
    partnership = make_partnership(arts)
    partnership.agreement.save("agreement.pdf", ContentFile(b"%PDF-1.7"))
    make_partnership(arts, state="draft", starts_on=date(2031, 9, 1), notes="Zinnober terms")
    contact = make_contact(arts, name="Dora Before", ends_on=timezone.localdate() - DAY)
    Handover.objects.create(
        school=arts, contact_left=contact, opened_on=timezone.localdate(),
        note="Zinnober note", welcomed_on=timezone.localdate(), by=lena,
    )  # fmt: skip
    said = {"confirmed_on": timezone.localdate(), "confirmed_by": marcus}
    SchoolProfile.objects.create(school=arts, parking="Behind the hall", **said)
    group = make_group("Zinnober group", members=[percy])
    planned = {"starts_on": next_school_day(), "starts_time": time(9), "ends_time": time(15)}
    for title, kind in (("Zinnober title", Kind.TRAINING_DAY), ("Zinnober", Kind.SUPERVISION)):
        of_group = {"group": group} if kind == Kind.SUPERVISION else {}
        make_booking(make_session(title, kind=kind, **planned, **of_group), percy,
                     state=Booking.State.COMING)  # fmt: skip
    PlacementChange.objects.create(
        placement=placed, state="paused", effective_on=placed.starts_on, reason="leader", by=lena
    )
    elsewhere = make_school("Zinnober School")
    make_partnership(elsewhere, notes="Zinnober agreement")
    other = make_placement(Participation.objects.get(person=olive), elsewhere)
    make_opening(elsewhere, other.participation.cohort, essentials="Zinnober post")
    Clash.objects.create(school=elsewhere, day=next_school_day(), text="Zinnober", told_by=lena)
    thought = make_participation(make_person("Zinnober Proposed"))
    make_placement(thought, arts, state="proposed")
    return placed


def next_school_day() -> date:
    """The next day in a term on which schools work."""
    from dlp.calendar import is_school_day

    day = timezone.localdate() + 2 * DAY
    while not is_school_day(day):
        day += DAY
    return day


def test_a_lead_finds_what_is_theirs_and_nothing_else(client, marcus, busy, arts, olive):
    pages = crawl(client, marcus)

    everything = "\n".join(pages.values())
    assert {
        "/our-dates/",
        f"/our-schools/{arts.pk}/",
        f"/schools/{arts.pk}/to-know/",
        busy.get_absolute_url(),
        reverse("placements:day_one", args=[busy.pk]),
        reverse("home:handover", args=[Handover.objects.get().pk]),
        reverse("placements:agreement", args=[arts.partnerships.get(state="active").pk]),
    } <= pages.keys()
    for word in ("Percy Adeyemi", "Behind the hall", "Out 1 day", "Download the agreement"):
        assert word in everything, word
    for word in ("innober", "Olive", "The leader ended it", "Ruth"):
        where = [address for address, text in pages.items() if word in text]
        assert not where, (word, where)
    rooms = ("/our-", "/placements/", "/schools/", "/handovers/", "/reviews/")
    ours = [text for address, text in pages.items() if address == "/" or address.startswith(rooms)]
    assert len(ours) >= 6
    assert not any("upervision" in text for text in ours)


def test_a_lead_of_two_schools_chooses_and_sees_both_on_one_calendar(client, marcus, arts, percy):
    other = make_school("Moorside Bank School")
    make_contact(other, marcus)
    grace = make_person("Grace Okoro")
    for person, school in ((percy, arts), (grace, other)):
        times = person.participations.first() or make_participation(person)
        make_placement(times, school)
        planned = {"starts_on": next_school_day(), "starts_time": time(9), "ends_time": time(15)}
        make_booking(make_session(**planned), person, state=Booking.State.COMING)

    assert "Moorside Bank School" in page(client, marcus, "home:our_schools")
    is_next = "next" if f"/{next_school_day()}" not in dates_of(client, marcus) else ""
    text = page(client, marcus, "home:our_dates", term=is_next)
    assert "Grace Okoro: out 1 day this term" in text
    assert f"{arts.pk}:{next_school_day()}" in text
    assert f"{other.pk}:{next_school_day()}" in text
    client.post(
        f"{reverse('home:our_dates')}?term={is_next}",
        {"when": f"{other.pk}:{next_school_day()}", "text": "Mock exams."},
    )
    assert Clash.objects.get().school == other
    refused = client.post(reverse("home:our_dates"), {"when": "1:2020-01-01", "text": "Kept"})
    assert "Choose one of the days." in refused.content.decode()
    assert "Kept" in refused.content.decode()


def dates_of(client: Client, person: Person) -> str:
    return page(client, person, "home:our_dates").replace(":20", "/20")


def test_pages_of_a_school_ask_no_more_with_more_there(client, lena, marcus, arts, busy, cohort):
    make_plan_item(busy.participation, "review-termly", due_on=timezone.localdate() + DAY)
    handover = Handover.objects.get()
    asked = {
        "home:home": (marcus,),
        "home:our_dates": (marcus,),
        "home:our_school": (marcus, arts.pk),
        "home:handover": (marcus, handover.pk),
        "home:school": (lena, arts.pk),
        "home:school_timeline": (lena, arts.pk),
        "placements:day_one": (marcus, busy.pk),
    }
    few = {name: queries(client, args[0], name, *args[1:]) for name, args in asked.items()}
    for number in range(5):
        person = make_person(f"Leader {number}")
        make_placement(make_participation(person, cohort), arts)
        make_booking(make_session(starts_on=next_school_day()), person)
        gone = SchoolContact.objects.create(
            school=arts, name=f"Lead {number}", ends_on=timezone.localdate() - DAY
        )
        Handover.objects.create(school=arts, contact_left=gone, opened_on=timezone.localdate())
        day = next_school_day() + number * DAY
        Clash.objects.create(school=arts, day=day, text="Mocks", told_by=marcus)

    many = {name: queries(client, args[0], name, *args[1:]) for name, args in asked.items()}

    for name in asked:
        assert len(many[name]) <= len(few[name]) <= 12, (name, many[name])
        texts = [without_values(sql) for sql in many[name]]
        assert max(map(texts.count, texts)) <= 2, name


def test_everything_that_happened_at_a_school_stands_on_its_timeline(client, lena, busy, arts):
    text = page(client, lena, "home:school_timeline", arts.pk)

    for said in (
        "Agreement active.",
        "Dora Before is written down as Host lead.",
        "Placement of Percy Adeyemi paused from",
        "What to know on day one: parking.",
        "Welcome call to whoever follows.",
    ):
        assert said in text, said
    assert "Agreement active." not in page(
        client, lena, "home:school_timeline", arts.pk, kind="contacts"
    )
