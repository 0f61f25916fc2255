"""How letters are doing: the figures on the page for staff, from few queries (messages.md R36).

The apps add gauges for what only they can count; the outbox knows no app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import Now, TruncHour
from django.utils import timezone

from dlp import words
from dlp.outbox.models import Attempt, JobRun, Message, SenderRound, SweepDay
from dlp.outbox.models.states import State
from dlp.outbox.watch import health, invariants
from dlp.outbox.watch.health import Pulse

HOURS = 24
PITCH, FLOOR, HEIGHT = 14, 100, 90  # of the drawing: one hour, the ground, the fullest hour
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
UNCERTAIN_TOO_LONG = timedelta(hours=1)
TOO_MANY_TROUBLED = 0.1
Outcome = Attempt.Outcome
RINGERS = {
    SenderRound.Ringer.LOOP: "The sender (outbox loop)",
    SenderRound.Ringer.CELERY: "The second sender (Celery)",
}
TROUBLED = (Outcome.FAILED, Outcome.DECLINED, Outcome.UNCERTAIN, Outcome.UNWRITTEN)


@dataclass(frozen=True)
class Gauge:
    """One figure that is watched: a sentence about it, and its sign."""

    label: str
    words: str
    sign: str = "good"


@dataclass(frozen=True)
class Hour:
    """The tries of one hour: letters that left, tries that failed, senders that stopped."""

    at: datetime
    sent: int = 0
    troubled: int = 0
    abandoned: int = 0


@dataclass(frozen=True)
class Column:
    """One hour as it is drawn: letters that left, with failed tries on top."""

    hour: Hour
    x: int
    sent_y: float
    sent_height: float
    troubled_y: float
    troubled_height: float


@dataclass(frozen=True)
class Drawing:
    """The day in columns."""

    columns: list[Column]
    most: int

    @classmethod
    def of(cls, hours: list[Hour]) -> Drawing:
        most = max((hour.sent + hour.troubled for hour in hours), default=0)
        unit = HEIGHT / (most or 1)
        return cls([_column(hour, number, unit) for number, hour in enumerate(hours)], most)


@dataclass(frozen=True)
class InState:
    """How many letters due within a week of now are in one state."""

    state: str
    label: str
    number: int
    since: datetime | None
    """Since when the first of them has not moved."""


@dataclass(frozen=True)
class Watch:
    """Everything that the page shows."""

    pulse: Pulse
    sent: int
    drawing: Drawing
    states: list[InState]
    gauges: list[Gauge]
    outage: str | None = None
    """Why the relay is left alone, while it is."""

    @property
    def most(self) -> int:
        """What the longest bar of the states stands for."""
        return max((one.number for one in self.states), default=1)


Provider = Callable[[], Gauge]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Add this app's gauge. Call it from `AppConfig.ready`; repeating it changes nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def watch() -> Watch:
    """The current figures. The number of queries does not depend on the number of letters."""
    alarms, hours, states = health.alarms(), list(_hours()), list(_states())
    sent, troubled = sum(hour.sent for hour in hours), sum(hour.troubled for hour in hours)
    gauges = [
        *_rounds(),
        _relay(alarms.outage, sent, troubled),
        *_canary(alarms.canary_is_late),
        _uncertain(states),
        _abandoned(sum(hour.abandoned for hour in hours)),
        _repairs(),
        _nightly(),
        *(provider() for provider in _providers),
    ]
    return Watch(alarms.pulse, sent, Drawing.of(hours), states, gauges, alarms.outage)


def _hours() -> Iterator[Hour]:
    """The last day hour by hour, the quiet hours too."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    first = now - timedelta(hours=HOURS - 1)
    found = (
        Attempt.objects.filter(ended_at__gte=first, number__gt=0)
        .order_by()
        .annotate(hour=TruncHour("ended_at"))
        .values_list("hour")
        .annotate(
            sent=Count("pk", filter=Q(outcome=Outcome.SENT)),
            troubled=Count("pk", filter=Q(outcome__in=TROUBLED)),
            abandoned=Count("pk", filter=Q(outcome=Outcome.ABANDONED)),
        )
    )
    known = {row[0]: Hour(*row) for row in found}
    for number in range(HOURS):
        at = first + timedelta(hours=number)
        yield known.get(at, Hour(at))


