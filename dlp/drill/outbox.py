"""bin/drill outbox: letters leave while everything around them breaks; then they are counted."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from celery import current_app
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from dlp.drill import servers, verdict
from dlp.drill.changes import Programme
from dlp.drill.relay import ChaosRelay
from dlp.drill.relay_faults import RelayFaults
from dlp.drill.senders import LoopForker, Senders
from dlp.outbox.delivery import doorbell, housekeeping
from dlp.outbox.models import Message, RelayState
from dlp.outbox.models.states import WAITING_STATES, State

TICK = 0.25
CRASH_EVERY = 20.0
RINGS = 3
"""How often each bell is rung: doorbells may repeat themselves."""
BELLS = ("dlp.outbox.tasks.ring", "dlp.outbox.tasks.reap")
COMES_TO_REST_WITHIN = 180.0


@dataclass(frozen=True)
class Plan:
    """The options of the drill."""

    messages: int
    seconds: float
    kills: int
    seed: int
    senders: int


def drill_outbox(plan: Plan, relay: ChaosRelay, faults: RelayFaults) -> bool:
    """Break things as planned, wait until all is quiet, count and print.

    Returns whether every letter came exactly once.
    """
    chance = random.Random(plan.seed)  # noqa: S311
    call_command("migrate", verbosity=0)
    programme = Programme(plan.messages, chance)
    relay.unknown = {programme.nobody}
    forker = LoopForker()
    try:
        with relay:
            senders = Senders(plan.senders, forker, chance)
            break_things(plan, programme, senders, chance)
            senders.kill_all()
            faults.are_off = True
            come_to_rest(relay, plan, forker)
            found = verdict.count(relay.taken)
    finally:
        forker.close()
    print(*verdict.in_words(found, senders.kills), sep="\n", flush=True)
    return found.is_good


def break_things(plan: Plan, programme: Programme, senders: Senders, chance: random.Random) -> None:
    """Run all events, each at its moment or as soon after it as possible."""
    began = time.monotonic()
    for at, event in sorted(events(plan, programme, senders, chance), key=lambda pair: pair[0]):
        while (wait := began + at - time.monotonic()) > 0:
            time.sleep(min(wait, TICK))
            let_minutes_pass()
            ring()
        event()
    senders.count_dead()


def events(
    plan: Plan, programme: Programme, senders: Senders, chance: random.Random
) -> Iterator[tuple[float, Callable[[], None]]]:
    """What happens, and when: changes throughout, half of the kills at random, some crashes."""
    for _ in range(programme.steps_left):
        yield chance.uniform(0, plan.seconds * 0.9), programme.step
    for number in range(plan.kills):
        kill = senders.start_doomed if number % 2 else senders.kill_one
        yield chance.uniform(0, plan.seconds), kill
    for _ in range(max(1, round(plan.seconds / CRASH_EVERY))):
        yield chance.uniform(0, plan.seconds), servers.crash_postgres
        yield chance.uniform(0, plan.seconds), servers.crash_valkey


def come_to_rest(relay: ChaosRelay, plan: Plan, forker: LoopForker) -> None:
    """With no sender and a quiet relay, time may be advanced; then new senders finish the work."""
    deadline = time.monotonic() + COMES_TO_REST_WITHIN
    while relay.open_connections:
        time.sleep(TICK)
    let_hours_pass()
    senders = Senders(plan.senders, forker, random.Random(plan.seed))  # noqa: S311
    while housekeeping.housekeep().resolved or verdict.left_behind():
        if time.monotonic() > deadline:
            break
        let_minutes_pass()
        ring()
        time.sleep(TICK)
    senders.kill_all()


def let_minutes_pass() -> None:
    """Letters waiting for another try need not wait, and the relay is no longer crowded."""
    try:
        waiting = Message.objects.filter(state__in=WAITING_STATES, due_at__lte=Now())
        waiting.filter(next_attempt_at__gt=Now()).update(next_attempt_at=Now())
        RelayState.objects.exclude(crowded_until=None).update(crowded_until=None)
    except servers.AWAY:
        connection.close()


def let_hours_pass() -> None:
    """Leases of dead senders expire, and letters without an answer are old enough to resolve.

    Only while nobody sends.
    """
    Message.objects.filter(state=State.CLAIMED).update(lease_until=Now())
    housekeeping.housekeep()
    silent = Message.objects.filter(state=State.UNCERTAIN)
    silent.update(updated_at=F("updated_at") - timedelta(hours=1))


def ring() -> None:
    """Ring both bells, several times; a broker that is down is ignored."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [doorbell.CHANNEL])
        for task in BELLS * RINGS:
            current_app.send_task(task, retry=False, expires=doorbell.EXPIRES_SECONDS)
    except servers.AWAY:
        connection.close()
    except (OperationalError, RedisError, OSError):
        return
