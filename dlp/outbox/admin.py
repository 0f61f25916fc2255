"""Letters in the admin: for looking up. What can be done about one is done on its own page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from dlp.admin import DeskAdmin
from dlp.outbox import kinds, wording_admin  # noqa: F401  words have a room of their own
from dlp.outbox.models import (
    Attempt,
    FeedToken,
    JobRun,
    LeadPolicy,
    Mailing,
    Message,
    MutedTopic,
    Outage,
    QuietHours,
    RelayState,
    SenderRound,
    SweepDay,
)


class KindFilter(admin.SimpleListFilter):
    """The kinds of letter by their names in plain words."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.name, kind.label) for kind in kinds.all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(DeskAdmin):
    """What a letter says stays out of every list, page and file here: its own page shows it."""

    sentence = "Every letter, planned, sent or not sent, with the reason."
    look_only = True
    list_display = [
        "kind_said", "person", "recipient", "state", "state_reason", "due_at", "accepted_at",
    ]  # fmt: skip
    list_filter = ["state", KindFilter, ("due_at", admin.DateFieldListFilter)]
    list_select_related = ["person"]
    search_fields = ["person__search_text", "recipient", "message_id", "state_reason"]
    search_help_text = "Name or address of the person, recipient, Message-ID, or the reason"
    date_hierarchy = "due_at"
    exclude = ["frozen", "context"]
    export_fields = [
        "kind", "person__full_name", "recipient", "subject_kind", "subject_id", "lead", "state",
        "state_reason", "due_at", "not_after", "attempts", "accepted_at", "message_id",
        "possible_duplicate", "cancelled_by__full_name",
    ]  # fmt: skip

    @admin.display(description="kind", ordering="kind")
    def kind_said(self, message: Message) -> str:
        return kinds.label(message.kind)

    def entries_of(self, thing: Message) -> list[dict[str, Any]]:
        """Each try and each decision by hand, down to when it was planned."""
        tries = [
            {
                "at": one.ended_at,
                "by": one.by,
                "notes": [": ".join(filter(None, [one.get_outcome_display(), one.words]))],
            }
            for one in thing.tries.select_related("by").order_by("-ended_at", "-pk")
        ]
        return [*tries, {"at": thing.created_at, "by": None, "added": True}]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).defer("frozen", "context")


