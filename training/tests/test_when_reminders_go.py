"""Setting when reminders go: what each kind of session gets, a trial before, and what was tried."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_person
from dlp import words
from dlp.outbox import operations
from dlp.outbox.models import LeadPolicy, Message, QuietHours
from dlp.outbox.plans import reminding, sweeping
from dlp.outbox.tests.test_pages import sign_in
from training.models import Kind, Session
from training.operations import bookings
from training.tests.factories import make_session
from training.tests.test_reminders import invited, letters, tell

pytestmark = pytest.mark.django_db

State = Message.State
REMINDERS = "outbox:reminders"


@pytest.fixture
def desk(client, lena):
    sign_in(client, lena)
    return client


def week_before() -> LeadPolicy:
    return LeadPolicy.objects.get(session_kind=Kind.TWILIGHT, days=7)


def typed(lead: LeadPolicy, **changes: object) -> dict[str, object]:
    """The form of a lead as it stands, with these answers instead."""
    answers: dict[str, object] = {
        "unit": "days" if lead.hours is None else "hours",
        "number": lead.days or lead.hours,
        "at": f"{lead.at:%H:%M}" if lead.at else "",
        "useful_until": int(lead.useful_until.total_seconds()),
        "is_on": "on",
        **changes,
    }
    return {name: answer for name, answer in answers.items() if answer is not None}


def address_of(lead: LeadPolicy) -> str:
    return reverse("outbox:lead_edit", args=[lead.pk])


def evening_session(*people: Person, days: int = 30) -> Session:
    session = make_session("Calm starts", starts_on=timezone.localdate() + timedelta(days=days))
    for person in people or [make_person()]:
        bookings.invite_person(session, person)
    tell(session)
    return session


def due(lead: str) -> set[str]:
    found = Message.objects.filter(lead=lead, state=State.PLANNED)
    return {words.moment(moment) for moment in found.values_list("due_at", flat=True)}


def everything() -> tuple[list, list]:
    return list(Message.objects.order_by("pk").values()), list(LeadPolicy.objects.values())


def test_page_says_in_words_what_each_kind_of_session_gets(desk):
    LeadPolicy.objects.filter(session_kind=Kind.TWILIGHT, hours=2).update(is_on=False)

    said = desk.get(reverse(REMINDERS)).content.decode()

    for sentence in (
        "28 days before at 09:00",
        "7 days before at 09:00",
        "1 day before at 16:00",
        "Not sent any later than 8 days before the start.",
        "Switched off",
        "Nobody is written to from 20:00 to 07:00.",
    ):
        assert sentence in said


def test_trial_says_what_a_change_would_send_and_changes_nothing(
    desk, django_capture_on_commit_callbacks
):
    session = evening_session(make_person(), make_person())
    (was,) = due("7d")
    before = everything()

    with django_capture_on_commit_callbacks() as rung:
        tried = desk.get(address_of(week_before()), typed(week_before(), number=5))

    assert everything() == before
    assert rung == []
    outcome = tried.context["outcome"]
    assert (outcome.planned, outcome.moved, outcome.called_off, outcome.soon) == (0, 2, 0, 0)
    (example,) = outcome.examples
    assert example.name.startswith("Calm starts, ")
    assert example.words.startswith("2 people get it on ")
    assert example.words.endswith(f", 09:00 instead of {was}.")
    assert session.get_absolute_url() in tried.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 5},
        {"at": "08:00"},
        {"is_on": None},
        {"unit": "hours", "number": 3, "useful_until": 3600},
        {"useful_until": 86400},
    ],
)
def test_trial_and_result_are_equal(desk, changes):
    for days in (3, 9, 20, 100):
        evening_session(make_person(), make_person(), days=days)
    lead = week_before()
    tried = desk.get(address_of(lead), typed(lead, **changes)).context["outcome"]
    before = {row.pk: row for row in Message.objects.all()}

    answer = desk.post(address_of(lead), typed(lead, **changes), follow=True)

    assert tried.said() in answer.content.decode()
    after = {row.pk: row for row in Message.objects.all()}
    shifted = [
        row.pk
        for row in after.values()
        if row.pk not in before
        or (row.state, row.due_at) != (before[row.pk].state, before[row.pk].due_at)
    ]
    planned = sum(after[pk].state == State.PLANNED for pk in shifted)
    assert planned == tried.planned + tried.moved
    assert sweeping.sweep() == 0


def test_same_steps_are_tried_and_taken():
    evening_session()
    lead = week_before()
    lead.days, lead.at = 6, time(8)

    tried = reminding.try_out(lambda: reminding.save_lead(lead))
    assert week_before()
    made = reminding.save_lead(lead)

    assert tried.total == 2
    assert sorted(map(str, tried.steps)) == sorted(map(str, made.steps))


def test_reminder_that_is_added_is_planned_and_says_what_leaves_at_once(desk):
    session = evening_session(days=9)
    long_ago = timezone.now() - timedelta(days=20)
    Message.objects.filter(state=State.SENT).update(data_started_at=long_ago)
    answers = {"session_kind": "twilight", "unit": "days", "number": 10, "at": "09:00"}
    answers |= {"useful_until": 86400, "is_on": "on"}
    tried = desk.get(reverse("outbox:lead_add"), answers)
    assert tried.context["outcome"].soon == 1

    desk.post(reverse("outbox:lead_add"), answers)
    assert LeadPolicy.objects.get(session_kind="twilight", days=10).events.get()
    assert Message.objects.about("session", session.pk).filter(lead="10d").exists()


def test_switched_off_it_is_called_off_with_the_reason_and_on_again_it_is_back(desk):
    session = evening_session()
    waiting = letters(session)

    desk.post(address_of(week_before()), typed(week_before(), is_on=None))
    off = Message.objects.get(lead="7d")
    assert (off.state, off.state_reason) == (State.CANCELLED, "This reminder is no longer given.")

    desk.post(address_of(week_before()), typed(week_before()))
    assert letters(session) == waiting


def test_what_was_reminded_of_yesterday_is_not_reminded_of_again(desk, lena):
    """A reminder that moves further ahead than one that has left is not sent on top of it."""
    session = evening_session(days=9)
    Message.objects.filter(lead="7d").update(due_at=timezone.now() - timedelta(hours=1))
    for waiting in Message.objects.filter(lead__in=["1d", "2h"]):
        operations.cancel_message(waiting, by=lena, reason="Not this time.")
    tell(session, "training.session_reminder")
    long_ago = timezone.now() - timedelta(days=20)
    Message.objects.filter(state=State.SENT).update(data_started_at=long_ago)

    tried = desk.get(address_of(week_before()), typed(week_before(), number=14)).context["outcome"]

    assert tried.soon == 0


def test_change_reaches_sessions_however_far_ahead(desk):
    evening_session(days=200)
    (before,) = due("7d")

    desk.post(address_of(week_before()), typed(week_before(), at="08:30"))

    (after,) = due("7d")
    assert after == before.replace("09:00", "08:30")


def test_quiet_hours_are_tried_and_saved(desk):
    session, _ = invited(starts_time=time(10), ends_time=time(12))
    answers = {"begins": "19:00", "ends": "08:30", "pressing_begins": "21:00"}
    answers |= {"pressing_ends": "06:00"}
    address = reverse("outbox:quiet_hours")

    tried = desk.get(address, answers)
    assert tried.context["outcome"].moved == 1
    assert due("2h") == {words.moment(session.starts_at - timedelta(hours=2))}

    desk.post(address, answers)
    assert due("2h") == {words.moment(session.starts_at - timedelta(minutes=90))}
    assert QuietHours.objects.get().events.filter(pgh_label="update").count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"number": 57}, "number", "Give at most 56 days."),
        ({"number": 0}, "number", "greater than or equal to 1"),
        ({"number": ""}, "number", "Say how many days or hours."),
        ({"unit": "hours", "number": 49}, "number", "For longer, count in days."),
        ({"at": ""}, "at", "Say at what time of day it goes."),
        ({"at": "25:99"}, "at", "Give the time as on a clock"),
        ({"useful_until": 691200}, "useful_until", "This is before the reminder itself."),
        (
            {"number": 1, "useful_until": 7200},
            "number",
            "This kind of session has that reminder already.",
        ),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    desk, changes, field, said, method
):
    lead = week_before()
    before = everything()

    page = getattr(desk, method)(address_of(lead), typed(lead, **changes))

    assert page.status_code == 200
    assert said in " ".join(page.context["form"].errors[field])
    assert page.context["outcome"] is None
    assert page.context["form"]["at"].value() == typed(lead, **changes)["at"]
    assert everything() == before


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"begins": "12:00"}, "begins"),
        ({"ends": "11:00"}, "ends"),
        ({"begins": "late"}, "begins"),
        ({"begins": "21:00", "pressing_begins": "20:00"}, "pressing_begins"),
        ({"ends": "06:00", "pressing_ends": "07:00"}, "pressing_ends"),
    ],
)
def test_quiet_hours_that_cannot_be_are_refused_at_their_field(desk, answers, field):
    usual = {"begins": "20:00", "ends": "07:00", "pressing_begins": "22:00"}
    page = desk.post(reverse("outbox:quiet_hours"), {**usual, "pressing_ends": "06:00", **answers})

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert str(QuietHours.objects.get()) == "20:00 to 07:00"


def test_who_may_only_read_looks_and_sets_nothing(client):
    rita = make_person("Rita Stone", is_staff=True)
    rita.groups.add(Group.objects.get(name="Read only"))
    sign_in(client, rita)

    assert "Add a reminder" not in client.get(reverse(REMINDERS)).content.decode()
    assert client.get(address_of(week_before())).status_code == 403
    assert client.post(address_of(week_before()), {}).status_code == 403


def test_more_letters_take_no_more_queries_to_try(desk):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(address_of(week_before()), typed(week_before(), number=5))
        return len(captured)

    evening_session()
    queries()
    for_one = queries()
    for _ in range(4):
        evening_session(*(make_person() for _ in range(5)))

    assert queries() == for_one
