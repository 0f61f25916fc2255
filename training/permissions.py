"""May this person do this? Pure questions about sessions and supervision."""

from __future__ import annotations

from django.utils import timezone

from cohorts.models import Person
from cohorts.permissions import can_change_programme
from training.models import Session, SupervisionGroup


def is_supervisor(person: Person) -> bool:
    """Whether this person leads a supervision group today."""
    return (
        SupervisionGroup.objects.current_on(timezone.localdate()).filter(supervisor=person).exists()
    )


def is_facilitator(person: Person) -> bool:
    """Whether this person leads a session that is published."""
    return Session.objects.published().filter(facilitators=person).exists()


def can_take_register(person: Person, session: Session) -> bool:
    """Whoever leads the session, and programme staff who may change things."""
    if can_change_programme(person):
        return True
    if session.group is not None and session.group.supervisor_id == person.pk:
        return True
    return session.facilitators.filter(pk=person.pk).exists()
