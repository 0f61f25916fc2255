"""Middleware: the gate, when a browser was last used, and the second factor, which allauth does not enforce.

People who need a second factor see nothing without one.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from dlp.signin import operations, second_factor

# Open to somebody who must yet set up a factor: setting one up, and leaving.
SET_UP_VIEWS = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "account_logout",
        "signin:again",
    }
)

# Open to somebody who has a factor and has not used it in this session: using it, and leaving.
PROVING_VIEWS = frozenset(
    {
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_logout",
        "signin:again",
    }
)

Get = Callable[[HttpRequest], HttpResponse]


class SignedOutMiddleware(LoginRequiredMiddleware):
    """Django's gate, kind to whoever was signed out while a page of ours was open.

    They are told that nothing was done, have back the words that they had written, and come to the
    page on which they wrote them: the address that a form is sent to may take no GET.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        is_part = "HX-Request" in request.headers
        if request.method != "POST" and not is_part:
            return super().handle_no_permission(request, view_func)
        onward = (
            f"{resolve_url(self.get_login_url(view_func))}?{urlencode({'next': page_of(request)})}"
        )
        if written := words_written(request):
            context = {"written": written, "onward": onward}
            answer = render(
                request, "signin/signed_out.html", context, status=200 if is_part else 403
            )
            answer["HX-Retarget"] = "body"
            return answer
        messages.warning(request, "You were signed out meanwhile, so nothing was done.")
        return HttpResponse(headers={"HX-Redirect": onward}) if is_part else redirect(onward)


def page_of(request: HttpRequest) -> str:
    """The page of ours on which a button was pressed, as its browser tells; else the first page."""
    told = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(told, {request.get_host()}):
        return "/"
    return urlsplit(told)._replace(scheme="", netloc="").geturl()


def words_written(request: HttpRequest) -> list[tuple[str, str]]:
    """What was written into a form in more than one word, with the name of its field."""
    return [
        (name.rpartition("-")[2].replace("_", " ").capitalize(), text)
        for name, texts in request.POST.lists()
        for text in texts
        if len(text.split()) > 1
    ]


class LastUseMiddleware:
    """Records when each of somebody's browsers was last used, for them to see."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            operations.note_use(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Guards every view that is not public, however the person signed in."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if second_factor.is_satisfied(request):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if second_factor.has_one(request.user):
            return None if name in PROVING_VIEWS else send_to(request, "mfa_reauthenticate")
        if name in SET_UP_VIEWS:
            return None
        messages.info(
            request,
            "Set up a second way to prove who you are first: you can see other people's records.",
        )
        return send_to(request, "mfa_index")


def send_to(request: HttpRequest, url_name: str) -> HttpResponseRedirect:
    """Redirect to a page of allauth's, which then leads back to where they were going."""
    url = resolve_url(url_name)
    if request.method in ("GET", "HEAD") and url_name != settings.LOGIN_URL:
        url = f"{url}?{urlencode({'next': request.get_full_path()})}"
    return HttpResponseRedirect(url)
