"""One participant's two years on one page."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.models import Person
from dlp.home import permissions
from dlp.home.parts import two_years as parts
from dlp.http import Request
from dlp.pages import programme_address


@require_safe
def two_years(request: Request, pk: int) -> HttpResponse:
    """For staff, and for the person themselves; 404 if they were never on the programme."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    may_see = permissions.can_see_two_years(request.user, person)
    page = parts.page(request.user, person, timezone.now()) if may_see else None
    if page is None:
        raise Http404
    return render(request, "home/two_years.html", {"page": page, "address": programme_address()})
