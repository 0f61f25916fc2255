"""Template tags and filters: dates, tags, icons and small drawings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django import template
from django.contrib.admin import site
from django.db.models import Model
from django.db.models.options import Options
from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from dlp import words
from dlp.home.icons import ICONS, SIGNS
from dlp.home.states import state_of
from dlp.markup import joined, markup

register = template.Library()

_WHOLE = re.compile(rf"\d\d:\d\d{words.EN_DASH}\d\d:\d\d|(?:to )?\d{{1,2}} [A-Z][a-z]+ \d{{4}}")
"""Hours and days that stay on one line."""


# Dates, lengths and names; an empty value stays empty


@register.filter
def day(value: date | datetime | None) -> str:
    """Tue 24 November 2026"""
    return words.day(value) if value else ""


@register.filter
def plain_day(value: date | datetime | None) -> str:
    """24 November 2026"""
    return words.plain_day(value) if value else ""


@register.filter
def whole(value: str) -> SafeString:
    """The same text, with no line break inside hours and days."""
    marked = _WHOLE.sub(r'<span class="whole">\g<0></span>', conditional_escape(value))
    return mark_safe(marked)  # noqa: S308  escaped, with our marks


@register.filter
def short_day(value: date | datetime | None) -> str:
    """Tue 24 Nov"""
    return words.short_day(value) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """16:00"""
    return words.clock(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Mon 23 November, 16:40"""
    return words.moment(value) if value else ""


@register.filter
def when(value: Any, ends_at: datetime | None = None) -> SafeString:
    """`{{ session|when }}` or `{{ starts_at|when:ends_at }}`: Tue 24 November 2026, 16:00–18:00"""
    if ends_at is None:
        return whole(words.when(value.starts_at, value.ends_at))
    return whole(words.when(value, ends_at))


@register.filter
def span(first: date | datetime | None, last: date | datetime | None) -> SafeString:
    """`{{ starts_on|span:ends_on }}`: 1 September 2025 to 31 August 2027"""
    return whole(words.span(first, last) if first else "")


@register.filter
def from_today(value: date | datetime | None) -> str:
    """in 3 days"""
    return words.from_today(value) if value else ""


@register.filter
def figure(number: int | None) -> str:
    """12,480"""
    return "" if number is None else words.figure(number)


@register.filter
def count(number: int, nouns: str) -> str:
    """1,204 people, from "person,people"; one noun alone takes an s."""
    return words.count(number, *nouns.split(","))


@register.filter
def minutes(value: int | timedelta | None) -> str:
    """120 minutes"""
    return "" if value is None else words.minutes(value)


@register.filter
def kilometres(metres: float | None) -> str:
    """3.2 km"""
    return "" if metres is None else words.kilometres(metres)


@register.filter
def initials(name: object) -> str:
    """AF"""
    return words.initials(str(name))


@register.filter
def browser(user_agent: str) -> str:
    """Chrome on Windows"""
    return words.browser(user_agent)


# Signs


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon beside a word; on its own it says nothing."""
    return markup(
        '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308  our own drawings
    )


@register.simple_tag
@cache
def sign(state: str) -> SafeString:
    """The sign at the head of a row: good, soon, due, bad or rest."""
    return markup(
        '<span class="sign" data-state="{}">{}</span>', state, icon(SIGNS.get(state, "ring"))
    )


@register.filter
def state_tag(value: str, kind: str = "") -> str:
    """One of the six states of `.tag` for a model's state; `kind` is the model's name."""
    return state_of(value, kind)


@register.simple_tag
def tag(thing: Model, field: str = "state") -> SafeString:
    """`{% tag placement %}`, `{% tag booking "attendance" %}`: a model's state as a tag."""
    value = getattr(thing, field)
    display = getattr(thing, f"get_{field}_display", None)
    label = display() if display else str(value).replace("_", " ").capitalize()
    kind = thing._meta.model_name or ""
    return markup('<span class="tag" data-state="{}">{}</span>', state_of(str(value), kind), label)


@register.simple_tag
def leaf(value: date | datetime, now: bool = False) -> SafeString:
    """A calendar leaf; `now=True` for the very next session only."""
    day = words.as_day(value)
    return markup(
        '<time class="leaf" datetime="{}"{}><span>{}</span> <b>{}</b> <span>{}</span></time>',
        day.isoformat(),
        markup(" data-now") if now else "",
        f"{day:%a}",
        day.day,
        f"{day:%b}",
    )


@register.simple_tag
def who(name: object, note: str = "") -> SafeString:
    """Initials and a name, with a note below if there is one."""
    return markup(
        '<span class="who"><span aria-hidden="true">{}</span><span>{}{}</span></span>',
        words.initials(str(name)),
        name,
        markup(' <small class="soft">{}</small>', note) if note else "",
    )


