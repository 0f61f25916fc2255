"""What staff see of how letters are doing, and what calls them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dlp.outbox.attention import lines
from dlp.outbox.delivery import claims, relays
from dlp.outbox.models import Attempt, JobRun, Message, Outage, SenderRound, SweepDay
from dlp.outbox.tests.factories import deliver, make_message, make_reader
from dlp.outbox.watch import gauges, health

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena(db):
    return make_reader("lena@example.org", full_name="Lena Hart", is_staff=True)


def titles(person) -> list[str]:
    return [line.title for line in lines(person, timezone.localdate())]


def gauge(label: str) -> gauges.Gauge:
    return next(one for one in gauges.watch().gauges if one.label == label)


def became(state: str, **changes) -> None:
    """A letter that has come to this state."""
    message = make_message(make_reader(f"{state}@example.org"))
    claims.claim()
    Message.objects.filter(pk=message.pk).update(
        state=state, lease_token=None, lease_until=None, **changes
    )


def test_letters_that_do_not_leave_call_staff(lena):
    make_message()
    SenderRound.objects.note(SenderRound.Ringer.LOOP)
    assert titles(lena) == []

    Message.objects.update(due_at=Now() - timedelta(minutes=11), next_attempt_at=Now())
    assert titles(lena) == []  # tried meanwhile, and due again just now

    Message.objects.update(next_attempt_at=Now() - timedelta(minutes=11))
    (line,) = lines(lena, timezone.localdate())
    assert (line.title, line.detail) == (
        "Letters are not leaving",
        "A letter has been due for 11 minutes.",
    )


def test_senders_that_no_longer_come_round_call_staff(lena):
    SenderRound.objects.create(ringer="loop", ended_at=timezone.now() - timedelta(minutes=6))
    assert titles(lena) == ["Letters are not leaving"]

    SenderRound.objects.note(SenderRound.Ringer.CELERY)
    assert titles(lena) == []


def test_letters_that_came_too_late_call_staff_for_two_days(lena):
    an_hour_ago = timezone.now() - timedelta(hours=1)
    became("expired", due_at=an_hour_ago, not_after=an_hour_ago)
    assert titles(lena) == ["1 letter came too late to be sent"]

    Message.objects.update(due_at=timezone.now() - timedelta(days=3))
    assert titles(lena) == []


def test_rules_that_do_not_hold_call_staff_until_the_next_night(lena):
    now, today = timezone.now(), timezone.localdate()
    JobRun.objects.create(
        name=health.INVARIANTS,
        local_date=today - timedelta(days=1),
        started_at=now,
        ended_at=now,
        result={"checked": 12, "broken": {"I6": 2, "I9": 1}},
    )
    assert titles(lena) == ["2 rules about letters did not hold last night"]
    told = gauge("The rules that hold for every letter")
    assert told.sign == "bad"
    assert "No letter is held by a sender that is gone. Not so: 2." in told.words

    JobRun.objects.create(
        name=health.INVARIANTS,
        local_date=today,
        started_at=now,
        ended_at=now,
        result={"checked": 12, "broken": {}},
    )
    assert titles(lena) == []
    assert gauge("The rules that hold for every letter").sign == "good"


def test_alarms_are_for_staff_and_cost_one_query(lena):
    became("dead")

    with CaptureQueriesContext(connection) as captured:
        assert titles(lena) == ["1 letter may not have arrived"]
    assert len(captured) == 1
    assert titles(make_reader("olive@example.org")) == []


def test_gauges_tell_of_what_left_what_did_not_and_who_stopped(settings):
    make_message()
    deliver(settings)
    message = Message.objects.get()
    for number, outcome in enumerate(["failed", "declined", "abandoned"], start=2):
        Attempt.objects.create(message=message, number=number, outcome=outcome)

    watch = gauges.watch()

    assert watch.sent == 1
    assert gauge("The relay") == gauges.Gauge("The relay", "did not take 2 of 3 tries.", "due")
    assert gauge("Senders that stopped midway").sign == "due"
    assert sum(column.hour.troubled for column in watch.drawing.columns) == 2
    assert len(watch.drawing.columns) == 24
    assert [(one.state, one.number) for one in watch.states] == [("sent", 1)]


def test_relay_that_refuses_us_is_bad_whatever_it_took_before(settings):
    make_message()
    deliver(settings)
    relay = relays.configured_relay().name
    Outage.objects.create(relay=relay, reason="It refuses our password.", probe_at=timezone.now())

    assert gauges.watch().outage == "It refuses our password."
    assert gauge("The relay").sign == "bad"
    assert "refuses our password" in gauge("The relay").words


def test_page_begins_with_what_stops_every_letter(client, lena):
    relay = relays.configured_relay().name
    Outage.objects.create(relay=relay, reason="It refuses our password.", probe_at=timezone.now())
    client.force_login(lena)

    page = client.get(reverse("outbox:watch")).content.decode()

    assert page.index("No letter can leave") < page.index("sent in 24 hours")


def test_letter_that_has_been_uncertain_for_an_hour_is_bad():
    became("uncertain", data_started_at=Now())
    assert gauge("Letters that may have arrived").sign == "due"

    Message.objects.update(updated_at=timezone.now() - timedelta(hours=2))
    assert gauge("Letters that may have arrived").sign == "bad"


def test_repairs_of_the_plan_show_for_a_week():
    now, today = timezone.now(), timezone.localdate()
    row = {"runs": 9, "failures": 0, "last_run_at": now}
    SweepDay.objects.create(day=today - timedelta(days=8), repairs=5, **row)
    assert gauge("What is planned").sign == "good"

    SweepDay.objects.create(day=today, repairs=3, **row)
    assert gauge("What is planned").words == "was put right in 3 places within a week."


def test_silent_doorbell_is_named_while_the_other_rings():
    SenderRound.objects.note(SenderRound.Ringer.LOOP)
    SenderRound.objects.create(ringer="celery", ended_at=timezone.now() - timedelta(hours=24))

    assert gauge("The sender (outbox loop)").sign == "good"
    assert gauge("The second sender (Celery)").sign == "due"
    assert gauges.watch().pulse.troubles == []


def test_page_shows_it_to_staff_alone_in_few_queries(client, lena):
    client.force_login(lena)
    make_message()

    with CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("outbox:watch"))
    for number in range(5):
        make_message(make_reader(f"p{number}@example.org"))
    with CaptureQueriesContext(connection) as again:
        client.get(reverse("outbox:watch"))

    body = page.content.decode()
    assert "How letters are doing" in body
    assert "ada@" not in body
    assert "Okafor" not in body
    assert len(again) == len(captured) <= 14
    client.force_login(make_reader("olive@example.org"))
    assert client.get(reverse("outbox:watch")).status_code == 403
