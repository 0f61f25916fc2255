"""Audiences: lists of people whom staff may write to.

Apps register their lists, and whom to leave out; the outbox knows no app.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Case, Exists, Q, QuerySet, Value, When
from django.http import Http404, QueryDict
from django.utils.crypto import salted_hmac

from dlp.outbox.bounces import NO_ADDRESS

if TYPE_CHECKING:
    from cohorts.models import Person


class Asked(NamedTuple):
    """One filtered list: its name, its page, and the people on it."""

    words: str
    url: str
    people: QuerySet[Any]


Audience = Callable[["Person", QueryDict], Asked]
"""What a list holds for this viewer with these filters. A filter that makes no sense leaves nobody."""

Sparing = Callable[[QueryDict], Q | Exists | None]
"""The condition on people for which they are left out; None where the list asks for just them."""

DEACTIVATED = "They were deactivated."

_audiences: dict[str, Audience] = {}
_spared: dict[str, Sparing] = {}


def register(name: str, audience: Audience) -> None:
    """Add a list under a word for the URL. Repeating it changes nothing."""
    _audiences[name] = audience


def spare(reason: str, who: Sparing) -> None:
    """Leave people out for a reason, a sentence that staff see beside their names."""
    _spared[reason] = who


@dataclass(frozen=True)
class Recipients:
    """The people of a list now: who gets a letter, and who does not, with the reason."""

    words: str
    url: str
    going: Sequence[Person]
    left_out: Sequence[tuple[Person, str]]

    @property
    def fingerprint(self) -> str:
        """Changes if anybody is added to the list or leaves it."""
        keys = ",".join(str(person.pk) for person in self.going)
        return salted_hmac("dlp.outbox.recipients", keys, algorithm="sha256").hexdigest()[:32]


def ask(viewer: Person, name: str, query: str) -> Asked:
    """The list of this name with these filters. Raises Http404 if there is none."""
    if name not in _audiences:
        raise Http404
    return _audiences[name](viewer, QueryDict(query))


def recipients(viewer: Person, name: str, query: str) -> Recipients:
    """Everybody on the list, each once, in one query.

    An address belongs to one person, so nobody gets two.
    """
    asked = ask(viewer, name, query)
    conditions = [(reason, who(QueryDict(query))) for reason, who in _spared.items()]
    left_out_for = Case(
        When(is_active=False, then=Value(DEACTIVATED)),
        When(Q(email=None), then=Value(NO_ADDRESS)),
        *(When(who, then=Value(reason)) for reason, who in conditions if who is not None),
        default=Value(""),
    )
    people = list(
        asked.people.order_by("search_text", "pk")
        .only("full_name", "known_as", "email")
        .annotate(left_out_for=left_out_for)
    )
    return Recipients(
        asked.words,
        asked.url,
        [person for person in people if not person.left_out_for],
        [(person, person.left_out_for) for person in people if person.left_out_for],
    )
