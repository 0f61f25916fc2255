"""Ideas for twilights, presenters, files and practice cards, for looking up."""

from __future__ import annotations

from functools import partial

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from dlp.admin import DeskAdmin, person_of
from training.models import PracticeCard, Presenter, Resource, Stage, TwilightIdea
from training.operations import ideas, presenters


@admin.register(TwilightIdea)
class TwilightIdeaAdmin(DeskAdmin):
    sentence = "What people would like to tell at a twilight. Answer an idea on its own page."
    look_only = True
    list_display = ["title", "proposed_by", "strand", "state", "proposed_at", "session"]
    list_filter = ["state", "strand"]
    list_select_related = ["proposed_by", "session"]
    search_fields = ["title", "proposed_by__search_text"]
    date_hierarchy = "proposed_at"
    actions = ["accept"]
    export_fields = [
        "title", "proposed_by__full_name", "strand", "state", "proposed_at", "decided_at",
        "decided_by__full_name", "session__title", "session__starts_on", "what_changed",
        "who_it_helps",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[TwilightIdea]:
        """Drafts are private, here too."""
        return super().get_queryset(request).exclude(state=Stage.DRAFT)

    @admin.action(description="Accept, and write so", permissions=["operate"])
    def accept(self, request: HttpRequest, queryset: QuerySet[TwilightIdea]) -> None:
        accept = partial(ideas.accept, by=person_of(request))
        self.do_to_each(request, queryset, accept, done="accepted")


@admin.register(Presenter)
class PresenterAdmin(DeskAdmin):
    sentence = "Who is asked to present at a session, and what they answered."
    look_only = True
    list_display = ["who", "session", "answer", "asked_at", "answered_at"]
    list_filter = ["answer", "session__kind"]
    list_select_related = ["person", "session"]
    search_fields = ["person__search_text", "name", "email", "session__title"]
    date_hierarchy = "session__starts_at"
    export_fields = [
        "person__full_name", "name", "email", "session__title", "session__starts_on", "answer",
        "asked_at", "answered_at",
    ]  # fmt: skip
    actions = ["cannot"]

    @admin.action(description="Note that they cannot present", permissions=["operate"])
    def cannot(self, request: HttpRequest, queryset: QuerySet[Presenter]) -> None:
        cannot = partial(presenters.answer, yes=False)
        self.do_to_each(request, queryset, cannot, done="noted as unable")


@admin.register(Resource)
class ResourceAdmin(DeskAdmin):
    sentence = "Files that were handed out at a session. They are had from its page."
    look_only = True
    list_display = ["title", "session", "circle", "file_name", "size", "handed_in_by"]
    list_filter = ["circle", "session__kind"]
    list_select_related = ["session", "handed_in_by"]
    search_fields = ["title", "file_name", "session__title", "handed_in_by__search_text"]
    date_hierarchy = "handed_in_at"
    export_fields = [
        "title", "session__title", "session__starts_on", "circle", "file_name", "size",
        "handed_in_by__full_name", "handed_in_at",
    ]  # fmt: skip


@admin.register(PracticeCard)
class PracticeCardAdmin(DeskAdmin):
    sentence = "What was found out in practice, as told at a session. It is written on its page."
    look_only = True
    list_display = ["session", "written_by", "written_at"]
    list_filter = ["session__kind"]
    list_select_related = ["session", "written_by"]
    search_fields = ["session__title", "written_by__search_text", "what_we_did"]
    date_hierarchy = "written_at"
    export_fields = [
        "session__title", "session__starts_on", "written_by__full_name", "written_at", "context",
        "what_we_did", "what_changed", "do_again",
    ]  # fmt: skip
