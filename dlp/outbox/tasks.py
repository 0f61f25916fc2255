"""Celery tasks. Each may run never, once or many times: all data is in the table."""

from __future__ import annotations

from functools import cache

from celery import shared_task

from dlp.outbox.delivery import housekeeping, sending
from dlp.outbox.delivery.rounds import Rounds
from dlp.outbox.models import SenderRound
from dlp.outbox.plans import sweeping
from dlp.outbox.watch import jobs

RING_SECONDS = 20.0


@cache
def _rounds() -> Rounds:
    """This worker's own record of rounds."""
    return Rounds(SenderRound.Ringer.CELERY)


@shared_task(expires=25, soft_time_limit=240, time_limit=300)
def ring() -> None:
    """Send what is due for a while; the next ring continues, so a worker can stop soon."""
    sending.drain(seconds=RING_SECONDS, round_ended=_rounds().ended)


@shared_task(expires=55, soft_time_limit=60, time_limit=90)
def reap() -> None:
    """Release letters of dead senders, close what is too late, erase used secrets."""
    housekeeping.housekeep()


@shared_task(expires=290, soft_time_limit=240, time_limit=300)
def sweep() -> None:
    """Compare what should be planned with what is."""
    sweeping.sweep()


@shared_task(expires=890, soft_time_limit=600, time_limit=900)
def check_invariants() -> None:
    """Once a night, check the invariants of the outbox."""
    jobs.check_invariants()
