"""Comparing what the relay took with what the outbox says."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now

from dlp.drill.relay import message_id_of
from dlp.drill.senders import Kills
from dlp.outbox.models import Message
from dlp.outbox.models.states import OPEN_STATES, State
from dlp.outbox.watch import invariants
from dlp.outbox.watch.invariants import Finding

Taken = Sequence[tuple[str, bytes]]
REFUSED = 500


@dataclass(frozen=True)
class Verdict:
    """The count of letters at the end."""

    messages: int
    states: dict[str, int]
    lost: int
    duplicated: int
    flagged: int
    rewritten: int
    unknown: int
    uncertain: int
    findings: tuple[Finding, ...]

    @property
    def is_good(self) -> bool:
        is_clean = not (self.lost or self.duplicated or self.rewritten or self.unknown)
        return is_clean and all(finding.holds for finding in self.findings)


def count(taken: Taken) -> Verdict:
    """Count the letters.

    Lost is a letter that counts as sent and never arrived, or that should have left and did not. A
    letter about which nobody can tell is `uncertain`: it waits for staff, and is not lost.
    Duplicated is one that arrived more than once without being marked as possibly so.
    """
    times: Counter[str] = Counter(message_id_of(content) for _, content in taken)
    flagged_ids = set(_ids(Message.objects.filter(possible_duplicate=True)))
    twice = {key: times[key] - 1 for key in times if times[key] > 1}
    said_sent = set(_ids(Message.objects.filter(state=State.SENT)))
    due = Message.objects.order_by().exclude(state=State.PLANNED, due_at__gt=Now())
    return Verdict(
        messages=due.count(),
        states=dict(Counter(due.values_list("state", flat=True))),
        lost=len(said_sent - set(times)) + left_behind(),
        duplicated=sum(more for key, more in twice.items() if key not in flagged_ids),
        flagged=sum(more for key, more in twice.items() if key in flagged_ids),
        rewritten=_rewritten(taken),
        unknown=len(set(times) - set(_ids(Message.objects.all()))),
        uncertain=Message.objects.filter(state=State.UNCERTAIN).count(),
        findings=tuple(invariants.findings()),
    )


def left_behind() -> int:
    """Letters that are due and still here, or were given up although no relay refused them."""
    is_due = Q(state__in=OPEN_STATES, due_at__lte=Now())
    refused = Q(last_code__gte=REFUSED)
    return Message.objects.filter(is_due | Q(state=State.DEAD) & ~refused).count()


def in_words(verdict: Verdict, kills: Kills) -> list[str]:
    """The report. What others read are the lines `lost` and `duplicated`."""
    states = ", ".join(f"{number} {state}" for state, number in sorted(verdict.states.items()))
    return [
        *(str(finding) for finding in verdict.findings),
        "",
        f"messages: {verdict.messages} ({states})",
        f"kills: {kills.total} ({kills.at_random} at random, {kills.at_failpoints} at failpoints)",
        f"written anew: {verdict.rewritten}",
        f"never planned: {verdict.unknown}",
        f"uncertain left: {verdict.uncertain}",
        f"duplicated and flagged: {verdict.flagged}",
        f"lost: {verdict.lost}",
        f"duplicated: {verdict.duplicated}",
    ]


def _rewritten(taken: Taken) -> int:
    """Letters that arrived under one Message-ID with different bytes."""
    digests: defaultdict[str, set[str]] = defaultdict(set)
    for _, content in taken:
        digests[message_id_of(content)].add(hashlib.sha256(content).hexdigest())
    return sum(len(found) > 1 for found in digests.values())


def _ids(messages: object) -> list[str]:
    return list(messages.exclude(message_id="").values_list("message_id", flat=True))  # type: ignore[attr-defined]
