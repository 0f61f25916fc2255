"""What hosts tell of themselves, who took over there, and which days clash, to look up."""

from __future__ import annotations

from django.contrib import admin

from cohorts.admin.pages import on_its_page
from dlp.admin import DeskAdmin
from placements.models import Clash, ClosedDays, Handover, SchoolProfile


@admin.register(SchoolProfile)
class SchoolProfileAdmin(DeskAdmin):
    sentence = "The practical facts of a host, and when somebody last said that they are true."
    list_display = ["school", "arrive_at", "met_by", "confirmed_on", "confirmed_by"]
    list_filter = [("confirmed_on", admin.DateFieldListFilter)]
    list_select_related = ["school", "confirmed_by"]
    search_fields = ["school__search_text", "met_by", "safeguarding_lead"]
    date_hierarchy = "confirmed_on"
    export_fields = [
        "school__name", "school__urn", *SchoolProfile.ABOUT, "confirmed_on",
    ]  # fmt: skip
    look_only = True


@admin.register(Handover)
class HandoverAdmin(DeskAdmin):
    sentence = "Leads who left a school, and the welcome call to whoever followed them."
    list_display = ["school", "contact_left", "opened_on", "welcomed_on", "by"]
    list_filter = [("welcomed_on", admin.EmptyFieldListFilter)]
    list_select_related = ["school", "contact_left__person", "by"]
    search_fields = ["school__search_text", "contact_left__name"]
    actions = [on_its_page("placements:handover_welcome", "The welcome call was made")]
    date_hierarchy = "opened_on"
    export_fields = ["school__name", "school__urn", "opened_on", "welcomed_on", "note"]
    look_only = True


@admin.register(Clash)
class ClashAdmin(DeskAdmin):
    sentence = "Days out that clash with something of a school’s own, and what we answered."
    list_display = ["school", "day", "text", "told_by", "answered_at"]
    list_filter = [("answered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["school", "told_by"]
    search_fields = ["school__search_text", "text"]
    actions = [on_its_page("placements:clash_answer", "Answer it")]
    date_hierarchy = "day"
    export_fields = [
        "school__name", "school__urn", "day", "text", "told_at", "answer", "answered_at",
    ]  # fmt: skip
    look_only = True


@admin.register(ClosedDays)
class ClosedDaysAdmin(DeskAdmin):
    sentence = "Holidays of a school’s own and its INSET days, as its leads or staff told them."
    list_display = ["school", "kind", "starts_on", "ends_on", "recorded_by"]
    list_filter = ["kind", ("starts_on", admin.DateFieldListFilter)]
    list_select_related = ["school", "recorded_by"]
    search_fields = ["school__search_text"]
    date_hierarchy = "starts_on"
    export_fields = [
        "school__name", "school__urn", "kind", "starts_on", "ends_on", "recorded_at",
    ]  # fmt: skip
    look_only = True
