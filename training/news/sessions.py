"""News about sessions: new, moved, cancelled; for staff, those who lead, and those invited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest, JSONObject
from django.urls import reverse

from cohorts.models import Person
from dlp import facts, news, words
from dlp.http import addresses
from dlp.news import Item, Matter
from training.differences import differences, place, when
from training.models import Booking, Session

State = Session.State
TOLD = ("state", "starts_at", "ends_at", "mode", "venue_name")
SNAPSHOT = JSONObject(**{name: name for name in TOLD})
ONES_OWN = 200
"""More sessions than anybody has ahead. Unchanged ones are dropped after reading, which costs less
than a condition in the query."""


def for_staff(person: Person, since: datetime) -> list[Matter]:
    """Sessions that others published, moved or cancelled."""
    changed = news.by_others(news.latest(Session, since), person).order_by("-pgh_created_at")
    keys = changed.values("pgh_obj")[: news.LATEST]  # said, so that the planner expects no more
    return [_changed(Session.objects.visible_to(person).filter(pk__in=keys), person, since)]


def for_those_who_lead(person: Person, since: datetime) -> list[Matter]:
    """Changes to the sessions they lead or whose group they supervise."""
    return [_changed(Session.objects.led_by(person), person, since)]


def for_participants(person: Person, since: datetime) -> list[Matter]:
    """Sessions they were invited to or removed from, and changes to the others."""
    mine = Booking.objects.filter(person=person, session__ends_at__gt=since)
    rows = mine.exclude(session__state=State.DRAFT).order_by("session__starts_at", "pk")
    told = JSONObject(
        session_id="session_id",
        title="session__title",
        booking="state",
        signed_up_at="signed_up_at",
        booking_then=news.as_of(since, Booking, JSONObject(state="state")),
        then=news.as_of(since, Session, SNAPSHOT, "session"),
        changed_at=last_change(since),
        **{name: f"session__{name}" for name in TOLD},
    )
    return [Matter(rows, told, _of_participant, ONES_OWN)]


def last_change(since: datetime) -> Greatest:
    """When a booking or its session last changed after a moment; nothing if neither did."""
    booking = news.events_of(Booking).filter(pgh_obj=OuterRef("pk"), pgh_created_at__gt=since)
    session = news.events_of(Session).filter(pgh_obj=OuterRef("session"), pgh_created_at__gt=since)
    newest = [
        Subquery(events.order_by("-pgh_created_at").values("pgh_created_at")[:1])
        for events in (booking, session)
    ]
    return Greatest(*newest)


def _changed(sessions: QuerySet[Session], person: Person, since: datetime) -> Matter:
    """Sessions as they were before the first change by others, and after the last."""
    events = news.events_of(Session).filter(pgh_obj=OuterRef("pk"))
    others = news.by_others(events.filter(pgh_created_at__gt=since), person)
    first = others.order_by("pgh_id").values("pgh_id")[:1]
    rows = (
        sessions.filter(ends_at__gt=since)
        .exclude(state=State.DRAFT)
        .annotate(first_event=Subquery(first))
        .order_by("starts_at", "pk")
    )
    before = events.filter(pgh_id__lt=OuterRef("first_event")).order_by("-pgh_id")
    after = JSONObject(changed_at="pgh_created_at", **{name: name for name in TOLD})
    told = JSONObject(
        session_id="pk",
        title="title",
        group="group__name",
        then=Subquery(before.values(snapshot=SNAPSHOT)[:1]),
        now=Subquery(others.order_by("-pgh_id").values(snapshot=after)[:1]),
    )
    return Matter(rows, told, _of_those_who_see_it, news.LATEST)


def _of_those_who_see_it(rows: list[Any]) -> list[Item]:
    new: list[Any] = []
    items: list[Item] = []
    changed = [(one, facts.row(one.now)) for one in rows if one.now]
    for one, now in sorted(changed, key=lambda pair: pair[1].changed_at, reverse=True):
        one.changed_at = now.changed_at
        one.title = f"{one.title}, {one.group}" if one.group else one.title
        then = facts.row(one.then) if one.then else None
        if then is None or then.state == State.DRAFT:
            if now.state == State.PUBLISHED:
                new.append(_with(one, now))
        elif item := _difference(one, then, now):
            items.append(item)
    return [*_new(new, "{} is a new session", "{} new sessions"), *items]


def _of_participant(rows: list[Any]) -> list[Item]:
    new: list[Any] = []
    items: list[Item] = []
    changed = [one for one in rows if one.changed_at]
    for one in sorted(changed, key=lambda one: one.changed_at, reverse=True):
        then = facts.row(one.then) if one.then else None
        knew = then is not None and then.state != State.DRAFT and _was_on(one.booking_then)
        if one.booking == Booking.State.WITHDRAWN:
            items.extend([_taken_off(one)] if knew else [])
        elif not knew:
            is_asked = one.state == State.PUBLISHED and not one.signed_up_at
            new.extend([one] if is_asked else [])
        elif then is not None and (item := _difference(one, then, one)):
            items.append(item)
    return [*_new(new, "You are invited to {}", "You are invited to {} sessions"), *items]


def _was_on(booking: dict[str, str] | None) -> bool:
    return booking is not None and booking["state"] != Booking.State.WITHDRAWN


def _with(one: Any, now: Any) -> Any:
    """A row with the session's facts as of `now`."""
    vars(one).update(vars(now))
    return one


