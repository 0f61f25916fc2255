"""What all admin pages share: search, export, history, and no delete.

The admin is for looking up and correcting. State changes only through actions that call operations.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models, transaction
from django.forms import DateInput, TimeInput
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dlp import exports, words
from dlp.audit.history import heading, history_of
from dlp.errors import Refused
from dlp.text import fold

if TYPE_CHECKING:
    from cohorts.models import Person

FORM_FIELDS: dict[Any, Any] = {
    models.DateField: {"widget": DateInput},
    models.TimeField: {"widget": TimeInput},
    models.URLField: {"assume_scheme": "https"},
}
"""The browser's own calendar and clock, as on all our pages."""
NEVER_EXPORTED = frozenset({"password", "last_login", "search_text", "note_private", "file_sha256"})


class DeskAdmin(admin.ModelAdmin):
    """Base class of every model's admin.

    `sentence` says what the model is, on the index and above the list. `export_fields` are lookups
    such as "person__full_name" (all plain columns if left empty). With `look_only` every change is
    left to operations. Columns that operations write (`editable=False`) are shown read-only.
    """

    sentence: ClassVar[str] = ""
    export_fields: ClassVar[Sequence[str]] = ()
    look_only: ClassVar[bool] = False
    formfield_overrides: ClassVar[dict[Any, Any]] = FORM_FIELDS
    list_per_page = 40
    list_max_show_all = 200
    show_full_result_count = False
    save_on_top = False
    object_history_template = "admin/desk_history.html"

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if IS_POPUP_VAR not in request.GET:
            for name in ("export_chosen_to_excel", "export_chosen"):
                actions[name] = self.get_action(name)
        return actions

    def get_action_choices(
        self, request: HttpRequest, default_choices: Any = ()
    ) -> list[tuple[str, str]]:
        choices: list[tuple[str, str]] = super().get_action_choices(
            request, [("", "Choose what to do")]
        )
        return choices

    def action_checkbox(self, obj: models.Model) -> SafeString:
        """Django's own checkbox, without rendering a template for every row."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            f"Choose {obj}",
        )

    @admin.action(description="Export the chosen rows to Excel")
    def export_chosen_to_excel(
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> StreamingHttpResponse:
        return self.export(request, queryset, form=exports.Form.XLSX)

    @admin.action(description="Export the chosen rows as CSV")
    def export_chosen(
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> StreamingHttpResponse:
        return self.export(request, queryset, form=exports.Form.CSV)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export_shown)
        return [path("export/", view, name=name), *super().get_urls()]

    @method_decorator(require_safe)
    def export_shown(self, request: HttpRequest) -> HttpResponseBase:
        """Stream all rows that match the search and filters, on all pages."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied("You may not look at these.")
        form = exports.form_of(request)  # type: ignore[arg-type]
        filters = request.GET.copy()
        filters.pop(exports.ASKED_AS, None)
        request.GET = filters  # type: ignore[assignment]
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return self.export(request, shown.queryset, form=form)

    def get_export_fields(self, request: HttpRequest) -> Sequence[str]:
        """The lookups that this person may export."""
        return self.export_fields or _plain_columns(self.model)

    def export(
        self, request: HttpRequest, queryset: models.QuerySet, *, form: str
    ) -> StreamingHttpResponse:
        """Stream these rows as flat, formula-safe values.

        One query to count them, one to read them.
        """
        lookups = list(self.get_export_fields(request))
        fields = [_field_at(self.model, lookup) for lookup in lookups]
        words = [dict(field.flatchoices) if field is not None else {} for field in fields]
        rows = queryset.order_by("pk").values_list(*lookups).iterator(chunk_size=2_000)
        return exports.hand_out(
            request,  # type: ignore[arg-type]
            str(self.model._meta.verbose_name_plural),
            [heading(lookup, field) for lookup, field in zip(lookups, fields, strict=True)],
            (
                [_cell(value, choices) for choices, value in zip(words, row, strict=True)]
                for row in rows
            ),
            count=queryset.count(),
            form=form,
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {"sentence": self.sentence, **(extra_context or {})}
        )

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Rows that contain every word.

        `search_text` ignores case and accents, other columns match as typed.
        """
        matching: Callable[[str], models.QuerySet] | None = getattr(queryset, "matching", None)
        if matching is not None:
            return matching(search_term), False
        fields = [str(field) for field in self.get_search_fields(request)]
        for word in search_term.split() if fields else ():
            queryset = queryset.filter(reduce(or_, (_found_in(field, word) for field in fields)))
        return queryset, any(lookup_spawns_duplicates(self.opts, field) for field in fields)

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> list[str]:
        written_by_operations = [
            field.name
            for field in self.model._meta.fields
            if not field.editable
            and not field.primary_key
            and field.name not in (*NEVER_EXPORTED, *(self.exclude or ()))
            and not isinstance(field, models.JSONField)
        ]
        return list(
            dict.fromkeys([*super().get_readonly_fields(request, obj), *written_by_operations])
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not self.look_only and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return not self.look_only and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False  # end it, so that the record of it stays

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """For `@admin.action(permissions=["operate"])`: may change rows, through operations."""
        return super().has_change_permission(request)

    def do_to_each(
        self,
        request: HttpRequest,
        queryset: Iterable[models.Model],
        operation: Callable[[Any], Any],
        *,
        done: str,
    ) -> None:
        """Run an operation on each chosen row; report how often it worked and why not for others.

        `done` ends the sentence "3 people …", such as "were invited".
        """
        count = 0
        for thing in queryset:
            try:
                with transaction.atomic():
                    operation(thing)
                count += 1
            except Refused as refusal:
                self.message_user(request, f"{thing}: {refusal}", messages.WARNING)
        if count:
            meta = self.model._meta
            said = words.count(count, str(meta.verbose_name), str(meta.verbose_name_plural))
            self.message_user(request, f"{said} {done}.", messages.SUCCESS)

    def entries_of(self, thing: Any) -> list[dict[str, Any]]:
        """The entries of a row's history page, newest first."""
        return history_of(thing)

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Who changed what, newest first, as the database recorded it."""
        thing = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied("You may not look at this.")
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {thing}",
            "module_name": str(self.model._meta.verbose_name_plural),
            "object": thing,
            "opts": self.model._meta,
            "entries": self.entries_of(thing),
            "is_tracked": hasattr(thing, "events"),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


def person_of(request: HttpRequest) -> Person:
    """The signed-in person: the admin is for nobody else."""
    return cast("Person", request.user)


def _found_in(field: str, word: str) -> models.Q:
    """Whether a column contains a word: `search_text` is stored folded, others as typed."""
    if "search_text" in field.split("__"):
        return models.Q((f"{field.removesuffix('__contains')}__contains", fold(word)))
    typed = {word, fold(word), word.replace("'", "’"), word.replace("’", "'")}
    return reduce(or_, (models.Q((f"{field}__icontains", one)) for one in sorted(typed)))


def _plain_columns(model: type[models.Model]) -> list[str]:
    return [
        field.attname
        for field in model._meta.fields
        if field.name not in NEVER_EXPORTED
        and not isinstance(field, models.JSONField | models.BinaryField)
        and type(field).__module__.startswith("django.")
    ]


def _field_at(model: type[models.Model], lookup: str) -> models.Field | None:
    field: Any = None
    for part in lookup.split("__"):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if field.is_relation:
            model = field.related_model
    return field if hasattr(field, "flatchoices") else None


def _cell(value: Any, choices: dict[Any, Any]) -> Any:
    """A choice as its label, JSON as text, anything else as it is."""
    return json.dumps(value) if isinstance(value, dict | list) else choices.get(value, value)
