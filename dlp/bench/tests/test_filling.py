"""What the bench fills a database with: as much as it says, and nothing that the rules forbid."""

from __future__ import annotations

from collections import Counter

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.operations.settling import standing_of
from cohorts.standing import Plan, in_force, replay, steps_of
from dlp.bench.filling.programme import fill
from dlp.outbox.models import Message
from placements.models import Placement
from training.models import Booking, Session

pytestmark = pytest.mark.django_db


def test_a_small_programme_keeps_to_every_rule_and_proportion():
    fill(130)

    connection.check_constraints()
    today = timezone.localdate()
    wrong = [
        one.pk
        for one in Participation.objects.for_display()
        if replay(
            steps_of(in_force(one.changes.all())),
            today,
            Plan(one.cohort.starts_on, one.cohort.ends_on),
        )
        != standing_of(one)
    ]
    leaders = Participation.objects.count()
    sessions = Counter(Booking.objects.values_list("session", flat=True))
    assert not wrong
    assert Person.objects.get_queryset().count() == 132
    assert 100 <= leaders <= 110
    assert 9 <= Booking.objects.count() / 130 <= 12
    assert 1.9 <= Placement.objects.count() / leaders <= 2
    assert max(sessions.values()) == 100
    assert Session.objects.filter(register_closed_at=None).exists()


def test_every_row_has_the_history_that_its_triggers_would_have_written():
    fill(30)

    for event in (one for one in apps.get_models() if getattr(one, "pgh_tracked_model", None)):
        key = event.pgh_tracked_model._meta.pk.attname
        told = {getattr(row, key): row for row in event.objects.order_by("pgh_id")}
        columns = [one.attname for one in event._meta.fields if not one.name.startswith("pgh_")]
        for row in event.pgh_tracked_model._base_manager.all():
            last = told[row.pk]
            assert [getattr(last, one) for one in columns] == [getattr(row, one) for one in columns]


def test_letters_are_about_sessions_that_there_are():
    fill(30)

    about = set(Message.objects.values_list("subject_id", flat=True))
    assert about
    assert about <= set(Session.objects.values_list("pk", flat=True))


def test_filling_again_adds_what_is_missing_and_no_more():
    fill(20)
    before = set(Person.objects.get_queryset().values_list("email", flat=True))

    fill(20)
    fill(40)

    after = set(Person.objects.get_queryset().values_list("email", flat=True))
    assert before < after
    assert len(after) == 42
