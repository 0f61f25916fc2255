"""What about sessions and supervision waits for staff, and for whoever leads a session."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import JSONObject, Now
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Participation, Person
from cohorts.names import name_facts, name_of
from cohorts.permissions import can_change_programme
from dlp import attention
from dlp.attention import Line, Matter, owned_by
from dlp.calendar import instant_or_nearest
from dlp.http import addresses
from dlp.words import count, from_today, plain_day, when
from training import newcomers, streaks
from training.models import (
    Booking,
    Mode,
    Presenter,
    Session,
    Stage,
    SupervisionGroup,
    TwilightIdea,
)
from training.models.sessions import SessionQuerySet
from training.permissions import can_review_certificates
from training.untold import sessions_untold
from training.waiting_certificates import about_safeguarding

AREA = "Training"
DRAFT_NOTICE = timedelta(days=14)
SILENCE_NOTICE = timedelta(days=3)
EMPTY_NOTICE = timedelta(days=60)
VENUE_NOTICE = timedelta(days=30)
REGISTER_FOR = timedelta(days=60)
ABOUT_SESSION = {
    **{name: name for name in ("pk", "title", "starts_on", "starts_at", "ends_at")},
    "coordinators": ArraySubquery(
        Cohort.objects.filter(sessions=OuterRef("pk")).order_by().values("coordinator")
    ),
    "group_coordinator": "group__cohort__coordinator_id",
}


def lines(person: Person, today: date) -> list[Line]:
    """What of ours this person can settle: leaders the registers of their own sessions."""
    if not person.is_staff:
        return attention.ask([registers_due(Session.objects.led_by(person), today)])
    if can_change_programme(person):
        return attention.question_of(today, matters).answer()
    if can_review_certificates(person):
        return attention.question_of(today, about_safeguarding).answer()
    return []


def matters(today: date) -> list[Matter]:
    return [
        registers_due(Session.objects.all(), today),
        still_drafts(today),
        nobody_invited(today),
        nowhere_to_be(today),
        not_answered(today),
        not_told(today),
        groups_without_session(today),
        streaks.matter(Participation.objects.get_queryset(), AREA, today),
        newcomers.matter(Participation.objects.get_queryset(), AREA, today),
        ideas_waiting(today),
        presenters_missing(today),
        *about_safeguarding(today),
    ]


def registers_due(sessions: SessionQuerySet, today: date) -> Matter:
    """Sessions of the last two months that went ahead and whose register nobody has closed."""
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
            owners=_coordinators(session),
        )

    facts = JSONObject(**ABOUT_SESSION, leaders=ArraySubquery(led_by.values(name=name_facts())))
    return Matter(due, facts, line)


def still_drafts(today: date) -> Matter:
    drafts = Session.objects.filter(
        state=Session.State.DRAFT, starts_at__range=(Now(), Now() + DRAFT_NOTICE)
    )

    def line(session: Any) -> Line:
        title = f"Still a draft: {session.title}"
        return _about(session, "session-draft", title, "Publish it", today)

    return Matter(drafts, JSONObject(**ABOUT_SESSION), line)


def nobody_invited(today: date) -> Matter:
    """Published sessions within two months to which nobody was asked."""
    near = Session.objects.published().filter(starts_at__range=(Now(), Now() + EMPTY_NOTICE))
    empty = near.filter(~_is_anybody_asked())

    def line(session: Any) -> Line:
        return Line(
            key=f"session-empty:{session.pk}",
            sign="due",
            title=f"Nobody is invited: {session.title}",
            detail=_when(session, today),
            url=addresses("training:invite")(session.pk),
            action="Invite people",
            area=AREA,
            owners=_coordinators(session),
        )

    return Matter(empty, JSONObject(**ABOUT_SESSION), line)


def nowhere_to_be(today: date) -> Matter:
    """In person, within a month, and no venue; a published one cannot be, so these are drafts."""
    homeless = Session.objects.filter(
        venue=None,
        state__in=[Session.State.DRAFT, Session.State.POSTPONED],
        starts_at__range=(Now(), Now() + VENUE_NOTICE),
    ).exclude(mode=Mode.ONLINE)

    def line(session: Any) -> Line:
        title = f"No venue yet: {session.title}"
        return _about(session, "session-venue", title, "Choose one", today)

    return Matter(homeless, JSONObject(**ABOUT_SESSION), line)


def not_answered(today: date) -> Matter:
    """Sessions within three days to which people have given no answer."""
    silent = (
        Session.objects.published()
        .filter(starts_at__range=(Now(), _end_of(today + SILENCE_NOTICE)))
        .annotate(silent_count=Count("bookings", filter=Q(bookings__state="invited")))
        .filter(silent_count__gt=0)
    )

    def line(session: Any) -> Line:
        people = count(session.silent_count, "person has", "people have")
        title = f"{people} not answered: {session.title}"
        return _about(session, "session-silence", title, "See who", today)

    return Matter(silent, JSONObject(**ABOUT_SESSION, silent_count="silent_count"), line)


def not_told(today: date) -> Matter:
    """Somebody is expected within two days of whom no letter knows: whoever plans letters missed it."""

    def line(session: Any) -> Line:
        return Line(
            key=f"session-untold:{session.pk}",
            sign="bad",
            title=f"Somebody was not told: {session.title}",
            detail=f"{_when(session, today)} Ring them.",
            url=addresses("training:session")(session.pk),
            action="See who comes",
            area=AREA,
            owners=_coordinators(session),
        )

    return Matter(sessions_untold(), JSONObject(**ABOUT_SESSION), line)


def groups_without_session(today: date) -> Matter:
    ahead = Session.objects.filter(group=OuterRef("pk"), starts_at__gt=Now()).exclude(
        state=Session.State.CANCELLED
    )
    idle = SupervisionGroup.objects.current_on(today).filter(~Exists(ahead))

    plan = f"{reverse('training:series_add')}?kind=supervision&group="

    def line(group: Any) -> Line:
        return Line(
            key=f"group-idle:{group.pk}",
            sign="due",
            title=f"No next session: {group.name}",
            detail=f"Supervision with {name_of(group.supervisor)}.",
            url=f"{plan}{group.pk}",
            action="Plan sessions",
            area=AREA,
            owners=owned_by(group.owner),
        )

    facts = JSONObject(
        pk="pk",
        name="name",
        supervisor=name_facts("supervisor__"),
        owner="cohort__coordinator_id",
    )
    return Matter(idle, facts, line)


def ideas_waiting(today: date) -> Matter:
    """Ideas for twilights that nobody has answered."""
    waiting = TwilightIdea.objects.filter(state=Stage.PROPOSED).order_by("proposed_at")

    def line(idea: Any) -> Line:
        return Line(
            key=f"idea:{idea.pk}",
            sign="due",
            title=f"An idea for a twilight: {idea.title}",
            detail=f"{name_of(idea.who)} proposed it {from_today(idea.proposed_at, today=today)}.",
            url=addresses("training:idea")(idea.pk),
            action="Answer it",
            area=AREA,
        )

    facts = JSONObject(
        pk="pk", title="title", proposed_at="proposed_at", who=name_facts("proposed_by__")
    )
    return Matter(waiting, facts, line)


def presenters_missing(today: date) -> Matter:
    """Published sessions within two months at which those who were asked to present cannot."""
    asked = Presenter.objects.filter(session=OuterRef("pk"))
    near = Session.objects.published().filter(starts_at__range=(Now(), Now() + EMPTY_NOTICE))
    without = near.filter(Exists(asked), ~Exists(asked.standing()))

    def line(session: Any) -> Line:
        title = f"Nobody presents: {session.title}"
        return _about(session, "session-presenters", title, "Ask somebody", today)

    return Matter(without, JSONObject(**ABOUT_SESSION), line)


def _is_anybody_asked() -> Exists:
    asked = Booking.objects.exclude(state=Booking.State.WITHDRAWN).filter(session=OuterRef("pk"))
    return Exists(asked)


def _about(session: Any, key: str, title: str, action: str, today: date) -> Line:
    return Line(
        key=f"{key}:{session.pk}",
        sign="due",
        title=title,
        detail=_when(session, today),
        url=addresses("training:session")(session.pk),
        action=action,
        area=AREA,
        owners=_coordinators(session),
    )


def _coordinators(session: Any) -> tuple[int, ...]:
    """Who coordinates the cohorts of a session, or of the group that it is for."""
    return owned_by(*session.coordinators, session.group_coordinator)


def _when(session: Any, today: date) -> str:
    return (
        f"{when(session.starts_at, session.ends_at)}, {from_today(session.starts_on, today=today)}."
    )


def _end_of(day: date) -> datetime:
    return instant_or_nearest(day + timedelta(days=1), time.min)
