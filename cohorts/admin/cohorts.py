"""Cohorts, who is in them, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, MultipleChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from cohorts.admin.filters import CohortStateFilter, LatestCohortFilter
from cohorts.admin.pages import on_its_page
from cohorts.cohort_states import CohortState, with_state
from cohorts.models import Cohort, Completion, Participation, ParticipationChange, Person
from cohorts.operations import participations, people
from cohorts.permissions import can_read_reasons
from dlp import words
from dlp.admin import DeskAdmin, person_of


@admin.register(Cohort)
class CohortAdmin(DeskAdmin):
    """Dates move people's own dates with them, so they are changed on the cohort's page."""

    sentence = "Groups of leaders who start together, for two years each."
    list_display = [
        "name", "state_said", "starts_on", "ends_on", "regions_said", "target_size", "coordinator",
    ]  # fmt: skip
    list_filter = [CohortStateFilter, ("starts_on", admin.DateFieldListFilter), "is_pioneer"]
    list_select_related = ["coordinator"]
    search_fields = ["name"]
    date_hierarchy = "starts_on"
    export_fields = [
        "name", "state", "is_pioneer", "starts_on", "ends_on", "target_size",
        "coordinator__full_name",
    ]  # fmt: skip
    actions = [
        "invite",
        on_its_page("cohorts:cohort_start", "Record who starts in the chosen cohort"),
        on_its_page("cohorts:cohort_complete", "Record who completes the chosen cohort"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cohort]:
        return with_state(super().get_queryset(request), timezone.localdate())

    @admin.display(description="state")
    def state_said(self, cohort: Any) -> str:
        return CohortState(cohort.state).label

    @admin.display(description="regions")
    def regions_said(self, cohort: Cohort) -> str:
        return cohort.get_regions_display() or "Any"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if obj is None else [*fixed, "starts_on", "ends_on"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Regions are chosen from the nine, not typed."""
        if db_field.name != "regions":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return MultipleChoiceField(
            choices=Cohort.Region, required=False, widget=CheckboxSelectMultiple
        )

    @admin.action(
        description="Invite everyone in the chosen cohorts who has no invitation",
        permissions=["operate"],
    )
    def invite(self, request: HttpRequest, queryset: QuerySet[Cohort]) -> None:
        waiting = Person.objects.get_queryset().filter(
            participations__cohort__in=queryset,
            participations__state__in=Participation.CURRENT_STATES,
        )
        count = people.invite_everyone(waiting)
        said = f"{words.count(count, 'invitation')} on the way."
        self.message_user(request, said, messages.SUCCESS if count else messages.INFO)


@admin.register(Participation)
class ParticipationAdmin(DeskAdmin):
    sentence = "Each person’s time in a cohort, as the changes recorded for it add up today."
    look_only = True
    fields = ["person", "cohort", "state", "starts_on", "expected_end_on", "held_to", "continues"]
    list_display = ["person", "cohort", "state", "starts_on", "expected_end_on", "held_to"]
    list_filter = ["state", ("cohort", LatestCohortFilter)]
    list_select_related = ["person", "cohort"]
    search_fields = ["person__search_text__contains"]
    search_help_text = "Name, address or TRN of the person"
    date_hierarchy = "starts_on"
    export_fields = [
        "person__full_name", "person__email", "cohort__name", "state",
        "starts_on", "expected_end_on", "held_to",
    ]  # fmt: skip
    actions = [
        "accept",
        "start",
        "resume",
        "complete",
        on_its_page("cohorts:participation_decline", "Record that the chosen person declines"),
        on_its_page("cohorts:participation_defer", "Defer the chosen person"),
        on_its_page("cohorts:participation_review", "Look again at the chosen deferral"),
        on_its_page("cohorts:participation_transfer", "Transfer the chosen person"),
        on_its_page("cohorts:participation_withdraw", "Withdraw the chosen person"),
        on_its_page("cohorts:participation_reinstate", "Reinstate the chosen person"),
    ]

    @admin.action(description="Record that they accept today", permissions=["operate"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Participation]) -> None:
        by: Any = request.user
        self.do_to_each(
            request, queryset, lambda one: participations.accept(one, by=by), done="accepted"
        )

    @admin.action(description="Record that they start today", permissions=["operate"])
    def start(self, request: HttpRequest, queryset: QuerySet[Participation]) -> None:
        by = person_of(request)
        self.do_to_each(
            request, queryset, lambda one: participations.start(one, by=by), done="started"
        )

    @admin.action(description="Record that they are back today", permissions=["operate"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Participation]) -> None:
        by = person_of(request)
        self.do_to_each(
            request, queryset, lambda one: participations.resume(one, by=by), done="resumed"
        )

    @admin.action(description="Record that they complete today", permissions=["operate"])
    def complete(self, request: HttpRequest, queryset: QuerySet[Participation]) -> None:
        by = person_of(request)
        self.do_to_each(
            request, queryset, lambda one: participations.complete(one, by=by), done="completed"
        )


