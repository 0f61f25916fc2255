"""What letters are about, by name. Apps say how a kind of subject is named and found; the outbox knows no app."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from cohorts.models import Person


class Name(NamedTuple):
    """One thing that letters are about: a session on its day, a mailing."""

    words: str
    url: str


Key = tuple[str, int]
"""`subject_kind` and `subject_id` of a message."""


@dataclass(frozen=True)
class Naming:
    """How things of one kind are named to staff, all those on a page in one query, and found by words.

    `matching` gives those nearest to today first.
    """

    named: Callable[[Person, Collection[int]], Mapping[int, Name]]
    matching: Callable[[Person, str], QuerySet]


NEAREST = 100

_kinds: dict[str, Naming] = {}


def register(kind: str, how: Naming) -> None:
    """Make a kind of subject known; again changes nothing."""
    _kinds[kind] = how


def of(viewer: Person, keys: Iterable[Key]) -> dict[Key, Name]:
    """What each of these is called and where it is: one query a kind. Who nobody names is left out."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, pk in keys:
        wanted[kind].add(pk)
    return {
        (kind, pk): name
        for kind, pks in wanted.items()
        if kind in _kinds
        for pk, name in _kinds[kind].named(viewer, pks).items()
    }


def matching(viewer: Person, words: str) -> Q:
    """Messages about what has these words in its name: one query a kind finds what that is.

    Of each kind the nearest to today count; a word that thousands share would find everything.
    """
    found = Q(pk__in=[])
    for kind, how in _kinds.items():
        pks = list(how.matching(viewer, words).values_list("pk", flat=True)[:NEAREST])
        found |= Q(subject_kind=kind, subject_id__in=pks)
    return found


def parsed(text: str | None) -> Key | None:
    """`session:438` as it stands in a URL; None where it makes no sense."""
    kind, _, number = (text or "").partition(":")
    return (kind, int(number)) if kind in _kinds and number.isdecimal() else None
