"""The progress board: the people of a cohort by requirement, and who is stuck.

A hundred people by thirty requirements are three thousand cells, so each cell is a few letters of
HTML built here; `static/css/dlp.css` draws the signs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cohorts.models import Cohort, Participation, PlanItem, Requirement, RequirementAttempt
from cohorts.models.people import listed_name
from cohorts.models.strands import Strand
from cohorts.planning.progress import Progress, late_since, progress_of, waiting_in
from dlp import words
from dlp.http import addresses
from dlp.markup import joined, markup
from dlp.prepared import SOMETHING, Prepared

State = PlanItem.State
Plan = Mapping[str, Progress]
LABELS = dict(Participation.State.choices)
EXPORT_HEADER = ("Name", "State", "Stuck at", "Days")
WORDS: Mapping[str, str] = {
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
SIGNS: Mapping[str, str] = {
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
STUCK = markup(' class="stuck"')
SINCE: Mapping[str, str] = {
    State.BOOKED: "booked for",
    State.WAITING_FOR_YOU: "with them since",
    State.WAITING_FOR_US: "with us since",
    State.MET: "met on",
    State.TO_REPEAT: "to repeat since",
}
WAITING = {"us": State.WAITING_FOR_US, "them": State.WAITING_FOR_YOU}
SHOWN = (
    Participation.State.ACCEPTED,
    Participation.State.ACTIVE,
    Participation.State.DEFERRED,
    Participation.State.COMPLETED,
)


class Member(NamedTuple):
    """A person on the board; `stuck_since` is None unless they are stuck."""

    participation: int
    person: int
    name: str
    state: str
    stuck_since: date | None

    @property
    def is_expected(self) -> bool:
        """Whether their items may count as overdue: not while they are away."""
        return self.state in Participation.EXPECTED_STATES


class Head(NamedTuple):
    """One column."""

    key: str
    name: str
    short_name: str


class Board(NamedTuple):
    """The people on the board, in order; `sheet` draws one page of them."""

    members: list[Member]
    stuck: int
    """How many people of the cohort are stuck, whatever the filters show."""
    people: int
    """How many people the cohort has on the board, whatever the filters show."""
    asked: list[Requirement]
    about: str
    """The one requirement or strand that it is about; empty for everything."""


class Sheet(NamedTuple):
    """One page of the board."""

    heads: list[Head]
    rows: list[SafeString]
    have_done: list[int]
    """How many people on it have nothing left to do, by column."""


def board(cohort: Cohort, filters: Mapping[str, Any], today: date) -> Board:
    """The board filtered by show, strand, requirement and order. Four queries at any size."""
    asked = list(_requirements(filters))
    everyone = _members(cohort, asked, today)
    members = _shown(everyone, filters.get("show", ""), asked)
    if filters.get("order") != "name":
        members.sort(key=lambda one: one.stuck_since or today)
    stuck = sum(one.stuck_since is not None for one in everyone)
    return Board(members, stuck, len(everyone), asked, _about(filters))


def sheet(found: Board, members: Sequence[Member], today: date) -> Sheet:
    """Draw the board for these members; a single column is written in words. Two queries."""
    plans = _plans_of(members, today)
    heads = _heads(found.asked, plans.values())
    names = {head.key: head.name for head in heads}
    cell = _cell if len(heads) != 1 else _in_words_since(_days_of(plans.values(), heads[0].key))
    person = addresses("home:person")
    rows = []
    for one in members:
        plan = plans[one.participation]
        cells = joined([cell(plan.get(key)) for key in names])
        rows.append(_row(one, person(one.person), _standing(one, plan, names), cells))
    done = [sum(key in one and one[key].is_done for one in plans.values()) for key in names]
    return Sheet(heads, rows, done)


def for_a_file(found: Board, today: date) -> tuple[list[str], Iterator[list[Any]]]:
    """The whole board as a header and rows, one column per requirement, in words."""
    plans = _plans_of(found.members, today)
    names = {head.key: head.name for head in _heads(found.asked, plans.values())}
    rows = (_in_a_file(one, plans[one.participation], names) for one in found.members)
    return [*EXPORT_HEADER, *names.values()], rows


def _plans_of(members: Sequence[Member], today: date) -> dict[int, Plan]:
    """Each person's plan by participation; left out if they have none."""
    plans = progress_of([one.participation for one in members], today)
    return {one.participation: _of(one, plans.get(one.participation, {})) for one in members}


def _of(member: Member, plan: Plan) -> Plan:
    if member.is_expected:
        return plan
    return {key: one._replace(overdue_days=0) for key, one in plan.items()}


def _in_a_file(member: Member, plan: Plan, names: Mapping[str, str]) -> list[Any]:
    at, days = next(iter(_late(plan, names)), ("", None))
    said = [in_words(plan[key]) if key in plan else "" for key in names]
    return [member.name, LABELS[member.state], names.get(at, ""), days, *said]


def in_words(progress: Progress) -> str:
    """Met, 3 of 6, Booked, 12 days overdue."""
    said = _of_so_many(progress) if progress.of > 1 else WORDS[progress.state]
    late = progress.overdue_days
    return f"{said}, {words.count(late, 'day')} overdue" if late else said


def _of_so_many(progress: Progress) -> str:
    return f"{progress.done} of {progress.of}"


