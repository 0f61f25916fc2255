"""Django's own way of sending mail, closed: a letter is a row in the outbox or it is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class MailOutsideTheOutbox(RuntimeError):
    """Somebody called django.core.mail."""


class OutboxOnlyBackend(BaseEmailBackend):
    """Refuses: a letter sent from here could be lost with the process, or sent for a change that fails."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise MailOutsideTheOutbox(
            "Mail leaves by the outbox alone: register a kind with dlp.outbox.kinds and call "
            "dlp.outbox.operations.enqueue in the transaction of the change."
        )
