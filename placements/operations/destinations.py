"""Where leaders go on to: their next post, or that nobody knows it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from cohorts.models import Participation, Person
from dlp.errors import Refused
from dlp.words import plain_day
from placements.models import Post, School, UnknownDestination


@transaction.atomic
def record_next_post(
    participation: Participation, *, title: str, employer: str, starts_on: date, is_slt: bool
) -> Post:
    """Write down the post that somebody goes on to; that it is not known is no longer said.

    An employer that is called like one school of ours, and no other, is that school.
    """
    if starts_on <= participation.starts_on:
        raise Refused(
            f"The programme began on {plain_day(participation.starts_on)}. "
            f"The next post begins after that."
        )
    UnknownDestination.objects.filter(participation=participation).delete()
    schools = list(School.objects.filter(name__iexact=employer)[:2])
    school = schools[0] if len(schools) == 1 else None
    return Post.objects.create(
        person_id=participation.person_id,
        school=school,
        employer_name="" if school else employer,
        title=title,
        is_slt=is_slt,
        starts_on=starts_on,
    )


def say_not_known(participation: Participation, *, by: Person) -> UnknownDestination:
    """Say that nobody knows where somebody goes on to. Saying it twice is once."""
    said, _ = UnknownDestination.objects.get_or_create(
        participation=participation, defaults={"said_by": by}
    )
    return said
