"""Where a leader goes next, on a page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cohorts.guards import to_change
from cohorts.models import Participation
from dlp.asking import ask, done
from dlp.http import Request, safe_redirect
from placements.forms.destinations import DestinationForm
from placements.models import Post, UnknownDestination
from placements.operations import destinations as operations


@require_http_methods(["GET", "HEAD", "POST"])
def destination(request: Request, pk: int) -> HttpResponse:
    """Record where the leader of this participation goes next."""
    time = to_change(request, Participation.objects.visible_to(request.user).for_display(), pk)
    form = DestinationForm(request.POST or None)
    if done(form, lambda: _record(request, time, **form.cleaned_data)):
        messages.success(request, "It is written down.")
        return safe_redirect(
            request, request.GET.get("next"), fallback=time.person.get_absolute_url()
        )
    return ask(
        request,
        form,
        title=f"Where {time.person} goes next",
        button="Write it down",
        above=(
            "People",
            reverse("cohorts:people"),
            str(time.person),
            time.person.get_absolute_url(),
        ),
        lead=f"After {time.cohort}. It is one of the things that completing takes.",
    )


def _record(
    request: Request, time: Participation, *, is_not_known: bool, **post: object
) -> Post | UnknownDestination:
    if is_not_known:
        return operations.say_not_known(time, by=request.user)
    return operations.record_next_post(time, **post)  # type: ignore[arg-type]
