"""Placement reviews: written up by host or staff, confirmed by the leader, told to the plan.

A change of what was written removes the leader's confirmation: they are asked again.
"""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from cohorts.models import Person, PlanItem
from cohorts.operations.requirements import Outcome, Source, report_requirement, waive
from dlp.errors import Refused
from dlp.words import plain_day
from placements import reminders
from placements.models import Placement, Review
from placements.operations.moving import lock_time_of
from placements.reviews import due_for

State = Review.State
SOURCE = "review"
OUTCOMES = {
    State.WITH_LEADER: Outcome.WAITING_FOR_YOU,
    State.QUERIED: Outcome.WAITING_FOR_US,
    State.AGREED: Outcome.MET,
    State.CLOSED: Outcome.MET,
    State.TAKEN_BACK: Outcome.NOT_COUNTED,
}
"""What each state means for the leader's plan."""
WORDS_OF_A_REASON = 3


def page_of(pk: int, viewer: Person) -> str | None:
    """The page of a review; None for people who may not see it."""
    found = Review.objects.visible_to(viewer).filter(pk=pk).first()
    return found.get_absolute_url() if found else None


def why_not_on(placement: Placement, held_on: date) -> str:
    """Why a review cannot have been held on a day, as a sentence; empty if it can."""
    if held_on > timezone.localdate():
        return "Choose today or an earlier day: this writes down what was held."
    if held_on < placement.starts_on:
        return (
            f"The placement began on {plain_day(placement.starts_on)}. Choose a day from then on."
        )
    return ""


@transaction.atomic
def write(
    placement: Placement, item: PlanItem, *, held_on: date, present: str, summary: str, by: Person
) -> Review:
    """Write up a review that was held; it then waits for the leader's confirmation.

    It counts for the first open item of its kind. Raises Refused for one that is no longer due in
    this placement, and for a day in the future or before the placement.
    """
    lock_time_of(placement.participation_id)
    _refuse_unless_due(placement, item)
    if why_not := why_not_on(placement, held_on):
        raise Refused(why_not)
    review = Review(
        placement=placement,
        requirement_id=item.requirement_id,
        held_on=held_on,
        present=present,
        summary=summary,
        written_by=by,
    )
    return _save(review, by=by)


@transaction.atomic
def rewrite(review: Review, *, held_on: date, present: str, summary: str, by: Person) -> Review:
    """Change what was written; the leader is asked to confirm it again."""
    review = _locked(review)
    _refuse_if_settled(review)
    if why_not := why_not_on(review.placement, held_on):
        raise Refused(why_not)
    before = (review.held_on, review.present, review.summary)
    if before == (held_on, present, summary):
        raise Refused("Nothing has changed, so nothing was saved.")
    review.held_on, review.present, review.summary = held_on, present, summary
    review.state, review.query, review.answered_at = State.WITH_LEADER, "", None
    review.written_by, review.written_at = by, timezone.now()
    return _save(review, by=by)


def agree(review: Review, *, by: Person) -> Review:
    """The leader confirms the review, which completes it."""
    return _answer(review, State.AGREED, "", by)


def ask_to_put_right(review: Review, *, query: str, by: Person) -> Review:
    """The leader asks for a correction; host or programme makes it, and asks them again."""
    return _answer(review, State.QUERIED, query, by)


def close(review: Review, *, reason: str, by: Person) -> Review:
    """Complete a review without the leader's confirmation, for a reason that they can read."""
    return _settle(review, State.CLOSED, reason, by)


def take_back(review: Review, *, reason: str, by: Person) -> Review:
    """Withdraw a review written up by mistake; it is due again."""
    return _settle(review, State.TAKEN_BACK, reason, by)


@transaction.atomic
def do_without(placement: Placement, item: PlanItem, *, reason: str, by: Person) -> PlanItem:
    """Close a review that will not be held, for a reason shown on the plan."""
    lock_time_of(placement.participation_id)
    _refuse_unless_due(placement, item)
    return waive(item, reason=reason, by=by)


@transaction.atomic
def _answer(review: Review, state: State, query: str, by: Person) -> Review:
    review = _locked(review)
    _refuse_if_settled(review)
    if review.placement.participation.person_id != by.pk:
        raise Refused("Only the leader can answer a review.")
    if review.state == State.AGREED:
        raise Refused("You agreed to it already. Ask whoever wrote it to change it.")
    review.state, review.query, review.answered_at = state, query, timezone.now()
    return _save(review, by=by)


@transaction.atomic
def _settle(review: Review, state: State, reason: str, by: Person) -> Review:
    review = _locked(review)
    if review.state == State.TAKEN_BACK or review.state == state:
        raise Refused(f"This review is {review.get_state_display().lower()} already.")
    if state == State.CLOSED and review.state == State.AGREED:
        raise Refused("The leader has agreed, so there is nothing to close.")
    reason = " ".join(reason.split())
    if len(reason.split()) < WORDS_OF_A_REASON:
        raise Refused("Say in a few words why: the leader reads it.")
    review.state, review.reason, review.settled_by = state, reason, by
    return _save(review, by=by)


def _refuse_unless_due(placement: Placement, item: PlanItem) -> None:
    if not due_for(placement).filter(pk=item.pk).exists():
        raise Refused("This review is not due any more. Look at the placement again.")


def _refuse_if_settled(review: Review) -> None:
    if review.is_settled:
        raise Refused(f"This review is {review.get_state_display().lower()}, so it stays as it is.")


def _locked(review: Review) -> Review:
    """Lock the leader's participation first, as every change of a plan does."""
    lock_time_of(review.placement.participation_id)
    return (
        Review.objects.select_for_update(of=("self",))
        .select_related("placement__participation__person", "requirement")
        .get(pk=review.pk)
    )


def _save(review: Review, *, by: Person) -> Review:
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as error:
        if "review_once_a_day" not in str(error):
            raise
        raise Refused("This review is written down already for that day.") from error
    report_requirement(
        review.placement.participation,
        review.requirement.key,
        source=Source(SOURCE, review.pk),
        state=OUTCOMES[State(review.state)],
        on=review.held_on,
        by=by,
    )
    reminders.plan_of({review.placement.participation_id})
    return review
