"""Django's own way of sending mail, closed: a letter is a row in the outbox or it is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class MailOutsideTheOutbox(RuntimeError):
    """Somebody called django.core.mail."""


class OutboxOnlyBackend(BaseEmailBackend):
    """Refuses to send: mail sent from here could be lost, or sent for a change that is rolled back."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise MailOutsideTheOutbox(
            "Mail leaves by the outbox alone: register a kind with dlp.outbox.kinds and call "
            "dlp.outbox.operations.enqueue in the transaction of the change."
        )
