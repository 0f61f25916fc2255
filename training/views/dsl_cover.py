"""Who at a school is trained as safeguarding lead, and the inspection pack."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cohorts.permissions import can_change_programme
from dlp.audit.operations import note_reading, note_readings
from dlp.http import Request
from placements.models import School
from training.dsl_cover import Pack, cover_of, pack_of
from training.inspection_pack import pack_paper

PURPOSE = "Inspection pack"


@require_safe
def school_safeguarding(request: Request, pk: int) -> HttpResponse:
    """For staff and the school's own leads, who see how each stands but no file (R-PLC-05)."""
    school = _school(request, pk)
    context = {
        "cover": cover_of(school, timezone.localdate()),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "training/school_safeguarding.html", context)


@require_safe
def inspection_pack(request: Request, pk: int) -> HttpResponse:
    """The facts an inspector asks for, on a page; that it was opened is recorded (R-DSL-10)."""
    pack = _noted_pack(request, pk)
    return render(request, "training/inspection_pack.html", {"pack": pack})


@require_safe
def inspection_pack_pdf(request: Request, pk: int) -> HttpResponse:
    """The same, as a PDF."""
    pack = _noted_pack(request, pk)
    response = HttpResponse(pack_paper(pack, timezone.now()), content_type="application/pdf")
    name = f"safeguarding-training-{pack.cover.on:%Y-%m-%d}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _noted_pack(request: Request, pk: int) -> Pack:
    school = _school(request, pk)
    pack = pack_of(school, timezone.localdate())
    note_reading(school, by=request.user, purpose=PURPOSE)
    note_readings(
        [(one, one.person) for one in pack.certificates], by=request.user, purpose=PURPOSE
    )
    return pack


def _school(request: Request, pk: int) -> School:
    """For staff and the school's leads; other people who see the school get 404."""
    school = get_object_or_404(School.objects.visible_to(request.user), pk=pk)
    if not request.user.is_staff:
        get_object_or_404(School.objects.led_by(request.user), pk=pk)
    return school
