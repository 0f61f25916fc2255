"""What became of each leader, told from their row of the table: dates and steps, no database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cohorts.models import Participation, ParticipationChange
from cohorts.standing import Plan, Standing, Step, replay
from dlp.home.demo.leaders import CohortPlan, Leader, cohort_plans, turn_day
from placements.models import Placement, PlacementChange

Kind = ParticipationChange.Kind
State = Placement.State
Reason = PlacementChange.Reason

AWAY = timedelta(days=119)
"""How long a deferral lasts that is over."""
ACCEPTED_AHEAD = timedelta(days=100)
CONFIRMED_AHEAD = timedelta(days=80)
DAY = timedelta(days=1)


class Change(NamedTuple):
    """A step of somebody's time in their cohort."""

    kind: Kind
    day: date
    reason: str = ""
    back_on: date | None = None
    review_on: date | None = None


class Move(NamedTuple):
    """A step of a placement."""

    state: State
    day: date
    reason: str = ""
    agreed_to: date | None = None
    """The last day until then, where this one brought it forward."""


class Stay(NamedTuple):
    """A placement: at the school with this URN, or in the internal AP of it."""

    urn: int
    starts_on: date
    ends_on: date
    moves: list[Move]

    @property
    def state(self) -> State:
        return self.moves[-1].state


class Life(NamedTuple):
    """A leader's two years, as far as they have come."""

    leader: Leader
    plan: CohortPlan
    changes: list[Change]
    stays: list[Stay]
    standing: Standing

    def standing_on(self, day: date) -> Standing:
        return stand(self.changes, self.plan, day)

    def is_expected_on(self, day: date) -> bool:
        """Whether sessions of this day expect them."""
        standing = self.standing_on(day)
        is_active = standing.state == Participation.State.ACTIVE
        return is_active and day <= standing.expected_end_on


def lives(today: date) -> list[Life]:
    """Everybody's, the Pioneers' first."""
    return [life_of(leader, plan, today) for plan in cohort_plans(today) for leader in plan.leaders]


def life_of(leader: Leader, plan: CohortPlan, today: date) -> Life:
    day = turn_day(leader, plan, today)
    what = leader.turn.what if leader.turn and day else ""
    changes = [
        Change(Kind.ACCEPTED, plan.starts_on - ACCEPTED_AHEAD),
        Change(Kind.STARTED, plan.starts_on),
    ]
    if day and what == "deferred":
        changes += _deferral(leader, plan, day, today)
    if day and leader.turn and what == "withdrew":
        changes.append(Change(Kind.WITHDRAWN, day, leader.turn.why))
    standing = stand(changes, plan, today)
    if standing.state == Participation.State.ACTIVE and standing.expected_end_on < today:
        changes.append(Change(Kind.COMPLETED, standing.expected_end_on))
        standing = stand(changes, plan, today)
    stays = _stays(leader, plan, changes, standing, day, today)
    return Life(leader, plan, changes, stays, standing)


def stand(changes: list[Change], plan: CohortPlan, day: date) -> Standing:
    """What the changes add up to on a day, by the rule that the programme itself follows."""
    steps = [Step(change.kind, change.day) for change in changes]
    return replay(steps, day, Plan(plan.starts_on, plan.ends_on))


def _deferral(leader: Leader, plan: CohortPlan, day: date, today: date) -> list[Change]:
    """One that is over, or one that goes on; in the second year it is time to look at it again."""
    why = leader.turn.why if leader.turn else ""
    if plan.ends_on < today:
        back_on = day + AWAY
        return [Change(Kind.DEFERRED, day, why, back_on), Change(Kind.RESUMED, back_on)]
    in_second_year = (today - plan.starts_on).days >= 365
    review_on = today + timedelta(days=-3 if in_second_year else 20)
    return [Change(Kind.DEFERRED, day, why, day + AWAY + DAY, review_on)]


def _stays(
    leader: Leader,
    plan: CohortPlan,
    changes: list[Change],
    standing: Standing,
    day: date | None,
    today: date,
) -> list[Stay]:
    """One placement, or two after a transfer; the second begins the day after the first ended."""
    agreed_to = standing.expected_end_on
    moves = [
        Move(State.CONFIRMED, plan.starts_on - CONFIRMED_AHEAD),
        Move(State.ACTIVE, plan.starts_on),
    ]
    turn = leader.turn
    if turn is None or day is None or turn.what == "deferred":
        moves += _pauses(changes)
        return [_run_out(Stay(leader.urn, plan.starts_on, agreed_to, moves), today)]
    last_day = day if turn.what == "ended_early" else day - DAY
    moves.append(Move(State.ENDED_EARLY, last_day, _ended_by(turn.what, turn.why), agreed_to))
    stays = [Stay(leader.urn, plan.starts_on, last_day, moves)]
    if turn.to:
        moves = [Move(State.CONFIRMED, last_day), Move(State.ACTIVE, day)]
        stays.append(_run_out(Stay(turn.to, day, agreed_to, moves), today))
    return stays


def _pauses(changes: list[Change]) -> list[Move]:
    """A placement rests while its leader is away."""
    states = {Kind.DEFERRED: State.PAUSED, Kind.RESUMED: State.ACTIVE}
    return [Move(states[one.kind], one.day) for one in changes if one.kind in states]


def _run_out(stay: Stay, today: date) -> Stay:
    """Completed, once its last day has passed."""
    if stay.state != State.ACTIVE or stay.ends_on >= today:
        return stay
    return stay._replace(moves=[*stay.moves, Move(State.COMPLETED, stay.ends_on)])


def _ended_by(what: str, why: str) -> str:
    """Who ended a placement: its own reason, or what a withdrawal's reason says of it."""
    if what != "withdrew":
        return why
    return Reason.SCHOOL if why == "placement_ended" else Reason.LEADER
