"""Feedback on a session, summed up: never who, and comments only if enough have answered."""

from __future__ import annotations

from typing import NamedTuple

from training.models import Feedback, Kind, Session

SPOKEN_ENOUGH = 5
"""With fewer answers, a comment could reveal who wrote it."""


class FeedbackSummary(NamedTuple):
    """How many answered, how often each choice was made, and the comments in alphabetical order."""

    answered: int
    scale: list[tuple[str, int]]
    will_try: list[str]
    would_change: list[str]

    @property
    def is_enough(self) -> bool:
        return self.answered >= SPOKEN_ENOUGH


def feedback_on(session: Session) -> FeedbackSummary | None:
    """None if feedback is not asked for, or nobody gave any. One query once the session is over."""
    if session.kind == Kind.SUPERVISION or not session.is_over:
        return None
    said = list(
        Feedback.objects.filter(booking__session=session)
        .order_by()
        .values_list("useful", "will_try", "would_change")
    )
    if not said:
        return None
    if len(said) < SPOKEN_ENOUGH:
        return FeedbackSummary(len(said), [], [], [])
    chosen = [useful for useful, _, _ in said]
    return FeedbackSummary(
        len(said),
        [(each.label, chosen.count(each)) for each in Feedback.Useful],
        sorted(text for _, text, _ in said if text),
        sorted(text for _, _, text in said if text),
    )