def _column(hour: Hour, number: int, unit: float) -> Column:
    sent, troubled = round(hour.sent * unit, 1), round(hour.troubled * unit, 1)
    top = FLOOR - sent
    return Column(hour, number * PITCH, round(top, 1), sent, round(top - troubled, 1), troubled)


def _states() -> Iterator[InState]:
    found = (
        Message.objects.filter(due_at__gte=Now() - A_WEEK, due_at__lte=Now() + A_WEEK)
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"), since=Min("updated_at"))
    )
    known = {state: (number, since) for state, number, since in found}
    for state, label in State.choices:
        if state in known:
            yield InState(state, label, *known[state])


def _rounds() -> Iterator[Gauge]:
    """Either sender is enough, so one that is silent is no more than worth knowing."""
    rounds = {one.ringer: one.ended_at for one in SenderRound.objects.all()}
    for ringer, label in RINGERS.items():
        ended_at = rounds.get(ringer)
        if ended_at is None:
            yield Gauge(label, "has not looked for letters yet.", "rest")
        elif timezone.now() - ended_at > health.NO_ROUND_TOO_LONG:
            yield Gauge(label, f"looked for letters last on {words.moment(ended_at)}.", "due")
        else:
            yield Gauge(label, f"looked for letters at {words.clock(ended_at)}.")


def _relay(outage: str | None, sent: int, troubled: int) -> Gauge:
    if outage:
        return Gauge("The relay", f"is left alone: {outage}", "bad")
    tries = sent + troubled
    if not tries:
        return Gauge("The relay", "was given nothing in the last 24 hours.", "rest")
    if not troubled:
        return Gauge("The relay", "took everything at the first try.")
    sign = "due" if troubled > tries * TOO_MANY_TROUBLED else "good"
    return Gauge(
        "The relay", f"did not take {troubled} of {words.count(tries, 'try', 'tries')}.", sign
    )


def _canary(is_late: bool | None) -> Iterator[Gauge]:
    """Where one sings."""
    if is_late is not None:
        told = "was not taken within 5 minutes." if is_late else "was taken in time."
        yield Gauge("The last test letter to ourselves", told, "bad" if is_late else "good")


def _uncertain(states: list[InState]) -> Gauge:
    label = "Letters that may have arrived"
    for one in states:
        if one.state == State.UNCERTAIN and one.since is not None:
            is_old = timezone.now() - one.since > UNCERTAIN_TOO_LONG
            told = f"{one.number}, the first since {words.moment(one.since)}."
            return Gauge(label, told, "bad" if is_old else "due")
    return Gauge(label, "None.")


def _abandoned(number: int) -> Gauge:
    label = "Senders that stopped midway"
    if not number:
        return Gauge(label, "None in the last 24 hours.")
    told = f"{words.count(number, 'letter')} in the last 24 hours, taken up by others."
    return Gauge(label, told, "due")


def _repairs() -> Gauge:
    """A repair means that some change forgot to plan (R4)."""
    week = SweepDay.objects.filter(day__gt=timezone.localdate() - A_WEEK)
    found = week.aggregate(repairs=Sum("repairs", default=0), failures=Sum("failures", default=0))
    if found["failures"]:
        return Gauge("What is planned", "could not be compared with the sessions.", "bad")
    if found["repairs"]:
        told = f"was put right in {words.count(found['repairs'], 'place')} within a week."
        return Gauge("What is planned", told, "due")
    return Gauge("What is planned", "needed no repair for a week.")


def _nightly() -> Gauge:
    """What last night's check of the invariants found."""
    label = "The rules that hold for every letter"
    run = JobRun.objects.filter(name=health.INVARIANTS).first()
    if run is None:
        return Gauge(label, "have not been checked yet: they are, every night.", "rest")
    on = words.moment(run.ended_at)
    if broken := run.result.get("broken"):
        told = " ".join(
            f"{invariants.sentence_of(name)} Not so: {n}." for name, n in broken.items()
        )
        return Gauge(label, f"did not all hold on {on}. {told}", "bad")
    return Gauge(label, f"all {run.result['checked']} held on {on}.")
