"""A person's private calendar: where they are expected, and what was lately cancelled.

It says nothing about others: supervision is a "Meeting", nobody is named, and there is no link to
join.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from cohorts.models import Participation, Person
from dlp.outbox.feeds import NoFeed
from dlp.outbox.writing.calendars import Entry, FeedEntry
from dlp.signin import links
from training.letters.sessions import place_of, title_of
from training.models import Booking, Session
from training.models.sessions import SessionQuerySet

LOOKS_BACK = timedelta(days=365)
CALLED_OFF_STAYS = timedelta(days=30)


def entries(person: Person) -> list[FeedEntry]:
    """Sessions this person is expected at or leads, the earliest first. One query.

    Raises NoFeed for somebody who withdrew and leads nothing.
    """
    found = [
        _entry(session)
        for session in sessions_of(person).select_related("venue").order_by("starts_at", "pk")
    ]
    if not found and has_left(person):
        raise NoFeed
    return found


def sessions_of(person: Person) -> SessionQuerySet:
    """Sessions of the last year and later, without drafts.

    A cancelled session stays for a month, so that calendars remove it.
    """
    now = timezone.now()
    bookings = Booking.objects.live().filter(person=person)
    expected = bookings.exclude(person__in=Participation.objects.away().values("person"))
    led = Session.objects.led_by(person).order_by()
    theirs = expected.order_by().values("session").union(led.values("pk"), all=True)
    answer = bookings.filter(session=OuterRef("pk")).values("state")[:1]
    return (
        Session.objects.filter(pk__in=theirs)
        .exclude(state=Session.State.DRAFT)
        .filter(Q(state=Session.State.PUBLISHED) | Q(ends_at__gte=now - CALLED_OFF_STAYS))
        .filter(ends_at__gte=now - LOOKS_BACK)
        .annotate(answer=Subquery(answer), is_led=Exists(led.filter(pk=OuterRef("pk"))))
    )


def has_left(person: Person) -> bool:
    """Whether somebody withdrew and is not staff."""
    withdrawn = Participation.objects.away().filter(
        person=person, state=Participation.State.WITHDRAWN
    )
    return not person.is_staff and withdrawn.exists()


def _entry(session: Session) -> FeedEntry:
    answer: str | None = session.answer  # type: ignore[attr-defined]
    is_led: bool = session.is_led  # type: ignore[attr-defined]
    return FeedEntry(
        Entry(
            session.ics_uid,
            session.ics_sequence,
            title_of(session),
            session.starts_at,
            session.ends_at,
            place=place_of(session),
            url=links.absolute(session.get_absolute_url()),
        ),
        is_tentative=answer == Booking.State.INVITED and not is_led,
        is_cancelled=session.state in Session.CALLED_OFF,
    )
