"""Where leaders go next: their next post, or that it is not known."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Participation, Person
from dlp.errors import Refused
from dlp.words import plain_day
from placements.models import Post, UnknownDestination
from placements.operations.posts import add_post


@transaction.atomic
def record_next_post(
    participation: Participation,
    *,
    title: str,
    employer: str,
    starts_on: date,
    is_slt: bool,
    level: str = "",
) -> Post:
    """Record the next post; a "not known" is removed."""
    if starts_on <= participation.starts_on:
        raise Refused(
            f"The programme began on {plain_day(participation.starts_on)}. "
            f"The next post begins after that."
        )
    UnknownDestination.objects.filter(participation=participation).delete()
    return add_post(
        participation.person,
        title=title,
        employer=employer,
        level=level,
        is_slt=is_slt,
        starts_on=starts_on,
        source=Post.Source.STAFF,
    )


def say_not_known(participation: Participation, *, by: Person) -> UnknownDestination:
    """Record that nobody knows where somebody goes next. Repeating it changes nothing."""
    said, _ = UnknownDestination.objects.get_or_create(
        participation=participation, defaults={"said_by": by}
    )
    return said
