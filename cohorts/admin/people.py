"""People, and the files they came in."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest

from cohorts.admin.filters import LatestCohortFilter
from cohorts.forms.people import PersonForm
from cohorts.models import ImportRun, Person
from cohorts.operations import corrections, people
from cohorts.permissions import can_manage_staff, can_take_numbers_away
from dlp.admin import DeskAdmin, person_of
from dlp.audit.history import history_of


@admin.register(Person)
class PersonAdmin(DeskAdmin):
    """Nobody has a password, so none is asked for.

    The e-mail address and confirmed facts are changed on the person's own page, which asks for a
    reason.
    """

    sentence = "Everyone the programme knows, signed in or not. Roles follow from what they do."
    form = PersonForm
    fieldsets = [
        (None, {"fields": ["full_name", "known_as", "pronouns", "email", "phone", "trn"]}),
        (
            "What they say of themselves",
            {
                "fields": [
                    "phase",
                    "subject",
                    "strand",
                    "travels_by",
                    "longest_journey",
                    "biography",
                    "is_in_directory",
                    "home_sector",
                    "photo",
                ],
            },
        ),
        (
            "Sign-in",
            {
                "fields": [
                    "is_active",
                    "invited_at",
                    "last_login",
                    "added_at",
                    "died_on",
                    "bounced_email",
                ]
            },
        ),
        (
            "Programme staff",
            {
                "fields": ["is_staff", "groups", "is_superuser"],
                "description": "Only a programme lead changes who is staff and in which groups.",
            },
        ),
    ]
    list_display = ["name", "email", "trn_masked", "is_active", "is_staff", "invited_at"]
    list_filter = [
        "is_active",
        "is_staff",
        "phase",
        "is_in_directory",
        "groups",
        ("participations__cohort", LatestCohortFilter),
    ]
    search_fields = ["search_text"]
    search_help_text = "Name, address or TRN"
    export_fields = [
        "full_name", "known_as", "pronouns", "email", "phone", "trn", "home_sector",
        "travels_by", "longest_journey", "phase", "subject", "strand", "is_in_directory", "is_active",
    ]  # fmt: skip
    actions = ["invite", "deactivate", "reactivate"]

    def get_export_fields(self, request: HttpRequest) -> list[str]:
        has_numbers = can_take_numbers_away(person_of(request))
        return [name for name in self.export_fields if name != "trn" or has_numbers]

    @admin.display(description="name", ordering="search_text")
    def name(self, person: Person) -> str:
        return person.name

    @admin.display(description="TRN")
    def trn_masked(self, person: Person) -> str:
        return person.trn_masked or "None"

    def entries_of(self, thing: Person) -> list[dict[str, Any]]:
        """Their history, and those of the records that became part of theirs."""
        records = Person.everyone.records_of(thing)
        entries = [entry for one in records for entry in history_of(one)]
        return sorted(entries, key=lambda entry: entry["at"], reverse=True)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = [*super().get_readonly_fields(request, obj), "is_active", "last_login"]
        if obj is not None:
            fixed += ["email", *corrections.confirmed(obj)]
        if not can_manage_staff(person_of(request)):
            fixed += ["is_staff", "groups"]
        if not request.user.is_superuser:
            fixed.append("is_superuser")
        return fixed

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs |= {"widget": CheckboxSelectMultiple, "help_text": "What staff may do here."}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Person, form: ModelForm, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    @admin.action(description="Invite the chosen people", permissions=["operate"])
    def invite(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        self.do_to_each(request, queryset, people.invite_person, done="invited")

    @admin.action(description="Stop the chosen people from signing in", permissions=["operate"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        by = person_of(request)
        self.do_to_each(
            request, queryset, lambda one: people.deactivate_person(one, by=by), done="deactivated"
        )

    @admin.action(description="Let the chosen people sign in again", permissions=["operate"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        by = person_of(request)
        self.do_to_each(
            request, queryset, lambda one: people.reactivate_person(one, by=by), done="reactivated"
        )


@admin.register(ImportRun)
class ImportRunAdmin(DeskAdmin):
    sentence = "Files that staff brought in, and what was done with each."
    look_only = True
    fields = [
        "file_name", "kind", "state", "cohort", "counts", "uploaded_at", "uploaded_by",
        "applied_at", "applied_by", "reverted_at", "reverted_by", "file_sha256",
    ]  # fmt: skip
    list_display = ["file_name", "kind", "state", "cohort", "uploaded_at", "uploaded_by"]
    list_filter = ["kind", "state"]
    list_select_related = ["cohort", "uploaded_by"]
    search_fields = ["file_name"]
    date_hierarchy = "uploaded_at"
    export_fields = [
        "file_name", "kind", "state", "cohort__name", "counts", "uploaded_at",
        "uploaded_by__full_name", "applied_at", "applied_by__full_name",
        "reverted_at", "reverted_by__full_name",
    ]  # fmt: skip
