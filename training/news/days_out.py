"""News for schools: days out of their leaders that are new, moved or gone; only times.

It compares what `training.dates_out` let the school know then and now, so that nothing else about a
session can leak.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from cohorts.models import Person
from cohorts.names import name_facts, name_of
from dlp import facts, news, words
from dlp.calendar import is_working_day, wall
from dlp.news import Item, Matter
from placements.models import Placement, School
from training.dates_out import DayOut, days_of
from training.models import Booking, Session
from training.news.sessions import last_change

TOLD = ("state", "kind", "mode", "starts_at", "ends_at")
SNAPSHOT = JSONObject(**{name: name for name in TOLD})
LISTED = 3
ANYBODY = 0


def for_school_leads(person: Person, since: datetime) -> list[Matter]:
    """Leaders placed at their schools; days during a placement elsewhere are left out."""
    today = timezone.localdate()
    here = Placement.objects.held().filter(
        school__in=School.objects.led_by(person), ends_on__gte=today
    )
    stays = here.filter(participation__person=OuterRef("person"))
    rows = (
        Booking.objects.filter(
            person__in=here.values("participation__person"), session__ends_at__gt=since
        )
        .annotate(changed_at=last_change(since))
        .filter(changed_at__isnull=False)
        .order_by("-changed_at", "pk")
    )
    told = JSONObject(
        person_id="person_id",
        name=name_facts("person__"),
        stays=ArraySubquery(
            stays.values(stay=JSONObject(starts_on="starts_on", ends_on="ends_on"))
        ),
        booking="state",
        booking_then=news.as_of(since, Booking, JSONObject(state="state")),
        now=JSONObject(**{name: f"session__{name}" for name in TOLD}),
        then=news.as_of(since, Session, SNAPSHOT, "session"),
        changed_at="changed_at",
    )
    return [Matter(rows, told, _items, at_most=200)]


def _items(rows: list[Any]) -> list[Item]:
    """One item for all who get the same news."""
    told: dict[tuple[frozenset[DayOut], frozenset[DayOut]], list[Any]] = defaultdict(list)
    for one in rows:
        then = _known(one, one.then, one.booking_then and one.booking_then["state"])
        now = _known(one, one.now, one.booking)
        if then != now:
            told[then - now, now - then].append(one)
    changes = [
        _changed(_in_order(gone), _in_order(new), ones)
        for (gone, new), ones in told.items()
        if gone
    ]
    return [*changes, *_new_days(told)]


def _known(one: Any, session: dict[str, Any] | None, booking: str | None) -> frozenset[DayOut]:
    """The days from today on that the school may know of."""
    if session is None or booking not in Booking.LIVE_STATES:
        return frozenset()
    of = facts.row(session)
    if of.state != Session.State.PUBLISHED:
        return frozenset()
    stays = [facts.row(stay) for stay in one.stays]
    return frozenset(
        out
        for out in days_of(ANYBODY, of.kind, of.mode, wall(of.starts_at), wall(of.ends_at))
        if out.day >= timezone.localdate() and is_working_day(out.day)
        if any(stay.starts_on <= out.day <= stay.ends_on for stay in stays)
    )


def _new_days(told: dict[tuple[frozenset[DayOut], frozenset[DayOut]], list[Any]]) -> list[Item]:
    """New days out of the same leaders on one line; their meetings on another."""
    days: dict[tuple[bool, tuple[int, ...]], set[DayOut]] = defaultdict(set)
    who: dict[tuple[bool, tuple[int, ...]], list[Any]] = {}
    for (gone, new), ones in told.items():
        if not gone:
            key = all(out.in_school for out in new), tuple(sorted({one.person_id for one in ones}))
            days[key] |= new
            who.setdefault(key, ones)
    return [
        (_meetings if key[0] else _out)(_in_order(days[key]), ones) for key, ones in who.items()
    ]


def _out(new: list[DayOut], ones: list[Any]) -> Item:
    days = _days(new)
    several = len(days) > 1
    number = f"on {words.in_words(len(days))} more days" if several else days[0]
    listed = f"{_first(days)}. " if several else ""
    return _item(
        ones, "soon", f"{_names(ones)} {_be(ones)} out {number}", f"{listed}{_kinds(new)}."
    )


def _meetings(new: list[DayOut], ones: list[Any]) -> Item:
    several = len(new) > 1
    number = f"{words.in_words(len(new))} more meetings" if several else "a meeting"
    title = f"{_names(ones)} {_have(ones)} {number} in school"
    return _item(ones, "soon", title, f"{_first(_days(new))}. Online, needs a quiet room.")


def _first(days: list[str]) -> str:
    rest = f" and {len(days) - LISTED} more" if len(days) > LISTED else ""
    return f"{', '.join(days[:LISTED])}{rest}"


def _changed(gone: list[DayOut], new: list[DayOut], ones: list[Any]) -> Item:
    if all(out.in_school for out in [*gone, *new]):
        return _changed_meeting(gone, new, ones)
    if not new:
        title = f"{_names(ones)} {_be(ones)} in school after all"
        return _item(ones, "good", title, f"{_listed(gone)}. {_kinds(gone)}.")
    title = f"{_names(ones)} {_be(ones)} out at another time"
    return _item(ones, "soon", title, f"{_listed(new)}; it was {_listed(gone)}. {_kinds(new)}.")


def _changed_meeting(gone: list[DayOut], new: list[DayOut], ones: list[Any]) -> Item:
    meeting = f"{_names(ones)}’s meeting in school"
    if not new:
        return _item(ones, "rest", f"{meeting} is off", f"{_listed(gone)}.")
    moved = f"{_listed(new)}; it was {_listed(gone)}."
    return _item(ones, "soon", f"{meeting} is at another time", moved)


def _in_order(days: Iterable[DayOut]) -> list[DayOut]:
    return sorted(days, key=lambda out: (out.day, out.from_time))


def _days(outs: list[DayOut]) -> list[str]:
    """Wed 2 Dec, 09:00–11:00 and 16:30–18:30: each day once, with all its sessions."""
    return [
        f"{words.short_day(day)}, {words.joined(list(dict.fromkeys(out.hours for out in on_it)))}"
        for day, on_it in groupby(outs, key=lambda out: out.day)
    ]


def _listed(outs: list[DayOut]) -> str:
    days = _days(outs)
    return days[0] if len(days) == 1 else words.span(outs[0].day, outs[-1].day)


def _kinds(days: list[DayOut]) -> str:
    """Meeting, Programme, or both."""
    kinds = " and ".join(sorted({out.title for out in days})).capitalize()
    return kinds if any(out.counts for out in days) else f"{kinds}, after the school day"


def _names(ones: list[Any]) -> str:
    names = list({one.person_id: name_of(one.name) for one in ones}.values())
    return words.joined(names if len(names) < 4 else [*names[:2], f"{len(names) - 2} more"])


def _be(ones: list[Any]) -> str:
    return "is" if _is_one(ones) else "are"


def _have(ones: list[Any]) -> str:
    return "has" if _is_one(ones) else "have"


def _is_one(ones: list[Any]) -> bool:
    return len({one.person_id for one in ones}) == 1


def _item(ones: list[Any], sign: news.Sign, title: str, detail: str) -> Item:
    about = f"out:{title}:{detail}"
    return Item(about=about, at=ones[0].changed_at, sign=sign, title=title, detail=detail)
