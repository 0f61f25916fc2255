"""My account, and the few sign-in pages that allauth lacks."""

from __future__ import annotations

from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import LoginView
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dlp import words
from dlp.asking import act, done
from dlp.http import Request, safe_redirect
from dlp.signin import invitations, links, operations, second_factor
from dlp.signin.forms import AddressForm
from dlp.signin.step_up import recent_sign_in_required


@require_safe
def account(request: Request) -> HttpResponse:
    factors = second_factor.all_of(request.user)
    context = {
        "person": request.user,
        "passkeys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "app": next((factor for factor in factors if factor.type == Authenticator.Type.TOTP), None),
        "has_recovery_codes": any(
            factor.type == Authenticator.Type.RECOVERY_CODES for factor in factors
        ),
        "needs_second_factor": second_factor.is_required_of(request.user),
        "session_count": operations.session_count(request.user),
        "signed_in_by": last_way_in(request),
    }
    return render(request, "signin/account.html", context)


def last_way_in(request: HttpRequest) -> str:
    """How this session signed in, in words; empty if not known."""
    ways = {"code": "with a code from your mail", "mfa": "with your second factor"}
    records = get_authentication_records(request, request.user)
    if any(record.get("passwordless") for record in records):
        return "with a passkey"
    return ways.get(records[-1].get("method", ""), "") if records else ""


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def address(request: Request) -> HttpResponse:
    form = AddressForm(request.POST or None)
    me = request.user
    if done(
        form,
        lambda: operations.change_address(me, form.cleaned_data["email"], by=me),
        at="email",
    ):
        logout(request)
        messages.success(request, "Your address is changed. Sign in with the new one.")
        return redirect("account_login")
    return render(request, "signin/address.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def again(request: Request) -> HttpResponse:
    """Sign somebody without a second factor out and in again, before a protected step."""
    target = request.POST.get("next") or request.GET.get("next")
    if request.method != "POST":
        return render(request, "signin/again.html", {"next": target})
    onward = safe_redirect(request, target, fallback="signin:account").url
    logout(request)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': onward})}")


@require_POST
def session_end(request: Request, pk: int) -> HttpResponse:
    session = get_object_or_404(operations.sessions_of(request.user), pk=pk)
    return act(
        request,
        lambda: operations.end_session(session, using=request.session.session_key),
        said=f"{words.browser(session.user_agent)} is signed out.",
        back=reverse("usersessions_list"),
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an invitation: what this is, and a button that mails a code.

    It needs no session and reveals no secret.
    """
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    try:
        person = invitations.invited(token)
    except links.LinkProblem as problem:
        expired = isinstance(problem, links.LinkExpired)
        context = {"problem": problem, "expired": expired}
        return render(
            request, "signin/welcome_closed.html", context, status=410 if expired else 404
        )
    if request.method != "POST":
        return render(request, "signin/welcome.html", {"address": invitations.masked(person.email)})
    form = LoginForm({"login": person.email}, request=request)
    busy: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    if busy:
        return busy
    if not form.is_valid():
        context = {"address": invitations.masked(person.email), "form": form}
        return render(request, "signin/welcome.html", context, status=429)
    response: HttpResponse = form.login(request, redirect_url=None)
    return response


class SignInView(LoginView):  # type: ignore[misc]
    """allauth's view, except that a different address starts over.

    Somebody who returns while a code is on its way still gets the page to type it.
    """

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        if request.method == "POST" or "another" in request.GET:
            clear_login(request)
            return None
        onward: HttpResponseRedirect = super()._redirect_to_pending_stage(request, stage)
        return onward


@login_not_required
def closed(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Answer 404 in place of allauth's sign-up, password and address pages."""
    raise Http404


@login_not_required
@require_safe
def code_request(request: HttpRequest) -> HttpResponse:
    """Redirect from allauth's second page for requesting a code to ours."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('account_login')}{query}")
