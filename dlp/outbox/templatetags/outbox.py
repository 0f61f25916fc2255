"""Letters in words."""

from __future__ import annotations

from django import template

from dlp.outbox import kinds
from dlp.outbox.models import Message

register = template.Library()

ADDRESSEES = {
    "address": "An address that is not kept",
    "contact": "A school contact",
    "presenter": "A presenter",
}


@register.filter
def kind_label(name: str) -> str:
    """Session reminder"""
    return kinds.label(name)


@register.filter
def addressee(message: Message) -> str:
    """Whom a letter goes to who is no Person."""
    who = message.recipient.partition(":")[0]
    return ADDRESSEES.get(who, "Somebody we do not know")
