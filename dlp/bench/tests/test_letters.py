"""That the bench of the outbox sends what it says, three ways, and ends as others read it."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from dlp.bench.letters import Turn, conclusions, reminders, shares
from dlp.bench.loops import BARE_TABLES, LOOPS, written
from dlp.drill.programme import make_people
from dlp.drill.relay import ChaosRelay
from dlp.outbox import operations
from dlp.outbox.clock import database_now
from dlp.outbox.models import Message
from dlp.outbox.watch import invariants

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", LOOPS)
def test_each_way_sends_the_same_letters(way):
    with connection.cursor() as cursor:
        cursor.execute(BARE_TABLES)
    letters = reminders(make_people(3), 5)
    operations.add(letters, now=database_now())

    with ChaosRelay() as relay:
        LOOPS[way](relay.url, letters)()

    assert sorted(to for to, _ in relay.taken) == sorted(one.person.email for one in letters)
    assert {content.count(b"text/calendar") for _, content in relay.taken} == {1}
    if way == "ours":
        assert Message.objects.filter(state="sent").count() == 5
        assert invariants.sent_in_part().count() == 0


def test_a_letter_of_the_bench_is_as_large_as_it_says():
    (letter,) = reminders(make_people(1), 1)

    assert 5_000 < len(written(letter)) < 10_000


@pytest.mark.parametrize(("number", "parts"), [(3, 3), (10_000, 10), (1_234, 10)])
def test_letters_are_shared_out_over_the_turns(number, parts):
    assert sum(shares(number)) == number
    assert len(shares(number)) == parts


def test_the_last_line_is_as_others_read_it():
    said = conclusions([Turn(80, 100, 900), Turn(45, 50, 900), Turn(10, 100, 900)])

    assert re.fullmatch(r"\n?ratio: 0\.80", said[-1])
