"""Readings of sealed records in the admin: for looking up."""

from __future__ import annotations

from django.contrib import admin

from dlp.admin import DeskAdmin
from dlp.audit.models import AccessRecord


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
