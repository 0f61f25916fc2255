"""Covers for staff who are away. They change through this module only."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp import words
from dlp.errors import Refused
from dlp.home.models import Cover


@transaction.atomic
def set_cover(person: Person, covered_by: Person, *, starts_on: date, ends_on: date) -> Cover:
    """Let somebody cover for a colleague who is away, first and last day included.

    Locks both people. Raises Refused unless both work here, if the days are past or the wrong way
    round, if somebody would cover for themselves, and if another cover overlaps.
    """
    people = Person.objects.get_queryset().select_for_update(of=("self",)).order_by("pk")
    known = people.in_bulk([person.pk, covered_by.pk])
    for one in known.values():
        if not (one.is_staff and one.is_active):
            raise Refused(f"{one.name} does not work here. Choose somebody who does.")
    if ends_on < starts_on:
        raise Refused("The last day cannot be before the first day.")
    if ends_on < timezone.localdate():
        raise Refused("The last day is over already. Choose one that is still to come.")
    cover = Cover(
        person=known[person.pk],
        covered_by=known[covered_by.pk],
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _refuse_two_at_once(cover)
    try:
        cover.validate_constraints()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    cover.save()
    return cover


def _refuse_two_at_once(cover: Cover) -> None:
    """Name the cover that is there already, as its days say where another may begin."""
    others = Cover.objects.filter(
        person=cover.person, starts_on__lte=cover.ends_on, ends_on__gte=cover.starts_on
    )
    other = others.select_related("covered_by").first()
    if other is not None:
        days = words.span(other.starts_on, other.ends_on)
        raise Refused(
            f"{other.covered_by.name} covers {cover.person.name} already, {days}. Choose days "
            f"before or after, or end that cover first."
        )


@transaction.atomic
def end_cover(cover: Cover) -> None:
    """End a cover as of today; yesterday was its last day.

    One that has not begun is deleted; its history stays. Raises Refused if it is over or gone.
    """
    today = timezone.localdate()
    known = Cover.objects.select_for_update(of=("self",)).filter(pk=cover.pk).first()
    if known is None or known.ends_on < today:
        raise Refused("This cover is over already.")
    if known.starts_on >= today:
        known.delete()
        return
    known.ends_on = today - timedelta(days=1)
    known.save(update_fields=["ends_on"])
