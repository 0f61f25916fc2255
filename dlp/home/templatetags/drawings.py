"""Tags for what a page has many of: signs, rows, options. A template for each would be slow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.utils import flatatt
from django.utils.safestring import SafeString

from dlp import words
from dlp.home.arc.signs import Mark, Milestone
from dlp.home.parts.cohort_people import Member
from dlp.home.states import state_of
from dlp.home.strips import Strip
from dlp.home.term_calendar import Cell
from dlp.markup import joined, markup
from placements.england.drawing import Shape

register = template.Library()

CELLS = {
    "plain": ' data-fill="well"',
    "holiday": ' fill="none" data-stroke="line" stroke-width="1.5" stroke-dasharray="3 3"',
    "meeting": ' data-fill="well" data-stroke="now" stroke-width="2"',
    "out": ' data-fill="now"',
}
DASHES = BLANK_CHOICE_DASH[0][1]
NOTHING = "Nothing chosen"
TODAY = ' fill="none" data-stroke="ink" stroke-width="2"'


@register.simple_tag
def marks(found: Iterable[Mark]) -> SafeString:
    """`{% marks drawing.done %}`: signs of the arc."""
    return joined(
        f'<path d="{one.path}"/>'
        if one.path
        else f'<circle cx="{one.x}" cy="{one.y}" r="{one.radius}"/>'
        for one in found
    )


@register.simple_tag
def milestone_rows(milestones: Iterable[Milestone]) -> SafeString:
    """`{% milestone_rows way.milestones %}`: when, what, and how it stands."""
    row = "<tr><td>{}</td><td>{}</td><td>{}</td></tr>"
    return joined(
        (markup(row, words.plain_day(one.day), one.label, one.said) for one in milestones), "\n"
    )


@register.simple_tag
def hosts(shapes: Iterable[Shape]) -> SafeString:
    """`{% hosts drawing.shapes.ap %}`: schools on the map, each with its name."""
    return joined(host(one) for one in shapes)


def host(one: Shape) -> SafeString:
    if one.path:
        return markup('<path d="{}"><title>{}</title></path>', one.path, one.title)
    return markup(
        '<circle cx="{}" cy="{}" r="{}"><title>{}</title></circle>',
        one.x,
        one.y,
        one.radius,
        one.title,
    )


@register.simple_tag
def small_strip(one: Strip) -> SafeString:
    """`{% small_strip row.strip %}`: somebody's last sessions, in a row of a table."""
    return markup(
        '<svg class="drawing strip" data-small viewBox="0 0 192 34" role="img"><title>{}</title>'
        '<path d="{}" data-fill="act"/>'
        '<path d="{}" fill="none" data-stroke="soft" stroke-width="2"/>'
        '<path d="{}" data-stroke="bad" stroke-width="2.5" stroke-linecap="round"/>'
        '<path d="{}" data-fill="soft"/></svg>',
        one.title,
        one.came,
        one.excused,
        one.absent,
        one.ahead,
    )


@register.simple_tag
def member_rows(members: Sequence[Member], completed: int | None) -> SafeString:
    """`{% member_rows page.members page.figures.completed %}`: the people of a cohort.

    Until the cohort is over, each row says what comes next.
    """
    is_over, has_plans = completed is not None, any(one.plan for one in members)
    rows = (
        markup(
            '<tr><th scope="row"><a href="{}">{}</a></th><td data-label="Placement">{}</td>'
            '<td data-label="State"><span><span class="tag" data-state="{}">{}</span>{}</span></td>'
            '{}<td data-label="Sessions">{}</td>{}</tr>',
            one.url,
            one.name,
            _placement_of(one),
            state_of(one.state),
            one.state_label,
            markup('<br><small class="soft">{}</small>', one.away) if one.away else "",
            _plan_of(one) if has_plans else "",
            small_strip(one.strip) if one.strip else _soft(_no_marks(one, is_over)),
            "" if is_over else markup('<td data-label="Next">{}</td>', _next_of(one)),
        )
        for one in members
    )
    return joined(rows, "\n")


def _soft(said: str) -> SafeString:
    return markup('<span class="soft">{}</span>', said)


def _placement_of(one: Member) -> SafeString:
    openings = (
        markup('<br><a class="whole" href="{}">Where could they go?</a>', one.openings_url)
        if one.openings_url
        else ""
    )
    if not one.placement_url:
        return markup("<span>{}{}</span>", _soft(one.role), openings)
    return markup(
        '<span><a href="{}">{}</a><br><small class="soft">{}</small>{}</span>',
        one.placement_url,
        one.school,
        one.role,
        openings,
    )


def _plan_of(one: Member) -> SafeString:
    said = one.plan or _soft("None")
    overdue = markup(
        '<br><span class="tag" data-state="{}">{}</span>', state_of("late"), one.overdue
    )
    return markup(
        '<td data-label="Plan"><span class="whole">{}{}</span></td>',
        said,
        overdue if one.overdue else "",
    )


def _no_marks(one: Member, is_over: bool) -> str:
    return "None yet" if one.is_current and not is_over else "None"


def _next_of(one: Member) -> SafeString:
    if one.next is None:
        return _soft("Nothing planned" if one.is_current else "None")
    return markup(
        '<span class="tag" data-state="{}">{}, {}<span class="hide">, {}</span></span>',
        state_of(one.next.state),
        one.next.kind_label,
        one.next_day,
        one.next.answer,
    )


@register.simple_tag
def cells(found: Iterable[Cell], width: str) -> SafeString:
    """`{% cells calendar.cells calendar.cell_width %}`: the days of a term."""
    return joined(cell(one, width) for one in found)


def cell(one: Cell, width: str) -> str:
    square = f'<rect x="{one.x}" y="{one.y}" width="{width}" height="19" rx="3"'
    drawn = f"{square}{CELLS[one.state]}/>"
    if one.is_today:
        drawn += f"{square}{TODAY}/>"
    if one.letters:
        drawn += markup(
            '<text x="{}" y="{}" text-anchor="middle" font-weight="700" data-fill="{}">{}</text>',
            one.text_x,
            one.text_y,
            "onnow" if one.state == "out" else "ink",
            one.letters,
        )
    return drawn


@register.simple_tag
def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """`{% options widget.optgroups %}`: the options of a select."""
    return joined(_group(label, [_option(one) for one in those]) for label, those, _ in groups)


def _group(label: str | None, drawn: list[SafeString]) -> SafeString:
    within = joined(drawn)
    return markup('<optgroup label="{}">{}</optgroup>', label, within) if label else within


def _option(one: dict[str, Any]) -> SafeString:
    """One option; Django's empty label of dashes becomes words."""
    label = NOTHING if one["label"] == DASHES else one["label"]
    return markup(
        '\n  <option value="{}"{}>{}</option>', one["value"], flatatt(one["attrs"]), label
    )
