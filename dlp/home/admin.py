"""Covers, for looking up. Looks are not here: when somebody last looked at their home is private."""

from __future__ import annotations

from django.contrib import admin

from dlp.admin import DeskAdmin
from dlp.home.models import Cover


@admin.register(Cover)
class CoverAdmin(DeskAdmin):
    sentence = "Staff who are away, and who answers for them. The desk sets and ends these."
    look_only = True
    list_display = ["person", "covered_by", "starts_on", "ends_on"]
    list_filter = [("starts_on", admin.DateFieldListFilter)]
    list_select_related = ["person", "covered_by"]
    search_fields = ["person__search_text", "covered_by__search_text"]
    search_help_text = "Name or address of who is away or covers"
    date_hierarchy = "starts_on"
    export_fields = ["person__full_name", "covered_by__full_name", "starts_on", "ends_on"]
