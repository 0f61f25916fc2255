"""`manage.py check` for the settings about letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from dlp.outbox.delivery.heartbeat import connection_to
from dlp.outbox.delivery.relay_logs import log_called
from dlp.outbox.delivery.relays import smtp_address


@register("outbox")
def relay_is_an_address(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """EMAIL_URL is empty, or names a relay that is reached over an encrypted connection."""
    try:
        if settings.EMAIL_URL:
            smtp_address(settings.EMAIL_URL)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="outbox.E001")]
    return []


@register("outbox")
def relay_log_is_known(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """RELAY_LOG names a log that we can query."""
    try:
        log_called(settings.RELAY_LOG)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="outbox.E003")]
    return []


@register("outbox")
def heartbeat_is_private(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """HEARTBEAT_URL is empty, or https."""
    try:
        if settings.HEARTBEAT_URL:
            connection_to(settings.HEARTBEAT_URL)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="outbox.E004")]
    return []


@register("outbox")
def canary_has_a_mailbox(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """CANARY_ADDRESS is empty, or an e-mail address."""
    try:
        if settings.CANARY_ADDRESS:
            validate_email(settings.CANARY_ADDRESS)
    except ValidationError:
        return [Error("CANARY_ADDRESS is no address.", id="outbox.E005")]
    return []


@register("outbox", deploy=True)
def failpoints_are_closed(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """FAILPOINTS lets tests kill a sender; it must not be set in production."""
    if not settings.FAILPOINTS:
        return []
    return [Error("FAILPOINTS is set. Leave it out: it is for tests alone.", id="outbox.E002")]