def _about(filters: Mapping[str, Any]) -> str:
    if requirement := filters.get("requirement"):
        return str(requirement)
    strand = filters.get("strand")
    return str(Strand(strand).label) if strand else ""


def _requirements(filters: Mapping[str, Any]) -> QuerySet[Requirement]:
    found: QuerySet[Requirement] = Requirement.objects.all()
    if filters.get("requirement"):
        found = found.filter(pk=filters["requirement"].pk)
    if filters.get("strand"):
        found = found.filter(strand=filters["strand"])
    return found


def _members(cohort: Cohort, asked: Collection[Requirement], today: date) -> list[Member]:
    """Everybody who is accepted, active, deferred or completed, by name."""
    people = _people().rows({SOMETHING: cohort.pk})
    expected = [row[0] for row in people if row[-1] in Participation.EXPECTED_STATES]
    late = late_since(expected, asked, today)
    return [
        Member(pk, person, listed_name(full_name, known_as), state, late.get(pk))
        for pk, person, full_name, known_as, state in people
    ]


@cache
def _people() -> Prepared:
    found = Participation.objects.filter(cohort=SOMETHING, state__in=SHOWN)
    columns = ("pk", "person", "person__full_name", "person__known_as", "state")
    return Prepared(found.order_by("person__search_text", "pk").values_list(*columns))


def _shown(everyone: list[Member], show: str, asked: Collection[Requirement]) -> list[Member]:
    if show == "stuck":
        return [one for one in everyone if one.stuck_since]
    if show not in WAITING:
        return list(everyone)
    waiting = waiting_in(WAITING[show], [one.participation for one in everyone], asked)
    return [one for one in everyone if one.participation in waiting]


def _heads(asked: Iterable[Requirement], plans: Iterable[Plan]) -> list[Head]:
    planned = set().union(*plans)
    return [Head(one.key, one.name, one.short_name) for one in asked if one.key in planned]


def _late(plan: Plan, keys: Collection[str]) -> list[tuple[str, int]]:
    """The keys of overdue requirements with the days they are overdue, the longest first."""
    late = [(key, plan[key].overdue_days) for key in keys if key in plan]
    return sorted((one for one in late if one[1]), key=lambda one: -one[1])


def _row(member: Member, url: str, standing: SafeString, cells: SafeString) -> SafeString:
    return markup(
        '<tr{}><th scope="row"><a href="{}">{}</a></th><td>{}</td>{}</tr>',
        "" if member.stuck_since is None else STUCK,
        url,
        member.name,
        standing,
        cells,
    )


def _standing(member: Member, plan: Plan, names: Mapping[str, str]) -> SafeString:
    """What somebody is stuck on, or how they stand otherwise."""
    if late := _late(plan, names):
        key, days = late[0]
        more = f"and {len(late) - 1} more" if len(late) > 1 else ""
        tag = _tag("bad", f"{names[key]}, {words.count(days, 'day')}")
        return markup('{} <small class="soft">{}</small>', tag, more) if more else tag
    if not member.is_expected:
        return _tag("rest", LABELS[member.state])
    return _tag("good", "On track") if plan else _tag("rest", "No plan yet")


def _tag(state: str, said: str) -> SafeString:
    return markup('<span class="tag" data-state="{}" data-wraps>{}</span>', state, said)


def _cell(progress: Progress | None) -> str:
    """A sign, a count or the days overdue; a link to the evidence if there is any."""
    if progress is None:
        return "<td>"
    kind, said = SIGNS[progress.state], WORDS[progress.state]
    if progress.of > 1:
        kind = f'"k {OVERDUE if progress.overdue_days else kind}"'
        said = f"{progress.done}/{progress.of}"
    elif progress.overdue_days:
        kind, said = OVERDUE, f"{progress.overdue_days} d"
    return _linked(progress, kind, said)


def _days_of(plans: Iterable[Plan], key: str) -> dict[int, date]:
    """The days of the attempts at this requirement."""
    attempts = [found for one in plans if key in one and (found := one[key].attempt)]
    return dict(RequirementAttempt.objects.filter(pk__in=attempts).values_list("pk", "on"))


def _in_words_since(days: Mapping[int, date]) -> Callable[[Progress | None], str]:
    def cell(progress: Progress | None) -> str:
        if progress is None:
            return "<td>"
        since = days.get(progress.attempt) if progress.attempt else None
        return _linked(progress, "s", escape(_whole_story(progress, since)))

    return cell


def _whole_story(progress: Progress, since: date | None) -> str:
    """Met on Tue 24 Nov; 3 of 6, booked for Tue 24 Nov; Not started, due Tue 24 Nov."""
    if progress.overdue_days:
        return in_words(progress)
    said = [_of_so_many(progress)] if progress.of > 1 else []
    if since:
        said.append(f"{SINCE[progress.state]} {words.short_day(since)}")
    elif not said:
        said.append(WORDS[progress.state])
    if progress.due_on and not since:
        said.append(f"due {words.short_day(progress.due_on)}")
    return capfirst(", ".join(said))


def _linked(progress: Progress, kind: str, said: str) -> str:
    if progress.attempt is None:
        return f"<td><i class={kind}>{said}</i>"
    return f"<td><a class={kind} href=e/{progress.attempt}/>{said}</a>"
