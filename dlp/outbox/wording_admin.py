"""The wording of letters in the admin: a list of all kinds, and a page to edit one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from dlp.admin import DeskAdmin
from dlp.outbox import kinds, permissions
from dlp.outbox.forms import WordsForm
from dlp.outbox.models import KindText
from dlp.outbox.writing import editing, wording
from dlp.outbox.writing.wording import Wording

LIST = "admin:outbox_kindtext_changelist"


@admin.register(KindText)
class KindTextAdmin(DeskAdmin):
    """The list shows all kinds, edited or not; exports contain the edited ones."""

    sentence = "What each letter says: the programme’s own words, or yours. Preview them first."
    look_only = True
    change_list_template = "admin/outbox/kinds.html"
    search_fields = ["subject", "body"]
    export_fields = ["kind", "subject", "body"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<str:kind>/words/", view(self.words_view), name="outbox_kindtext_words"),
            path("<str:kind>/default/", view(self.default_view), name="outbox_kindtext_default"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        edited = set(KindText.objects.values_list("kind", flat=True))
        rows = [
            {
                "kind": kind,
                "is_security": kind.priority == kinds.Priority.SECURITY,
                "is_edited": kind.name in edited,
                "url": reverse("admin:outbox_kindtext_words", args=[kind.name])
                if wording.of(kind)
                else "",
            }
            for kind in kinds.all_kinds()
        ]
        return super().changelist_view(request, {"kinds": rows, **(extra_context or {})})

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def words_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """What a kind says, to be put otherwise; "Preview" keeps what was typed and saves nothing."""
        found, worded = self._found(request, kind)
        form = WordsForm(worded, request.POST or None, initial=vars(worded.in_use(kind)))
        is_right = form.is_bound and form.is_valid()
        if is_right and "_preview" not in request.POST:
            editing.put_into_words(found, worded, form.words)
            messages.success(request, "Saved. Letters that are not yet written say it this way.")
            return redirect("admin:outbox_kindtext_words", kind)
        words = form.words if is_right else worded.in_use(kind)
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
        return TemplateResponse(
            request,
            "admin/outbox/words.html",
            {
                **self.admin_site.each_context(request),
                "title": found.label,
                "opts": self.opts,
                "kind": found,
                "placeholders": worded.placeholders,
                "default": worded.default,
                "note": worded.note,
                "form": form,
                "kept": KindText.objects.filter(kind=kind).first(),
                "may_edit": permissions.can_change_messages(request.user),  # type: ignore[arg-type]
                "is_unsaved": is_right,
                "trials": [] if form.errors else editing.trials(found, worded, words, nonce=nonce),
            },
        )

    @method_decorator(require_POST)
    def default_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        found, _ = self._found(request, kind)
        editing.go_back_to_default(found)
        messages.success(request, "It says what the programme says again.")
        return redirect("admin:outbox_kindtext_words", kind)

    def _found(self, request: HttpRequest, name: str) -> tuple[kinds.Kind, Wording]:
        """A kind whose wording can be edited; 404 if it has none, 403 if they may not."""
        if not self.has_view_permission(request):
            raise PermissionDenied("Only programme staff look at the words of letters.")
        if request.method == "POST" and not permissions.can_change_messages(request.user):  # type: ignore[arg-type]
            raise PermissionDenied("Only a programme lead or a coordinator words letters.")
        try:
            kind = kinds.get(name)
        except kinds.UnknownKind:
            raise Http404 from None
        worded = wording.of(kind)
        if worded is None:
            raise Http404
        return kind, worded
