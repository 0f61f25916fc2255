"""Supervision groups and who is in them."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cohorts.models import Cohort, Person
from cohorts.permissions import PROGRAMME_LEAD, in_group
from dlp import words
from dlp.errors import Refused
from placements.models import Placement, SchoolContact
from training.models import (
    Booking,
    GroupMember,
    Session,
    SupervisionGroup,
)
from training.operations import bookings


@transaction.atomic
def create_group(
    *,
    name: str,
    supervisor: Person,
    starts_on: date,
    cohort: Cohort | None = None,
    ends_on: date | None = None,
) -> SupervisionGroup:
    """Start a group. Raises Refused if the supervisor runs the programme (R-SUP-05)."""
    _check_supervisor(supervisor)
    group = SupervisionGroup(
        name=name, supervisor=supervisor, cohort=cohort, starts_on=starts_on, ends_on=ends_on
    )
    _check_rules(group)
    group.save()
    return group


@transaction.atomic
def edit_group(
    group: SupervisionGroup,
    *,
    name: str,
    supervisor: Person,
    starts_on: date,
    cohort: Cohort | None = None,
    ends_on: date | None = None,
) -> SupervisionGroup:
    """Change a group. A new supervisor must have no role at any member's school (R-SUP-05)."""
    group = SupervisionGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if supervisor.pk != group.supervisor_id:
        _check_supervisor(supervisor)
        for member in group.members.current_on(timezone.localdate()).select_related("person"):
            _check_conflict(supervisor, member.person)
    group.name, group.supervisor, group.cohort = name, supervisor, cohort
    group.starts_on, group.ends_on = starts_on, ends_on
    _check_rules(group)
    group.save(update_fields=["name", "supervisor", "cohort", "starts_on", "ends_on"])
    return group


@transaction.atomic
def add_member(group: SupervisionGroup, person: Person, *, starts_on: date) -> GroupMember:
    """Add somebody to a group from a day, and invite them to its later sessions.

    Raises Refused if they are in it already or lead it, or if the supervisor leads their school.
    """
    group = SupervisionGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if person.pk == group.supervisor_id:
        raise Refused("A supervisor cannot be a member of the group they lead.")
    _check_conflict(group.supervisor, person)
    member = GroupMember(group=group, person=person, starts_on=starts_on)
    _check_rules(member)
    member.save()
    for session in _sessions_ahead(group).filter(starts_on__gte=starts_on):
        if person in bookings.members_on(session):
            bookings.invite_person(session, person)
    return member


@transaction.atomic
def end_member(member: GroupMember, *, ends_on: date) -> GroupMember:
    """End somebody's membership after a day, and remove them from later sessions.

    Raises Refused if that day is before they joined.
    """
    member = (
        GroupMember.objects.select_for_update(of=("self",))
        .select_related("group", "person")
        .get(pk=member.pk)
    )
    if ends_on < member.starts_on:
        first = words.plain_day(member.starts_on)
        raise Refused(f"They joined on {first}. Choose that day or later.")
    member.ends_on = ends_on
    _check_rules(member)
    member.save(update_fields=["ends_on"])
    later = _sessions_ahead(member.group).filter(starts_on__gt=ends_on)
    for booking in Booking.objects.filter(person=member.person, session__in=later):
        bookings.withdraw_booking(booking)
    return member


def _sessions_ahead(group: SupervisionGroup) -> QuerySet[Session]:
    return group.sessions.filter(
        state__in=[Session.State.PUBLISHED, Session.State.DRAFT], starts_at__gt=timezone.now()
    )


def _check_supervisor(supervisor: Person) -> None:
    if in_group(supervisor, PROGRAMME_LEAD):
        raise Refused(
            f"{supervisor.name} leads the programme. Supervision is led by somebody who does not."
        )


def _check_conflict(supervisor: Person, person: Person) -> None:
    """Refuse a supervisor who has a role at a school where this person is, or will be, placed."""
    today = timezone.localdate()
    led = SchoolContact.objects.signing_in_on(today).filter(person=supervisor)
    shared = (
        Placement.objects.held()
        .filter(participation__person=person, ends_on__gte=today, school__in=led.values("school"))
        .select_related("school")
        .first()
    )
    if shared:
        raise Refused(
            f"{supervisor.name} has a role at {shared.host}, where {person.name} is placed. "
            "Choose a group with another supervisor."
        )


def _check_rules(row: SupervisionGroup | GroupMember) -> None:
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
