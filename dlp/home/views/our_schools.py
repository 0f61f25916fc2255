"""Pages for school leads: their schools, the dates, and the handover to a successor."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.models import Person
from cohorts.permissions import can_change_programme
from dlp.asking import done
from dlp.home.parts import handover as handovers
from dlp.home.parts import our_dates as dates
from dlp.home.parts import our_school as schools
from dlp.home.roles import roles_of
from dlp.http import Request
from placements.forms.hosts import ClashForm
from placements.models import Clash, Handover, School
from placements.operations.clashes import tell_clash


def only_school_leads(person: Person) -> None:
    if not roles_of(person).school_lead:
        raise PermissionDenied("That is for those who lead on placements at a school.")


@require_safe
def our_schools(request: Request) -> HttpResponse:
    """Their only school, or the list if they lead several."""
    only_school_leads(request.user)
    led = list(School.objects.led_by(request.user).order_by("search_text"))
    if len(led) == 1:
        return redirect("home:our_school", led[0].pk)
    return render(request, "home/our_schools.html", {"schools": led})


@require_safe
def our_school(request: Request, pk: int) -> HttpResponse:
    only_school_leads(request.user)
    school = get_object_or_404(School.objects.led_by(request.user).for_display(), pk=pk)
    found = schools.page(request.user, school, timezone.localdate())
    return render(request, "home/our_school.html", {"page": found})


@require_http_methods(["GET", "HEAD", "POST"])
def our_dates(request: Request) -> HttpResponse:
    """A term of dates to print, and reporting a clash with one of them."""
    only_school_leads(request.user)
    is_next = request.GET.get("term") == "next"
    page = dates.page(request.user, timezone.localdate(), is_next=is_next)
    form = ClashForm(request.POST or None, days=page.to_tell_of)
    if done(form, lambda: _tell(request, form)):
        messages.success(request, "The programme team knows of it, and answers here.")
        return redirect(request.get_full_path())
    return render(request, "home/our_dates.html", {"page": page, "form": form})


def _tell(request: Request, form: ClashForm) -> Clash:
    school, day = form.chosen
    led = get_object_or_404(School.objects.led_by(request.user), pk=school)
    return tell_clash(led, day=day, text=form.cleaned_data["text"], by=request.user)


@require_safe
def handover(request: Request, pk: int) -> HttpResponse:
    """For staff, and for the school's current leads."""
    known = Handover.objects.visible_to(request.user)
    found = get_object_or_404(
        known.select_related("school__profile", "contact_left__person", "by"), pk=pk
    )
    context = {
        "page": handovers.page(request.user, found, timezone.localdate()),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "home/handover.html", context)
