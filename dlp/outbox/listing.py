"""The list of letters: which are on it, in which order, and each row as flat words.

Every tab is in an order that an index keeps, and is counted no further than its pages go, so that it
costs the same with a hundred letters as with a million.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from dlp import words
from dlp.http import addresses
from dlp.outbox import kinds, names
from dlp.outbox.models import Message
from dlp.outbox.models.messages import MessageQuerySet
from dlp.outbox.models.states import NEVER_SENT, UNTIL_RELEASED, State
from dlp.outbox.names import Key, Name
from dlp.outbox.plans import leads
from dlp.outbox.writing.reading import addressee

if TYPE_CHECKING:
    from cohorts.models import Person

PAGE_SIZE = 50
LAST_PAGE = 100
HELD = "held"
EXPORT_HEADER = (
    "Letter", "To", "About", "Reminder", "Leaves", "State", "Why", "Sent", "Tries",
    "May have come twice",
)  # fmt: skip
EXPORTED = (
    "kind", "person__full_name", "recipient", "subject_kind", "subject_id", "lead", "due_at",
    "state", "state_reason", "accepted_at", "attempts", "possible_duplicate",
)  # fmt: skip
FACTS = (
    "kind", "lead", "recipient", "subject_kind", "subject_id", "due_at", "next_attempt_at",
    "accepted_at", "held_until", "state", "state_reason", "possible_duplicate",
    "person__full_name", "person__known_as",
)  # fmt: skip


class Tab(NamedTuple):
    """A part of all letters, in the order in which one wants to read it."""

    key: str
    label: str
    caption: str
    when: str
    empty: str
    which: Callable[[MessageQuerySet], MessageQuerySet]
    order: tuple[str, ...]
    states: tuple[State, ...] = ()
    """What can be asked for within it; nothing where there is but one."""


TABS = [
    Tab(
        "",
        "Still to leave",
        "the soonest first",
        "Leaves",
        "No letter is to leave",
        MessageQuerySet.to_leave,
        ("due_at", "pk"),
        (State.PLANNED, State.CLAIMED, State.RETRY),
    ),
    Tab(
        "ours",
        "Waiting for us",
        "the most urgent first",
        "Was to leave",
        "No letter waits for us",
        MessageQuerySet.needing_staff,
        ("not_after", "pk"),
        (State.DEAD, State.UNCERTAIN),
    ),
    Tab(
        "sent",
        "Sent",
        "the latest first",
        "Sent",
        "No letter was sent yet",
        MessageQuerySet.sent,
        ("-due_at", "pk"),
    ),
    Tab(
        "not-sent",
        "Not sent",
        "the latest first",
        "Was to leave",
        "Every letter was sent, or is to be",
        MessageQuerySet.not_sent,
        ("-due_at", "pk"),
        (*NEVER_SENT, State.DEAD, State.UNCERTAIN),
    ),
    Tab(
        "all",
        "All",
        "the latest first",
        "Leaves, or left",
        "No letters yet",
        MessageQuerySet.all,
        ("-due_at", "pk"),
        tuple(State),
    ),
]
TAB = {tab.key: tab for tab in TABS}


class Entry(NamedTuple):
    """One row of the page."""

    url: str
    label: str
    lead: str
    about: Name | None
    to: str
    to_url: str
    when: str
    relative: str
    state: str
    state_label: str
    why: str
    may_be_double: bool


class LongList(Paginator):
    """Pages of a list that is counted only as far as anybody turns pages; narrower finds the rest."""

    object_list: QuerySet

    @property
    def count(self) -> int:
        """How many letters stand on its pages."""
        return min(self._found, LAST_PAGE * self.per_page)

    @property
    def has_more(self) -> bool:
        """Whether there are letters beyond its last page."""
        return self._found > LAST_PAGE * self.per_page

    @cached_property
    def _found(self) -> int:
        return self.object_list.order_by()[: LAST_PAGE * self.per_page + 1].count()


def letters(viewer: Person, asked: dict[str, Any]) -> MessageQuerySet:
    """Letters of one tab that answer to the filters: show, state, kind, person, subject, to, about."""
    tab = TAB[asked.get("show") or ""]
    found = tab.which(Message.objects.visible_to(viewer))
    if asked.get("state") == HELD:
        found = found.held()
    elif asked.get("state"):
        found = found.filter(state=asked["state"])
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    if asked.get("person"):
        found = found.filter(person=asked["person"])
    if asked.get("subject"):
        found = found.about(*asked["subject"])
    if asked.get("about"):
        found = found.filter(names.matching(viewer, asked["about"]))
    return found.to_somebody_called(asked.get("q") or "").order_by(*tab.order)


def entries(viewer: Person, found: Iterable[Message], *, query: str) -> list[Entry]:
    """Rows for the screen. `query` is that of the list, which a letter's page leads back to."""
    rows = list(found)
    about = names.of(viewer, {_subject(row) for row in rows})
    person_page = addresses("home:person")
    return [
        Entry(
            url=f"{row.get_absolute_url()}{query}",
            label=kinds.label(row.kind),
            lead=leads.in_words(row.lead),
            about=about.get(_subject(row)),
            to=str(row.person or addressee(row.recipient)),
            to_url=person_page(row.person_id) if row.person_id else "",
            when=words.moment(row.accepted_at or row.due_at),
            relative=words.from_today(row.accepted_at or row.due_at),
            state=HELD if row.is_held else row.state,
            state_label=state_label(row),
            why=why(row),
            may_be_double=row.possible_duplicate,
        )
        for row in rows
    ]


def for_entries(found: MessageQuerySet) -> MessageQuerySet:
    return found.select_related("person").only(*FACTS)


def state_label(message: Message) -> str:
    return "Held" if message.is_held else str(message.get_state_display())


def why(message: Message) -> str:
    """What more there is to say of the state a letter is in, in words."""
    if message.is_held and message.held_until and message.held_until < UNTIL_RELEASED:
        return f"Until {words.moment(message.held_until)}."
    if message.state == State.RETRY and not message.is_held:
        again = f"Tried again {words.moment(message.next_attempt_at)}."
        return f"{message.state_reason} {again}".strip()
    return message.state_reason


def export_rows(viewer: Person, found: MessageQuerySet) -> Iterator[tuple[Any, ...]]:
    """Rows for a file, streamed: one query for the letters, and two for what they are about."""
    keys = found.order_by().values_list("subject_kind", "subject_id").distinct()
    about = {key: name.words for key, name in names.of(viewer, keys).items()}
    labels, ahead = cache(kinds.label), cache(leads.in_words)
    states = {state.value: state.label for state in State}
    for (
        kind, name, recipient, subject_kind, subject_id, lead, due_at,
        state, reason, accepted_at, attempts, is_possible_duplicate,
    ) in found.values_list(*EXPORTED).iterator(chunk_size=2_000):  # fmt: skip
        yield (
            labels(kind), name or addressee(recipient), about.get((subject_kind, subject_id), ""),
            ahead(lead), due_at, states[state], reason, accepted_at, attempts,
            is_possible_duplicate,
        )  # fmt: skip


def _subject(message: Message) -> Key:
    return message.subject_kind, message.subject_id
