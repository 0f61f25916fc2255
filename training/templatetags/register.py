"""What the register says with one word."""

from __future__ import annotations

from functools import cache

from django import template
from django.utils.safestring import SafeString

from dlp.markup import markup
from training.models import Booking

register = template.Library()


@register.simple_tag
def segments(name: str, chosen: str) -> SafeString:
    """The marks that one person may get: between a hundred rows only the name and the mark differ."""
    return markup(_segments(chosen), name)


@cache
def _segments(chosen: str) -> str:
    labels = (
        f'<label><input type="radio" name="{{0}}" value="{value}"'
        f"{' checked' if value == chosen else ''}> {label}</label>"
        for value, label in Booking.Attendance.choices
    )
    return f'{"".join(labels)}<label><input type="radio" name="{{0}}" value=""> Clear</label>'
