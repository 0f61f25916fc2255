"""Names for what letters are about. Apps register how to name and find their subjects."""

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
    """How subjects of one kind are named to staff, all on a page in one query, and searched.

    `matching` gives those nearest to today first.
    """

    named: Callable[[Person, Collection[int]], Mapping[int, Name]]
    matching: Callable[[Person, str], QuerySet]


NEAREST = 100

_kinds: dict[str, Naming] = {}


def register(kind: str, how: Naming) -> None:
    """Add a kind of subject. Repeating it changes nothing."""
    _kinds[kind] = how


def of(viewer: Person, keys: Iterable[Key]) -> dict[Key, Name]:
    """The name and page of each of these subjects; one query per kind. Unknown ones are left out."""
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
    """Messages whose subject has these words in its name: one query per kind to find it.

    Only the subjects nearest to today count: a word that thousands share would match everything.
    """
    found = Q(pk__in=[])
    for kind, how in _kinds.items():
        pks = list(how.matching(viewer, words).values_list("pk", flat=True)[:NEAREST])
        found |= Q(subject_kind=kind, subject_id__in=pks)
    return found


def parsed(text: str | None) -> Key | None:
    """`session:438` from a URL; None if it makes no sense."""
    kind, _, number = (text or "").partition(":")
    return (kind, int(number)) if kind in _kinds and number.isdecimal() else None
