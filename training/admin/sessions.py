"""Courses, sessions, bookings and supervision."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cohorts.admin.filters import LatestCohortFilter
from dlp.admin import FORM_FIELDS, DeskAdmin, person_of
from training import requirements
from training.models import (
    Booking,
    Course,
    GroupMember,
    Residential,
    Series,
    Session,
    SupervisionGroup,
    Venue,
    VenueOperator,
)
from training.operations import bookings, groups, registers, sessions


@admin.register(Course)
class CourseAdmin(DeskAdmin):
    sentence = "What the programme teaches, once or many times."
    list_display = ["title", "kind", "strand", "requirement", "minutes"]
    list_filter = ["kind", "strand", "requirement"]
    list_select_related = ["requirement"]
    search_fields = ["title"]
    export_fields = ["title", "kind", "strand", "requirement__name", "minutes"]

    def save_model(self, request: HttpRequest, obj: Course, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "requirement" in form.changed_data:
            requirements.report(Booking.objects.filter(session__course=obj))


class VenueOperatorInline(admin.StackedInline):
    model = VenueOperator
    extra = 0
    formfield_overrides = FORM_FIELDS


@admin.register(Venue)
class VenueAdmin(DeskAdmin):
    sentence = "Places to meet. A new name is carried to sessions to come; past ones keep the old."
    list_display = ["name", "postcode", "school"]
    list_select_related = ["school"]
    search_fields = ["name", "postcode", "school__search_text"]
    raw_id_fields = ["school"]
    inlines = [VenueOperatorInline]

    def save_model(self, request: HttpRequest, obj: Venue, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "name" in form.changed_data and change:
            sessions.rename_venue(obj)


@admin.register(VenueOperator)
class VenueOperatorAdmin(DeskAdmin):
    sentence = "Who ran a venue, and when."
    list_display = ["name", "venue", "starts_on", "ends_on"]
    list_select_related = ["venue"]
    search_fields = ["name", "venue__name"]
    raw_id_fields = ["venue"]


@admin.register(Series)
class SeriesAdmin(DeskAdmin):
    sentence = "Sessions that were planned together."
    list_display = ["title", "kind"]
    list_filter = ["kind"]
    search_fields = ["title"]


@admin.register(Session)
class SessionAdmin(DeskAdmin):
    sentence = "When people meet. Change a session on its own page, so that people are told."
    look_only = True
    list_display = ["title", "kind", "state", "starts_at", "mode", "venue_name", "revision"]
    list_filter = ["kind", "state", "mode", ("cohorts", LatestCohortFilter)]
    search_fields = ["title", "venue_name", "group__name"]
    date_hierarchy = "starts_at"
    actions = ["publish", "cancel", "reinstate", "close_register"]
    export_fields = [
        "title", "kind", "state", "starts_on", "starts_time", "ends_on", "ends_time", "mode",
        "venue_name", "capacity", "group__name", "course__title", "cancelled_reason",
        "register_closed_at",
    ]  # fmt: skip

    @admin.action(description="Publish", permissions=["operate"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        self.do_to_each(request, queryset, sessions.publish, done="published")

    @admin.action(description="Cancel, and tell those who were told", permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        cancel = partial(sessions.cancel, by=person_of(request))
        self.do_to_each(request, queryset, cancel, done="cancelled")

    @admin.action(description="Let them go ahead after all", permissions=["operate"])
    def reinstate(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        self.do_to_each(request, queryset, sessions.reinstate, done="reinstated")

    @admin.action(description="Close the register", permissions=["operate"])
    def close_register(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        close = partial(registers.close_register, by=person_of(request))
        self.do_to_each(request, queryset, close, done="closed")


@admin.register(Residential)
class ResidentialAdmin(DeskAdmin):
    sentence = "What a residential needs beyond a session: getting there, and what to bring."
    list_display = ["session", "nights"]
    list_select_related = ["session"]
    search_fields = ["session__title", "session__venue_name"]
    raw_id_fields = ["session"]


@admin.register(Booking)
class BookingAdmin(DeskAdmin):
    sentence = "Who was asked to a session, what they answered, and whether they came."
    look_only = True
    list_display = ["person", "session", "state", "attendance", "replied_at", "marked_at"]
    list_filter = ["state", "attendance", "excuse", "session__kind"]
    list_select_related = ["person", "session"]
    search_fields = ["person__search_text", "session__title"]
    date_hierarchy = "session__starts_at"
    actions = ["take_off"]
    export_fields = [
        "person__full_name", "person__email", "session__title", "session__kind",
        "session__starts_on", "state", "replied_at", "replied_via", "attendance", "excuse",
        "marked_at", "marked_by__full_name", "makes_up__session__title",
    ]  # fmt: skip

    @admin.action(description="Take off the session", permissions=["operate"])
    def take_off(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        chosen = queryset.select_related("session", "person")
        self.do_to_each(request, chosen, bookings.withdraw_booking, done="taken off")


@admin.register(SupervisionGroup)
class SupervisionGroupAdmin(DeskAdmin):
    sentence = "A supervisor and a few leaders. What is said in a group is kept nowhere here."
    look_only = True
    list_display = ["name", "supervisor", "cohort", "starts_on", "ends_on"]
    list_filter = [("cohort", LatestCohortFilter)]
    list_select_related = ["supervisor", "cohort"]
    search_fields = ["name", "supervisor__search_text"]
    export_fields = ["name", "supervisor__full_name", "cohort__name", "starts_on", "ends_on"]


@admin.register(GroupMember)
class GroupMemberAdmin(DeskAdmin):
    sentence = "Who is in which supervision group, from when to when."
    look_only = True
    list_display = ["person", "group", "starts_on", "ends_on"]
    list_filter = ["group"]
    list_select_related = ["person", "group"]
    search_fields = ["person__search_text", "group__name"]
    actions = ["leave_today"]
    export_fields = ["person__full_name", "group__name", "starts_on", "ends_on"]

    @admin.action(description="Let them leave after today", permissions=["operate"])
    def leave_today(self, request: HttpRequest, queryset: QuerySet[GroupMember]) -> None:
        leave = partial(groups.end_member, ends_on=timezone.localdate())
        self.do_to_each(request, queryset, leave, done="ended")
