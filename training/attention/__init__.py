"""Attention lines about training, for staff and for people who lead sessions."""

from __future__ import annotations

from datetime import date

from cohorts.models import Participation, Person
from cohorts.permissions import can_change_programme
from dlp import attention
from dlp.attention import Line, Matter
from training import newcomers, streaks
from training.attention import certificates, sessions, supervision, twilights
from training.attention.facts import AREA
from training.models import Session
from training.permissions import can_review_certificates


def lines(person: Person, today: date) -> list[Line]:
    """The lines that this person can settle; people who lead sessions see their own registers."""
    if not person.is_staff:
        return attention.ask([sessions.registers_due(Session.objects.led_by(person), today)])
    if can_change_programme(person):
        return attention.question_of(today, matters).answer()
    if can_review_certificates(person):
        return attention.question_of(today, certificates.matters).answer()
    return []


def matters(today: date) -> list[Matter]:
    everybody = Participation.objects.get_queryset()
    return [
        *sessions.matters(today),
        *supervision.matters(today),
        streaks.matter(everybody, AREA, today),
        newcomers.matter(everybody, AREA, today),
        *twilights.matters(today),
        *certificates.matters(today),
    ]
