"""The kinds of letter. Apps register them in `AppConfig.ready`; the outbox knows no app.

A kind says what it is for and for whom, and answers three questions about a message from fresh
data: what to lock while deciding, whether it is still wanted, and what it says. They are called
through `ask`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Model

from dlp.outbox.models import Message

if TYPE_CHECKING:
    from cohorts.models import Person

LAST_CALL = timedelta(hours=2)
CODE_LIFETIME = timedelta(minutes=10)
SECRETS_ERASED_AFTER = timedelta(minutes=15)
T = TypeVar("T")


class Priority(IntEnum):
    """What leaves first: lower numbers sooner."""

    SECURITY = 0
    CANCELLATION = 10
    UPDATE = 20
    LAST_CALL = 25
    PERSONAL = 30
    REMINDER = 40
    DIGEST = 50
    BULK = 60


@dataclass(frozen=True)
class CalendarPart:
    """An iCalendar object and its method, REQUEST or CANCEL, repeated in the MIME header."""

    content: bytes
    method: str


@dataclass(frozen=True)
class Letter:
    """The content of one letter.

    `reply_to` is a person's address, or empty for the programme's; `stop_link` mutes its topic, and
    is empty if there is none.
    """

    subject: str
    text: str
    html: str
    calendar: CalendarPart | None = None
    reply_to: str = ""
    stop_link: str = ""


class NotWanted(Exception):
    """Raised by `is_wanted` to say why not, in a sentence for the page of messages."""

    def __init__(self, reason: str, *, state: str = Message.State.CANCELLED) -> None:
        super().__init__(reason)
        self.state = state


class Unwritten(Exception):
    """The kind's own code failed on this letter."""


def nothing_to_lock(message: Message) -> None:
    """For letters about nothing that could change meanwhile."""


def always_wanted(message: Message) -> bool:
    return True


def for_everybody(person: Person) -> bool:
    return True


@dataclass(frozen=True)
class Topic:
    """What people may mute for a while: kinds of letter that belong together.

    `concerns` says whom they are for, so that nobody is offered to mute letters they never get.
    """

    name: str
    label: str
    concerns: Callable[[Person], bool] = field(default=for_everybody, repr=False, compare=False)


MUST_KNOW = frozenset({Priority.SECURITY, Priority.CANCELLATION, Priority.UPDATE})
"""What nobody can mute, whatever its kind says (messages.md R9)."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of letter.

    `purpose`, `audience` ("Everybody invited to the session") and `too_late` ("Once the session has
    begun") are sentences for staff. A kind without a `topic` is one that people must know and cannot mute.

    `lock_subject` locks what the letter is about FOR SHARE, so that it cannot change between the last
    look and the sending; `is_wanted` looks (returning False or raising NotWanted cancels the letter);
    `render` writes it. All three run in one transaction. `useful_for` is how long after it was due a
    letter may still go, where nobody says otherwise.

    A kind that `holds_link`, a signed one that acts for whoever has it, is sealed in the table once it
    is written and erased once it was sent or can no longer be; in all else it is an ordinary letter. A
    `secret` kind, such as a code, is sealed too and lives for minutes: it leaves first and at any hour,
    and is on no page.
    """

    name: str
    label: str
    purpose: str
    audience: str
    too_late: str
    render: Callable[[Message], Letter] = field(repr=False)
    topic: Topic | None = None
    priority: int = Priority.PERSONAL
    secret: bool = False
    holds_link: bool = False
    heeds_quiet_hours: bool = True
    lock_subject: Callable[[Message], None] = field(default=nothing_to_lock, repr=False)
    is_wanted: Callable[[Message], bool] = field(default=always_wanted, repr=False)
    useful_for: timedelta = timedelta(days=3)

    def __post_init__(self) -> None:
        if self.topic is not None and (self.secret or self.priority in MUST_KNOW):
            raise ValueError(f"{self.name} is a letter that people must know, so it has no topic.")
        if self.topic is not None and not self.holds_link:
            raise ValueError(f"{self.name} can be muted, so it holds the link that does it.")

    def priority_of(self, *, useful_for: timedelta) -> int:
        """A reminder of something within two hours goes before less urgent ones."""
        if self.secret:
            return Priority.SECURITY
        if self.priority == Priority.REMINDER and useful_for <= LAST_CALL:
            return Priority.LAST_CALL
        return self.priority

    @property
    def may_come_twice(self) -> bool:
        """Whether a second copy does less harm than none: for changes and reminders."""
        return self.is_change or self.priority == Priority.REMINDER

    @property
    def is_change(self) -> bool:
        """Whether it tells of a change that people may have to act on at once."""
        return self.priority in (Priority.CANCELLATION, Priority.UPDATE)


def ask(question: Callable[[Message], T], message: Message) -> T:
    """Call an app's code about a message; an error there affects only this letter.

    Raises Unwritten for an error, and passes on exceptions that the outbox handles itself.
    """
    try:
        return question(message)
    except (NotWanted, OperationalError, InterfaceError):
        raise
    except Exception as error:
        place = extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}, line {place.lineno}"
        raise Unwritten(
            f"The letter could not be written: {type(error).__name__} in {where}."
        ) from error


class UnknownKind(LookupError):
    """Nobody registered this kind: a misspelt name, or a row newer than the code."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind. Raises if another has the same name."""
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"Two kinds of letter are called {kind.name}.")
    return kind


def get(name: str) -> Kind:
    """The kind of this name. Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(f"No kind of letter is called {name}.") from None


def label(name: str) -> str:
    """The kind in plain words; its bare name if its app is gone."""
    return _kinds[name].label if name in _kinds else name


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.label)


def topics() -> list[Topic]:
    """Every topic with a kind: what people can choose to mute."""
    found = {kind.topic for kind in _kinds.values() if kind.topic is not None}
    return sorted(found, key=lambda topic: topic.label)


def topic_label(name: str) -> str:
    """The topic in plain words; its bare name if its app is gone."""
    return next((topic.label for topic in topics() if topic.name == name), name)


def share_lock(model: type[Model]) -> Callable[[Message], None]:
    """A `lock_subject` that holds one row of `model`, whose key is the message's subject, FOR SHARE."""

    def lock(message: Message) -> None:
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE",  # noqa: S608 (our own table's name)
                [message.subject_id],
            )

    return lock
