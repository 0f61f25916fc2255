"""The certificate of attendance: a PDF of one person's mark in one register."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path

from django.conf import settings

from dlp import words
from dlp.pdf.setting import typeset
from training.models import Booking

TEMPLATE = Path(__file__).with_name("attendance.typ")


def certificate_of(booking: Booking) -> bytes:
    """Made out to the full name. The booking's mark must say that they came."""
    session = booking.session
    assert booking.came and booking.marked_at  # noqa: S101, PT018  the caller looked
    return typeset(
        TEMPLATE,
        {
            "name": booking.person.full_name,
            "title": session.title,
            "when": words.when(session.starts_at, session.ends_at),
            "place": session.place[:1].upper() + session.place[1:],
            "minutes": words.minutes(session.minutes),
            "led_by": words.joined([leader.name for leader in session.facilitators.all()]),
            "contact": parseaddr(settings.MAIL_FROM)[1],
        },
        made_at=booking.marked_at,
    )
