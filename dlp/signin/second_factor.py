"""Who needs a second factor, and whether this session has shown one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

Predicate = Callable[[Any], bool]

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

_predicates: list[Predicate] = []


def register(predicate: Predicate) -> None:
    """Have everyone of whom `predicate(person)` is true use a second factor.

    Apps call it in their AppConfig.ready; once is enough, twice does no harm.
    """
    if predicate not in _predicates:
        _predicates.append(predicate)


def is_required_of(person: Any) -> bool:
    """Whether this person must have a second factor to see anything at all."""
    if settings.REQUIRE_SECOND_FACTOR_OF_ALL:
        return True
    return any(predicate(person) for predicate in _predicates)


def has_one(person: Any) -> bool:
    """Whether this person has an authenticator app or a passkey. Recovery codes alone do not count."""
    return bool(Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS).exists())


def all_of(person: Any) -> list[Authenticator]:
    """Everything this person has set up, recovery codes included, the oldest first."""
    return list(Authenticator.objects.filter(user_id=person.pk).order_by("created_at"))


def was_shown(request: HttpRequest) -> bool:
    """Whether a second factor was used, or set up, in this session by the person it belongs to."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def note_set_up(request: HttpRequest, person: Any, kind: str) -> None:
    """Count the setting-up of a factor as its first use, a moment ago: the recovery codes come next."""
    record_authentication(request, person, "mfa", type=kind, reauthenticated=True)


def forget(request: HttpRequest) -> None:
    """Let this session count as one without a second factor, after the last factor was taken away."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record.get("method") != "mfa"
    ]


def is_satisfied(request: HttpRequest) -> bool:
    """Whether nothing about second factors stands between this request and any page."""
    return was_shown(request) or not is_required_of(request.user)