@register.simple_tag
def portrait(person: Any) -> SafeString:
    """Somebody's photo, or their initials; their name is beside it."""
    if person.photo_url:
        return markup(
            '<img class="portrait" src="{}" alt="" width="96" height="96">', person.photo_url
        )
    return markup(
        '<span class="portrait" aria-hidden="true">{}</span>', words.initials(str(person))
    )


# Moving about


class Crumb(NamedTuple):
    label: str
    url: str


@register.inclusion_tag("_crumbs.html")
def crumbs(*words_and_urls: object) -> dict[str, object]:
    """`{% crumbs "Cohorts" cohorts_url "2026 Cohort" %}`: pairs of word and URL, then this page."""
    *pairs, here = words_and_urls
    return {
        "crumbs": [
            Crumb(str(label), str(url)) for label, url in zip(pairs[::2], pairs[1::2], strict=True)
        ],
        "here": here,
    }


# Drawings


STEP = 16
LEAST_DRAWN = 19
"""A strip of fewer marks is as wide as one of these, so that a bar keeps its size."""
FULL = '<rect x="{x}" y="4" width="11" height="26" rx="2" data-fill="act"/>'
SHORT = '<rect x="{x}" y="13" width="11" height="17" rx="2" data-fill="act"/>'
SHAPES = {
    "present": FULL,
    "online": FULL,
    "late": SHORT,
    "left_early": SHORT,
    "excused": '<rect x="{inside}" y="5" width="9" height="24" rx="2" data-fill="none" data-stroke="soft" stroke-width="2"/>',
    "absent": '<path d="M{x} 12l11 11m0-11l-11 11" data-stroke="bad" stroke-width="2.5" stroke-linecap="round"/>',
    "": '<rect x="{x}" y="27" width="11" height="3" rx="2" data-fill="line"/>',
}
"""How one session is drawn in a strip: a rectangle, or a cross."""
SAID = {
    "present": "present",
    "online": "online",
    "late": "late",
    "left_early": "left early",
    "excused": "excused",
    "absent": "absent",
}


def strip_title(marks: Iterable[str], held_in_all: int = 0) -> str:
    """14 sessions: 12 present, 1 late, 1 excused; 5 to come. Or the last 20 of 22 sessions."""
    tally = Counter(marks)
    ahead = tally.pop("", 0)
    held = sum(tally.values())
    said = ", ".join(f"{tally[mark]} {word}" for mark, word in SAID.items() if tally[mark])
    title = words.count(held, "session") + (f": {said}" if said else "")
    if held_in_all > held:
        title = f"The last {held} of {words.count(held_in_all, 'session')}: {said}"
    return f"{title}; {ahead} to come" if ahead else title


@register.simple_tag
def strip(marks: Iterable[str], held_in_all: int = 0) -> SafeString:
    """Attendance, one mark a session, oldest first; an empty mark is still to come."""
    known = list(marks)
    lefts = range(2, 2 + STEP * len(known), STEP)
    drawn = joined(
        SHAPES[mark].format(x=x, inside=x + 1) for mark, x in zip(known, lefts, strict=True)
    )
    return markup(
        '<svg class="drawing strip" viewBox="0 0 {} 34" role="img"><title>{}</title>{}</svg>',
        max(len(known), LEAST_DRAWN) * STEP,
        strip_title(known, held_in_all),
        drawn,
    )


# The admin


@register.simple_tag
def admin_sentence(model: type[Model] | Model) -> str:
    """The `sentence` of a model's admin class, by an instance's class."""
    kind = model if isinstance(model, type) else type(model)
    return getattr(site._registry.get(kind), "sentence", "")


_STATE_CELL = re.compile(r'(<td class="field-(state|status|attendance)[^"]*">)([^<]+)(</td>)')


@register.simple_tag
def labelled_cells(
    cells: Iterable[SafeString], headers: list[dict[str, Any]], options: Options[Any]
) -> SafeString:
    """The admin's cells, each labelled with its column: on a phone a row becomes a card.

    `options` are those of the model; its states are shown as tags, as on our own pages.
    """
    labelled = (
        _STATE_CELL.sub(lambda found: _tagged(found, options), cell).replace(
            "<td", _labelled(str(header["text"])), 1
        )
        if "action-checkbox" not in cell
        else cell
        for cell, header in zip(cells, headers, strict=True)
    )
    return joined(labelled)


def _tagged(found: re.Match[str], options: Options[Any]) -> str:
    """The cell with its word as a tag, if the word is one of the field's choices."""
    start, name, word, end = found.groups()
    values = {label: value for value, label in _choices(options, name)}
    if word not in values:
        return found[0]
    state = state_of(values[word], options.model_name or "")
    return f'{start}<span class="tag" data-state="{state}">{word}</span>{end}'


def _choices(options: Options[Any], name: str) -> list[tuple[str, str]]:
    columns = {field.name: field for field in options.fields}
    return columns[name].flatchoices if name in columns else []


@cache
def _labelled(header: str) -> SafeString:
    return markup('<td data-label="{}"', capfirst(strip_tags(header)))
