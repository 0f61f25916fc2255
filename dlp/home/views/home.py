"""Where everybody lands: staff on the desk, others on their own home."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dlp.home.parts import leading, news, offers, participant, school_lead
from dlp.home.roles import roles_of
from dlp.http import Request
from dlp.pages import programme_address


@require_safe
def invitations(request: Request) -> HttpResponse:
    """The card of unanswered invitations, after one was answered on a home."""
    found = participant.invitations(request.user, timezone.now())
    return render(request, "home/_invitations.html", {"invitations": found})


@require_safe
def home(request: Request) -> HttpResponse:
    """People with several roles see the parts below each other: their own two years first."""
    if request.user.is_staff:
        return redirect("home:desk")
    roles = roles_of(request.user)
    now = timezone.now()
    leads = roles.supervisor or roles.facilitator
    context = {
        "offers": offers.part(request.user) if roles.is_offered_a_place else [],
        "mine": participant.part(request.user, now) if roles.participant else None,
        "led": leading.part(request.user, roles, now) if leads else None,
        "school": school_lead.part(request.user, now) if roles.school_lead else None,
        "news": news.part(request.user, news.audiences_of(roles), now),
        "led_is_first": not roles.participant,
        "school_is_first": not roles.participant and not leads,
        "address": programme_address(),
        "now": now,
    }
    return render(request, "home/home.html", context)
