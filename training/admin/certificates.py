"""Certificates, the rules they go by, and what kept people's knowledge fresh."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from dlp.admin import DeskAdmin, person_of
from training.models import (
    Acknowledgement,
    Certificate,
    CertificatePolicy,
    GuidanceEdition,
    KnowledgeUpdate,
)
from training.operations import certificates


@admin.register(Certificate)
class CertificateAdmin(DeskAdmin):
    sentence = "Training as a safeguarding lead, handed in or issued from a register."
    look_only = True
    list_display = ["person", "title", "provider", "completed_on", "state", "reviewed_by"]
    list_filter = [
        "state",
        "kind",
        "mode",
        ("edition", admin.RelatedOnlyFieldListFilter),
        ("completed_on", admin.DateFieldListFilter),
    ]
    list_select_related = ["person", "reviewed_by"]
    search_fields = ["person__search_text", "title", "provider", "number"]
    date_hierarchy = "completed_on"
    exclude = ["evidence"]
    actions = ["accept"]
    export_fields = [
        "person__full_name", "kind", "title", "provider", "mode", "hours", "completed_on",
        "edition__name", "number", "state", "submitted_at", "reviewed_by__full_name",
        "reviewed_at",
    ]  # fmt: skip

    @admin.action(description="Accept", permissions=["operate"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> None:
        accept = partial(certificates.accept, by=person_of(request))
        self.do_to_each(request, queryset.select_related("person"), accept, done="accepted")


@admin.register(CertificatePolicy)
class CertificatePolicyAdmin(DeskAdmin):
    sentence = "How long training counts, from a day on. Add the next rule; leave the old ones as they were."
    list_display = ["valid_from", "refresh_months", "update_months", "review_days", "source_note"]
    search_fields = ["source_note"]

    def save_model(
        self, request: HttpRequest, obj: CertificatePolicy, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        certificates.follow_rules()


@admin.register(GuidanceEdition)
class GuidanceEditionAdmin(DeskAdmin):
    sentence = "Editions of Keeping children safe in education. A new one asks everybody to read Part One again."
    list_display = ["name", "in_force_on", "source_note"]
    search_fields = ["name", "source_note"]


@admin.register(Acknowledgement)
class AcknowledgementAdmin(DeskAdmin):
    sentence = "Who said that they read Part One of which edition, and when."
    look_only = True
    list_display = ["person", "edition", "acknowledged_at"]
    list_filter = ["edition"]
    list_select_related = ["person", "edition"]
    search_fields = ["person__search_text"]
    date_hierarchy = "acknowledged_at"
    export_fields = ["person__full_name", "edition__name", "acknowledged_at"]


@admin.register(KnowledgeUpdate)
class KnowledgeUpdateAdmin(DeskAdmin):
    sentence = "What people logged to keep their safeguarding knowledge fresh through the year."
    look_only = True
    list_display = ["person", "on", "kind", "minutes", "recorded_by"]
    list_filter = ["kind", ("on", admin.DateFieldListFilter)]
    list_select_related = ["person", "recorded_by"]
    search_fields = ["person__search_text"]
    date_hierarchy = "on"
    exclude = ["reflection"]
    export_fields = ["person__full_name", "on", "kind", "minutes", "recorded_by__full_name"]
