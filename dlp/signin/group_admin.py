"""Staff groups in the admin. The code knows them by name; members are set on the person's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from dlp.admin import DeskAdmin


class GroupAdmin(DeskAdmin):
    """All staff see what each group may do; only a superuser changes it.

    Permissions on the programme's own models are rewritten at every upgrade.
    """

    sentence = "What each kind of staff may do; people are put in on their own page."
    list_display = ["name", "people"]
    search_fields = ["name"]
    filter_horizontal = ["permissions"]
    export_fields = ["name"]

    @admin.display(description="people", ordering="people")
    def people(self, group: Any) -> int:
        return int(group.people)

    @admin.display(description="may do")
    def may_do(self, group: Group) -> str:
        named = group.permissions.order_by("content_type__app_label", "codename")
        return "; ".join(named.values_list("name", flat=True)) or "Nothing in the admin"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        groups: QuerySet[Group] = super().get_queryset(request).annotate(people=Count("user"))
        return groups

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["name", "permissions" if request.user.is_superuser else "may_do"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "name", "may_do"]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Each choice is said with the kind of thing it is about: fetch those in the same query."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and field.queryset is not None:
            field.queryset = field.queryset.select_related("content_type")
        return field

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_staff

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser
