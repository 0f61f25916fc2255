"""Corrections, likely duplicates and merges of people's records."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cohorts.admin.filters import SignFilter
from cohorts.models import Correction, Likeness, NotDuplicate, PersonMerge
from cohorts.operations import duplicates
from dlp.admin import DeskAdmin


@admin.register(Correction)
class CorrectionAdmin(DeskAdmin):
    sentence = "Confirmed facts about people that staff put right, and why. Rows are never altered."
    look_only = True
    list_display = ["person", "fact", "was", "became", "reason", "by", "at"]
    list_filter = ["fact", ("at", admin.DateFieldListFilter)]
    list_select_related = ["person", "by"]
    search_fields = ["person__search_text__contains", "reason"]
    search_help_text = "Name, address or TRN of the person, or the reason"
    date_hierarchy = "at"
    export_fields = [
        "person__full_name", "fact", "was", "became", "reason", "by__full_name", "at",
    ]  # fmt: skip


@admin.register(Likeness)
class LikenessAdmin(DeskAdmin):
    sentence = "People who may be one and the same, as everybody was compared last."
    look_only = True
    list_display = ["first", "second", "score", "signs_said"]
    list_filter = [SignFilter]
    list_select_related = ["first", "second"]
    search_fields = ["first__search_text__contains", "second__search_text__contains"]
    search_help_text = "Name, address or TRN of either"
    export_fields = ["first__full_name", "second__full_name", "score"]
    actions = ["two_people"]

    @admin.display(description="alike in")
    def signs_said(self, pair: Likeness) -> str:
        return ", ".join(pair.signs_said)

    @admin.action(description="Say that these are two people", permissions=["operate"])
    def two_people(self, request: HttpRequest, queryset: QuerySet[Likeness]) -> None:
        by: Any = request.user
        self.do_to_each(
            request,
            queryset,
            lambda one: duplicates.say_two_people(one.first, one.second, by=by),
            done="found to be two people",
        )


@admin.register(NotDuplicate)
class NotDuplicateAdmin(DeskAdmin):
    sentence = "Pairs that look alike and are two people, as somebody found."
    look_only = True
    list_display = ["first", "second", "by", "at"]
    list_filter = [("at", admin.DateFieldListFilter)]
    list_select_related = ["first", "second", "by"]
    search_fields = ["first__search_text__contains", "second__search_text__contains"]
    search_help_text = "Name, address or TRN of either"
    date_hierarchy = "at"
    export_fields = ["first__full_name", "second__full_name", "by__full_name", "at"]
    actions = ["take_back"]

    @admin.action(description="Take back that these are two people", permissions=["operate"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[NotDuplicate]) -> None:
        self.do_to_each(request, queryset, duplicates.take_back, done="taken back")


@admin.register(PersonMerge)
class PersonMergeAdmin(DeskAdmin):
    sentence = "Records of one person that were made one, by whom and when. Rows are never altered."
    look_only = True
    list_display = ["kept", "gone", "by", "at"]
    list_filter = [("at", admin.DateFieldListFilter)]
    list_select_related = ["kept", "gone", "by"]
    search_fields = ["kept__search_text__contains", "gone__search_text__contains"]
    search_help_text = "Name, address or TRN of either"
    date_hierarchy = "at"
    export_fields = ["kept__full_name", "gone__full_name", "by__full_name", "at"]
