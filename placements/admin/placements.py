"""Placements, the steps of their lives, who said yes and what was checked, to look up.

State changes only by the actions here, which call the operations.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cohorts.admin.filters import LatestCohortFilter
from cohorts.admin.pages import on_its_page
from dlp.admin import DeskAdmin, person_of
from placements.models import Acceptance, Check, Placement, PlacementChange
from placements.operations import answers, checks, placements


@admin.register(Placement)
class PlacementAdmin(DeskAdmin):
    sentence = "Who is placed where, from the first day to the last; begun from an opening."
    list_display = ["participation", "host_name", "role_title", "starts_on", "ends_on", "state"]
    list_filter = [
        "state",
        ("participation__cohort", LatestCohortFilter),
        "host_setting",
        "role_title",
    ]
    list_select_related = ["participation__person", "participation__cohort"]
    search_fields = ["host_name", "school__search_text", "participation__person__search_text"]
    raw_id_fields = ["participation", "school", "opening"]
    date_hierarchy = "starts_on"
    actions = [
        "offer", "accept", "confirm", "activate", "pause", "resume", "complete",
        on_its_page("placements:placement_change_days", "Change its days"),
        on_its_page("placements:placement_decline", "One of them declined"),
        on_its_page("placements:placement_withdraw", "Withdraw it"),
        on_its_page("placements:placement_end_early", "End it early"),
    ]  # fmt: skip
    export_fields = [
        "participation__person__full_name", "participation__cohort__name", "host_name",
        "host_setting", "school__urn", "role_title", "is_slt", "strand", "starts_on", "ends_on",
        "state",
    ]  # fmt: skip
    look_only = True

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[Placement],
        operation: Callable[..., Placement],
        done: str,
    ) -> None:
        self.do_to_each(request, queryset, partial(operation, by=person_of(request)), done=done)

    @admin.action(description="Offer to both", permissions=["operate"])
    def offer(self, request: HttpRequest, queryset: QuerySet[Placement]) -> None:
        self._each(request, queryset, placements.offer, "offered")

    @admin.action(description="Both accepted", permissions=["operate"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Placement]) -> None:
        self._each(request, queryset, answers.accept, "accepted")

    @admin.action(description="Confirm", permissions=["operate"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Placement]) -> None:
        self._each(request, queryset, placements.confirm, "confirmed")

    @admin.action(description="It has begun", permissions=["operate"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Placement]) -> None:
        self._each(request, queryset, placements.activate, "begun")

    @admin.action(description="Pause", permissions=["operate"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Placement]) -> None:
        self._each(request, queryset, placements.pause, "paused")

    @admin.action(description="Resume", permissions=["operate"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Placement]) -> None:
        self._each(request, queryset, placements.resume, "resumed")

    @admin.action(description="Complete", permissions=["operate"])
    def complete(self, request: HttpRequest, queryset: QuerySet[Placement]) -> None:
        self._each(request, queryset, placements.complete, "completed")


@admin.register(PlacementChange)
class PlacementChangeAdmin(DeskAdmin):
    sentence = "Each step in a placement’s life: added, never altered."
    list_display = [
        "placement",
        "state",
        "effective_on",
        "reason",
        "by",
        "recorded_at",
        "all_the_same",
    ]
    list_filter = ["state", "reason", ("override_reason", admin.EmptyFieldListFilter)]
    list_select_related = ["placement__participation__person", "by"]
    search_fields = ["placement__host_name", "placement__participation__person__search_text"]
    date_hierarchy = "recorded_at"
    export_fields = [
        "placement__participation__person__full_name", "placement__host_name", "state",
        "effective_on", "starts_on_before", "ends_on_before", "reason", "because", "lacking",
        "override_reason", "recorded_at",
    ]  # fmt: skip
    look_only = True

    @admin.display(description="all the same", boolean=True)
    def all_the_same(self, change: PlacementChange) -> bool:
        return bool(change.override_reason)


@admin.register(Acceptance)
class AcceptanceAdmin(DeskAdmin):
    sentence = "Who said yes to an offered placement, and how; it is agreed once both sides have."
    list_display = ["placement", "side", "via", "said_at", "contact", "by"]
    list_filter = ["side", "via", ("placement__participation__cohort", LatestCohortFilter)]
    list_select_related = ["placement__participation__person", "contact__person", "by"]
    search_fields = ["placement__host_name", "placement__participation__person__search_text"]
    date_hierarchy = "said_at"
    export_fields = [
        "placement__participation__person__full_name", "placement__host_name", "side", "via",
        "said_at",
    ]  # fmt: skip
    look_only = True


@admin.register(Check)
class CheckAdmin(DeskAdmin):
    sentence = (
        "What the host confirms before a first day: that it was done, and never what it said."
    )
    list_display = ["placement", "kind", "is_required", "confirmed_on", "contact", "confirmed_by"]
    list_filter = [
        "kind",
        "is_required",
        ("confirmed_on", admin.EmptyFieldListFilter),
        ("placement__participation__cohort", LatestCohortFilter),
    ]
    list_select_related = [
        "placement__participation__person", "contact__person", "confirmed_by",
    ]  # fmt: skip
    search_fields = ["placement__host_name", "placement__participation__person__search_text"]
    actions = ["take_back"]
    export_fields = [
        "placement__participation__person__full_name", "placement__host_name", "kind",
        "is_required", "confirmed_on",
    ]  # fmt: skip
    look_only = True

    @admin.action(description="Not confirmed after all", permissions=["operate"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Check]) -> None:
        self.do_to_each(request, queryset, checks.take_back, done="taken back")
