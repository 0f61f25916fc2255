"""The admin, behind the same sign-in as everything else."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache

from dlp.signin import second_factor

# Nobody here has a password.
CLOSED = {"password_change", "password_change_done"}


class ProgrammeAdminSite(AdminSite):
    """Django's admin for staff who have shown a second factor; allauth signs them in."""

    site_header = "Difference Leadership Programme"
    site_title = "Difference Leadership Programme"
    index_title = "Everything the programme keeps"
    empty_value_display = "None"

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and second_factor.is_satisfied(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Built only where it is shown: Django asks for it on every page."""
        listed = super().get_app_list
        return SimpleLazyObject(lambda: listed(request, app_label))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [url for url in super().get_urls() if getattr(url, "name", "") not in CLOSED]

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the one sign-in page; refuse people who are not staff."""
        index = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or index, "account_login")
        if not request.user.is_staff:
            raise PermissionDenied("The admin is for programme staff.")
        return HttpResponseRedirect(index)
