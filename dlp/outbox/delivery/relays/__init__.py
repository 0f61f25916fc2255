"""Handing letters to a relay in stages, so that every failure says what can have arrived.

A relay is opened, told sender and recipient, and then handed the text. A failure before the whole
text was handed over means it has not arrived; a refusal is certain too; silence afterwards means
neither.
"""

from __future__ import annotations

from django.conf import settings

from dlp.outbox.delivery.relays.mailbox import LocalMailboxRelay
from dlp.outbox.delivery.relays.patience import Timeouts
from dlp.outbox.delivery.relays.smtp import CROWDED, SmtpAddress, SmtpRelay, smtp_address
from dlp.outbox.delivery.relays.stages import (
    ConnectionLost,
    Crowded,
    Declined,
    NoAnswer,
    Relay,
    RelayError,
    Stage,
    Unavailable,
    Untrusted,
)

__all__ = [
    "CROWDED", "ConnectionLost", "Crowded", "Declined", "LocalMailboxRelay", "NoAnswer", "Relay", "RelayError",
    "SmtpAddress", "SmtpRelay", "Stage", "Timeouts", "Unavailable", "Untrusted", "configured_relay",
    "smtp_address",
]  # fmt: skip


def configured_relay() -> Relay:
    """The relay of EMAIL_URL, or the local mailbox where it is empty."""
    timeouts = Timeouts.within_lease(settings.LEASE_SECONDS)
    if settings.EMAIL_URL:
        return SmtpRelay(smtp_address(settings.EMAIL_URL), timeouts)
    return LocalMailboxRelay(timeouts)
