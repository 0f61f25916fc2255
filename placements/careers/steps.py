"""One person's career in order: posts before, placements, posts after. Pure functions over their rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models.functions import Coalesce

from dlp.calendar import years_later
from dlp.words import plain_day
from placements.models import Placement, Post
from placements.names import HostName

NPQ_SINCE = date(2024, 9, 1)
"""People who became a SENCO earlier needed NASENCO instead, and have had the time."""
NPQ_WITHIN = 3
SENCO = re.compile(r"\bSEN(D)?CO\b", re.IGNORECASE)


OF_POST = {
    "pk": "pk",
    "title": "title",
    "level": "level",
    "is_slt": "is_slt",
    "starts_on": "starts_on",
    "ends_on": "ends_on",
    "school_id": "school_id",
    "employer": Coalesce("school__name", "employer_name"),
    "has_senco_award": "has_senco_award",
    "source": "source",
}
"""The facts of a post that a career is told from."""


class Step(NamedTuple):
    """A job or a placement in a career."""

    title: str
    employer: HostName
    school_id: int | None
    starts_on: date
    ends_on: date | None
    when: str
    """past, now or ahead"""
    is_placement: bool
    key: int
    """Of the post or of the placement."""
    notes: tuple[str, ...]


def career(posts: Iterable[Any], placements: Iterable[Placement], today: date) -> list[Step]:
    """The steps of a career, the earliest first.

    Posts come as the facts in `OF_POST`; placements need their school loaded.
    """
    steps = [_of_post(one, today) for one in posts]
    steps += [_of_placement(one, today) for one in placements if one.is_held]
    return sorted(steps, key=lambda one: (one.starts_on, one.is_placement, one.key))


def _of_post(post: Any, today: date) -> Step:
    notes = []
    if post.is_slt:
        notes.append("On the senior leadership team")
    if post.source in (Post.Source.SELF, Post.Source.HOST):
        notes.append(Post.Source(post.source).label)
    if due_on := npq_due_on(post):
        notes.append(
            f"The NPQ for SENCOs is due by {plain_day(due_on)}, three years after they began, "
            f"unless they hold NASENCO"
        )
    return Step(
        title=post.title,
        employer=HostName(post.employer, ""),
        school_id=post.school_id,
        starts_on=post.starts_on,
        ends_on=post.ends_on,
        when=when(post.starts_on, post.ends_on, today),
        is_placement=False,
        key=post.pk,
        notes=tuple(notes),
    )


def _of_placement(one: Placement, today: date) -> Step:
    return Step(
        title=one.get_role_title_display(),
        employer=one.host,
        school_id=one.school_id,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        when=when(one.starts_on, one.ends_on, today),
        is_placement=True,
        key=one.pk,
        notes=("On the programme",),
    )


def when(first: date, last: date | None, today: date) -> str:
    if first > today:
        return "ahead"
    return "now" if last is None or last >= today else "past"


def is_senco(post: Any) -> bool:
    """By the level, or by a title that says so: Assistant Headteacher and SENCO."""
    return post.level == Post.Level.SENCO or bool(SENCO.search(post.title))


def npq_due_on(post: Any) -> date | None:
    """Three years after they became SENCO, if they still are and have no award (R-ALU-01)."""
    if not is_senco(post) or post.has_senco_award:
        return None
    if post.ends_on is not None or post.starts_on < NPQ_SINCE:
        return None
    return years_later(post.starts_on, NPQ_WITHIN)
