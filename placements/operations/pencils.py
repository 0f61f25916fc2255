"""Pencils: whom staff think of for a post. Nobody else learns of them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from placements.models import Pencil


@transaction.atomic
def rub_out(pencil: Pencil, *, by: Person) -> Pencil:
    """Think of them for it no more. Rubbing out twice is once."""
    pencil = Pencil.objects.select_for_update(of=("self",)).get(pk=pencil.pk)
    if pencil.rubbed_out_at is None:
        pencil.rubbed_out_at, pencil.rubbed_out_by = timezone.now(), by
        pencil.save(update_fields=["rubbed_out_at", "rubbed_out_by"])
    return pencil
