"""What staff write down while they look for posts."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cohorts.admin.filters import LatestCohortFilter
from cohorts.permissions import can_read_reasons
from dlp.admin import DeskAdmin, person_of
from placements.models import ConflictOfInterest, Pencil, TravelTime
from placements.operations import conflicts, pencils


@admin.register(Pencil)
class PencilAdmin(DeskAdmin):
    sentence = "Whom staff thought of for which post, and until when. Nobody else sees them."
    list_display = ["participation", "opening", "made_by", "expires_on", "rubbed_out_at"]
    list_filter = [
        ("rubbed_out_at", admin.EmptyFieldListFilter),
        ("expires_on", admin.DateFieldListFilter),
        ("opening__cohort", LatestCohortFilter),
    ]
    list_select_related = [
        "participation__person", "participation__cohort", "opening__school", "made_by",
    ]  # fmt: skip
    search_fields = [
        "participation__person__search_text__contains",
        "opening__school__search_text__contains",
    ]
    search_help_text = "Name, address or TRN of the person, or the school"
    date_hierarchy = "made_at"
    actions = ["rub_out"]
    export_fields = [
        "participation__person__full_name", "opening__school__name", "opening__role_title",
        "opening__cohort__name", "made_by__full_name", "made_at", "expires_on", "note",
        "override_reason", "rubbed_out_at",
    ]  # fmt: skip
    look_only = True

    @admin.action(description="Rub out", permissions=["operate"])
    def rub_out(self, request: HttpRequest, queryset: QuerySet[Pencil]) -> None:
        by = person_of(request)
        self.do_to_each(request, queryset, partial(pencils.rub_out, by=by), done="rubbed out")


@admin.register(TravelTime)
class TravelTimeAdmin(DeskAdmin):
    sentence = "How long somebody takes to a school, where staff know better than our estimate."
    list_display = ["person", "school", "mode", "minutes", "said_on", "said_by"]
    list_filter = ["mode", ("said_on", admin.DateFieldListFilter)]
    list_select_related = ["person", "school", "said_by"]
    search_fields = ["person__search_text__contains", "school__search_text__contains"]
    search_help_text = "Name, address or TRN of the person, or the school"
    date_hierarchy = "said_on"
    export_fields = [
        "person__full_name", "school__name", "school__urn", "mode", "minutes", "home_sector",
        "said_on", "said_by__full_name",
    ]  # fmt: skip
    look_only = True


@admin.register(ConflictOfInterest)
class ConflictOfInterestAdmin(DeskAdmin):
    """Why is for the two roles that read reasons, and no export holds it."""

    sentence = "Who must not be placed where, whatever else speaks for it."
    fields = ["person", "school", "said_at", "said_by", "ended_at", "ended_by"]
    list_display = ["person", "school", "said_at", "said_by", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "school", "said_by"]
    search_fields = ["person__search_text__contains", "school__search_text__contains"]
    search_help_text = "Name, address or TRN of the person, or the school"
    date_hierarchy = "said_at"
    actions = ["end"]
    export_fields = ["person__full_name", "school__name", "school__urn", "said_at", "ended_at"]
    look_only = True

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        shown = list(super().get_fields(request, obj))
        if can_read_reasons(person_of(request)):
            shown.append("note_private")
        return shown

    @admin.action(description="It is over", permissions=["operate"])
    def end(self, request: HttpRequest, queryset: QuerySet[ConflictOfInterest]) -> None:
        by = person_of(request)
        self.do_to_each(request, queryset, partial(conflicts.end_conflict, by=by), done="ended")
