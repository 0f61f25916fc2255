"""Moving placements and agreements to the successor of a closed school: one button each."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cohorts.guards import to_change
from dlp.asking import act
from dlp.http import Request
from placements.models import Partnership, Placement
from placements.operations import successions
from placements.views.schools import school_of


@require_POST
def placement_follow(request: Request, pk: int) -> HttpResponse:
    placement = to_change(request, Placement.objects.visible_to(request.user), pk)
    return act(
        request,
        lambda: successions.follow(placement, by=request.user),
        said=lambda moved: f"This placement goes on at {moved.school}.",
        back=placement.get_absolute_url(),
    )


@require_POST
def partnership_carry_over(request: Request, pk: int) -> HttpResponse:
    school = school_of(request, pk)
    return act(
        request,
        lambda: successions.carry_partnership_over(school),
        said=_carried,
        back=school.get_absolute_url(),
    )


def _carried(draft: Partnership | None) -> str:
    if draft is None:
        return "The contacts go on at the school that follows."
    return f"A draft agreement with {draft.school} is there, and the contacts go on at that school."
