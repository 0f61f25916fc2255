"""Sessions about which somebody expected has no letter: there must be none (messages.md R36)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from cohorts.models import Participation
from dlp import words
from dlp.outbox.models import Message
from dlp.outbox.watch.gauges import Gauge
from training.models import Booking, Session
from training.models.sessions import SessionQuerySet
from training.reminders import KINDS, SUBJECT

SOON = timedelta(hours=48)
State = Message.State
TOLD_OR_WILL_BE = (State.PLANNED, State.CLAIMED, State.RETRY, State.UNCERTAIN, State.SENT)


def sessions_with_letters_missing() -> SessionQuerySet:
    """Sessions of the next two days with somebody expected who has no letter, sent or waiting."""
    letters = Message.objects.filter(
        subject_kind=SUBJECT,
        subject_id=OuterRef("session"),
        person=OuterRef("person"),
        kind__in=KINDS,
        state__in=TOLD_OR_WILL_BE,
    )
    away = Participation.objects.away().values("person")
    untold = (
        Booking.objects.live()
        .filter(~Exists(letters), session=OuterRef("pk"), person__is_active=True)
        .exclude(person__in=away)
    )
    return (
        Session.objects.published()
        .filter(Exists(untold), starts_at__range=(Now(), Now() + SOON))
        .order_by("starts_at", "pk")
    )


def gauge() -> Gauge:
    label = "Sessions of which somebody was not told"
    number = sessions_with_letters_missing().count()
    if not number:
        return Gauge(label, "None in the next 48 hours.")
    return Gauge(label, f"{words.count(number, 'session')} in the next 48 hours.", "bad")
