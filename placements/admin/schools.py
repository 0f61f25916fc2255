"""Schools, agreements, posts and reviews."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from cohorts.admin.filters import LatestCohortFilter
from cohorts.admin.pages import on_its_page
from dlp.admin import DeskAdmin, person_of
from placements.models import (
    LocalAuthority,
    Opening,
    Partnership,
    Post,
    Review,
    SafeguardingRole,
    School,
    SchoolContact,
    SchoolLink,
    SchoolName,
    Trust,
    UnknownDestination,
)
from placements.operations import openings, partnerships, reviews, schools
from placements.operations.schools import EDITABLE_FIELDS
from placements.operations.withdrawing import withdraw_opening


@admin.register(School)
class SchoolAdmin(DeskAdmin):
    sentence = "Places that may host a leader, from GIAS, and internal AP that it does not list."
    list_display = ["name", "urn", "setting", "status", "town", "local_authority", "region"]
    list_filter = ["setting", "status", "region"]
    list_select_related = ["local_authority"]
    search_fields = ["search_text"]
    raw_id_fields = ["parent", "trust", "local_authority"]
    actions = ["follow_gias"]
    export_fields = [
        "name", "urn", "setting", "kind_label", "type_name", "status", "opened_on", "closed_on",
        "low_age", "high_age", "pupils_count", "local_authority__name", "trust__name", "region",
        "street", "town", "postcode", "phone", "website", "hosts_at_once", "gias_changed_on",
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        fixed = ["urn", "parent", "edited_fields"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def save_model(self, request: HttpRequest, obj: School, form: Any, change: bool) -> None:
        """An import leaves a correction made here alone, as it does one made on the school's page."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        edited = {name: form.cleaned_data[name] for name in form.changed_data}
        known = School.objects.visible_to(person_of(request)).get(pk=obj.pk)
        school = schools.edit_school(known, values=edited)
        rest = sorted(set(edited) - set(EDITABLE_FIELDS))
        if rest:
            obj.edited_fields = sorted({*school.edited_fields, *rest})
            obj.save(update_fields=[*rest, "edited_fields"])

    @admin.action(description="Let GIAS write over what was edited", permissions=["operate"])
    def follow_gias(self, request: HttpRequest, queryset: QuerySet[School]) -> None:
        self.do_to_each(request, queryset, schools.follow_gias_again, done="follow GIAS again")


@admin.register(Trust)
class TrustAdmin(DeskAdmin):
    sentence = "Academy trusts, as GIAS lists them."
    list_display = ["name", "uid"]
    list_filter = ["schools__region"]
    search_fields = ["name", "uid"]


@admin.register(LocalAuthority)
class LocalAuthorityAdmin(DeskAdmin):
    sentence = "Local authorities: for an academy the one it lies in."
    list_display = ["name", "code", "region"]
    list_filter = ["region"]
    search_fields = ["name", "code"]


