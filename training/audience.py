"""The people of a session as an audience for messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.http import QueryDict

from cohorts.models import Person
from dlp import words
from dlp.outbox.mailing import audiences
from dlp.outbox.mailing.audiences import Asked
from training.models import Booking, Certificate, Session
from training.turnout import turnout


def session(viewer: Person, asked: QueryDict) -> Asked:
    """Everybody asked to a session, or those with one answer; nobody if there is no such session."""
    number = asked.get("session", "")
    found = (
        Session.objects.visible_to(viewer).filter(pk=number).first() if number.isdecimal() else None
    )
    people = Person.objects.visible_to(viewer)
    if found is None:
        return Asked("A session that is no longer there", "/", people.none())
    known = turnout(found, asked.get("who", ""))
    if known.who != asked.get("who", ""):  # what could be answered before it began cannot be now
        return Asked(
            f"{found.title}: an answer nobody gives now", found.get_absolute_url(), people.none()
        )
    group = next((f", {one.words}" for one in known.groups if one.is_current), "")
    said = f"{found.title}, {words.short_day(found.starts_at)}: everybody asked{group}"
    booked = known.shown.order_by().values("person")
    return Asked(said, found.get_absolute_url(), people.filter(pk__in=booked))


def register() -> None:
    audiences.register("session", session)


def asked_since(people: Collection[int], since: datetime) -> Iterable[int]:
    """Those of these people who were invited to a session after a moment."""
    asked = Booking.objects.filter(person__in=people, booked_at__gte=since)
    return asked.order_by().values_list("person", flat=True)


def certified_since(people: Collection[int], since: datetime) -> Iterable[int]:
    """Those of these people with a certificate handed in after a moment."""
    known = Certificate.objects.filter(person__in=people, recorded_at__gte=since)
    return known.order_by().values_list("person", flat=True)
