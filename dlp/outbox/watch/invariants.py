"""Invariants of the outbox, true at every moment, whatever was killed (messages.md 2.3).

Each is a sentence and the letters that break it. The drill checks them after every fault, and
`manage.py check_outbox` at any time.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from dlp.outbox.kinds import Priority
from dlp.outbox.models import Attempt, Message
from dlp.outbox.models.states import OPEN_STATES, State
from dlp.outbox.plans import subjects, sweeping

Outcome = Attempt.Outcome
ARRIVED = (Outcome.SENT, Outcome.FOUND, Outcome.DECIDED)
"""The relay said so, its log did, or somebody who had asked."""
SHOWN = 5
REAPED_WITHIN = timedelta(minutes=2)
EXPIRED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Broken:
    """How many letters break an invariant, and which are the first of them."""

    count: int
    examples: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One invariant as it was found: its name, its sentence, and what breaks it."""

    name: str
    sentence: str
    broken: Broken

    @property
    def holds(self) -> bool:
        return not self.broken.count

    def __str__(self) -> str:
        if self.holds:
            return f"{self.name:4} holds   {self.sentence}"
        shown = "".join(f"\n               {key}" for key in self.broken.examples)
        return f"{self.name:4} BROKEN  {self.sentence} Not so: {self.broken.count}.{shown}"


def sent_twice() -> QuerySet[Message]:
    """A unique key keeps the rows apart; this looks at how often one row was sent."""
    sent = Count("tries", filter=Q(tries__outcome__in=[Outcome.SENT, Outcome.FOUND]))
    return Message.objects.annotate(times=sent).filter(times__gt=1, possible_duplicate=False)


def sent_in_part() -> QuerySet[Message]:
    whole = Q(accepted_at__isnull=False, frozen_at__isnull=False, data_started_at__isnull=False)
    in_time = Q(data_started_at__lt=F("not_after"), accepted_at__gte=F("data_started_at"))
    return Message.objects.filter(state=State.SENT).exclude(whole & in_time & ~Q(message_id=""))


def told_of_what_was_called_off() -> QuerySet[Message]:
    """Calling off raises the revision, so a letter of that revision knew of it."""
    found = Message.objects.none()
    for subject in subjects.all_subjects():
        off = subject.rows.filter(
            subject.called_off, pk=OuterRef("subject_id"), revision=OuterRef("revision")
        )
        found |= Message.objects.filter(Exists(off), subject_kind=subject.kind)
    return found.exclude(data_started_at=None).exclude(priority=Priority.CANCELLATION)


def told_of_what_had_changed() -> QuerySet[Message]:
    """Letters of a new revision are written with their subject locked, and so is the last look.

    So once a letter of the new revision is there, none of an older one begins to leave.
    """
    newer = Message.objects.filter(
        subject_kind=OuterRef("subject_kind"),
        subject_id=OuterRef("subject_id"),
        revision__gt=OuterRef("revision"),
        created_at__lt=OuterRef("data_started_at"),
    )
    return _about_subjects().filter(Exists(newer), data_started_at__isnull=False)


def left_by_the_dead() -> QuerySet[Message]:
    return Message.objects.filter(state=State.CLAIMED, lease_until__lt=Now() - REAPED_WITHIN)


def tried_off_the_record() -> QuerySet[Message]:
    tries = Attempt.objects.filter(message=OuterRef("pk"))
    counted = Message.objects.annotate(recorded=Count("tries", filter=Q(tries__number__gt=0)))
    unsent = Q(state=State.SENT) & ~Exists(tries.filter(outcome__in=ARRIVED))
    return counted.filter(~Q(recorded=F("attempts")) | unsent)


def written_anew() -> QuerySet[Message]:
    return Message.objects.filter(frozen_at__gt=F("data_started_at"))


def kept_too_long() -> QuerySet[Message]:
    return Message.objects.filter(state__in=OPEN_STATES, not_after__lt=Now() - EXPIRED_WITHIN)


def out_of_order() -> QuerySet[Message]:
    """A calendar takes no entry whose SEQUENCE is below the one it has, and that follows the revision."""
    later = Message.objects.filter(
        recipient=OuterRef("recipient"),
        subject_kind=OuterRef("subject_kind"),
        subject_id=OuterRef("subject_id"),
        revision__gt=OuterRef("revision"),
        data_started_at__lt=OuterRef("data_started_at"),
    )
    return _about_subjects().filter(Exists(later))


def about_what_never_was() -> QuerySet[Message]:
    found = Message.objects.none()
    for subject in subjects.all_subjects():
        known = subject.rows.filter(pk=OuterRef("subject_id"), revision__gte=OuterRef("revision"))
        found |= Message.objects.filter(~Exists(known), subject_kind=subject.kind)
    return found


LETTERS: dict[str, tuple[str, Callable[[], QuerySet[Message]]]] = {
    "I1": ("No letter was sent twice, but one that says it may have been.", sent_twice),
    "I3": ("A sent letter records what left and when, and it was not too late.", sent_in_part),
    "I4": ("Nobody was asked to come to what was called off.", told_of_what_was_called_off),
    "I5": ("No letter told of what had changed before it left.", told_of_what_had_changed),
    "I6": ("No letter is held by a sender that is gone.", left_by_the_dead),
    "I7": ("Every try is on record.", tried_off_the_record),
    "I8": ("No letter was written anew once it had begun to leave.", written_anew),
    "I9": ("Nothing waits that came too late an hour ago.", kept_too_long),
    "I10": ("Nobody hears of a change before what it changed.", out_of_order),
    "I11": ("No letter tells of a change that was never made.", about_what_never_was),
}
PLANS = {
    "I2": "Every letter that is wanted is there, and no other waits.",
    "I12": "Planning a second time changes nothing.",
}


def findings() -> Iterator[Finding]:
    """Every invariant in order, as of now. Changes nothing."""
    found = {
        name: Finding(name, sentence, _first(letters()))
        for name, (sentence, letters) in LETTERS.items()
    }
    for (name, sentence), repairs in zip(PLANS.items(), sweeping.rehearse(), strict=True):
        found[name] = Finding(name, sentence, Broken(repairs))
    for number in range(1, len(found) + 1):
        yield found[f"I{number}"]


def sentence_of(name: str) -> str:
    """The sentence of an invariant, by name; the bare name if it no longer exists."""
    return LETTERS[name][0] if name in LETTERS else PLANS.get(name, name)


def broken() -> list[Finding]:
    """The invariants that are broken."""
    return [finding for finding in findings() if not finding.holds]


def _first(letters: QuerySet[Message]) -> Broken:
    count = letters.order_by().count()
    examples = letters.order_by("pk").values_list("pk", flat=True)[:SHOWN] if count else ()
    return Broken(count, tuple(examples))


def _about_subjects() -> QuerySet[Message]:
    return Message.objects.filter(
        subject_kind__in=[subject.kind for subject in subjects.all_subjects()]
    )
