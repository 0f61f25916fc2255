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
    """Require a second factor of everyone for whom `predicate(person)` is true.

    Apps call it in their AppConfig.ready; repeating it changes nothing.
    """
    if predicate not in _predicates:
        _predicates.append(predicate)


def is_required_of(person: Any) -> bool:
    """Whether this person needs a second factor to see anything."""
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
    """Whether this session has used or set up a second factor of its person."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def note_set_up(request: HttpRequest, person: Any, kind: str) -> None:
    """Count setting up a factor as its first use: the recovery codes come next."""
    record_authentication(request, person, "mfa", type=kind, reauthenticated=True)


def forget(request: HttpRequest) -> None:
    """Treat this session as one without a second factor, after the last factor was removed."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record for record in records if record.get("method") != "mfa"
    ]


def is_satisfied(request: HttpRequest) -> bool:
    """Whether this request may pass, as far as second factors are concerned."""
    return was_shown(request) or not is_required_of(request.user)
