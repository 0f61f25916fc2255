"""Letters in words."""

from __future__ import annotations

from django import template

from dlp.outbox import kinds
from dlp.outbox.plans import leads
from dlp.outbox.writing import reading

register = template.Library()


@register.filter
def kind_label(name: str) -> str:
    """Session reminder"""
    return kinds.label(name)


@register.filter
def lead_in_words(key: str) -> str:
    """7 days before"""
    return leads.in_words(key)


@register.filter
def addressee(recipient: str) -> str:
    """The name of a recipient who is not a Person."""
    return reading.addressee(recipient)
