"""Completing the programme: the criteria, recording a completion, and the certificate."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.certificates import certificate_of
from cohorts.completion import verdict_of
from cohorts.forms.participations import CompleteForm
from cohorts.guards import to_change
from cohorts.models import Completion, Participation
from cohorts.operations import fitting
from cohorts.operations import participations as operations
from cohorts.permissions import can_override_completion
from dlp.asking import ask, done
from dlp.audit.operations import note_reading
from dlp.http import Request, safe_redirect


@require_http_methods(["GET", "HEAD", "POST"])
def participation_complete(request: Request, pk: int) -> HttpResponse:
    """Record the last day of somebody's two years, beside the criteria and which are met."""
    participation = to_change(
        request, Participation.objects.visible_to(request.user).for_display(), pk
    )
    person = participation.person
    form = CompleteForm(request.POST or None, participation=participation)
    form.is_valid()
    verdict = verdict_of(participation, form.day)
    if verdict.is_ready or not can_override_completion(request.user):
        del form.fields["override"]
    if done(form, lambda: operations.complete(participation, by=request.user, **form.cleaned_data)):
        messages.success(request, f"{person} has completed the programme.")
        return safe_redirect(request, request.GET.get("next"), fallback=person.get_absolute_url())
    return ask(
        request,
        form,
        title=f"{person} completes the programme",
        button="Record the completion",
        above=("People", reverse("cohorts:people"), str(person), person.get_absolute_url()),
        lead=f"{participation.cohort}. {person} {fitting.stands(participation)}.",
        template="cohorts/complete.html",
        more={"verdict": verdict, "participation": participation},
    )


@require_safe
def certificate(request: Request, pk: int) -> HttpResponse:
    """For the person and staff, and only while the completion stands."""
    completion = get_object_or_404(
        Completion.objects.visible_to(request.user)
        .in_force_on(timezone.localdate())
        .select_related("change__participation__person", "change__participation__cohort"),
        change__participation=pk,
    )
    note_reading(
        completion,
        by=request.user,
        purpose="Certificate of completion",
        about=completion.change.participation.person,
    )
    response = HttpResponse(certificate_of(completion), content_type="application/pdf")
    name = f"certificate-{completion.reference}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
