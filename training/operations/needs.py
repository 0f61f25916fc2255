"""Saying what one needs at sessions, reading it, and withdrawing it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.audit.sealed import look_as
from training.models import Need, Session

OWN_READING = "my own"
BEFORE_A_SESSION = "before a session"


@transaction.atomic
def share(person: Person, *, text: str) -> Need:
    """Save what somebody needs, replacing what they said before."""
    look_as(person)
    need = Need.objects.select_for_update().filter(person=person).first() or Need(person=person)
    need.text, need.agreed_at = text, timezone.now()
    need.save()
    return need


@transaction.atomic
def take_back(person: Person) -> None:
    """Erase it at once (R-RES-02)."""
    look_as(person)
    Need.objects.filter(person=person).delete()


@transaction.atomic
def said_by(person: Person) -> str:
    """What somebody said they need; empty if nothing."""
    look_as(person)
    need = Need.objects.filter(person=person).first()
    return need.text.open(by=person, about=person, purpose=OWN_READING) if need else ""


@transaction.atomic
def read_for(session: Session, *, by: Person) -> list[tuple[Person, str]]:
    """The needs of people who are coming, for those who lead the session. Each reading is recorded."""
    look_as(by)
    needs = Need.objects.visible_to(by).of_session(session).select_related("person")
    return [
        (need.person, need.text.open(by=by, about=need.person, purpose=BEFORE_A_SESSION))
        for need in needs
    ]


def count_for(session: Session, *, leader: Person) -> int:
    """How many of those who are coming said what they need. Call it in a transaction."""
    look_as(leader)
    return Need.objects.visible_to(leader).of_session(session).count()
