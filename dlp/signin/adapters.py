"""Our adapters for allauth: no sign-up, letters through the outbox, sealed secrets."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from dlp.outbox.operations import enqueue
from dlp.sealing import seal, unseal
from dlp.signin import letters, second_factor

_FACTOR_BOUND_TO = "mfa.authenticator"
_FACTOR_ADDED = {"mfa/email/totp_activated": "totp", "mfa/email/webauthn_added": "webauthn"}
_FACTOR_REMOVED = {"mfa/email/totp_deactivated", "mfa/email/webauthn_removed"}
_WORDS = {
    "incorrect_code": "This is not the code. Look at the newest letter or code and try again.",
    "too_many_login_attempts": "Too many tries. Wait a few minutes, then ask for a new code.",
    "rate_limited": "Too many tries. Wait a few minutes, then try again.",
    "invalid_login": "Write an address such as name@school.org.",
    "cannot_delete_authenticator": (
        "You need a second factor. Set up another one first, then take this one away."
    ),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by mailed code for people whom staff have added."""

    error_messages = {**DefaultAccountAdapter.error_messages, **_WORDS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only paths on this site: we never redirect to a full address."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send every letter of allauth's through the outbox, in our words.

        To the address and never to the person: known and unknown addresses then take the same path,
        and the same time.
        """
        kind, content = letters.kind_of(template_prefix, context)
        if kind == letters.NOTICE:
            enqueue(kind, address=email, lead=content["notice"])
        else:
            enqueue(kind, address=email, secret=content)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Write about a changed factor, and update the person's sessions."""
        if template_prefix in _FACTOR_ADDED:
            second_factor.note_set_up(self.request, user, _FACTOR_ADDED[template_prefix])
            end_other_sessions(self.request, user)
        elif template_prefix in _FACTOR_REMOVED:
            end_other_sessions(self.request, user)
            if not second_factor.has_one(user):
                second_factor.forget(self.request)
        if user.email:
            self.send_mail(template_prefix, user.email, context or {})


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator secrets are sealed; names come from BASE_URL, never from the request."""

    error_messages = {**DefaultMFAAdapter.error_messages, **_WORDS}

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text.encode(), bound_to=_FACTOR_BOUND_TO)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), bound_to=_FACTOR_BOUND_TO).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": urlsplit(settings.BASE_URL).hostname or "", "name": settings.SITE_NAME}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse to remove the last factor of somebody who must have one."""
        if authenticator.type not in second_factor.FACTORS:
            return True
        if not second_factor.is_required_of(context.request.user):
            return True
        others = Authenticator.objects.filter(
            user_id=authenticator.user_id, type__in=second_factor.FACTORS
        ).exclude(pk=authenticator.pk)
        return bool(others.exists())
