"""The demonstration's placement reviews: written by the school, confirmed by the leader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import timedelta

from cohorts.models import Person, RequirementAttempt
from dlp.calendar import working_day_on_or_before
from dlp.home.demo.clock import noon
from placements.models import Placement, Review, SchoolContact
from placements.operations.reviews import OUTCOMES, SOURCE
from placements.reviews import STARTS_WITH

AGREED = (
    "Settled well. Leads the morning meeting from half-term on, and shadows the SENCO twice.",
    "Attendance of the group is up. Next: write the transition plan with the mainstream school.",
    "Takes on the behaviour review. Two mornings a week are kept free for it.",
    "The staff training went down well. Repeats it for the whole team, and coaches two colleagues.",
    "Ready to lead a provision. Hands over the curriculum work, and writes down what was learned.",
)
QUERY = "We said that I hand over the rota in January, not now."
ANSWERED_AFTER = timedelta(days=2)
A_DAY = timedelta(days=1)


def write_reviews(
    attempts: Iterable[RequirementAttempt], keys: dict[int, str], by: Person
) -> list[RequirementAttempt]:
    """Write a review for every attempt at one during a placement, and link the attempt to it."""
    attempts = list(attempts)
    held = [attempt for attempt in attempts if keys[attempt.requirement_id].startswith(STARTS_WITH)]
    placements = _placements({attempt.participation_id for attempt in held})
    leads = _host_leads()
    made: dict[tuple[int, int, object], tuple[RequirementAttempt, Review]] = {}
    for draw, attempt in enumerate(held):
        attempt.on = working_day_on_or_before(attempt.on)
        for placement in placements[attempt.participation_id]:
            while (placement.pk, attempt.requirement_id, attempt.on) in made:
                attempt.on = working_day_on_or_before(attempt.on - A_DAY)
            if placement.starts_on <= attempt.on <= placement.ends_on:
                review = _review(attempt, placement, leads.get(placement.school_id, by), draw)
                made[placement.pk, attempt.requirement_id, attempt.on] = attempt, review
    Review.objects.bulk_create([review for _, review in made.values()])
    for attempt, review in made.values():
        attempt.source_kind, attempt.source_id = SOURCE, review.pk
        attempt.state, attempt.reported_by = OUTCOMES[Review.State(review.state)], review.written_by
    return attempts


def _review(attempt: RequirementAttempt, placement: Placement, by: Person, draw: int) -> Review:
    """As far as the attempt had come: of those that wait, some are to be put right."""
    state = Review.State.AGREED
    if attempt.state != RequirementAttempt.State.MET:
        state = Review.State.WITH_LEADER if draw % 4 else Review.State.QUERIED
    is_answered = state != Review.State.WITH_LEADER
    return Review(
        placement=placement,
        requirement_id=attempt.requirement_id,
        held_on=attempt.on,
        present=f"{placement.participation.person.name} and the host lead",
        summary=AGREED[draw % len(AGREED)],
        state=state,
        query=QUERY if state == Review.State.QUERIED else "",
        answered_at=noon(attempt.on + ANSWERED_AFTER) if is_answered else None,
        written_by=by,
        written_at=noon(attempt.on),
    )


def _placements(participations: Collection[int]) -> dict[int, list[Placement]]:
    found: dict[int, list[Placement]] = defaultdict(list)
    held = Placement.objects.held().filter(participation__in=participations)
    for placement in held.select_related("participation__person").order_by("starts_on"):
        found[placement.participation_id].append(placement)
    return found


def _host_leads() -> dict[int, Person]:
    """By school the host lead who signs in."""
    contacts = SchoolContact.objects.filter(role=SchoolContact.Role.HOST_LEAD, person__isnull=False)
    return {one.school_id: one.person for one in contacts.select_related("person") if one.person}
