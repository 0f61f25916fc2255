"""What about sessions and supervision waits for staff, and for whoever leads a session."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from dlp.attention import Line
from dlp.calendar import instant_or_nearest
from dlp.words import count, from_today, plain_day, when
from training.models import Booking, Kind, Mode, Session, SupervisionGroup

AREA = "Training"
DRAFT_NOTICE = timedelta(days=14)
SILENCE_NOTICE = timedelta(days=3)
REGISTER_FOR = timedelta(days=60)
AT_MOST = 25


def lines(person: Person, today: date) -> list[Line]:
    """Everything of ours that waits for this person. One query a kind."""
    now = timezone.now()
    if not person.is_staff:
        return registers_due(
            Session.objects.filter(Q(facilitators=person) | Q(group__supervisor=person)).distinct(),
            now,
            today,
        )
    return [
        *registers_due(Session.objects.all(), now, today),
        *still_drafts(now, today),
        *nobody_invited(now, today),
        *nowhere_to_be(now, today),
        *not_answered(now, today),
        *groups_without_session(now, today),
    ]


def registers_due(sessions: QuerySet[Session], now: datetime, today: date) -> list[Line]:
    """Sessions of the last two months that went ahead and whose register nobody has closed."""
    asked = Booking.objects.exclude(state=Booking.State.WITHDRAWN).filter(session=OuterRef("pk"))
    due = (
        Session.objects.register_due(now)
        .filter(Exists(asked), pk__in=sessions.values("pk"), ends_at__gte=now - REGISTER_FOR)
        .prefetch_related("facilitators")
        .order_by("starts_at")
    )
    return [
        Line(
            key=f"register-due:{session.pk}",
            sign="bad" if now - session.ends_at > timedelta(days=1) else "due",
            title=f"Register missing: {session.title}",
            detail=f"Held {plain_day(session.starts_on)}, "
            f"{from_today(session.starts_on, today=today)}.{_led(session)}",
            url=reverse("training:register", args=[session.pk]),
            action="Take the register",
            area=AREA,
        )
        for session in due[:AT_MOST]
    ]


def still_drafts(now: datetime, today: date) -> list[Line]:
    drafts = Session.objects.filter(
        state=Session.State.DRAFT, starts_at__range=(now, now + DRAFT_NOTICE)
    )
    return [
        _about(session, "session-draft", f"Still a draft: {session.title}", "Publish it", today)
        for session in drafts[:AT_MOST]
    ]


def nobody_invited(now: datetime, today: date) -> list[Line]:
    asked = Booking.objects.exclude(state=Booking.State.WITHDRAWN).filter(session=OuterRef("pk"))
    empty = Session.objects.published().filter(~Exists(asked), starts_at__gt=now)
    return [
        Line(
            key=f"session-empty:{session.pk}",
            sign="due",
            title=f"Nobody is invited: {session.title}",
            detail=f"{when(session.starts_at, session.ends_at)}, "
            f"{from_today(session.starts_on, today=today)}.",
            url=reverse("training:invite", args=[session.pk]),
            action="Invite people",
            area=AREA,
        )
        for session in empty[:AT_MOST]
    ]


def nowhere_to_be(now: datetime, today: date) -> list[Line]:
    """In person, within a month, and no venue; a published one cannot be, so these are drafts."""
    homeless = Session.objects.filter(
        venue=None,
        state__in=[Session.State.DRAFT, Session.State.POSTPONED],
        starts_at__range=(now, now + timedelta(days=30)),
    ).exclude(mode=Mode.ONLINE)
    return [
        _about(session, "session-venue", f"No venue yet: {session.title}", "Choose one", today)
        for session in homeless[:AT_MOST]
    ]


def not_answered(now: datetime, today: date) -> list[Line]:
    """Sessions within three days to which people have given no answer."""
    silent = (
        Session.objects.published()
        .filter(starts_at__range=(now, _end_of(today + SILENCE_NOTICE)))
        .annotate(silent_count=Count("bookings", filter=Q(bookings__state="invited")))
        .filter(silent_count__gt=0)
    )
    return [
        _about(
            session,
            "session-silence",
            f"{count(session.silent_count, 'person has', 'people have')} not answered: "
            f"{session.title}",
            "See who",
            today,
        )
        for session in silent[:AT_MOST]
    ]


def groups_without_session(now: datetime, today: date) -> list[Line]:
    ahead = Session.objects.filter(
        group=OuterRef("pk"), starts_at__gt=now, kind=Kind.SUPERVISION
    ).exclude(state=Session.State.CANCELLED)
    idle = SupervisionGroup.objects.current_on(today).filter(~Exists(ahead))
    return [
        Line(
            key=f"group-idle:{group.pk}",
            sign="due",
            title=f"No next session: {group.name}",
            detail=f"Supervision with {group.supervisor.name}.",
            url=f"{reverse('training:series_add')}?kind=supervision&group={group.pk}",
            action="Plan sessions",
            area=AREA,
        )
        for group in idle.select_related("supervisor")[:AT_MOST]
    ]


def _about(session: Session, key: str, title: str, action: str, today: date) -> Line:
    return Line(
        key=f"{key}:{session.pk}",
        sign="due",
        title=title,
        detail=f"{when(session.starts_at, session.ends_at)}, "
        f"{from_today(session.starts_on, today=today)}.",
        url=session.get_absolute_url(),
        action=action,
        area=AREA,
    )


def _led(session: Session) -> str:
    leaders = ", ".join(leader.name for leader in session.facilitators.all())
    return f" {leaders} led." if leaders else ""


def _end_of(day: date) -> datetime:
    return instant_or_nearest(day + timedelta(days=1), time.min)
