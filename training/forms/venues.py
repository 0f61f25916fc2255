"""Choosing where a session takes place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from placements.models import Partnership, School
from training.models import Venue

SCHOOL = "school-"


class VenueField(forms.ChoiceField):
    """A venue, or a partner school, which the operation turns into a venue."""

    default_error_messages = {"invalid_choice": "Choose a venue or a school from the list."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_places, **kwargs)

    def clean(self, value: Any) -> Venue | School | None:
        chosen: str = super().clean(value)
        if chosen.startswith(SCHOOL):
            return School.objects.get(pk=chosen.removeprefix(SCHOOL))
        return Venue.objects.get(pk=chosen) if chosen else None


def _places() -> list[tuple[str, Any]]:
    venues = [(str(pk), name) for pk, name in Venue.objects.values_list("pk", "name")]
    partners = Partnership.objects.covering(timezone.localdate()).values("school")
    without = School.objects.filter(pk__in=partners, venues=None).order_by("search_text", "pk")
    schools = [(f"{SCHOOL}{pk}", name) for pk, name in without.values_list("pk", "name")]
    groups = [("Venues", venues), ("Partner schools", schools)]
    return [("", "---------"), *((label, places) for label, places in groups if places)]
