"""What became of each leader, derived from their row of the table: dates and steps, no database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cohorts.models import Participation, ParticipationChange
from cohorts.standing import Plan, Standing, Step, replay
from dlp.calendar import working_day_on_or_before
from dlp.home.demo import cast
from dlp.home.demo.clock import workday
from dlp.home.demo.leaders import Came, CohortPlan, Leader, cohort_plans, turn_so_far
from placements.models import Placement, PlacementChange

Kind = ParticipationChange.Kind
State = Placement.State
Reason = PlacementChange.Reason

NEW_FOR = timedelta(days=30)
"""For so long staff have not asked somebody who came late to what the others were asked to."""
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

    def is_new_on(self, day: date) -> bool:
        """Whether they came after the others, and lately."""
        first = self.standing.starts_on
        return first > self.plan.starts_on and day - first < NEW_FOR

    def is_expected_on(self, day: date) -> bool:
        """Whether sessions of this day expect them."""
        standing = self.standing_on(day)
        is_active = standing.state == Participation.State.ACTIVE
        return is_active and day <= standing.expected_end_on


class Placed(NamedTuple):
    """A placement and the story it tells."""

    life: Life
    stay: Stay
    row: Placement


def lives(today: date) -> list[Life]:
    """Everybody's, the Pioneers' first."""
    return [life_of(leader, plan, today) for plan in cohort_plans(today) for leader in plan.leaders]


def life_of(leader: Leader, plan: CohortPlan, today: date) -> Life:
    came = turn_so_far(leader, plan, today)
    first = _first_day(leader, plan, today)
    said_yes = plan.starts_on - ACCEPTED_AHEAD if first == plan.starts_on else first - 7 * DAY
    changes = [Change(Kind.ACCEPTED, said_yes), Change(Kind.STARTED, first)]
    if came and came.what == "deferred":
        changes += _deferral(came, plan, today)
    if came and came.what == "withdrew":
        changes.append(Change(Kind.WITHDRAWN, came.day, came.why))
    standing = stand(changes, plan, today)
    agreed_to = standing.expected_end_on
    if standing.state == Participation.State.ACTIVE and agreed_to < today:
        changes.append(Change(Kind.COMPLETED, agreed_to))
        standing = stand(changes, plan, today)
    if came and came.what != "deferred":
        stays = _cut_short(leader, plan, came, agreed_to, today)
    else:
        stays = [_whole(leader, plan, changes, agreed_to, today)]
    return Life(leader, plan, changes, stays, standing)


def _first_day(leader: Leader, plan: CohortPlan, today: date) -> date:
    """With the others; or three weeks ago, as far as that is in the autumn after they began."""
    if leader.name != cast.CAME_LATE:
        return plan.starts_on
    first = plan.starts_on + 41 * DAY
    first = workday(max(first, min(today - 20 * DAY, plan.starts_on + 100 * DAY)))
    return first if first < today else plan.starts_on


def stand(changes: list[Change], plan: CohortPlan, day: date) -> Standing:
    """Their state on a day, by the rule that the programme itself uses."""
    steps = [Step(change.kind, change.day) for change in changes]
    return replay(steps, day, Plan(plan.starts_on, plan.ends_on))


def _deferral(came: Came, plan: CohortPlan, today: date) -> list[Change]:
    """One that is over, or one that goes on; in the second year it is time to look at it again."""
    if plan.ends_on < today:
        back_on = workday(came.day + AWAY)
        return [
            Change(Kind.DEFERRED, came.day, came.why, back_on),
            Change(Kind.RESUMED, back_on),
        ]
    in_second_year = (today - plan.starts_on).days >= 365
    overdue, ahead = working_day_on_or_before(today - 3 * DAY), workday(today + 20 * DAY)
    review_on = overdue if in_second_year else ahead
    back_on = workday(came.day + AWAY + DAY)
    return [Change(Kind.DEFERRED, came.day, came.why, back_on, review_on)]


def _begun(plan: CohortPlan, first: date) -> list[Move]:
    confirmed = plan.starts_on - CONFIRMED_AHEAD if first == plan.starts_on else first - 5 * DAY
    return [Move(State.CONFIRMED, confirmed), Move(State.ACTIVE, first)]


def _whole(
    leader: Leader, plan: CohortPlan, changes: list[Change], agreed_to: date, today: date
) -> Stay:
    """One placement to the last day; it rests while its leader is away."""
    states = {Kind.DEFERRED: State.PAUSED, Kind.RESUMED: State.ACTIVE}
    pauses = [Move(states[one.kind], one.day) for one in changes if one.kind in states]
    first = next(one.day for one in changes if one.kind == Kind.STARTED)
    stay = Stay(leader.urn, first, agreed_to, [*_begun(plan, first), *pauses])
    return _run_out(stay, today)


def _cut_short(
    leader: Leader, plan: CohortPlan, came: Came, agreed_to: date, today: date
) -> list[Stay]:
    """A placement that ended early; after a transfer another, from the next day."""
    last_day = came.day if came.what == "ended_early" else came.day - DAY
    end = Move(State.ENDED_EARLY, last_day, _ended_by(came), agreed_to)
    stays = [Stay(leader.urn, plan.starts_on, last_day, [*_begun(plan, plan.starts_on), end])]
    if came.to:
        moves = [Move(State.CONFIRMED, last_day), Move(State.ACTIVE, came.day)]
        stays.append(_run_out(Stay(came.to, came.day, agreed_to, moves), today))
    return stays


def _run_out(stay: Stay, today: date) -> Stay:
    """Completed, once its last day has passed."""
    if stay.state != State.ACTIVE or stay.ends_on >= today:
        return stay
    return stay._replace(moves=[*stay.moves, Move(State.COMPLETED, stay.ends_on)])


def _ended_by(came: Came) -> str:
    """Who ended a placement: by its own reason, or by the reason of a withdrawal."""
    if came.what != "withdrew":
        return came.why
    return Reason.SCHOOL if came.why == "placement_ended" else Reason.LEADER
