"""The entries of somebody's two years as table rows: a template for each would be slow."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from dlp import words
from dlp.home.entries import Entry
from dlp.home.parts.two_years import Half
from dlp.home.states import state_of
from dlp.markup import joined, markup

register = template.Library()


@register.simple_tag
def entry_table(caption: str, halves: Iterable[Half]) -> SafeString:
    """`{% entry_table term.name term.halves %}`: what there was and is, when, how it stands, who says so."""
    return markup(
        '<table class="cards" data-lines><caption class="hide">{}</caption><thead><tr>'
        '<th scope="col">What</th><th scope="col">When</th><th scope="col">State</th><th scope="col">Recorded</th></tr></thead>'
        "{}</table>",
        caption,
        joined(markup("<tbody>{}{}</tbody>", _head(one), _rows(one)) for one in halves),
    )


def _head(half: Half) -> SafeString | str:
    if not half.heading:
        return ""
    return markup('<tr class="half"><th colspan="4" scope="rowgroup">{}</th></tr>', half.heading)


def _rows(half: Half) -> SafeString:
    return joined(
        markup(
            '<tr{}><th scope="row">{}{}</th><td data-label="When"><span>{}</span></td>'
            '<td data-label="State"><span class="tag" data-state="{}">{}</span></td>'
            '<td data-label="Recorded">{}</td></tr>',
            markup(' id="item-{}"', one.item.key) if one.item else "",
            _what(one),
            _more(one),
            _when(one),
            state_of(one.state),
            one.said,
            _recorded(one),
        )
        for one in half.entries
    )


def _what(one: Entry) -> SafeString | str:
    if one.meeting is None:
        return one.label
    return markup('<a href="{}">{}</a>', one.meeting.url, one.label)


def _more(one: Entry) -> SafeString | str:
    """The plan item behind it, its strand, and whether it is optional."""
    if one.item is None:
        return ""
    said = [one.item.title if one.item.title != one.label else "", one.item.strand]
    said.append("Optional" if one.item.is_optional else "")
    kept = ", ".join(word for word in said if word)
    return markup('<br><small class="soft">{}</small>', kept) if kept else ""


def _when(one: Entry) -> SafeString | str:
    """The day it was or will be; also the day it was due, if that is another."""
    if one.day is None:
        return ""
    day = words.plain_day(one.day)
    if one.is_due:
        day = f"By {day}"
    if one.item is None or one.item.due_on in (None, one.day):
        pinned = one.item and one.item.is_pinned and not one.item.is_done
        note = "Day agreed for you" if pinned else ""
    else:
        note = f"Due by {words.plain_day(one.item.due_on)}"
    return markup('{}<br><small class="soft">{}</small>', day, note) if note else day


def _recorded(one: Entry) -> SafeString | str:
    if one.item is None or not one.item.recorded:
        return ""
    excuse = f": “{one.item.excuse}”" if one.item.excuse else ""
    return markup("<span>{}{}</span>", one.item.recorded, excuse)
