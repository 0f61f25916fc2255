"""Placement reviews on the pages of a placement and a school: due ones, and written ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person, PlanItem
from cohorts.permissions import can_change_programme
from dlp import words
from dlp.prepared import SOMEBODY, SOMETHING, Prepared
from placements.models import Placement, Review
from placements.permissions import can_write_reviews
from placements.reviews import due_in, is_overdue

SOON = timedelta(days=28)
"""How far ahead a school is shown what is due, and it is offered to write it down."""


@dataclass(frozen=True)
class DueReview:
    """A review that is due, and where to write it up, for those who may."""

    title: str
    due_on: date
    said: str
    is_overdue: bool
    write_url: str
    without_url: str


@dataclass(frozen=True)
class Reviews:
    due: list[DueReview]
    written: list[Review]


def of_placement(viewer: Person, placement: Placement, today: date) -> Reviews:
    """The next review of each kind, and all that were written, the latest first."""
    has_begun = placement.starts_on <= today
    can_write = has_begun and can_write_reviews(viewer, placement)
    can_leave = has_begun and can_change_programme(viewer)
    written = _written(viewer.is_staff, timezone.localdate())
    return Reviews(
        due=[
            _due(item, placement.pk, item.title, today, can_write=can_write, can_leave=can_leave)
            for item in next_of_each(_due_in().models({SOMETHING: placement.pk}))
        ],
        written=written.models({SOMEBODY: viewer.pk, SOMETHING: placement.pk}),
    )


@cache
def _due_in() -> Prepared:
    return Prepared(due_in(Placement.objects.filter(pk=SOMETHING)))


@lru_cache(maxsize=4)
def _written(is_staff: bool, day: date) -> Prepared:
    """The reviews of a placement, as a prepared query for anybody on this day."""
    seen = Review.objects.visible_to(Person(pk=SOMEBODY, is_staff=is_staff))
    return Prepared(seen.filter(placement=SOMETHING).select_related("requirement"))


def of_school(placements: Sequence[Placement], host_led: set[int], today: date) -> list[DueReview]:
    """Reviews of a school's leaders that are soon due or overdue.

    `host_led` are the schools of which the viewer is host lead and so can write them up.
    """
    begun = [one for one in placements if one.starts_on <= today and _goes_on(one)]
    if not begun:
        return []
    times = {one.participation_id for one in begun}
    items = _due_by(today + SOON).models(
        {SOMEBODY: list(times), SOMETHING: [one.pk for one in begun]}
    )
    rows = []
    for item in next_of_each(items):
        placement = next(one for one in begun if falls_in(item, one))
        title = f"{placement.participation.person.name}: {item.title}"
        can_write = placement.school_id in host_led
        rows.append(_due(item, placement.pk, title, today, can_write=can_write, can_leave=False))
    return sorted(rows, key=lambda row: row.due_on)


def _goes_on(placement: Placement) -> bool:
    """Whether reviews are asked for: not while the placement is paused or its leader deferred."""
    return placement.state != Placement.State.PAUSED and not placement.participation.is_deferred


@lru_cache(maxsize=2)
def _due_by(day: date) -> Prepared:
    items = due_in(Placement.objects.filter(pk__in=[SOMETHING]))
    return Prepared(items.filter(participation__in=[SOMEBODY], due_on__lte=day))


def falls_in(item: PlanItem, placement: Placement) -> bool:
    assert item.due_on is not None  # noqa: S101  what is due has a day
    is_theirs = item.participation_id == placement.participation_id
    return is_theirs and placement.starts_on <= item.due_on <= placement.ends_on


def next_of_each(items: Iterable[PlanItem]) -> list[PlanItem]:
    """The first of each requirement in each placement: the reviews are held in order."""
    first: dict[tuple[int, int], PlanItem] = {}
    for item in items:
        first.setdefault((item.participation_id, item.requirement_id), item)
    return list(first.values())


def _due(
    item: PlanItem, placement: int, title: str, today: date, *, can_write: bool, can_leave: bool
) -> DueReview:
    assert item.due_on is not None  # noqa: S101  what is due has a day
    address = [placement, item.pk]
    is_near = item.due_on <= today + SOON
    late = is_overdue(item, today)
    when = words.from_today(item.due_on, today=today)
    said = f"It was due {when}." if item.due_on < today else f"Due {when}."
    return DueReview(
        title=title,
        due_on=item.due_on,
        said=said,
        is_overdue=late,
        write_url=reverse("placements:review_write", args=address) if can_write and is_near else "",
        without_url=reverse("placements:review_without", args=address) if can_leave else "",
    )
