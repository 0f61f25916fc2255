"""Changing the days of a placement."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cohorts.guards import to_change
from dlp.asking import ask, done
from dlp.http import Request, safe_redirect
from dlp.words import span
from placements.forms.placements import DaysForm
from placements.models import Acceptance, Placement
from placements.offers import addressees
from placements.operations.days import SURE, change_days

State = Placement.State
WHAT_COMES = {
    State.PROPOSED: "Only staff know of it, so nobody is told.",
    State.OFFERED: "Both are asked again, each by a letter: a yes to other days does not count.",
    State.ACCEPTED: "Both said yes to these days, so both are asked again, each by a letter. The "
    "place is free until both have said yes.",
}
BOTH_TOLD = (
    "The leader and the school are told by letter, and reviews and reminders move along. Somebody "
    "stops before the day agreed? End the placement early instead."
)


@require_http_methods(["GET", "HEAD", "POST"])
def placement_change_days(request: Request, pk: int) -> HttpResponse:
    one = to_change(request, Placement.objects.visible_to(request.user).for_display(), pk)
    days = {"starts_on": one.starts_on, "ends_on": one.ends_on}
    form = DaysForm(request.POST or None, initial=days, is_sure=one.state in SURE)
    changed = done(form, lambda: change_days(one, **form.cleaned_data, by=request.user))
    if changed is not None:
        _say(request, changed, was=span(one.starts_on, one.ends_on))
        return safe_redirect(request, request.GET.get("next"), fallback=one.get_absolute_url())
    return ask(
        request, form, title="Change the days", button="Change the days",
        lead=f"{one}, {span(one.starts_on, one.ends_on)}.",
        warning=WHAT_COMES.get(State(one.state), BOTH_TOLD),
        above=("Placements", reverse("placements:placements"), str(one), one.get_absolute_url()),
    )  # fmt: skip


def _say(request: Request, placement: Placement, *, was: str) -> None:
    """Say what has changed, and whom no letter reaches."""
    now = span(placement.starts_on, placement.ends_on)
    if now == was:
        messages.info(request, "These are the days that it has.")
        return
    messages.success(request, f"It is {now} now.")
    if placement.state == State.PROPOSED:
        return
    reached = {one.side for one in addressees(placement)}
    for side, who in (
        (Acceptance.Side.LEADER, "the leader"),
        (Acceptance.Side.SCHOOL, "the school"),
    ):
        if side not in reached:
            messages.warning(request, f"No letter reaches {who}: tell them yourself.")
