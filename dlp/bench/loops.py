"""Three ways of sending the same letters, each as fast as it can: ours, the limit, the sink."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.utils import parseaddr

from django.conf import settings
from django.db import connection
from django.utils import timezone

from dlp.outbox import kinds
from dlp.outbox.delivery import sending
from dlp.outbox.delivery.relays import SmtpRelay, smtp_address
from dlp.outbox.models import Message
from dlp.outbox.writing import rendering

Loop = Callable[[], object]

BARE_TABLES = """
    CREATE TABLE bench_handed_over (id uuid PRIMARY KEY, frozen bytea NOT NULL, at timestamptz NOT NULL);
    CREATE TABLE bench_sent (id uuid PRIMARY KEY, code int NOT NULL, at timestamptz NOT NULL);
"""
HANDED_OVER = "INSERT INTO bench_handed_over VALUES (%s, %s, statement_timestamp())"
SENT = "INSERT INTO bench_sent VALUES (%s, %s, statement_timestamp())"


def ours(url: str, letters: Sequence[Message]) -> Loop:
    """The outbox as every sender runs it; the letters are in the table already."""
    relay = SmtpRelay(smtp_address(url))
    return lambda: sending.drain(relay)


def limit(url: str, letters: Sequence[Message]) -> Loop:
    """A bare loop as durable as ours: build a letter, record it, hand it over, record it again."""

    relay = SmtpRelay(smtp_address(url))

    def loop() -> None:
        with connection.cursor() as cursor:
            for message in letters:
                content = written(message)
                cursor.execute(HANDED_OVER, [message.pk, content])
                code = _send(relay, message, content)
                cursor.execute(SENT, [message.pk, code])
        relay.close()

    return loop


def sink(url: str, letters: Sequence[Message]) -> Loop:
    """How fast the sink takes letters that are written already, without any database."""
    relay = SmtpRelay(smtp_address(url))
    ready = [(message, written(message)) for message in letters]

    def loop() -> None:
        for message, content in ready:
            _send(relay, message, content)
        relay.close()

    return loop


LOOPS = {"ours": ours, "limit": limit, "sink": sink}


def written(message: Message) -> bytes:
    address = rendering.address_of(message)
    letter = kinds.get(message.kind).render(message)
    return rendering.to_bytes(message, letter, address=address, at=timezone.now())


def _send(relay: SmtpRelay, message: Message, content: bytes) -> int:
    relay.address(parseaddr(settings.MAIL_FROM)[1], rendering.address_of(message))
    return relay.hand_over(content)
