"""The status column of a people file: the words people write, and the steps they mean. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cohorts.models import Cohort, Participation, ParticipationChange
from cohorts.standing import Step
from dlp import words
from dlp.errors import Refused
from dlp.text import fold

if TYPE_CHECKING:
    from cohorts.imports.rows import PersonRow

State = Participation.State
Kind = ParticipationChange.Kind
DAY = timedelta(days=1)

SAID = {
    State.OFFERED: ("offered", "offer", "offer made", "place offered", "offered a place"),
    State.ACCEPTED: ("accepted", "offer accepted", "confirmed", "joining", "to start", "not started", "due to start"),
    State.ACTIVE: ("active", "current", "currently active", "started", "on programme", "on the programme", "enrolled", "in progress", "ongoing", "participating"),
    State.DEFERRED: ("deferred", "deferral", "paused", "on hold", "on pause", "suspended", "on leave", "on a break"),
    State.COMPLETED: ("completed", "complete", "finished", "graduated", "graduate", "alumni", "alumna", "alumnus", "passed"),
    State.WITHDRAWN: ("withdrawn", "withdrew", "withdrawal", "left", "left the programme", "dropped out", "discontinued", "quit"),
    State.DECLINED: ("declined", "offer declined", "turned down", "declined the place"),
    State.TRANSFERRED: ("transferred", "transfer", "moved cohort"),
}  # fmt: skip
_MEANT = {phrase: state for state, phrases in SAID.items() for phrase in phrases}
ENDED = (State.COMPLETED, State.WITHDRAWN)


def state_of(cell: str) -> str:
    """The state that a cell means; empty for an empty one. Raises ValueError with a sentence."""
    said = " ".join(re.sub(r"[^a-z ]+", " ", fold(cell)).split())
    if not cell:
        return ""
    if said not in _MEANT:
        raise ValueError(
            f"“{cell[:40]}” is no status that we know. Write offered, accepted, active, deferred, "
            f"completed, withdrawn or declined."
        )
    state = _MEANT[said]
    if state == State.TRANSFERRED:
        raise ValueError(
            "A transfer cannot come from a file. Write how they stand in this cohort, and record the "
            "transfer on their page."
        )
    return state


def as_said(state: str) -> str:
    """How somebody joins, if not in the usual way: " as deferred"."""
    return "" if state in ("", State.ACCEPTED, State.ACTIVE) else f" as {state}"


def steps_of_row(row: PersonRow, cohort: Cohort, today: date) -> list[Step]:
    """The changes to record for somebody in a file.

    Raises Refused, in a sentence, where the status and the dates contradict each other.
    """
    first = row.starts_on or cohort.starts_on
    if not cohort.starts_on <= first <= cohort.ends_on:
        raise Refused(
            f"The start date, {words.plain_day(first)}, lies outside the cohort, which runs "
            f"{words.span(cohort.starts_on, cohort.ends_on)}."
        )
    _refuse_dates_without_status(row)
    match row.state:
        case "":
            return _comes(first, today, starts=first <= today or row.starts_on is not None)
        case State.OFFERED:
            return [Step(Kind.OFFERED, min(first, today))]
        case State.DECLINED:
            day = min(first, today)
            return [
                Step(Kind.OFFERED, day),
                Step(Kind.DECLINED, max(day, _past(row.since or day, today))),
            ]
        case State.ACCEPTED:
            return _comes(first, today, starts=first > today and first != cohort.starts_on)
        case State.ACTIVE:
            if first > today:
                raise Refused(
                    f"Active, but the first day is to come: {words.plain_day(first)}. Write "
                    f"accepted, or correct the date."
                )
            return _comes(first, today, starts=True)
        case State.DEFERRED:
            return _away(row, first, today)
        case State.COMPLETED:
            return _completed(row, first, today)
        case _:
            return _left(row, first, today)


def _refuse_dates_without_status(row: PersonRow) -> None:
    if row.ends_on and row.state not in ENDED:
        said = f"Somebody {row.state}" if row.state else "Somebody without a status"
        raise Refused(
            f"{said} has no last day yet. Leave it out, or write completed or withdrawn as the status."
        )
    if row.since and not row.state:
        raise Refused("The row says since when, and not what. Write the status, too.")


def _comes(first: date, today: date, *, starts: bool) -> list[Step]:
    steps = [Step(Kind.ACCEPTED, min(first, today))]
    return [*steps, Step(Kind.STARTED, first)] if starts else steps


def _away(row: PersonRow, first: date, today: date) -> list[Step]:
    if row.since is None:
        raise Refused("Deferred, but not since when. Write the day in a column called “Since”.")
    since = _past(row.since, today)
    if first > since:  # before they started
        return [Step(Kind.ACCEPTED, min(first, since)), Step(Kind.DEFERRED, since)]
    return [*_comes(first, today, starts=True), Step(Kind.DEFERRED, since)]


def _completed(row: PersonRow, first: date, today: date) -> list[Step]:
    last = row.ends_on or row.since
    if last is None:
        raise Refused("Completed, but not when. Write the day in a column called “Last day”.")
    if _past(last, today) < first:
        raise Refused(_BACKWARDS.format(words.plain_day(last), words.plain_day(first)))
    return [*_comes(first, today, starts=True), Step(Kind.COMPLETED, last)]


def _left(row: PersonRow, first: date, today: date) -> list[Step]:
    if row.ends_on is None and row.since is None:
        raise Refused("Withdrawn, but not when. Write the day in a column called “Last day”.")
    last = row.ends_on if row.ends_on is not None else (row.since or today) - DAY
    if last < first - DAY:
        raise Refused(_BACKWARDS.format(words.plain_day(last), words.plain_day(first)))
    if last == first - DAY:  # they never began
        day = min(first, today)
        return [Step(Kind.ACCEPTED, day), Step(Kind.WITHDRAWN, day)]
    return [*_comes(first, today, starts=True), Step(Kind.WITHDRAWN, _past(last, today) + DAY)]


_BACKWARDS = "The last day, {}, comes before the first, {}. Correct one of them."


def _past(day: date, today: date) -> date:
    if day > today:
        raise Refused(
            f"{words.plain_day(day)} is to come. Bring them in as they stand today, and record the "
            f"rest on their page."
        )
    return day
