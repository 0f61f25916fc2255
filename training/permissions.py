"""May this person do this? Pure questions about sessions and supervision."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from cohorts.models import Person
from cohorts.permissions import (
    SAFEGUARDING_LEAD,
    can_change_programme,
    can_manage_staff,
    in_group,
)
from training.models import Booking, Session, SupervisionGroup
from training.models.community import belongs

LINK_OPENS = timedelta(hours=24)


def can_see_bookings(person: Person, session: Session) -> bool:
    """Who may see invitations and answers: staff, and those who lead the session."""
    return person.is_staff or leads(person, session)


def leads(person: Person, session: Session) -> bool:
    """Whether this person facilitates the session or supervises its group. Costs one query."""
    if session.group is not None and session.group.supervisor_id == person.pk:
        return True
    return any(leader.pk == person.pk for leader in session.facilitators.all())


def can_see_join_link(person: Person, session: Session, booking: Booking | None) -> bool:
    """Staff and those who lead it always; people who are coming from 24 hours before to its end."""
    if can_see_bookings(person, session):
        return True
    if booking is None or booking.state != Booking.State.COMING:
        return False
    return session.starts_at - LINK_OPENS <= timezone.now() <= session.ends_at


def can_take_register(person: Person, session: Session) -> bool:
    """Those who lead the session, and staff who may change the programme."""
    if can_change_programme(person):
        return True
    return leads(person, session)


def can_review_certificates(person: Person) -> bool:
    """Who reviews certificates and sees their files: leads, coordinators, safeguarding leads."""
    return can_change_programme(person) or in_group(person, SAFEGUARDING_LEAD)


def can_correct_late(person: Person) -> bool:
    """Who may correct a mark after the days for corrections: programme leads, with a reason."""
    return can_manage_staff(person)


def sees_group_whole(person: Person, group: SupervisionGroup) -> bool:
    """Who may see how many of a group come: staff and its supervisor."""
    return person.is_staff or group.supervisor_id == person.pk


def can_propose(person: Person) -> bool:
    """Whoever belongs to the community: on the programme, alumni, or leading at a school."""
    return Person.objects.get_queryset().filter(belongs(person), pk=person.pk).exists()


def can_add_to(person: Person, session: Session) -> bool:
    """Who may add files and the card: those who present or lead, and staff who may change."""
    if can_take_register(person, session):
        return True
    return session.presenters.standing().filter(person=person).exists()
