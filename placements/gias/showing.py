"""The rows of an import worth showing: a limited number of each kind."""

from __future__ import annotations

from collections.abc import Iterable

from placements.gias.comparing import Outcome
from placements.gias.links import LinkOutcome

SHOWN = {"error": 100, "links": 100, "ours": 200, "changed": 100, "new": 100, "left_out": 20}


class Shown:
    """Rows that a run keeps for people to look at."""

    def __init__(self) -> None:
        self._by_sort: dict[str, list[dict[str, object]]] = {sort: [] for sort in SHOWN}

    def add(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            sort = "ours" if outcome.is_ours and outcome.message else outcome.state
            if not self._has_room(sort):
                continue
            school = outcome.school
            self._keep(
                sort,
                line=outcome.line,
                state=outcome.state,
                urn=outcome.urn,
                name=outcome.name,
                message=outcome.message,
                school=school.pk if school else None,
                setting=school.get_setting_display() if school else "",
            )

    def add_links(self, outcomes: Iterable[LinkOutcome]) -> None:
        for outcome in outcomes:
            if outcome.problem and self._has_room("links"):
                self._keep(
                    "links",
                    line=outcome.line,
                    state="error",
                    urn=None,
                    name="Links file",
                    message=outcome.problem,
                    school=None,
                    setting="",
                )

    def _has_room(self, sort: str) -> bool:
        return sort in SHOWN and len(self._by_sort[sort]) < SHOWN[sort]

    def _keep(self, sort: str, **row: object) -> None:
        self._by_sort[sort].append({"sort": sort, **row})

    def rows(self) -> list[dict[str, object]]:
        return [row for rows in self._by_sort.values() for row in rows]
