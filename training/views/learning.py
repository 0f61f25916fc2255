"""My learning: what counts for me, who recorded it, and when."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dlp.http import Request
from training.learning import learning_of


@require_safe
def my_learning(request: Request) -> HttpResponse:
    today = timezone.localdate()
    context = {"learning": learning_of(request.user, today), "today": today}
    return render(request, "training/my_learning.html", context)