@admin.register(Attempt)
class AttemptAdmin(DeskAdmin):
    sentence = "What happened each time a letter was tried, and who stepped in."
    look_only = True
    list_display = ["message", "number", "outcome", "stage", "code", "words", "by", "ended_at"]
    list_filter = ["outcome", "stage", ("ended_at", admin.DateFieldListFilter)]
    list_select_related = ["message", "by"]
    search_fields = [
        "message__person__search_text", "message__recipient", "message__message_id", "words",
    ]  # fmt: skip
    search_help_text = "Name or address of the person, recipient, Message-ID, or the answer"
    date_hierarchy = "ended_at"
    export_fields = [
        "message__kind", "message__person__full_name", "message__recipient", "message__message_id",
        "number", "outcome", "stage", "code", "words", "by__full_name", "ended_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        return super().get_queryset(request).defer("message__frozen", "message__context")


@admin.register(LeadPolicy)
class LeadPolicyAdmin(DeskAdmin):
    """Changed on the page "When reminders go", which tries a change out first."""

    sentence = "How long before a session of each kind people are reminded."
    look_only = True
    list_display = ["session_kind", "__str__", "useful_until", "is_on"]
    list_filter = ["session_kind", "is_on"]
    search_fields = ["session_kind"]
    export_fields = ["session_kind", "days", "at", "hours", "useful_until", "is_on"]


@admin.register(QuietHours)
class QuietHoursAdmin(DeskAdmin):
    sentence = "The hours in which nobody is written to."
    look_only = True
    list_display = ["__str__", "pressing_begins", "pressing_ends"]
    search_fields = ["begins", "ends"]
    export_fields = ["begins", "ends", "pressing_begins", "pressing_ends"]


@admin.register(SweepDay)
class SweepDayAdmin(DeskAdmin):
    sentence = "What the sweeps of each day had to put right in the plan of letters."
    look_only = True
    list_display = ["day", "runs", "repairs", "failures", "last_run_at", "last_repair_at"]
    date_hierarchy = "day"
    search_fields = ["day"]
    export_fields = ["day", "runs", "repairs", "failures", "last_run_at", "last_repair_at"]


@admin.register(Outage)
class OutageAdmin(DeskAdmin):
    sentence = "When the mail relay refused our password or encryption, so that letters waited."
    look_only = True
    list_display = ["relay", "reason", "code", "began_at", "ended_at", "probe_at"]
    list_filter = ["relay", ("began_at", admin.DateFieldListFilter)]
    search_fields = ["relay", "reason"]
    date_hierarchy = "began_at"
    export_fields = ["relay", "reason", "code", "began_at", "ended_at"]


@admin.register(RelayState)
class RelayStateAdmin(DeskAdmin):
    sentence = "How many letters the mail relay may be given at this moment."
    look_only = True
    list_display = ["name", "tokens", "refilled_at", "crowded_until"]
    search_fields = ["name"]
    export_fields = ["name", "tokens", "refilled_at", "crowded_until"]


@admin.register(FeedToken)
class FeedTokenAdmin(DeskAdmin):
    """The address itself is nowhere; its owner makes and ends it on their own page."""

    sentence = "Who has their sessions in a calendar of their own, and whether it still asks."
    look_only = True
    list_display = ["person", "made_at", "last_fetched_at"]
    list_filter = [("made_at", admin.DateFieldListFilter)]
    list_select_related = ["person"]
    search_fields = ["person__search_text"]
    search_help_text = "Name or address of the person"
    exclude = ["token_hash"]
    export_fields = ["person__full_name", "made_at", "last_fetched_at"]


@admin.register(JobRun)
class JobRunAdmin(DeskAdmin):
    sentence = "What was done once a day, and what came of it."
    look_only = True
    list_display = ["name", "local_date", "started_at", "ended_at", "result"]
    list_filter = ["name"]
    search_fields = ["name"]
    date_hierarchy = "local_date"
    export_fields = ["name", "local_date", "started_at", "ended_at", "result"]


@admin.register(SenderRound)
class SenderRoundAdmin(DeskAdmin):
    sentence = "When the senders that each doorbell wakes last came round."
    look_only = True
    list_display = ["ringer", "ended_at"]
    search_fields = ["ringer"]
    export_fields = ["ringer", "ended_at"]


@admin.register(MutedTopic)
class MutedTopicAdmin(DeskAdmin):
    """People switch their own letters off and on; staff look here when somebody asks why none came."""

    sentence = "Which letters people switched off, and until when."
    look_only = True
    list_display = ["person", "topic_said", "until", "muted_at"]
    list_filter = ["topic", ("until", admin.DateFieldListFilter)]
    list_select_related = ["person"]
    search_fields = ["person__search_text"]
    search_help_text = "Name or address of the person"
    export_fields = ["person__full_name", "topic", "until", "muted_at"]

    @admin.display(description="letters", ordering="topic")
    def topic_said(self, muted: MutedTopic) -> str:
        return kinds.topic_label(muted.topic)


@admin.register(Mailing)
class MailingAdmin(DeskAdmin):
    sentence = "What staff wrote to everybody on a list, and who sent it."
    look_only = True
    list_display = ["subject", "whom", "state", "sent_by", "sent_at"]
    list_filter = ["state", ("sent_at", admin.DateFieldListFilter)]
    list_select_related = ["sent_by"]
    search_fields = ["subject", "whom", "sent_by__search_text"]
    search_help_text = "Subject, list, or name of the sender"
    export_fields = [
        "subject",
        "whom",
        "state",
        "written_by__full_name",
        "sent_by__full_name",
        "sent_at",
    ]
