"""What staff read about a message to many: what each person gets, and how it went."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Min
from django.utils.safestring import SafeString

from dlp import words
from dlp.outbox.letters import PLACEHOLDERS, letter_to
from dlp.outbox.mailing.audiences import Recipients
from dlp.outbox.mailing.mailings import letters_of
from dlp.outbox.models import Mailing, Message
from dlp.outbox.models.states import NEEDING_STAFF, NEVER_SENT, State
from dlp.outbox.writing.wording import Words, fill
from dlp.text import without_keys

if TYPE_CHECKING:
    from cohorts.models import Person


class Entry(NamedTuple):
    """One row of the list of messages to many."""

    url: str
    subject: str
    whom: str
    by: str
    when: str
    state: str
    state_label: str


class Tried(NamedTuple):
    """What one real person would get."""

    who: str
    name: str
    subject: str
    text: str


class Outcome(NamedTuple):
    """So many letters that came to the same end, for the same reason."""

    state: str
    label: str
    reason: str
    number: int


class Went(NamedTuple):
    """How it has gone so far. `leaves_at` is when the first waiting letter leaves."""

    sent: int
    waiting: int
    for_us: int
    not_sent: list[Outcome]
    leaves_at: datetime | None

    @property
    def people(self) -> int:
        return self.sent + self.waiting + self.for_us + sum(one.number for one in self.not_sent)


class Written(NamedTuple):
    subject: str
    html: SafeString


def entries(mailings: Iterable[Mailing]) -> list[Entry]:
    return [
        Entry(
            one.get_absolute_url(),
            one.subject,
            one.whom,
            str(one.sent_by or one.written_by),
            words.moment(one.sent_at or one.written_at),
            one.state,
            one.get_state_display(),
        )
        for one in mailings
    ]


def tried_on(mailing: Mailing, found: Recipients, sender: Person) -> list[Tried]:
    """The first of them, the longest name, and one with one name alone: each once."""
    if not found.going:
        return []
    one_name = (person for person in found.going if " " not in person.name)
    chosen = {
        found.going[0]: "The first on the list",
        max(found.going, key=lambda person: len(person.name)): "The longest name",
        next(one_name, found.going[-1]): "The last on the list",
    }
    said = Words(mailing.subject, mailing.body)
    letters = ((who, person, letter_to(person, sender, said)) for person, who in chosen.items())
    return [
        Tried(who, person.name, letter.subject, without_keys(letter.text))
        for who, person, letter in letters
    ]


def as_written(mailing: Mailing) -> Written:
    """The text with its placeholders still in it."""
    said = Words(mailing.subject, mailing.body)
    filled = fill(said, {one.name: str(one) for one in PLACEHOLDERS})
    return Written(mailing.subject, filled.html)


def how_it_went(mailing: Mailing) -> Went:
    """Counts by state and reason, in one query."""
    rows = list(
        letters_of(mailing)
        .order_by("state", "state_reason")
        .values_list("state", "state_reason")
        .annotate(number=Count("pk"), first=Min("due_at"))
    )

    def number(states: Iterable[str]) -> int:
        return sum(count for state, _, count, _ in rows if state in states)

    return Went(
        sent=number({State.SENT}),
        waiting=number(Message.OPEN_STATES),
        for_us=number(NEEDING_STAFF),
        not_sent=[
            Outcome(state, State(state).label, reason, count)
            for state, reason, count, _ in rows
            if state in NEVER_SENT
        ],
        leaves_at=min(
            (at for state, _, _, at in rows if state in Message.OPEN_STATES), default=None
        ),
    )
