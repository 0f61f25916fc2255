"""What the small programme of the sweeps has of posts, pencils and careers."""

from __future__ import annotations

from typing import Any

from cohorts.models import Participation, Person
from placements.models import Opening, Pencil, Post, TravelTime
from placements.operations.conflicts import note_conflict
from placements.operations.travel import say_minutes
from placements.tests.factories import make_school


def thought_of(opening: Opening, participation: Participation, by: Person) -> dict[str, Any]:
    """A post, a pencil for it, and what staff know of the way there and of another school."""
    person, elsewhere = participation.person, make_school("Conflict Lane School")
    say_minutes(person, opening.school, mode=TravelTime.Mode.CAR, minutes=25, by=by)
    conflict = note_conflict(person, elsewhere, by=by, note="Their sister is the head.")
    pencil = Pencil.objects.create(
        opening=opening, participation=participation, made_by=by, expires_on=opening.ends_on
    )
    pair = {"pk": opening.pk, "participation": participation.pk}
    return {
        "openings": opening,
        "pencils": pencil,
        "conflicts": conflict,
        "placements:pencil": pair,
        "posts": Post.objects.create(
            person=person, school=elsewhere, title="Teacher", starts_on="2020-09-01"
        ),
        "placements:journey": {"pk": participation.pk, "school": opening.school_id},
    }
