"""A dial that shows how much time is left, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dlp import words
from training.certificates.standing import Refresh, Standing, Training

LENGTH = 245
"""Of the whole arc, as the template draws it."""
COLOURS = {
    Standing.CURRENT: "good",
    Standing.DUE_SOON: "due",
    Standing.OVERDUE: "bad",
    Standing.NO_RECORD: "line",
}


@dataclass(frozen=True)
class Dial:
    """One dial: its heading, the figure in the middle, and a sentence that says it all."""

    heading: str
    standing: Standing
    figure: str
    unit: str
    said: str
    left: int
    """How much of the arc is drawn, out of `LENGTH`."""

    @property
    def colour(self) -> str:
        return COLOURS[self.standing]


def dials(both: tuple[Training, Refresh]) -> list[Dial]:
    training, refresh = both
    return [training_dial(training), refresh_dial(refresh)]


def training_dial(training: Training) -> Dial:
    heading = "Two-year training"
    if training.certificate is None or training.until is None:
        return _none(heading, "No training as a safeguarding lead is recorded.")
    since, until = training.certificate.completed_on, training.until
    said = _said("Current", "A refresh is", until, training.on)
    if training.review_until:
        said += f" In review: it counts until {words.plain_day(training.review_until)} meanwhile."
    return _dial(heading, training.standing, since, until, training.on, said)


def refresh_dial(refresh: Refresh) -> Dial:
    heading = "One-year refresh"
    if refresh.last_on is None or refresh.until is None:
        return _none(heading, "No update is logged, and no training either.")
    logged = (
        f"{words.minutes(refresh.minutes)} logged in {words.count(refresh.count, 'update')}."
        if refresh.count
        else "No update is logged in the last year; the training counts as one."
    )
    said = _said("Fresh", "An update is", refresh.until, refresh.on)
    return _dial(
        heading, refresh.standing, refresh.last_on, refresh.until, refresh.on, f"{said} {logged}"
    )


def _none(heading: str, said: str) -> Dial:
    return Dial(heading, Standing.NO_RECORD, "None", "recorded", said, 0)


def _dial(heading: str, standing: Standing, since: date, until: date, on: date, said: str) -> Dial:
    left = (until - on).days
    unit = "day" if abs(left) == 1 else "days"
    share = max(0, left) / ((until - since).days or 1)
    how = "left" if left >= 0 else "overdue"
    return Dial(heading, standing, str(abs(left)), f"{unit} {how}", said, round(LENGTH * share))


def _said(current: str, what_is: str, until: date, on: date) -> str:
    when = words.plain_day(until)
    if until < on:
        return f"{what_is} overdue: it was due on {when}, {words.from_today(until, today=on)}."
    return f"{current} until {when}, {words.from_today(until, today=on)}."
