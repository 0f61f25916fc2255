"""Requirements and plans, for looking up. Attempts and items are written by operations only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cohorts.admin.filters import LatestCohortFilter
from cohorts.admin.pages import on_its_page
from cohorts.models import PlanItem, PlanTemplate, Requirement, RequirementAttempt, TemplateItem
from cohorts.operations import plans, requirements, templates
from dlp.admin import DeskAdmin, person_of


@admin.register(Requirement)
class RequirementAdmin(DeskAdmin):
    sentence = "What the programme asks of every participant. A key stays; a name may change."
    list_display = ["name", "short_name", "key", "strand", "position", "retired_on"]
    list_filter = ["strand", ("retired_on", admin.EmptyFieldListFilter)]
    search_fields = ["name", "key"]
    export_fields = ["key", "name", "short_name", "strand", "position", "retired_on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if obj is None else [*fixed, "key"]


@admin.register(PlanTemplate)
class PlanTemplateAdmin(DeskAdmin):
    sentence = "Every version of every plan. A published one stays; the next begins as its copy."
    look_only = True
    list_display = ["name", "version", "published_at", "published_by"]
    list_filter = [("published_at", admin.EmptyFieldListFilter)]
    list_select_related = ["published_by"]
    search_fields = ["name"]
    export_fields = ["name", "version", "published_at", "published_by__full_name"]
    actions = ["publish", "begin_next_version"]

    @admin.action(description="Publish the chosen drafts for good", permissions=["operate"])
    def publish(self, request: HttpRequest, queryset: QuerySet[PlanTemplate]) -> None:
        by = person_of(request)
        self.do_to_each(
            request, queryset, lambda one: templates.publish(one, by=by), done="published"
        )

    @admin.action(description="Begin the next version of the chosen plans", permissions=["operate"])
    def begin_next_version(self, request: HttpRequest, queryset: QuerySet[PlanTemplate]) -> None:
        self.do_to_each(
            request,
            queryset,
            templates.begin_next_version,
            done="copied as the draft of the next version",
        )


@admin.register(TemplateItem)
class TemplateItemAdmin(DeskAdmin):
    sentence = "What each version of a plan holds, and when it is due."
    look_only = True
    list_display = ["title", "template", "requirement", "anchor", "offset", "unit", "is_optional"]
    list_filter = ["anchor", "is_optional"]
    list_select_related = ["template", "requirement"]
    search_fields = ["title", "key"]
    export_fields = [
        "template__name", "template__version", "key", "title", "requirement__key", "anchor",
        "anchor_season", "anchor_term", "offset", "unit", "is_optional",
    ]  # fmt: skip


@admin.register(PlanItem)
class PlanItemAdmin(DeskAdmin):
    sentence = "Everybody’s own plan: what is due when, and where they stand with it."
    look_only = True
    list_display = ["title", "participation", "due_on", "state", "is_pinned"]
    list_filter = [
        "state",
        "is_pinned",
        "requirement",
        ("participation__cohort", LatestCohortFilter),
    ]
    list_select_related = ["participation__person", "participation__cohort"]
    search_fields = ["participation__person__search_text__contains", "title"]
    search_help_text = "Name, address or TRN of the person, or the item"
    date_hierarchy = "due_on"
    export_fields = [
        "participation__person__full_name", "participation__cohort__name", "requirement__key",
        "title", "due_on", "is_pinned", "is_optional", "state",
    ]  # fmt: skip
    actions = [
        on_its_page("cohorts:plan_item_record", "Record how the chosen item stands"),
        on_its_page("cohorts:plan_item_pin", "Set the day of the chosen item by hand"),
        on_its_page("cohorts:plan_item_waive", "Waive the chosen item"),
        on_its_page("cohorts:plan_item_leave_out", "Leave the chosen item out of account"),
        "ask_again",
        "let_day_go",
    ]

    @admin.action(description="Ask for the chosen items after all", permissions=["operate"])
    def ask_again(self, request: HttpRequest, queryset: QuerySet[PlanItem]) -> None:
        self.do_to_each(request, queryset, requirements.take_back_excuse, done="asked for again")

    @admin.action(description="Let the days of the chosen items go", permissions=["operate"])
    def let_day_go(self, request: HttpRequest, queryset: QuerySet[PlanItem]) -> None:
        self.do_to_each(request, queryset, plans.unpin, done="due as the plan has it")


@admin.register(RequirementAttempt)
class RequirementAttemptAdmin(DeskAdmin):
    sentence = "Every attempt at a requirement, as registers, reviews and certificates tell of it."
    look_only = True
    list_display = ["participation", "requirement", "state", "on", "reported_by", "recorded_at"]
    list_filter = ["state", "requirement", ("participation__cohort", LatestCohortFilter)]
    list_select_related = [
        "participation__person", "participation__cohort", "requirement", "reported_by",
    ]  # fmt: skip
    search_fields = ["participation__person__search_text__contains"]
    search_help_text = "Name, address or TRN of the person"
    date_hierarchy = "on"
    export_fields = [
        "participation__person__full_name", "participation__cohort__name", "requirement__key",
        "state", "on", "source_kind", "source_id", "reported_by__full_name", "recorded_at",
    ]  # fmt: skip