def _new(rows: list[Any], single: str, many: str) -> list[Item]:
    """A line each for a few; one for many, as after a whole series was published."""

    def of_one(one: Any) -> Item:
        return _item(one, "soon", single.format(one.title), f"{when(one)}, {place(one)}.")

    def of_many(ones: list[Any]) -> Item:
        soonest = sorted(ones, key=lambda one: one.starts_at)
        listed = [f"{one.title} on {words.short_day(one.starts_at)}" for one in soonest]
        return Item(
            about="sessions:new",
            at=ones[0].changed_at,
            sign="soon",
            title=many.format(words.in_words(len(ones))).capitalize(),
            detail=f"{words.named(listed)}.",
            url=reverse("training:calendar"),
        )

    return news.few_or_many(rows, of_one, of_many)


def _taken_off(one: Any) -> Item:
    return Item(
        about=f"session:{one.session_id}",
        at=one.changed_at,
        sign="due",
        title=f"You were taken off {one.title}",
        detail=f"It is on {words.moment(one.starts_at)}. The programme team knows why.",
    )


def _difference(one: Any, then: Any, now: Any) -> Item | None:
    """What to tell about a known session; None if nothing that matters changed."""
    if now.state != then.state:
        return _turned(one, then, now)
    if now.state != State.PUBLISHED:
        return None
    changes = differences(then, now)
    if not changes:
        return None
    title = changes[0][0].format(one.title)
    return _item(one, "soon", title, " ".join(detail for _, detail in changes))


def _turned(one: Any, then: Any, now: Any) -> Item | None:
    """Cancelled, postponed, or going ahead after all."""
    was = f"It was to be on {words.moment(then.starts_at)}."
    if now.state == State.CANCELLED:
        return _item(one, "bad", f"{one.title} is cancelled", was)
    if now.state == State.POSTPONED:
        return _item(one, "due", f"{one.title} is postponed", f"{was} A new date follows.")
    if then.state == State.POSTPONED:
        return _item(one, "soon", f"{one.title} has its new date", f"{when(now)}, {place(now)}.")
    return _item(one, "good", f"{one.title} goes ahead after all", f"{when(now)}, {place(now)}.")


def _item(one: Any, sign: news.Sign, title: str, detail: str) -> Item:
    return Item(
        about=f"session:{one.session_id}",
        at=one.changed_at,
        sign=sign,
        title=title,
        detail=detail,
        url=addresses("training:session")(one.session_id),
    )