@admin.register(ParticipationChange)
class ParticipationChangeAdmin(DeskAdmin):
    """Why somebody is away is special category: two groups read it, and no export holds it."""

    sentence = "Every step in somebody’s time in a cohort. Rows are added, never altered."
    look_only = True
    fields = [
        "participation", "kind", "effective_on", "to_cohort", "expected_return_on", "review_on",
        "recorded_at", "by", "undoes",
    ]  # fmt: skip
    list_display = ["participation", "kind", "effective_on", "recorded_at", "by", "is_undone"]
    list_filter = ["kind", ("effective_on", admin.DateFieldListFilter)]
    list_select_related = [
        "participation__person", "participation__cohort", "by", "undoes", "undone_by",
    ]  # fmt: skip
    search_fields = ["participation__person__search_text__contains"]
    search_help_text = "Name, address or TRN of the person"
    date_hierarchy = "effective_on"
    export_fields = [
        "participation__person__full_name", "participation__cohort__name", "kind",
        "effective_on", "recorded_at", "by__full_name",
    ]  # fmt: skip
    actions = ["undo"]

    @admin.display(description="undone", boolean=True)
    def is_undone(self, change: ParticipationChange) -> bool:
        return hasattr(change, "undone_by")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        shown = list(super().get_fields(request, obj))
        if can_read_reasons(person_of(request)):
            shown += ["reason", "note_private"]
        return shown

    @admin.action(description="Undo the chosen changes", permissions=["operate"])
    def undo(self, request: HttpRequest, queryset: QuerySet[ParticipationChange]) -> None:
        by = person_of(request)
        latest_first = queryset.order_by("-effective_on", "-recorded_at", "-pk")
        self.do_to_each(
            request, latest_first, lambda one: participations.undo(one, by=by), done="undone"
        )


@admin.register(Completion)
class CompletionAdmin(DeskAdmin):
    sentence = (
        "What completing took of somebody, as it stood when it was recorded. Found by reference."
    )
    look_only = True
    fields = ["reference", "change", "told", "override_reason"]
    readonly_fields = ["told"]
    list_display = ["reference", "change", "met", "total", "is_override"]
    list_filter = [("change__participation__cohort", LatestCohortFilter)]
    list_select_related = ["change__participation__person", "change__participation__cohort"]
    search_fields = ["reference", "change__participation__person__search_text__contains"]
    search_help_text = "Reference, or name, address or TRN of the person"
    date_hierarchy = "change__effective_on"
    export_fields = [
        "reference", "change__participation__person__full_name",
        "change__participation__cohort__name", "change__effective_on", "met", "total",
    ]  # fmt: skip

    @admin.display(description="all the same", boolean=True)
    def is_override(self, completion: Completion) -> bool:
        return completion.is_override

    @admin.display(description="what it took")
    def told(self, completion: Completion) -> str:
        said = ((one["label"], one["words"]) for one in completion.answers)
        return format_html_join(mark_safe("<br>"), "{}: {}", said)
