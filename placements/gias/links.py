"""The links file: which school followed which, and how that differs from our data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dlp.tables import Row
from placements.gias.rows import Cells, RowProblem
from placements.models import SchoolLink

Key = tuple[int, int, str]
"""URN, URN of the other school, and which of the two kinds that we keep."""


@dataclass(frozen=True)
class LinkOutcome:
    """What one row means. `problem` is a sentence if it cannot be read."""

    line: int
    state: Literal["new", "changed", "unchanged", "elsewhere", "other", "error"]
    key: Key | None = None
    established_on: date | None = None
    problem: str = ""


class LinkComparison:
    """Goes through the rows of the links file.

    `urns` are those of schools that we have, or will have.
    """

    def __init__(self, found: frozenset[str], *, urns: Set[int | None]) -> None:
        self.found = found
        self.urns = urns
        self.known: dict[Key, date | None] = {
            (urn, other, kind): day
            for urn, other, kind, day in SchoolLink.objects.order_by().values_list(
                "school__urn", "other__urn", "kind", "established_on"
            )
            if urn and other
        }
        self.counts: Counter[str] = Counter()

    def compare(self, row: Row) -> LinkOutcome:
        outcome = self._outcome(row)
        self.counts[f"links_{outcome.state}"] += 1
        if outcome.key and outcome.state in ("new", "changed"):
            self.known[outcome.key] = outcome.established_on
        return outcome

    def _outcome(self, row: Row) -> LinkOutcome:
        cells = Cells(row, self.found)
        kind = kind_of(cells.text("kind", 100))
        if not kind:
            return LinkOutcome(row.line, "other")
        try:
            key = (cells.urn(), cells.urn("other"), kind)
            day = cells.day("established_on")
        except RowProblem as problem:
            return LinkOutcome(row.line, "error", problem=str(problem))
        if key[0] == key[1]:
            return LinkOutcome(row.line, "error", problem=f"URN {key[0]} cannot follow itself.")
        if not {key[0], key[1]} <= self.urns:
            return LinkOutcome(row.line, "elsewhere")
        if key not in self.known:
            return LinkOutcome(row.line, "new", key, day)
        is_news = day is not None and day != self.known[key]
        return LinkOutcome(row.line, "changed" if is_news else "unchanged", key, day)


def kind_of(said: str) -> str:
    """Successor or predecessor, merged, amalgamated or split; "" if it is no succession."""
    first = said.partition("-")[0].strip().lower()
    return {
        "successor": SchoolLink.Kind.SUCCESSOR.value,
        "predecessor": SchoolLink.Kind.PREDECESSOR.value,
    }.get(first, "")
