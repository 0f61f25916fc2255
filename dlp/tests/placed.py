"""What the matrix and the sweeps find of placements: reviews, an offer, and one that lacks an agreement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.tests.factories import make_plan_item, make_template, make_template_item
from placements.models import Acceptance, Placement, School
from placements.offers import Addressee, token
from placements.operations import reviews
from placements.tests.factories import make_checks, make_placement


def placed(
    participation: Participation, school: School, elsewhere: School, lead: Person
) -> dict[str, Any]:
    """Somebody's placement at a school, and what else there is of placements of theirs."""
    return {
        **reviewed(make_placement(participation, school), lead),
        **on_offer(participation, school, elsewhere),
    }


def reviewed(placement: Placement, by: Person) -> dict[str, Any]:
    """A placement, a review of it that the host lead wrote down, and one that is due."""
    template, one, day = make_template(), placement.participation, placement.starts_on
    asked = []
    for key in ("review-termly-1", "review-termly-2"):
        make_template_item(template, key, requirement="review-termly")
        asked.append(make_plan_item(one, "review-termly", key=key, due_on=day, template=template))
    held = reviews.write(
        placement,
        asked[0],
        held_on=placement.starts_on,
        present="Percy and Marcus",
        summary="All is well.",
        by=by,
    )
    due = {"pk": placement.pk, "item": asked[1].pk}
    return {
        "placements": placement,
        "reviews": held,
        **dict.fromkeys(("placements:review_write", "placements:review_without"), due),
    }


def on_offer(participation: Participation, school: School, elsewhere: School) -> dict[str, Any]:
    """A placement that both sides are asked about, and one that lacks an agreement."""
    later = {"starts_on": participation.held_to or timezone.localdate() + timedelta(days=900)}
    offered = make_placement(participation, school, state=Placement.State.OFFERED, **later)
    lacking = make_placement(participation, elsewhere, state=Placement.State.ACCEPTED, **later)
    Acceptance.objects.create(placement=lacking, side="leader", via="staff")
    make_checks(lacking)
    asked = Addressee("leader", person=participation.person)
    return {
        "placements:placement_answer": offered,
        "placements:letter_answer": token(offered, asked),
        "placements:placement_override": lacking,
    }
