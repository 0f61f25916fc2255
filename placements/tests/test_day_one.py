"""The day-one pack: its page, its letter, and what staff are told is lacking."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_cohort, make_participation, make_person
from dlp.attention import lines_for
from dlp.calendar import working_day_on_or_before
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.plans import sweeping
from dlp.outbox.tests.factories import deliver
from placements.day_one.planning import PACK
from placements.models import Placement
from placements.operations import placements
from placements.operations.days import change_days
from placements.operations.placing import place
from placements.operations.profiles import write_profile
from placements.tests.factories import (
    make_contact,
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


def starting(days: int, state: str = "accepted", name: str = "Ada Fenwick") -> Placement:
    """Somebody to start at a partner school in so many days."""
    today = timezone.localdate()
    cohort = make_cohort(starts_on=today - 30 * DAY, ends_on=today + 700 * DAY)
    ada = make_participation(make_person(name), cohort)
    school = make_school("Harbour Lane School")
    make_partnership(school)
    make_contact(school, name="Marcus Bell", email="marcus@example.org")
    first = today + days * DAY
    return make_placement(ada, school, starts_on=first, ends_on=cohort.ends_on, state=state)


def letters(kind: str, *, state: str = "planned") -> list[Message]:
    return list(Message.objects.filter(kind=kind, state=state))


def move_start(placement: Placement, days: int) -> Placement:
    return change_days(
        placement,
        starts_on=placement.starts_on + days * DAY,
        ends_on=placement.ends_on,
        because="Their term begins later.",
    )


def send(kind: str, settings: Any) -> str:
    """Let the one that waits be due now, and send it; what it says."""
    (letter,) = letters(kind)
    Message.objects.move([(letter.pk, timezone.now() - DAY, letter.not_after)])
    (sent,) = deliver(settings)
    return " ".join(sent.get_body(("plain",)).get_content().split())


def test_the_pack_leaves_at_nine_on_the_last_working_day_before_the_start():
    placement = placements.confirm(starting(20))

    (letter,) = letters(PACK)
    before = working_day_on_or_before(placement.starts_on - DAY)
    assert letter.due_at.astimezone(LONDON) == datetime(
        before.year, before.month, before.day, 9, tzinfo=LONDON
    )
    placement = move_start(placement, 7)
    assert [one.lead for one in letters(PACK)] == [str(placement.starts_on)]
    assert sweeping.sweep() == 0
    placements.withdraw(placement, reason="school")
    assert not letters(PACK)


def test_whoever_has_the_pack_is_told_of_another_day(settings):
    settings.QUIET_HOURS = False
    placement = placements.confirm(starting(6))
    assert "Not known yet: when the day starts" in send(PACK, settings)

    placement = move_start(placement, 14)
    assert [one.lead for one in letters(PACK)] == [str(placement.starts_on)]
    [to_ada] = [one for one in deliver(settings) if "Ada" in one["To"]]
    assert to_ada["Subject"].strip().startswith("Your days at Harbour Lane School are now ")

    placements.withdraw(placement, reason="school")
    assert not letters(PACK)


def test_a_start_that_is_agreed_late_sends_the_pack_at_once(lena):
    today = timezone.localdate()
    cohort = make_cohort(starts_on=today - 30 * DAY, ends_on=today + 700 * DAY)
    opening = make_opening(cohort=cohort)
    tom = make_participation(make_person("Tom Okafor", email="tom@example.org"), cohort)

    place(opening, tom, starts_on=today + DAY, by=lena)

    (letter,) = letters(PACK)
    assert letter.not_after.astimezone(LONDON).date() == today + DAY
    assert letter.due_at <= timezone.now() + DAY


def test_the_pack_says_what_is_known_and_whom_to_ask_about_the_rest(client, lena, marcus, olive):
    placement = placements.confirm(starting(9))
    write_profile(
        placement.school,
        values={"met_by": "Pat Lowe, <office>", "lunch": "Staff canteen"},
        by=lena,
    )

    letter = " ".join(kinds.get(PACK).render(letters(PACK)[0]).text.split())
    assert "Pat Lowe, <office>" in letter
    assert "Not known yet: when the day starts, where to report" in letter
    assert "Ask Marcus Bell." in letter
    ada = placement.participation.person
    for person, code in ((ada, 200), (lena, 200), (marcus, 404), (olive, 404)):
        client.force_login(person)
        answer = client.get(reverse("placements:day_one", args=[placement.pk]))
        assert answer.status_code == code
        if code == 200:
            text = answer.content.decode()
            assert "Pat Lowe, &lt;office&gt;" in text
            assert "Ask Marcus Bell about parking." in text


def lacking(person: Person) -> list[str]:
    lines = lines_for(person, timezone.localdate())
    return [line.detail for line in lines if "needs on day one" in line.title]


def test_staff_see_ten_days_before_what_a_first_day_lacks(lena):
    starting(11, state="confirmed", name="Tom Okafor")
    soon = starting(10, state="confirmed")

    (detail,) = lacking(lena)
    assert "Not known: when the day starts, where to report, who meets you, and 8 more." in detail
    told = dict.fromkeys(("report_to", "met_by", "dress", "parking", "lunch", "access"), "x")
    write_profile(soon.school, values={**told, "arrive_at": "08:00"}, by=lena)
    (detail,) = lacking(lena)
    assert "who leads on safeguarding and what to do in an incident." in detail
    rest = dict.fromkeys(("keys", "bring", "safeguarding_lead", "incident"), "x")
    write_profile(soon.school, values=rest, by=lena)
    assert not lacking(lena)
