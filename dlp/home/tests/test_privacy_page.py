"""What the page about privacy says of who sees what, held against what each of them is shown."""

from __future__ import annotations

from datetime import time, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.tests.factories import make_person
from placements.models import Placement, School, SchoolContact
from placements.tests.factories import make_placement
from training.models import Booking, Kind, Session
from training.tests.factories import make_booking, make_group, make_past, make_session

pytestmark = pytest.mark.django_db

NAME, MAIL, PHONE, TRN = "Percy Adeyemi", "percy@example.org", "020 7946 0999", "7654321"
REASON, MARK, ANSWER = "A governors’ meeting", "Left early", "Not coming"
TITLE, ROLE, COHORT, SCHOOL = "Calling home", "Associate Leader", "2026 Cohort", "The ArtsXchange"
LEAD_MAIL, LEAD_PHONE = "marcus@example.org", "020 7946 0111"
SUPERVISOR = "Ruth Adler"

SAID = {
    "Whoever leads a session": (
        {NAME, ANSWER, REASON, MARK, SCHOOL, TITLE},
        {MAIL, PHONE, TRN, ROLE},
    ),
    "Your supervisor": ({NAME, ANSWER, REASON, MARK, SCHOOL}, {MAIL, PHONE, TRN, ROLE, TITLE}),
    "Your supervision group": (
        {NAME},
        {ANSWER, REASON, MARK, SCHOOL, MAIL, PHONE, TRN, ROLE, TITLE},
    ),
    "Other leaders": (set(), {NAME, ANSWER, REASON, MARK, MAIL, PHONE, TRN}),
    "Your school": (
        {NAME, ROLE, COHORT, SCHOOL, "Programme"},
        {ANSWER, REASON, MARK, MAIL, PHONE, TRN, TITLE, SUPERVISOR},
    ),
    "You": (
        {NAME, ROLE, COHORT, SCHOOL, TITLE, MARK, REASON, LEAD_MAIL, LEAD_PHONE},
        set(),
    ),
    "Programme staff": ({NAME, ANSWER, REASON, MARK, MAIL, PHONE, TRN, ROLE, COHORT, TITLE}, set()),
}
"""Of each of whom the page speaks: what they see of Percy, and what they do not."""


@pytest.fixture
def placement(percy: Person, marcus: Person) -> Placement:
    """Percy with all that is kept about him, placed at Marcus's school."""
    Person.objects.filter(pk=percy.pk).update(phone=PHONE, trn=TRN)
    SchoolContact.objects.filter(person=marcus).update(phone=LEAD_PHONE)
    school = School.objects.get(name=SCHOOL)
    return make_placement(Participation.objects.get(person=percy), school)


@pytest.fixture
def people(
    placement: Placement, percy: Person, marcus: Person, lena: Person, olive: Person
) -> dict[str, Person]:
    facilitator, supervisor = make_person("Sunita Patel"), make_person(SUPERVISOR)
    fellow = make_person("Rosa Delgado")
    group = make_group(supervisor=supervisor, members=[percy, fellow])
    asked = {"starts_on": timezone.localdate() + timedelta(days=3)}
    times = {"starts_time": time(9), "ends_time": time(15)}
    kinds = [
        {"title": TITLE, "kind": Kind.TRAINING_DAY, "facilitators": [facilitator]},
        {"title": "Supervision", "kind": Kind.SUPERVISION, "group": group},
    ]
    for fields in kinds:
        ahead = make_session(**fields, **asked, **times)
        again = make_session(**fields, starts_on=asked["starts_on"] + timedelta(days=7), **times)
        past = make_past(**fields)
        refused = make_booking(ahead, percy, state=Booking.State.NOT_COMING)
        Booking.objects.filter(pk=refused.pk).update(reply_reason=REASON)
        make_booking(again, percy, state=Booking.State.COMING)
        make_booking(past, percy, state=Booking.State.COMING, attendance="left_early")
        for session in (ahead, again, past):
            make_booking(session, fellow if session.group else make_person())
    make_booking(Session.objects.filter(title=TITLE).first(), olive)
    return {
        "Whoever leads a session": facilitator,
        "Your supervisor": supervisor,
        "Your supervision group": fellow,
        "Other leaders": olive,
        "Your school": marcus,
        "You": percy,
        "Programme staff": lena,
    }


def everything(client, viewer: Person, percy: Person, placement: Placement) -> str:
    """The words of every page about Percy that opens for this person."""
    pages = [
        reverse("home:home"),
        reverse("training:calendar"),
        placement.get_absolute_url(),
        percy.get_absolute_url(),
        *(
            group.get_absolute_url()
            for group in {one.group for one in Session.objects.all()}
            if group
        ),
    ]
    for session in Session.objects.all():
        pages += [session.get_absolute_url(), reverse("training:register", args=[session.pk])]
    client.force_login(viewer)
    answers = [client.get(path) for path in pages]
    return " ".join(unescape(one.content.decode()) for one in answers if one.status_code == 200)


@pytest.mark.parametrize("who", SAID)
def test_each_sees_of_somebody_what_the_page_says(client, people, percy, placement, who):
    sees, sees_not = SAID[who]

    shown = everything(client, people[who], percy, placement)

    assert [word for word in sees if word not in shown] == []
    assert [word for word in sees_not if word in shown] == []


@pytest.mark.parametrize("who", SAID)
def test_the_page_speaks_of_each(client, who):
    words = client.get(reverse("privacy")).content.decode()

    assert who.lower() in words.lower()


def test_the_cookies_are_those_that_the_page_counts(client, lena, percy):
    client.force_login(lena)
    client.get(reverse("cohorts:person_add"))
    client.post(reverse("cohorts:person_invite", args=[percy.pk]))

    assert {name.removeprefix("__Host-") for name in client.cookies} == {
        "session",
        "csrf",
        "messages",
    }
    assert "Three, and all are needed" in client.get(reverse("privacy")).content.decode()
