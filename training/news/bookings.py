"""Who was invited, who was removed and who answered, summed up per session."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from pghistory.models import Context

from cohorts.models import Person
from cohorts.names import name_facts, name_of
from dlp import news, words
from dlp.http import addresses
from dlp.news import Item, Matter
from training.models import Booking, Session
from training.operations.leaving import LEFT
from training.turnout import said

State = Booking.State
COUNTED = 100
"""How many of the newest rows are summed up; older ones are on the sessions' pages."""
ANSWERED = {state: said(state) for state in (State.COMING, State.NOT_COMING)}


def for_staff(person: Person, since: datetime) -> list[Matter]:
    bookings = Booking.objects.visible_to(person)
    return [_answers(bookings, person, since), _invited(person, since)]


def for_those_who_lead(person: Person, since: datetime) -> list[Matter]:
    """Answers to the sessions they lead or whose group they supervise."""
    led = Session.objects.led_by(person).exclude(state=Session.State.DRAFT)
    theirs = Booking.objects.filter(session__in=led.values("pk"))
    return [_answers(theirs, person, since)]


def _answers(bookings: QuerySet[Booking], person: Person, since: datetime) -> Matter:
    answered = (
        bookings.filter(replied_at__gt=since, state__in=ANSWERED)
        .exclude(person=person)
        .order_by("-replied_at")
    )
    told = JSONObject(
        session_id="session_id",
        title="session__title",
        name=name_facts("person__"),
        state="state",
        changed_at="replied_at",
    )
    return Matter(answered, told, _answers_by_session, COUNTED)


def _answers_by_session(rows: list[Any]) -> list[Item]:
    items = []
    for session_id, answers in _by_session(rows).items():
        states = [one.state for one in answers]
        counts = [
            f"{states.count(state)} {word}" for state, word in ANSWERED.items() if state in states
        ]
        newest = answers[0]
        title = f"{words.in_words(len(answers)).capitalize()} people answered for {newest.title}"
        if len(answers) == 1:
            title = f"{name_of(newest.name)} is {ANSWERED[newest.state]} to {newest.title}"
        detail = f"{', '.join(counts)}." if len(answers) > 1 else ""
        items.append(_item(f"answers:{session_id}", newest, "good", title, detail))
    return items


def _invited(person: Person, since: datetime) -> Matter:
    """People whom others invited or removed; for people who left, that itself is the news."""
    by_leaving = Context.objects.filter(pk=OuterRef("pgh_context"), metadata__has_key=LEFT)
    events = (
        news.by_others(news.latest(Booking, since), person)
        .filter(
            Q(pgh_label="insert", signed_up_at=None) | Q(state=State.WITHDRAWN, pgh_label="update"),
            session__ends_at__gt=since,
        )
        .filter(~Exists(by_leaving))
    )
    told = JSONObject(
        session_id="session_id",
        title="session__title",
        name=name_facts("person__"),
        state="state",
        changed_at="pgh_created_at",
    )
    newest = events.order_by("-pgh_created_at", "-pgh_id")
    return Matter(newest, told, _invited_by_session, COUNTED)


def _invited_by_session(rows: list[Any]) -> list[Item]:
    items = []
    asked = [one for one in rows if one.state != State.WITHDRAWN]
    taken = [one for one in rows if one.state == State.WITHDRAWN]
    for verb, about, ones in (("invited to", "invited", asked), ("taken off", "taken-off", taken)):
        for session_id, booked in _by_session(ones).items():
            newest = booked[0]
            people = words.in_words(len(booked)).capitalize()
            title = f"{people} people were {verb} {newest.title}"
            if len(booked) == 1:
                title = f"{name_of(newest.name)} was {verb} {newest.title}"
            items.append(_item(f"{about}:{session_id}", newest, "rest", title, ""))
    return items


def _by_session(rows: list[Any]) -> dict[int, list[Any]]:
    sessions: dict[int, list[Any]] = defaultdict(list)
    for one in rows:
        sessions[one.session_id].append(one)
    return sessions


def _item(about: str, one: Any, sign: news.Sign, title: str, detail: str) -> Item:
    return Item(
        about=about,
        at=one.changed_at,
        sign=sign,
        title=title,
        detail=detail,
        url=addresses("training:session")(one.session_id),
    )
