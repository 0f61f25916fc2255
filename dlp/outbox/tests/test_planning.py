"""The plan against what is there."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db import DataError, transaction
from django.utils import timezone

from dlp.calendar import wall
from dlp.outbox import operations
from dlp.outbox.clock import database_now
from dlp.outbox.delivery import claims
from dlp.outbox.models import LeadPolicy, Message, QuietHours, SweepDay
from dlp.outbox.plans import planning, sweeping
from dlp.outbox.plans.leads import Policy, ensure_defaults
from dlp.outbox.plans.planning import Letters, Plan, Wanted
from dlp.outbox.plans.sweeping import Planner
from dlp.outbox.tests.factories import CODE, NOTE, make_kind, make_message, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    make_kind()
    return make_reader()


def wanted(person, *, days=3, lead="7d", revision=1, **fields):
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    due_at = noon + timedelta(days=days)
    return Wanted(
        NOTE,
        person.pk,
        due_at + timedelta(days=1),
        due_at=due_at,
        lead=lead,
        revision=revision,
        **fields,
    )


def reconcile(*items, revision=1, reason="They left.", now=None):
    plan = Plan(1, items, revision, lambda row: reason)
    nights, now = QuietHours.objects.nights(), now or database_now()
    return planning.reconcile(Letters("session", [1], [NOTE]), [plan], nights=nights, now=now)


def planner(plan):
    """A planner of one subject that does this."""
    return Planner("notes", lambda keys: plan(), lambda until, kind: [1], lambda person: [1])


def only(planner):
    """Let no other planner take part."""
    sweeping._planners.clear()
    sweeping.register(planner)


def states():
    return {row.lead or row.kind: row.state for row in Message.objects.order_by("revision")}


def test_planning_twice_changes_nothing_the_second_time(reader):
    plan = [wanted(reader), wanted(reader, days=9, lead="1d"), wanted(reader, lead="", days=1)]

    assert reconcile(*plan).planned == 3
    before = list(Message.objects.values())
    assert reconcile(*plan).total == 0
    assert list(Message.objects.values()) == before


def test_letter_as_soon_as_possible_does_not_move_with_the_clock(reader):
    soon = Wanted(NOTE, reader.pk, timezone.now() + timedelta(days=1))

    assert reconcile(soon).planned == 1
    assert reconcile(soon, now=timezone.now() + timedelta(hours=1)).total == 0


def test_planning_costs_the_same_for_many_people(reader, django_assert_max_num_queries):
    people = [make_reader(f"p{n}@example.org") for n in range(30)]

    with django_assert_max_num_queries(7):
        assert reconcile(*(wanted(person) for person in people)).planned == 30
    with django_assert_max_num_queries(5):
        assert reconcile(*(wanted(person) for person in people)).total == 0


def test_policy_that_changed_moves_what_waits(reader):
    reconcile(wanted(reader, days=3))

    assert reconcile(wanted(reader, days=5)).moved == 1
    assert Message.objects.get().due_at == wanted(reader, days=5).due_at
    assert Message.objects.get().next_attempt_at == Message.objects.get().due_at


def test_new_revision_supersedes_what_told_of_the_old_one(reader):
    reconcile(wanted(reader))

    changes = reconcile(wanted(reader, revision=2), revision=2)

    assert (changes.planned, changes.called_off) == (1, 1)
    assert [row.state for row in Message.objects.order_by("revision")] == ["superseded", "planned"]


def test_who_left_is_not_reminded_and_who_comes_back_is(reader):
    reconcile(wanted(reader))

    assert reconcile(reason="They are no longer booked.").called_off == 1
    assert Message.objects.get().state_reason == "They are no longer booked."
    assert reconcile().total == 0

    assert reconcile(wanted(reader)).planned == 1
    assert Message.objects.get().state == "planned"
    assert reconcile(wanted(reader)).total == 0


def test_letter_cancelled_by_hand_stays_cancelled(reader):
    reconcile(wanted(reader))
    operations.cancel_message(
        Message.objects.get(), by=make_reader("lena@example.org"), reason="They know."
    )

    assert reconcile(wanted(reader)).total == 0
    assert Message.objects.get().state == "cancelled"


def test_reminder_that_another_letter_covers_is_kept_as_not_needed(reader):
    covered = wanted(reader, not_needed="The letter about the new time says it.")

    assert reconcile(covered).not_needed == 1
    assert reconcile(covered).total == 0
    assert Message.objects.get().state == "suppressed"


def test_reminder_that_would_be_of_no_use_is_not_planned(reader):
    assert reconcile(wanted(reader, days=-5)).total == 0
    assert not Message.objects.exists()


def test_plan_lets_go_of_a_letter_that_a_sender_holds(reader):
    reconcile(Wanted(NOTE, reader.pk, timezone.now() + timedelta(days=1), revision=1))
    claims.claim()

    assert reconcile().called_off == 1
    assert Message.objects.get().state == "cancelled"


def test_other_kinds_about_the_subject_are_left_alone(reader):
    make_kind("test.other")
    operations.enqueue("test.other", person=reader, subject_kind="session", subject_id=1)

    assert reconcile().total == 0


def test_every_kind_of_session_has_its_reminders():
    keys = {}
    for policy in LeadPolicy.objects.all():
        keys.setdefault(policy.session_kind, set()).add(policy.key)

    assert keys == {
        "twilight": {"7d", "1d", "2h"},
        "supervision": {"7d", "1d"},
        "residential": {"28d", "7d", "1d"},
        "training_day": {"7d", "1d"},
        "dsl_training": {"7d", "1d"},
    }


def test_lead_that_staff_switched_off_stays_off():
    LeadPolicy.objects.filter(session_kind="twilight", hours=2).update(is_on=False)

    ensure_defaults()

    starts_at = timezone.now() + timedelta(days=30)
    assert [lead.key for lead in Policy.now().leads_for("twilight", starts_at)] == ["7d", "1d"]
    assert LeadPolicy.objects.count() == 12


def test_reminders_of_a_monday_twilight_come_on_working_days():
    from dlp.calendar import instant

    monday = timezone.localdate().replace(year=2027, month=6, day=14)
    leads = Policy.now().leads_for("twilight", instant(monday, time(16)))

    assert [f"{wall(lead.due_at):%a %d %H:%M}" for lead in leads] == [
        "Mon 07 09:00",
        "Fri 11 16:00",
        "Mon 14 14:00",
    ]
    assert [f"{wall(lead.not_after):%a %d %H:%M}" for lead in leads] == [
        "Sat 12 16:00",
        "Mon 14 14:00",
        "Mon 14 15:45",
    ]


def test_sweep_counts_repairs_and_one_broken_planner_stops_no_other(reader, caplog):
    def broken(keys):
        raise ValueError

    only(Planner("broken", broken, lambda until, kind: [1], lambda person: []))
    sweeping.register(planner(lambda: reconcile(wanted(reader))))

    assert sweeping.sweep() == 1
    assert sweeping.sweep() == 0
    assert "repaired 1 letters" in caplog.text


def test_what_the_sweeps_of_a_day_repaired_is_counted(reader):
    only(planner(lambda: reconcile(wanted(reader))))

    sweeping.sweep()
    counted = SweepDay.objects.get()
    assert (counted.day, counted.runs, counted.repairs) == (timezone.localdate(), 1, 1)
    repaired_at = counted.last_repair_at

    sweeping.sweep()
    counted.refresh_from_db()
    assert (counted.runs, counted.repairs, counted.last_repair_at) == (2, 1, repaired_at)
    assert counted.last_run_at > repaired_at


def test_planned_letter_is_kept_as_it_was_given():
    make_kind(CODE, secret=True)
    name = 'O\'Neill {"x", NULL} \\ 王小明'

    kept = make_message(kind=CODE, address="ada@example.org", lead="NULL", secret={"code": name})

    assert kept.secret == {"code": name}
    assert kept.lead == "NULL"
    assert (kept.person, kept.frozen, kept.state) == (None, None, "planned")


def test_letter_that_somebody_planned_meanwhile_is_left_alone(reader):
    plans = [Plan(1, [wanted(reader, revision=number) for number in (1, 2, 3)])]
    nights, now = QuietHours.objects.nights(), database_now()
    before_the_others = Letters("session", [1], [NOTE])
    reconcile(wanted(reader, revision=1))
    before = Message.objects.values().get()

    planning.reconcile(before_the_others, plans, nights=nights, now=now)

    assert Message.objects.count() == 3
    assert Message.objects.values().get(pk=before["id"]) == before


def test_value_that_is_too_long_is_refused_and_never_cut():
    make_kind()

    with pytest.raises(DataError), transaction.atomic():
        make_message(subject_kind="session", lead="x" * 21)
