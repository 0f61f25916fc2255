"""The list of cohorts, and adding and changing one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.cohort_states import CohortState, with_state
from cohorts.forms.cohorts import CohortFilter, CohortForm
from cohorts.guards import only_staff, only_those_who_change, to_change
from cohorts.models import Cohort, Participation, Person
from cohorts.operations import cohorts as operations
from cohorts.operations.people import invite_everyone
from cohorts.permissions import can_change_programme
from dlp import words
from dlp.asking import ask, done
from dlp.exports import hand_out
from dlp.http import Request

A_PAGE = 20
EXPORT_HEADER = (
    "Name", "State", "First day", "Last day", "Regions", "Places", "On the programme", "Completed",
    "Coordinator",
)  # fmt: skip


def _listed(request: Request) -> tuple[CohortFilter, QuerySet[Cohort]]:
    """The filter in the URL, and the cohorts it lets through, with how many are in each."""
    only_staff(request.user)
    form = CohortFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    cohorts = with_state(Cohort.objects.visible_to(request.user), timezone.localdate())
    if state:
        cohorts = cohorts.filter(Q(("state", state)))
    times = Participation.objects.visible_to(request.user)
    completed = times.filter(state=Participation.State.COMPLETED)
    counted = cohorts.select_related("coordinator").annotate(
        current_count=times.current().counted_by_cohort(),
        completed_count=completed.counted_by_cohort(),
    )
    return form, counted


@require_safe
def cohort_list(request: Request) -> HttpResponse:
    form, found = _listed(request)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "is_filtered": any(form.cleaned_data.values()),
        "page": page,
        "can_change": can_change_programme(request.user),
    }
    return render(request, "cohorts/list.html", context)


@require_safe
def cohort_export(request: Request) -> StreamingHttpResponse:
    _, found = _listed(request)
    rows = (
        (
            one.name, CohortState(one.state).label, one.starts_on, one.ends_on,  # type: ignore[attr-defined]
            one.get_regions_display(), one.target_size,
            one.current_count, one.completed_count, one.coordinator,  # type: ignore[attr-defined]
        )
        for one in found.iterator(2_000)
    )  # fmt: skip
    return hand_out(request, "cohorts", EXPORT_HEADER, rows, count=found.count())


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_add(request: Request) -> HttpResponse:
    only_those_who_change(request.user)
    form = CohortForm(request.POST or None)
    cohort = done(form, lambda: operations.add_cohort(**form.cleaned_data))
    if cohort is not None:
        messages.success(request, f"{cohort} was added. Bring in its people next.")
        return redirect(cohort)
    return ask(
        request,
        form,
        title="Add a cohort",
        button="Add the cohort",
        above=("Cohorts", reverse("cohorts:list")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_edit(request: Request, pk: int) -> HttpResponse:
    cohort = to_change(request, Cohort.objects.visible_to(request.user), pk)
    form = CohortForm(request.POST or None, instance=cohort)
    if changed := done(form, lambda: operations.edit_cohort(cohort, **form.cleaned_data)):
        messages.success(request, f"{changed} was changed.")
        return redirect(changed)
    return ask(
        request,
        form,
        title=f"Change {cohort}",
        button="Save the changes",
        above=("Cohorts", reverse("cohorts:list"), str(cohort), cohort.get_absolute_url()),
        lead="New dates move the expected last day of everyone in it, and the first day of those "
        "who have not started.",
    )


@require_POST
def cohort_invite(request: Request, pk: int) -> HttpResponse:
    cohort = to_change(request, Cohort.objects.visible_to(request.user), pk)
    people = Person.objects.visible_to(request.user).filter(
        participations__cohort=cohort, participations__state__in=Participation.CURRENT_STATES
    )
    count = invite_everyone(people)
    if count:
        said = f"{words.count(count, 'invitation')} on the way. Each opens for seven days."
        messages.success(request, said)
    else:
        messages.info(request, "Everyone here has been invited, or has no address.")
    return redirect(cohort)
