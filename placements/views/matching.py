"""Matching: the page of an opening, the openings for a person, and pencils. Staff only."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.guards import changing_programme
from cohorts.models import Participation
from cohorts.permissions import can_change_programme, can_read_reasons
from dlp.asking import act, ask, done
from dlp.http import Request, safe_redirect
from placements.forms.matching import ConflictForm, JourneyForm, PencilForm
from placements.matching import pages
from placements.matching.ranking import judge_pair
from placements.matching.travel import mode_of
from placements.models import ConflictOfInterest, Opening, Pencil, School, TravelTime
from placements.operations import conflicts, pencils, travel


@require_safe
def opening(request: Request, pk: int) -> HttpResponse:
    """A post, who holds it, who is pencilled in, and who else could take it."""
    if not request.user.is_staff:
        raise Http404
    found = get_object_or_404(Opening.objects.visible_to(request.user).for_display(), pk=pk)
    today = timezone.localdate()
    context = {
        "page": pages.opening_page(request.user, found, request.GET.get("page"), today),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "placements/opening.html", context)


@require_safe
def openings_for(request: Request, pk: int) -> HttpResponse:
    """The posts that somebody could take."""
    if not request.user.is_staff:
        raise Http404
    seen = Participation.objects.visible_to(request.user).for_display()
    today = timezone.localdate()
    context = {
        "page": pages.openings_page(
            request.user, get_object_or_404(seen, pk=pk), request.GET.get("page"), today
        ),
        "can_change": can_change_programme(request.user),
        "can_read_reasons": can_read_reasons(request.user),
    }
    return render(request, "placements/openings_for.html", context)


def _page_of(opening: Opening) -> str:
    return reverse("placements:opening", args=[opening.pk])


def _openings_of(time: Participation) -> str:
    return reverse("placements:openings_for", args=[time.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@changing_programme
def pencil(request: Request, pk: int, participation: int) -> HttpResponse:
    """Pencil somebody in for this opening."""
    post = get_object_or_404(Opening.objects.visible_to(request.user).for_display(), pk=pk)
    seen = Participation.objects.visible_to(request.user).for_display()
    time = get_object_or_404(seen, pk=participation)
    judgement = judge_pair(post, time, timezone.localdate())
    form = PencilForm(request.POST or None, asks_why=bool(judgement.asks))
    by = request.user
    made = done(form, lambda: pencils.pencil(post, time, by=by, **form.cleaned_data))
    if made is not None:
        messages.success(request, f"{time.person} is pencilled. Nobody outside the staff sees it.")
        return safe_redirect(request, request.GET.get("next"), fallback=_page_of(post))
    return ask(
        request,
        form,
        title=f"Pencil {time.person}",
        button="Pencil them in",
        above=("Schools", reverse("placements:schools"), str(post), _page_of(post)),
        lead=f"{post.get_role_title_display()}, {post.cohort}. It takes no place and tells nobody.",
        template="placements/pencil.html",
        more={"judgement": judgement},
    )


def _pencil(request: Request, pk: int) -> Pencil:
    return get_object_or_404(Pencil.objects.visible_to(request.user).for_display(), pk=pk)


@require_POST
@changing_programme
def pencil_rub_out(request: Request, pk: int) -> HttpResponse:
    one = _pencil(request, pk)
    return act(
        request,
        lambda: pencils.rub_out(one, by=request.user),
        said=f"{one.participation.person} is rubbed out.",
        back=_page_of(one.opening),
    )


@require_POST
@changing_programme
def pencil_propose(request: Request, pk: int) -> HttpResponse:
    """Turn a pencil into a proposal with one click."""
    one = _pencil(request, pk)
    return act(
        request,
        lambda: pencils.propose_pencilled(one, by=request.user),
        said=f"{one.participation.person} is proposed. Offer it when you are sure.",
        back=_page_of(one.opening),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@changing_programme
def journey(request: Request, pk: int, school: int) -> HttpResponse:
    """Record how long somebody takes from home to a school."""
    seen = Participation.objects.visible_to(request.user).for_display()
    time = get_object_or_404(seen, pk=pk)
    there = get_object_or_404(School.objects.visible_to(request.user), pk=school)
    mode = mode_of(time.person.travels_by)
    known = TravelTime.objects.visible_to(request.user).filter(
        person=time.person, school=there, mode=mode
    )
    form = JourneyForm(request.POST or None, initial=_known(known.first(), mode))
    person, by = time.person, request.user
    if form.is_bound and form.is_valid():
        travel.say_minutes(person, there, by=by, **form.cleaned_data)
        messages.success(request, "It is written down.")
        return safe_redirect(request, request.GET.get("next"), fallback=_openings_of(time))
    return ask(
        request,
        form,
        title=f"From {person} to {there}",
        button="Keep it",
        above=("People", reverse("cohorts:people"), str(person), _openings_of(time)),
        lead=f"Where you know better than our estimate. It holds for "
        f"{person.home_sector or 'where they live now'}.",
    )


def _known(said: TravelTime | None, mode: str) -> dict[str, object]:
    return {"mode": mode, "minutes": said.minutes if said else None}


@require_http_methods(["GET", "HEAD", "POST"])
@changing_programme
def conflict_add(request: Request, pk: int) -> HttpResponse:
    """Record where somebody must not be placed."""
    seen = Participation.objects.visible_to(request.user).for_display()
    time = get_object_or_404(seen, pk=pk)
    form = ConflictForm(request.POST or None, initial={"school": request.GET.get("school")})
    person, by = time.person, request.user
    if done(form, lambda: conflicts.note_conflict(person, by=by, **form.cleaned_data), at="school"):
        messages.success(request, "It is written down. Only staff know of it.")
        return redirect(_openings_of(time))
    return ask(
        request,
        form,
        title=f"Where {person} must not go",
        button="Write it down",
        above=("People", reverse("cohorts:people"), str(person), _openings_of(time)),
        lead="A conflict of interest: neither they nor the school are told.",
    )


@require_POST
@changing_programme
def conflict_end(request: Request, pk: int) -> HttpResponse:
    seen = ConflictOfInterest.objects.visible_to(request.user).select_related("person", "school")
    one = get_object_or_404(seen, pk=pk)
    return act(
        request,
        lambda: conflicts.end_conflict(one, by=request.user),
        said=f"{one.person} can be placed at {one.school} again.",
        back=one.person.get_absolute_url(),
    )
