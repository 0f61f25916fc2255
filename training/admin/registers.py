"""Register taps, and that feedback was given: for looking up, never to change."""

from __future__ import annotations

from django.contrib import admin

from dlp.admin import DeskAdmin
from training.models import Feedback, RegisterTap


@admin.register(RegisterTap)
class RegisterTapAdmin(DeskAdmin):
    sentence = "Every tap in a register. The last one by time is the mark that stands."
    look_only = True
    list_display = ["booking", "mark", "at", "received_at", "by"]
    list_filter = ["mark", "booking__session__kind"]
    list_select_related = ["booking__person", "booking__session", "by"]
    search_fields = ["booking__person__search_text", "booking__session__title"]
    date_hierarchy = "at"
    export_fields = [
        "booking__person__full_name", "booking__session__title", "booking__session__starts_on",
        "mark", "excuse", "at", "received_at", "by__full_name", "reason",
    ]  # fmt: skip


@admin.register(Feedback)
class FeedbackAdmin(DeskAdmin):
    sentence = "That somebody said something of a session. Nobody is told who; what it was stands on its page."
    look_only = True
    list_display = ["session", "given_on"]
    list_filter = ["booking__session__kind", ("given_on", admin.DateFieldListFilter)]
    list_select_related = ["booking__session"]
    search_fields = ["booking__session__title"]
    date_hierarchy = "given_on"
    fields = ["session", "given_on"]
    readonly_fields = ["session", "given_on"]
    export_fields = ["booking__session__title", "booking__session__starts_on", "given_on"]

    @admin.display(description="session", ordering="booking__session")
    def session(self, feedback: Feedback) -> str:
        return str(feedback.booking.session)
