"""Template tags of the register."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django import template
from django.utils.safestring import SafeString

from dlp.markup import markup
from training.marks import EXCUSED, PLAIN
from training.models import Booking

register = template.Library()


@register.simple_tag
def segments(name: str, chosen: str) -> SafeString:
    """The buttons for one person's mark, drawn from a cached pattern: a register has a hundred."""
    return markup(_segments(chosen), name)


@cache
def _segments(chosen: str) -> str:
    """The pattern of the buttons; "excused" opens to the reasons."""
    plain = _radios(((mark.written, mark.says) for mark in PLAIN), chosen)
    why = _radios(((mark.written, Booking.Excuse(mark.excuse).label) for mark in EXCUSED), chosen)
    is_open = " open" if chosen in {mark.written for mark in EXCUSED} else ""
    excused = f"<details{is_open}><summary>Excused</summary><div>{why}</div></details>"
    return f"{plain}{excused}{_radios([('', 'Clear')], None)}"


def _radios(offered: Iterable[tuple[str, str]], chosen: str | None) -> str:
    return "".join(
        f'<label><input type="radio" name="{{0}}" value="{value}"'
        f"{' checked' if value == chosen else ''}> {label}</label>"
        for value, label in offered
    )
