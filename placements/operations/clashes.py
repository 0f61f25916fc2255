"""Reporting a clash with a day out, and answering it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from placements.models import Clash, School


@transaction.atomic
def tell_clash(school: School, *, day: date, text: str, by: Person) -> Clash:
    """Report a clash to staff.

    Raises Refused for a past day, and for a clash already reported.
    """
    school = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    if day < timezone.localdate():
        raise Refused("That day has passed. Choose one to come.")
    if Clash.objects.waiting().filter(school=school, day=day).exists():
        raise Refused("The programme team knows of a clash on this day already.")
    return Clash.objects.create(school=school, day=day, text=text, told_by=by)


@transaction.atomic
def answer_clash(clash: Clash, *, answer: str = "", by: Person) -> Clash:
    """Mark a clash as answered, with a sentence for the school if there is one.

    Raises Refused if somebody has answered it.
    """
    clash = (
        Clash.objects.select_for_update(of=("self",))
        .select_related("answered_by", "school")
        .get(pk=clash.pk)
    )
    if clash.answered_at is not None:
        raise Refused(f"{clash.answered_by} has answered this one.")
    clash.answer, clash.answered_by, clash.answered_at = answer, by, timezone.now()
    clash.save(update_fields=["answer", "answered_by", "answered_at"])
    return clash
