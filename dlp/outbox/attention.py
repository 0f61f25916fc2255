"""Attention lines about letters."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from dlp import words
from dlp.attention import Line
from dlp.outbox.models import Message
from dlp.outbox.watch import health
from dlp.outbox.watch.health import Pulse

if TYPE_CHECKING:
    from cohorts.models import Person


AREA = "Letters"


def lines(person: Person, today: date) -> list[Line]:
    """What is wrong with letters: a line each, from one query."""
    if not person.is_staff:
        return []
    alarms = health.alarms()
    return [
        line
        for line in (
            _refused(alarms.outage),
            _not_leaving(alarms.pulse),
            _canary(alarms.canary_is_late),
            _for_staff(alarms.for_staff),
            _too_late(alarms.too_late),
            _untrue(alarms.untrue),
        )
        if line is not None
    ]


def _refused(reason: str | None) -> Line | None:
    if reason is None:
        return None
    return Line(
        key="letters-refused",
        sign="bad",
        title="No letter can leave",
        detail=f"{reason} Letters wait, and leave by themselves once it is put right.",
        url=reverse("outbox:messages"),
        action="Look at what waits",
        area=AREA,
    )


def _not_leaving(pulse: Pulse) -> Line | None:
    """Letters do not leave. Nothing is said if no sender has ever run: then none has been started."""
    if not pulse.troubles or pulse.last_round is None:
        return None
    return Line(
        key="letters-not-leaving",
        sign="bad",
        title="Letters are not leaving",
        detail=" ".join(pulse.troubles),
        url=reverse("outbox:watch"),
        action="See how they are doing",
        area=AREA,
    )


def _canary(is_late: bool | None) -> Line | None:
    if not is_late:
        return None
    return Line(
        key="letters-canary",
        sign="bad",
        title="The last test letter to ourselves was not taken",
        detail="A letter to a mailbox of ours leaves every 15 minutes, and is taken within 5.",
        url=reverse("outbox:watch"),
        action="See how letters are doing",
        area=AREA,
    )


def _for_staff(count: int) -> Line | None:
    """Letters that were given up, or may not have arrived, and are still useful."""
    if not count:
        return None
    return Line(
        key=f"letters-waiting:{count}",
        sign="bad",
        title=f"{words.count(count, 'letter')} may not have arrived",
        detail="Given up, or broken off while being handed over.",
        url=f"{reverse('outbox:messages')}?show=ours",
        action="Look at the letters",
        area=AREA,
    )


def _too_late(count: int) -> Line | None:
    if not count:
        return None
    return Line(
        key=f"letters-too-late:{count}",
        sign="due",
        title=f"{words.count(count, 'letter')} came too late to be sent",
        detail="Each was due in the last two days, and of no more use by the time it could leave.",
        url=f"{reverse('outbox:messages')}?show=all&state={Message.State.EXPIRED}",
        action="Look at the letters",
        area=AREA,
    )


def _untrue(count: int) -> Line | None:
    if not count:
        return None
    return Line(
        key=f"letters-untrue:{count}",
        sign="bad",
        title=f"{words.count(count, 'rule')} about letters did not hold last night",
        detail="What must be true of every letter is looked at each night.",
        url=reverse("outbox:watch"),
        action="See which",
        area=AREA,
    )
