"""What completing the programme takes (R-PRG-05): criteria that the apps register.

Each criterion is answered in a sentence. It asks the database for its facts as one column, so that
any number of people takes one query, which is built once per process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, F, OuterRef, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, JSONObject, Least

from cohorts.models import Participation, PlanItem
from dlp import facts
from dlp.prepared import SOMEBODY

_criteria: dict[str, Criterion] = {}


class Answer(NamedTuple):
    """Whether a criterion is met on a day, and the sentence that says so.

    Shown to the person, the sentence also says how they can meet it.
    """

    is_met: bool
    words: str
    advice: str = ""


@dataclass(frozen=True)
class Criterion:
    """A criterion for completing the programme.

    `facts` is a column annotated on participations, which have `judged_on` (the last day) and
    `began_on` (the first day that counts, before any transfer). `judge` turns that column, decoded
    from JSON, into an answer for a day.
    """

    key: str
    label: str
    order: int
    facts: Callable[[], Combinable]
    judge: Callable[[Any, date], Answer]


class Judged(NamedTuple):
    """A criterion with its answer."""

    key: str
    label: str
    is_met: bool
    words: str
    advice: str


class Verdict(NamedTuple):
    """The answers to all criteria for somebody's last day."""

    on: date
    answers: tuple[Judged, ...]

    @property
    def met(self) -> int:
        return sum(one.is_met for one in self.answers)

    @property
    def total(self) -> int:
        return len(self.answers)

    @property
    def lacking(self) -> list[Judged]:
        return [one for one in self.answers if not one.is_met]

    @property
    def is_ready(self) -> bool:
        return not self.lacking

    @property
    def words(self) -> str:
        """4 of 5: no current DSL certificate on 31 August 2026."""
        said = "; ".join(as_part(one.words) for one in self.lacking)
        return f"{self.met} of {self.total}: {said}." if said else f"{self.met} of {self.total}."


def register(criterion: Criterion) -> None:
    """Add a criterion. Called from an app's `AppConfig.ready`."""
    _criteria[criterion.key] = criterion


def criteria() -> list[Criterion]:
    """All criteria, in the order in which pages list them."""
    return sorted(_criteria.values(), key=lambda one: one.order)


def verdict_of(participation: Participation, on: date | None = None) -> Verdict:
    """The verdict on one person. One query."""
    return verdicts([participation.pk], on)[participation.pk]


def verdicts(participations: Iterable[int], on: date | None = None) -> dict[int, Verdict]:
    """The verdicts on these participations, by key, in one query.

    The day judged is `on` if given, else each person's last day, else their expected last day.
    """
    keys, known = list(participations), tuple(criteria())
    if not keys:
        return {}
    (rows,) = _question(known, on).answer({SOMEBODY: keys})
    return {row.pk: Verdict(row.judged_on, _judged(known, row)) for row in rows}


@lru_cache(maxsize=2)
def _question(known: tuple[Criterion, ...], on: date | None) -> facts.Question:
    """The query for one participation, prepared once."""
    day: Combinable = Value(on, DateField()) if on else Coalesce("held_to", "expected_end_on")
    times = (
        Participation.objects.filter(pk__in=[SOMEBODY])
        .order_by()
        .annotate(judged_on=day, began_on=Least("starts_on", F("continues__starts_on")))
    )
    told = {one.key: one.facts() for one in known}
    return facts.Question([(times, JSONObject(pk="pk", judged_on="judged_on", **told))])


def _judged(known: Iterable[Criterion], row: Any) -> tuple[Judged, ...]:
    return tuple(
        Judged(one.key, one.label, *one.judge(getattr(row, one.key), row.judged_on))
        for one in known
    )


def as_part(sentence: str) -> str:
    """A sentence as part of another: "No review." becomes "no review", "DSL" keeps its capitals."""
    bare = sentence.rstrip(".")
    return bare if bare[1:2].isupper() else bare[:1].lower() + bare[1:]


# What the plan asks

FINAL_REVIEW = "review-final"


def final_review() -> Criterion:
    """Whether the final placement review in somebody's plan has been held."""
    return Criterion("review", "Final review", 40, _of_plan, _judge_review)


def _of_plan() -> Combinable:
    """The states of the plan items under this requirement; empty without a plan."""
    asked = PlanItem.objects.filter(participation=OuterRef("pk"), requirement__key=FINAL_REVIEW)
    return ArraySubquery(asked.order_by().values("state"))


def _judge_review(states: list[str], on: date) -> Answer:
    if not states:
        return Answer(True, "No final review: it is not in their plan.")
    left_to_do = set(states) - PlanItem.DONE_STATES - {PlanItem.State.NOT_APPLICABLE}
    if left_to_do:
        advice = "Your final review comes near the end of your placement."
        return Answer(False, "Final review is not done.", advice)
    return Answer(True, "Final review is done.")
