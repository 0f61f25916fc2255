"""The demonstration's plans, and how far everybody is, according to the registers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models.functions import Coalesce

from cohorts.models import (
    Participation,
    Person,
    PlanItem,
    Requirement,
    RequirementAttempt,
    TemplateItem,
)
from cohorts.operations.requirements import BY_HAND
from cohorts.planning.anchors import anchors_of
from cohorts.planning.fold import Attempt, Slot, fold
from cohorts.planning.versions import outcome_of
from dlp.home.demo.clock import noon
from dlp.home.demo.lives import DAY, Life
from dlp.home.demo.reviews import write_reviews
from dlp.home.demo.rewriting import rewrite
from training import certificate_reports
from training.models import Booking, Certificate
from training.requirements import SOURCE, come_to

Outcome = RequirementAttempt.State
BY_HAND_KEYS = frozenset({"review-week-6", "review-termly", "review-final", "final-reflection"})
"""What no register tells of: staff write down that it was done, most of it in time."""
EXCUSES = {
    "twilight-2": (PlanItem.State.WAIVED, "Led this one for the cohort before theirs."),
    "review-termly-2": (PlanItem.State.NOT_APPLICABLE, "The school was closed for that term."),
}
"""Of each of these, one in thirteen people is let off."""
LATEST = timedelta(days=6)


def add_plans(told: list[Life], times: dict[str, Participation], by: Person, today: date) -> None:
    """A plan for everybody, and every attempt at what it asks for."""
    people = [times[life.leader.name] for life in told]
    rules = list(TemplateItem.objects.filter(template=people[0].cohort.plan_template))
    keys = dict(Requirement.objects.values_list("pk", "key"))
    anchors = anchors_of(people, today)
    items: list[PlanItem] = []
    for draw, (life, one) in enumerate(zip(told, people, strict=True)):
        own = outcome_of(one.pk, [], rules, anchors[one.pk]).added
        _excuse(own, draw, _last_day(life, today), by)
        items += own
    PlanItem.objects.bulk_create(items)
    ends = {one.pk: _last_day(life, today) for life, one in zip(told, people, strict=True)}
    completed = {one.pk for one in people if one.state == Participation.State.COMPLETED}
    recent = {pk: day for pk, day in ends.items() if pk not in completed}
    attempts = [*_from_registers(keys), *_from_certificates(keys)]
    attempts += _by_hand(items, keys, recent, by)
    attempts += _caught_up(
        [one for one in items if one.participation_id in completed], attempts, ends, by
    )
    attempts = write_reviews(attempts, keys, by)
    _fold(items, RequirementAttempt.objects.bulk_create(attempts))


def _last_day(life: Life, today: date) -> date:
    """Until when anything was done: today, the last day they held, or the day they went away."""
    days = [change.day - DAY for change in life.changes if change.kind == "deferred"]
    is_away = life.standing.state == Participation.State.DEFERRED
    return min([today, life.standing.held_to or today, *(days if is_away else [])])


def _excuse(items: list[PlanItem], draw: int, last_day: date, by: Person) -> None:
    for item in items:
        if item.key in EXCUSES and draw % 13 == 4 and item.due_on and item.due_on < last_day:
            item.state, item.excuse = EXCUSES[item.key]
            item.excused_by, item.excused_at = by, noon(item.due_on - 20 * DAY)


def _from_registers(keys: dict[int, str]) -> Iterator[RequirementAttempt]:
    """An attempt for each booking that says something of the plan."""
    numbers = {key: pk for pk, key in keys.items()}
    bookings = Booking.objects.order_by("pk")
    known = Coalesce("marked_at", "replied_at", "booked_at")
    known_at = dict(bookings.values_list("pk", known))
    for key, told in sorted(come_to(bookings).items(), key=lambda one: one[0].booking):
        yield RequirementAttempt(
            participation_id=key.participation,
            requirement_id=numbers[key.requirement],
            source_kind=SOURCE,
            source_id=key.booking,
            state=told.state,
            on=told.on,
            reported_by_id=told.by,
            recorded_at=known_at[key.booking],
        )


def _from_certificates(keys: dict[int, str]) -> Iterator[RequirementAttempt]:
    """An attempt for each certificate in every time in which it counts."""
    numbers = {key: pk for pk, key in keys.items()}
    certificates = Certificate.objects.order_by("pk")
    known_at = dict(certificates.values_list("pk", Coalesce("reviewed_at", "recorded_at")))
    everybody = set(certificates.values_list("person", flat=True))
    for report in certificate_reports.reports_on(everybody).values():
        yield RequirementAttempt(
            participation_id=report.participation,
            requirement_id=numbers[report.requirement],
            source_kind=report.source.kind,
            source_id=report.source.pk,
            state=report.state,
            on=report.on,
            reported_by=report.by,
            recorded_at=known_at[report.source.pk],
        )


def _by_hand(
    items: list[PlanItem], keys: dict[int, str], ends: dict[int, date], by: Person
) -> Iterator[RequirementAttempt]:
    """What was due and is done; of the latest, some waits for us, and some was forgotten."""
    for draw, item in enumerate(items):
        last_day = ends.get(item.participation_id)
        if keys[item.requirement_id] not in BY_HAND_KEYS or item.is_excused:
            continue
        if not (last_day and item.due_on and item.due_on < last_day):
            continue
        is_late = last_day - item.due_on < timedelta(days=120)
        if is_late and draw % 7 == 3:
            continue
        waits = is_late and draw % 5 == 2
        day = item.due_on - (draw % LATEST.days) * DAY
        yield _written_down(item, Outcome.WAITING_FOR_US if waits else Outcome.MET, day, by)


def _caught_up(
    items: list[PlanItem], attempts: list[RequirementAttempt], ends: dict[int, date], by: Person
) -> Iterator[RequirementAttempt]:
    """What no register shows of people who completed: they made up in time for what they missed."""
    met = Counter(
        (attempt.participation_id, attempt.requirement_id)
        for attempt in attempts
        if attempt.state == Outcome.MET
    )
    for item in items:
        whose = (item.participation_id, item.requirement_id)
        if item.is_excused:
            continue
        if met[whose]:
            met[whose] -= 1
        else:
            last_day = ends[item.participation_id] - LATEST
            yield _written_down(item, Outcome.MET, min(item.due_on or last_day, last_day), by)


def _written_down(item: PlanItem, state: str, day: date, by: Person) -> RequirementAttempt:
    return RequirementAttempt(
        participation_id=item.participation_id,
        requirement_id=item.requirement_id,
        source_kind=BY_HAND,
        source_id=item.pk,
        state=state,
        on=day,
        reported_by=by,
        recorded_at=noon(day),
    )


def _fold(items: list[PlanItem], attempts: list[RequirementAttempt]) -> None:
    had: dict[tuple[int, int], list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        had[attempt.participation_id, attempt.requirement_id].append(
            Attempt(attempt.pk, attempt.state, attempt.on)
        )
    slots: dict[tuple[int, int], list[PlanItem]] = defaultdict(list)
    for item in sorted(items, key=lambda one: (one.due_on or date.max, one.position, one.key)):
        slots[item.participation_id, item.requirement_id].append(item)
    moved = []
    for whose, asked in slots.items():
        stands = fold([Slot(item.pk, item.state) for item in asked], had[whose])
        for item, stand in zip(asked, stands, strict=True):
            if stand.attempt is not None:
                item.state, item.attempt_id = stand
                moved.append(item)
    rewrite(moved, "state", "attempt")
