"""Attention lines about sessions: registers, drafts, invitations, answers and letters."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import JSONObject, Now
from django.utils import timezone

from cohorts.models import Person
from cohorts.names import name_facts, name_of
from dlp.attention import Line, Matter
from dlp.calendar import instant_or_nearest
from dlp.http import addresses
from dlp.words import count, from_today, plain_day
from training.attention.facts import ABOUT_SESSION, AREA, about, coordinators, when_of
from training.missing_letters import sessions_with_letters_missing
from training.models import Booking, Mode, Session
from training.models.sessions import SessionQuerySet

DRAFT_NOTICE = timedelta(days=14)
SILENCE_NOTICE = timedelta(days=3)
EMPTY_NOTICE = timedelta(days=60)
VENUE_NOTICE = timedelta(days=30)
REGISTER_FOR = timedelta(days=60)


def matters(today: date) -> list[Matter]:
    return [
        registers_due(Session.objects.all(), today),
        still_drafts(today),
        nobody_invited(today),
        nowhere_to_be(today),
        not_answered(today),
        not_told(today),
    ]


def registers_due(sessions: SessionQuerySet, today: date) -> Matter:
    """Sessions of the last two months that took place and whose register is not closed."""
    due = (
        sessions.register_due(Now())
        .filter(_is_anybody_asked(), ends_at__gte=Now() - REGISTER_FOR)
        .order_by("ends_at")
    )
    led_by = Person.objects.filter(facilitated_sessions=OuterRef("pk"))

    def line(session: Any) -> Line:
        leaders = ", ".join(name_of(leader) for leader in session.leaders)
        led = f" {leaders} led." if leaders else ""
        return Line(
            key=f"register-due:{session.pk}",
            sign="bad" if timezone.now() - session.ends_at > timedelta(days=1) else "due",
            title=f"Register missing: {session.title}",
            detail=f"Held {plain_day(session.starts_on)}, "
            f"{from_today(session.starts_on, today=today)}.{led}",
            url=addresses("training:register")(session.pk),
            action="Take the register",
            area=AREA,
            owners=coordinators(session),
        )

    facts = JSONObject(**ABOUT_SESSION, leaders=ArraySubquery(led_by.values(name=name_facts())))
    return Matter(due, facts, line)


def still_drafts(today: date) -> Matter:
    drafts = Session.objects.filter(
        state=Session.State.DRAFT, starts_at__range=(Now(), Now() + DRAFT_NOTICE)
    )

    def line(session: Any) -> Line:
        title = f"Still a draft: {session.title}"
        return about(session, "session-draft", title, "Publish it", today)

    return Matter(drafts, JSONObject(**ABOUT_SESSION), line)


def nobody_invited(today: date) -> Matter:
    """Published sessions within two months to which nobody was invited."""
    near = Session.objects.published().filter(starts_at__range=(Now(), Now() + EMPTY_NOTICE))
    empty = near.filter(~_is_anybody_asked())

    def line(session: Any) -> Line:
        return Line(
            key=f"session-empty:{session.pk}",
            sign="due",
            title=f"Nobody is invited: {session.title}",
            detail=when_of(session, today),
            url=addresses("training:invite")(session.pk),
            action="Invite people",
            area=AREA,
            owners=coordinators(session),
        )

    return Matter(empty, JSONObject(**ABOUT_SESSION), line)


def nowhere_to_be(today: date) -> Matter:
    """Drafts of in-person sessions within a month without a venue."""
    homeless = Session.objects.filter(
        venue=None,
        state__in=[Session.State.DRAFT, Session.State.POSTPONED],
        starts_at__range=(Now(), Now() + VENUE_NOTICE),
    ).exclude(mode=Mode.ONLINE)

    def line(session: Any) -> Line:
        title = f"No venue yet: {session.title}"
        return about(session, "session-venue", title, "Choose one", today)

    return Matter(homeless, JSONObject(**ABOUT_SESSION), line)


def not_answered(today: date) -> Matter:
    """Sessions within three days to which somebody has not answered."""
    silent = (
        Session.objects.published()
        .filter(starts_at__range=(Now(), _end_of(today + SILENCE_NOTICE)))
        .annotate(silent_count=Count("bookings", filter=Q(bookings__state="invited")))
        .filter(silent_count__gt=0)
    )

    def line(session: Any) -> Line:
        people = count(session.silent_count, "person has", "people have")
        title = f"{people} not answered: {session.title}"
        return about(session, "session-silence", title, "See who", today)

    return Matter(silent, JSONObject(**ABOUT_SESSION, silent_count="silent_count"), line)


def not_told(today: date) -> Matter:
    """Sessions within two days about which somebody expected has no letter: planning missed them."""

    def line(session: Any) -> Line:
        return Line(
            key=f"session-untold:{session.pk}",
            sign="bad",
            title=f"Somebody was not told: {session.title}",
            detail=f"{when_of(session, today)} Ring them.",
            url=addresses("training:session")(session.pk),
            action="See who comes",
            area=AREA,
            owners=coordinators(session),
        )

    return Matter(sessions_with_letters_missing(), JSONObject(**ABOUT_SESSION), line)


def _is_anybody_asked() -> Exists:
    asked = Booking.objects.exclude(state=Booking.State.WITHDRAWN).filter(session=OuterRef("pk"))
    return Exists(asked)


def _end_of(day: date) -> datetime:
    return instant_or_nearest(day + timedelta(days=1), time.min)