@admin.register(SchoolName)
class SchoolNameAdmin(DeskAdmin):
    sentence = "Names that schools had before; search finds them by these, too."
    list_display = ["name", "school", "held_to", "source"]
    list_filter = ["source"]
    list_select_related = ["school"]
    search_fields = ["name", "school__search_text"]
    raw_id_fields = ["school"]
    export_fields = ["name", "school__name", "school__urn", "held_to", "source"]

    def save_model(self, request: HttpRequest, obj: SchoolName, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        schools.refresh_search_text(obj.school)


@admin.register(SchoolLink)
class SchoolLinkAdmin(DeskAdmin):
    sentence = "What became of a school: its successors and predecessors."
    list_display = ["school", "kind", "other", "established_on"]
    list_filter = ["kind"]
    list_select_related = ["school", "other"]
    search_fields = ["school__search_text", "other__search_text"]
    raw_id_fields = ["school", "other"]
    export_fields = ["school__name", "school__urn", "kind", "other__name", "other__urn"]


@admin.register(SchoolContact)
class SchoolContactAdmin(DeskAdmin):
    """A last day begins a handover, so it is given by the action."""

    sentence = "Who does what at a school, from when to when; some of them sign in."
    list_display = ["who", "role", "school", "starts_on", "ends_on", "signs_in"]
    list_filter = ["role", ("person", admin.EmptyFieldListFilter)]
    list_select_related = ["school", "person"]
    search_fields = ["name", "email", "person__search_text", "school__search_text"]
    raw_id_fields = ["school", "person"]
    readonly_fields = ["ends_on"]
    actions = ["let_sign_in", on_its_page("placements:contact_end", "Give the role its last day")]
    export_fields = [
        "school__name", "school__urn", "role", "name", "person__full_name", "email",
        "person__email", "starts_on", "ends_on",
    ]  # fmt: skip

    @admin.display(description="signs in", boolean=True)
    def signs_in(self, contact: SchoolContact) -> bool:
        return contact.person_id is not None

    @admin.action(description="Let them sign in for their school", permissions=["operate"])
    def let_sign_in(self, request: HttpRequest, queryset: QuerySet[SchoolContact]) -> None:
        self.do_to_each(request, queryset, schools.let_sign_in, done="may sign in")


@admin.register(Partnership)
class PartnershipAdmin(DeskAdmin):
    sentence = "What was agreed with a school; active, it makes the school a partner."
    list_display = ["school", "state", "starts_on", "ends_on", "signed_on"]
    list_filter = [
        "state",
        ("ends_on", admin.DateFieldListFilter),
        ("agreement", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["school"]
    search_fields = ["school__search_text", "notes"]
    raw_id_fields = ["school"]
    date_hierarchy = "starts_on"
    actions = ["send", "sign", "activate", on_its_page("placements:partnership_end", "End it")]
    export_fields = [
        "school__name", "school__urn", "state", "starts_on", "ends_on", "signed_on", "notes",
    ]  # fmt: skip

    @admin.action(description="The agreement was sent", permissions=["operate"])
    def send(self, request: HttpRequest, queryset: QuerySet[Partnership]) -> None:
        self.do_to_each(request, queryset, partnerships.send_partnership, done="marked as sent")

    @admin.action(description="The agreement is signed", permissions=["operate"])
    def sign(self, request: HttpRequest, queryset: QuerySet[Partnership]) -> None:
        self.do_to_each(request, queryset, partnerships.sign_partnership, done="marked as signed")

    @admin.action(description="Put the agreement in force", permissions=["operate"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Partnership]) -> None:
        self.do_to_each(request, queryset, partnerships.activate_partnership, done="in force")


@admin.register(Opening)
class OpeningAdmin(DeskAdmin):
    sentence = "Leadership posts that schools offer to a cohort."
    list_display = ["school", "role_title", "cohort", "starts_on", "places", "state"]
    list_filter = ["state", ("cohort", LatestCohortFilter), "role_title", "is_slt", "phase_served"]
    list_select_related = ["school", "cohort"]
    search_fields = ["school__search_text", "subjects", "essentials", "preferences"]
    raw_id_fields = ["school"]
    actions = ["offer", "withdraw"]
    export_fields = [
        "school__name", "school__urn", "cohort__name", "role_title", "is_slt", "strand",
        "phase_served", "subjects", "starts_on", "ends_on", "places", "essentials", "preferences",
        "state",
    ]  # fmt: skip

    @admin.action(description="Put on offer", permissions=["operate"])
    def offer(self, request: HttpRequest, queryset: QuerySet[Opening]) -> None:
        self.do_to_each(request, queryset, openings.open_opening, done="on offer")

    @admin.action(description="Withdraw", permissions=["operate"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Opening]) -> None:
        withdraw = partial(withdraw_opening, by=person_of(request))
        self.do_to_each(request, queryset, withdraw, done="withdrawn")


@admin.register(Post)
class PostAdmin(DeskAdmin):
    sentence = "Jobs that leaders held before and after: their careers."
    list_display = ["person", "title", "level", "school", "employer_name", "starts_on", "ends_on"]
    list_filter = [
        "level", "source", "is_slt", "has_senco_award", ("ends_on", admin.EmptyFieldListFilter),
    ]  # fmt: skip
    list_select_related = ["person", "school"]
    search_fields = ["title", "employer_name", "person__search_text", "school__search_text"]
    raw_id_fields = ["person", "school"]
    export_fields = [
        "person__full_name", "title", "level", "school__name", "employer_name", "is_slt",
        "starts_on", "ends_on", "has_senco_award", "source",
    ]  # fmt: skip


@admin.register(UnknownDestination)
class UnknownDestinationAdmin(DeskAdmin):
    sentence = "Leaders of whom somebody said that nobody knows where they go on to."
    list_display = ["participation", "said_at", "said_by"]
    list_filter = [("participation__cohort", LatestCohortFilter)]
    list_select_related = ["participation__person", "participation__cohort", "said_by"]
    search_fields = ["participation__person__search_text__contains"]
    search_help_text = "Name, address or TRN of the person"
    date_hierarchy = "said_at"
    export_fields = [
        "participation__person__full_name", "participation__cohort__name", "said_at",
    ]  # fmt: skip
    look_only = True


@admin.register(Review)
class ReviewAdmin(DeskAdmin):
    sentence = "Reviews of placements that were held; those to come are items of people’s plans."
    list_display = ["placement", "requirement", "held_on", "state", "written_by", "answered_at"]
    list_filter = [
        "state",
        ("requirement", admin.RelatedOnlyFieldListFilter),
        ("placement__participation__cohort", LatestCohortFilter),
        ("held_on", admin.DateFieldListFilter),
    ]
    list_select_related = ["placement__participation__person", "requirement", "written_by"]
    search_fields = [
        "placement__host_name",
        "placement__participation__person__search_text__contains",
    ]
    search_help_text = "The school as it was called, or name, address or TRN of the leader"
    date_hierarchy = "held_on"
    actions = ["close_unanswered"]
    export_fields = [
        "placement__participation__person__full_name", "placement__participation__cohort__name",
        "placement__host_name", "requirement__name", "held_on", "present", "state", "written_at",
        "answered_at",
    ]  # fmt: skip
    look_only = True

    @admin.action(description="Close: the leader gave no answer", permissions=["operate"])
    def close_unanswered(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        close = partial(reviews.close, reason="The leader gave no answer.", by=person_of(request))
        self.do_to_each(request, queryset, close, done="closed without the leader")


@admin.register(SafeguardingRole)
class SafeguardingRoleAdmin(DeskAdmin):
    sentence = (
        "Who is, or was, the safeguarding lead or a deputy at a school, whatever they are trained."
    )
    list_display = ["person", "role", "school", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["person", "school"]
    search_fields = ["person__search_text", "school__search_text"]
    date_hierarchy = "starts_on"
    look_only = True
    export_fields = ["person__full_name", "role", "school__name", "starts_on", "ends_on"]
