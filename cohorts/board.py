"""The progress board: the people of a cohort by what is asked of them, and who is stuck.

A hundred people by thirty requirements are three thousand cells, so each is a few letters of HTML put
together here, and the page lists them as they are: `static/css/dlp.css` draws the signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from cohorts.models import Cohort, Participation, PlanItem, Requirement
from cohorts.models.people import listed_name
from cohorts.models.requirements import Strand
from cohorts.planning.progress import Progress, progress_of
from dlp import words
from dlp.http import addresses

State = PlanItem.State
Plan = Mapping[str, Progress]
EXPORT_HEADER = ("Name", "State", "Stuck at", "Days")
WORDS = {
    State.NOT_STARTED: "Not started",
    State.BOOKED: "Booked",
    State.WAITING_FOR_YOU: "With them",
    State.WAITING_FOR_US: "With us",
    State.MET: "Met",
    State.TO_REPEAT: "To repeat",
    State.WAIVED: "Waived",
    State.NOT_APPLICABLE: "Not asked",
}
"""As staff say it: the person whom something waits for is "them" here."""
SIGNS = {
    State.NOT_STARTED: "n",
    State.BOOKED: "b",
    State.WAITING_FOR_YOU: "y",
    State.WAITING_FOR_US: "u",
    State.MET: "m",
    State.TO_REPEAT: "r",
    State.WAIVED: "w",
    State.NOT_APPLICABLE: "x",
}
OVERDUE = "o"
SINCE = {
    State.BOOKED: "booked for",
    State.WAITING_FOR_YOU: "with them since",
    State.WAITING_FOR_US: "with us since",
    State.MET: "met on",
    State.TO_REPEAT: "to repeat since",
}
SHOWN = (
    Participation.State.ACCEPTED,
    Participation.State.ACTIVE,
    Participation.State.DEFERRED,
    Participation.State.COMPLETED,
)


class Member(NamedTuple):
    """Somebody of the cohort, with their plan."""

    participation: int
    person: int
    name: str
    state: str
    plan: Plan

    @property
    def is_expected(self) -> bool:
        """Whether anything may be called stuck: nobody is chased while they are away."""
        return self.state in Participation.EXPECTED_STATES

    @property
    def stuck_at(self) -> list[tuple[str, int]]:
        """The keys of what is overdue and for how many days, the longest first."""
        if not self.is_expected:
            return []
        late = [(key, one.overdue_days) for key, one in self.plan.items() if one.overdue_days]
        return sorted(late, key=lambda pair: -pair[1])

    def has(self, state: str) -> bool:
        return any(one.state == state for one in self.plan.values())


class Head(NamedTuple):
    """One column."""

    key: str
    name: str
    short_name: str
    met: int
    """How many of those on the board have nothing left to do for it."""


class Row(NamedTuple):
    """One person. `cells` is the HTML of everything after their name and where they are stuck."""

    url: str
    name: str
    tag: str
    tag_state: str
    more: str
    is_stuck: bool
    cells: SafeString


class Board(NamedTuple):
    heads: list[Head]
    members: list[Member]
    stuck: int
    """How many of everybody in the cohort, whatever the filters show."""
    people: int
    asked: str
    """The one requirement or strand that it is about; empty for everything."""


def board(cohort: Cohort, filters: Mapping[str, Any], today: date) -> Board:
    """The people and columns that answer to the filters: show, strand, requirement and order.

    Three queries at any size.
    """
    asked = _requirements(filters)
    everyone = _members(cohort, {one.key for one in asked}, today)
    members = [one for one in everyone if _is_shown(one, filters.get("show", ""))]
    if filters.get("order") != "name":
        members.sort(key=lambda one: -max((days for _, days in one.stuck_at), default=0))
    heads = [
        Head(one.key, one.name, one.short_name, _met(one.key, members))
        for one in asked
        if any(one.key in member.plan for member in everyone)
    ]
    stuck = sum(bool(one.stuck_at) for one in everyone)
    return Board(heads, members, stuck, len(everyone), _asked(filters))


def rows(members: Iterable[Member], heads: Sequence[Head]) -> list[Row]:
    """The members of one page of the board; the cells of a single column are in words."""
    names = {head.key: head.name for head in heads}
    keys = tuple(names)
    cell = _cell if len(keys) != 1 else _cell_in_words
    person = addresses("home:person")
    labels = dict(Participation.State.choices)
    return [
        Row(
            person(one.person),
            one.name,
            *_standing(one, names, labels),
            is_stuck=bool(one.stuck_at),
            cells=mark_safe("".join([cell(one.plan.get(key)) for key in keys])),  # noqa: S308  no text of people's
        )
        for one in members
    ]


def export_rows(found: Board) -> Iterator[list[Any]]:
    """The same for a file: a column a requirement, in words."""
    names = {head.key: head.name for head in found.heads}
    labels = dict(Participation.State.choices)
    for one in found.members:
        at, days = one.stuck_at[0] if one.stuck_at else ("", None)
        said = [in_words(one.plan[key]) if key in one.plan else "" for key in names]
        yield [one.name, labels[one.state], names.get(at, ""), days, *said]


def in_words(progress: Progress) -> str:
    """Met, 3 of 6, Booked, 12 days overdue."""
    said = _of_so_many(progress) if progress.of > 1 else WORDS[State(progress.state)]
    late = progress.overdue_days
    return f"{said}, {words.count(late, 'day')} overdue" if late else said


def _of_so_many(progress: Progress) -> str:
    return f"{progress.done} of {progress.of}"


def _asked(filters: Mapping[str, Any]) -> str:
    if requirement := filters.get("requirement"):
        return str(requirement)
    strand = filters.get("strand")
    return str(Strand(strand).label) if strand else ""


def _requirements(filters: Mapping[str, Any]) -> list[Requirement]:
    found: QuerySet[Requirement] = Requirement.objects.all()
    if filters.get("requirement"):
        found = found.filter(pk=filters["requirement"].pk)
    if filters.get("strand"):
        found = found.filter(strand=filters["strand"])
    return list(found)


def _members(cohort: Cohort, keys: set[str], today: date) -> list[Member]:
    """Everybody who is or was carried to the end, by name, with their plan as far as it is asked for."""
    found = cohort.participations.filter(state__in=SHOWN).order_by("person__search_text", "pk")
    people = list(
        found.values_list("pk", "person", "person__full_name", "person__known_as", "state")
    )
    plans = progress_of([row[0] for row in people], today)
    return [
        Member(pk, person, listed_name(full_name, known_as), state, _only(plans.get(pk, {}), keys))
        for pk, person, full_name, known_as, state in people
    ]


def _only(plan: dict[str, Progress], keys: set[str]) -> Plan:
    return plan if plan.keys() <= keys else {key: plan[key] for key in plan if key in keys}


def _is_shown(member: Member, show: str) -> bool:
    if show == "stuck":
        return bool(member.stuck_at)
    if show == "us":
        return member.has(State.WAITING_FOR_US)
    if show == "them":
        return member.has(State.WAITING_FOR_YOU)
    return True


def _met(key: str, members: Iterable[Member]) -> int:
    return sum(key in one.plan and one.plan[key].is_done for one in members)


def _standing(
    member: Member, names: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[str, str, str]:
    """What the tag says of somebody, its state, and what more there is."""
    if late := member.stuck_at:
        key, days = late[0]
        more = f"and {len(late) - 1} more" if len(late) > 1 else ""
        return f"{names[key]}, {words.count(days, 'day')}", "bad", more
    if member.state not in Participation.EXPECTED_STATES:
        return labels[member.state], "rest", ""
    return ("On track", "good", "") if member.plan else ("No plan yet", "rest", "")


def _cell(progress: Progress | None) -> str:
    """A sign, a number of so many, or the days overdue; a link to the evidence where there is some."""
    if progress is None:
        return "<td>"
    kind, said = SIGNS[State(progress.state)], WORDS[State(progress.state)]
    if progress.of > 1:
        kind = f'"k {OVERDUE if progress.overdue_days else kind}"'
        said = f"{progress.done}/{progress.of}"
    elif progress.overdue_days:
        kind, said = OVERDUE, f"{progress.overdue_days} d"
    return _linked(progress, kind, said)


def _cell_in_words(progress: Progress | None) -> str:
    return "<td>" if progress is None else _linked(progress, "s", escape(_whole_story(progress)))


def _whole_story(progress: Progress) -> str:
    """Met on Tue 24 Nov; 3 of 6, booked for Tue 24 Nov; Not started, due Tue 24 Nov."""
    if progress.overdue_days:
        return in_words(progress)
    said = [_of_so_many(progress)] if progress.of > 1 else []
    if progress.since:
        said.append(f"{SINCE[State(progress.state)]} {words.short_day(progress.since)}")
    elif not said:
        said.append(WORDS[State(progress.state)])
    if progress.due_on and not progress.since:
        said.append(f"due {words.short_day(progress.due_on)}")
    return capfirst(", ".join(said))


def _linked(progress: Progress, kind: str, said: str) -> str:
    if progress.attempt is None:
        return f"<td><i class={kind}>{said}</i>"
    return f"<td><a class={kind} href=e/{progress.attempt}/>{said}</a>"
