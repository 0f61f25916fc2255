"""People who may have come to a session without a booking."""

from __future__ import annotations

from cohorts.models import Participation, Person
from cohorts.models.people import PersonQuerySet
from training.models import Kind, Session
from training.operations.bookings import members_on


def may_have_come(viewer: Person, session: Session) -> PersonQuerySet:
    """The people whom the viewer may add.

    For a group its members; staff find anybody, others people on the programme.
    """
    if session.kind == Kind.SUPERVISION:
        members = [person.pk for person in members_on(session)]
        return Person.objects.get_queryset().filter(pk__in=members)
    if viewer.is_staff:
        return Person.objects.visible_to(viewer).filter(is_active=True)
    times = Participation.objects.filter(state__in=Participation.CURRENT_STATES)
    return Person.objects.get_queryset().filter(is_active=True, pk__in=times.values("person"))
