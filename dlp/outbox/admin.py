"""Letters in the admin: for looking up. What can be done about one is done on its own page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from dlp.outbox.models import Attempt, LeadPolicy, Message


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    sentence = "Every letter, planned, sent or not sent, with the reason."
    list_display = ["kind", "person", "recipient", "state", "state_reason", "due_at", "accepted_at"]
    list_filter = ["state", "kind", ("due_at", admin.DateFieldListFilter)]
    list_select_related = ["person"]
    search_fields = ["person__search_text", "message_id"]
    date_hierarchy = "due_at"
    exclude = ["frozen", "context"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).defer("frozen", "context")


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    sentence = "What happened each time a letter was tried, and who stepped in."
    list_display = ["message", "number", "outcome", "stage", "code", "words", "by", "ended_at"]
    list_filter = ["outcome", "stage"]
    list_select_related = ["message", "by"]
    date_hierarchy = "ended_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        return super().get_queryset(request).defer("message__frozen", "message__context")


@admin.register(LeadPolicy)
class LeadPolicyAdmin(admin.ModelAdmin):
    sentence = "How long before a session of each kind people are reminded."
    list_display = ["session_kind", "__str__", "useful_until", "is_on"]
    list_filter = ["session_kind", "is_on"]

    def has_delete_permission(self, request: HttpRequest, obj: LeadPolicy | None = None) -> bool:
        return False  # switch it off instead: the next migration would bring a default back
