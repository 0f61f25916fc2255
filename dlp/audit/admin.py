"""Readings of sealed records and exports, for looking up."""

from __future__ import annotations

from django.contrib import admin

from dlp.admin import DeskAdmin
from dlp.audit.models import AccessRecord, ExportRecord


@admin.register(AccessRecord)
class AccessRecordAdmin(DeskAdmin):
    sentence = "Who read which sealed record, when and what for. Rows are added, never altered."
    look_only = True
    list_display = ["read_at", "person", "subject_kind", "about", "purpose"]
    list_filter = ["subject_kind", "purpose", ("read_at", admin.DateFieldListFilter)]
    list_select_related = ["person", "about"]
    search_fields = ["person__search_text", "about__search_text", "purpose"]
    search_help_text = "Name or address of who read it or whom it is about, or the purpose"
    date_hierarchy = "read_at"
    export_fields = [
        "read_at", "person__full_name", "subject_kind", "subject_id", "subject_key",
        "about__full_name", "purpose",
    ]  # fmt: skip


@admin.register(ExportRecord)
class ExportRecordAdmin(DeskAdmin):
    sentence = "Who took which list away as a file, when, and how long it was. Rows are added, never altered."
    look_only = True
    list_display = ["exported_at", "person", "what", "count", "form", "address"]
    list_filter = ["what", "form", ("exported_at", admin.DateFieldListFilter)]
    list_select_related = ["person"]
    search_fields = ["person__search_text", "what", "address"]
    search_help_text = "Name or address of who took it, what it was, or what it was narrowed to"
    date_hierarchy = "exported_at"
    export_fields = ["exported_at", "person__full_name", "what", "count", "form", "address"]
