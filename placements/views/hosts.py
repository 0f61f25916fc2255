"""A host's profile, agreement, handover calls and answers to clashes."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.guards import to_change
from dlp import files
from dlp.asking import act, ask, done
from dlp.audit.operations import note_reading
from dlp.http import Request, safe_redirect
from dlp.pages import programme_address
from placements.day_one.pack import pack_of
from placements.forms.hosts import (
    AgreementForm,
    AnswerClashForm,
    ProfileForm,
    RenewalForm,
    WelcomeForm,
)
from placements.models import Clash, Handover, Partnership, Placement, School, SchoolProfile
from placements.operations import clashes, handovers, partnerships, profiles
from placements.permissions import can_tell_of
from placements.views.schools import above, school_of


def school_to_tell_of(request: Request, pk: int) -> School:
    school = get_object_or_404(School.objects.visible_to(request.user), pk=pk)
    if not can_tell_of(request.user, school.pk):
        raise PermissionDenied("Only the school’s leads and the programme team can do that.")
    return school


def page_of(request: Request, school: School) -> str:
    """The page on which this viewer reads about a school."""
    if request.user.is_staff:
        return school.get_absolute_url()
    return reverse("home:our_school", args=[school.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: Request, pk: int) -> HttpResponse:
    school = school_to_tell_of(request, pk)
    known = SchoolProfile.objects.visible_to(request.user).filter(school=school)
    profile = known.first() or SchoolProfile(school=school)
    form = ProfileForm(request.POST or None, instance=profile)
    write = partial(profiles.write_profile, school, by=request.user)
    if done(form, lambda: write(values=form.cleaned_data)):
        messages.success(request, f"What to know at {school} is up to date.")
        return redirect(page_of(request, school))
    return ask(
        request, form, title=f"What to know at {school}", button="Save: it is true today",
        above=("School", page_of(request, school)),
        lead="A leader reads it before the first day. What is empty they are told to ask about.",
    )  # fmt: skip


@require_POST
def profile_confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm with one tap that the profile is still true."""
    school = school_to_tell_of(request, pk)
    profile = get_object_or_404(SchoolProfile.objects.visible_to(request.user), school=school)
    return act(
        request,
        lambda: profiles.confirm_profile(profile, by=request.user),
        said=f"Thank you. What is written about {school} counts as true today.",
        back=page_of(request, school),
    )


@require_safe
def agreement(request: Request, pk: int) -> HttpResponseBase:
    """The paper, for staff and the school's leads; each reading is recorded."""
    partnership = get_object_or_404(
        Partnership.objects.visible_to(request.user).select_related("school"), pk=pk
    )
    school = partnership.school
    name = f"Agreement with {school} from {partnership.starts_on:%Y-%m-%d}.pdf"
    note_reading(partnership, by=request.user, purpose="agreement")
    return files.attachment(partnership.agreement, name=name, content_type=files.PDF.content_type)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request: Request, pk: int) -> HttpResponse:
    partnership = to_change(
        request, Partnership.objects.visible_to(request.user).select_related("school"), pk
    )
    school = partnership.school
    form = AgreementForm(request.POST or None, request.FILES or None, partnership=partnership)
    if done(form, lambda: partnerships.keep_agreement(partnership, **form.cleaned_data)):
        messages.success(request, f"The agreement with {school} is kept.")
        return redirect(school)
    return ask(
        request, form, title=f"The agreement with {school}", button="Keep it",
        above=above(school),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def partnership_renew(request: Request, pk: int) -> HttpResponse:
    """Draft the agreement that follows the current one."""
    school = school_of(request, pk)
    today = timezone.localdate()
    last = school.partnerships.standing_on(today).exclude(ends_on=None).order_by("-ends_on").first()
    starts_on = last.ends_on + partnerships.A_DAY if last and last.ends_on else today
    form = RenewalForm(request.POST or None, initial={"starts_on": starts_on})
    if done(form, lambda: partnerships.draft_partnership(school, **form.cleaned_data)):
        messages.success(request, f"The next agreement with {school} is drafted.")
        return redirect(school)
    return ask(
        request, form, title="Draft the next agreement", button="Draft it", above=above(school),
        lead="The one in force stays as it is. The next one takes over from its own first day.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def handover_welcome(request: Request, pk: int) -> HttpResponse:
    handover = to_change(
        request, Handover.objects.visible_to(request.user).select_related("school"), pk
    )
    form = WelcomeForm(request.POST or None)
    if done(form, lambda: handovers.welcome(handover, by=request.user, **form.cleaned_data)):
        messages.success(request, f"The welcome call to {handover.school} is ticked.")
        back = handover.get_absolute_url()
        return safe_redirect(request, request.GET.get("next"), fallback=back)
    return ask(
        request, form, title="The welcome call was made", button="Tick the call",
        above=("Schools", reverse("placements:schools"), "Handover", handover.get_absolute_url()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def clash_answer(request: Request, pk: int) -> HttpResponse:
    clash = to_change(request, Clash.objects.visible_to(request.user).select_related("school"), pk)
    form = AnswerClashForm(request.POST or None)
    if done(form, lambda: clashes.answer_clash(clash, by=request.user, **form.cleaned_data)):
        messages.success(request, f"{clash.school} reads that you have seen it.")
        back = clash.school.get_absolute_url()
        return safe_redirect(request, request.GET.get("next"), fallback=back)
    return ask(
        request, form, title=f"A clash on {clash.day:%-d %B %Y}", button="Tick it",
        above=above(clash.school), lead=f"{clash.told_by} says: “{clash.text}”",
    )  # fmt: skip


@require_safe
def day_one(request: Request, pk: int) -> HttpResponse:
    """The day-one pack: for the leader, their school and staff."""
    placements = Placement.objects.visible_to(request.user).live()
    placement = get_object_or_404(
        placements.select_related(
            "participation__person", "participation__cohort__coordinator", "school"
        ),
        pk=pk,
    )
    context = {
        "pack": pack_of(placement),
        "is_own": placement.participation.person_id == request.user.pk,
        "can_tell": can_tell_of(request.user, placement.school_id),
        "has_begun": placement.starts_on <= timezone.localdate(),
        "programme": programme_address(),
    }
    return render(request, "placements/day_one.html", context)
