"""What staff read of a letter: its text, without the keys in its links."""

from __future__ import annotations

import logging
from email import message_from_bytes, policy

from django.db import transaction

from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.sealing import SealBroken
from dlp.text import without_keys

logger = logging.getLogger(__name__)

ADDRESSEES = {
    "address": "An address that is not kept",
    "contact": "A school contact",
    "presenter": "A presenter",
}


def addressee(recipient: str) -> str:
    """The name of a recipient who is not a Person."""
    return ADDRESSEES.get(recipient.partition(":")[0], "Somebody we do not know")


def words_of(message: Message) -> str:
    """What the letter says as it was written; nothing while it is not, once erased, and of a secret."""
    if message.is_secret:
        return ""
    try:
        content = message.letter_bytes()
    except SealBroken as error:
        logger.warning("Message %s cannot be read. %s", message.pk, error)
        return ""
    if content is None:
        return ""
    body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    return without_keys(body.get_content()) if body is not None else ""


def preview_of(message: Message) -> str:
    """What a letter that waits would say now; nothing where it does not, is secret or cannot be written."""
    if message.is_secret or not message.is_open:
        return ""
    try:
        with transaction.atomic():
            return without_keys(kinds.ask(kinds.get(message.kind).render, message).text)
    except (kinds.Unwritten, kinds.UnknownKind) as error:
        logger.warning("Message %s has no preview. %s", message.pk, error)
        return ""
