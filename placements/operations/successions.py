"""A host closes and another school follows it: placements go on there (R-SCH-05).

A conversion or merger ends nobody's time in a school: the building, people and post stay, and GIAS
issues another number. So the placement is not ended and begun again; it moves, and keeps the host's
name and setting as they were (decision 0018).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from dlp.words import joined
from placements import reminders
from placements.models import (
    Partnership,
    Placement,
    PlacementChange,
    School,
    SchoolContact,
    SchoolLink,
    SchoolProfile,
)
from placements.operations.moving import lock_time_of
from placements.operations.partnerships import draft_partnership, end_partnership

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Succession:
    """What a school became or is to become; it can be followed if it has exactly one successor."""

    school: School
    followed_by: list[School]

    @property
    def has_closed(self) -> bool:
        return self.school.status == School.Status.CLOSED

    @property
    def successor(self) -> School | None:
        return self.followed_by[0] if len(self.followed_by) == 1 else None

    @property
    def begins_on(self) -> date:
        """The first day at the successor."""
        closed_on = self.school.closed_on
        return closed_on + A_DAY if closed_on else timezone.localdate()


def succession_of(school: School) -> Succession | None:
    """None while the school is open, or if no successor is known."""
    if school.status not in (School.Status.CLOSED, School.Status.CLOSING):
        return None
    succession = Succession(school, list(SchoolLink.objects.successors_of(school)))
    return succession if succession.has_closed or succession.followed_by else None


@transaction.atomic
def follow(placement: Placement, *, by: Person | None = None) -> Placement:
    """Move a placement to its host's only successor.

    Raises Refused if it is over, the host is open, or there is not exactly one open successor.
    """
    lock_time_of(placement.participation_id)
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("school")
        .get(pk=placement.pk)
    )
    if placement.state not in Placement.OPEN_STATES:
        raise Refused(
            f"This placement is {placement.get_state_display().lower()}, so it stays with "
            f"{placement.school}."
        )
    before = placement.school
    succession, placement.school = _followed(before)
    placement.save(update_fields=["school"])
    PlacementChange.objects.create(
        placement=placement,
        state=placement.state,
        effective_on=max(succession.begins_on, placement.starts_on),
        by=by,
        moved_from=before,
    )
    reminders.plan_of({placement.participation_id})
    return placement


@transaction.atomic
def carry_partnership_over(school: School) -> Partnership | None:
    """End the agreement with a school that closed and draft the same with its successor.

    Its contacts and profile move too. Returns the draft, None if there was no agreement. Whoever
    runs the new school has signed nothing yet, so the agreement begins as a draft. Raises Refused
    if the school is open, or if there is not exactly one open successor.
    """
    school = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    succession, successor = _followed(school)
    _carry_contacts(succession, successor)
    _carry_profile(school, successor)
    today = timezone.localdate()
    standing = school.partnerships.standing_on(today).order_by("starts_on").first()
    if standing is None:
        return None
    last_day, notes = standing.ends_on, standing.notes
    end_partnership(standing, ends_on=max(succession.begins_on - A_DAY, standing.starts_on))
    if successor.partnerships.standing_on(today).exists():
        return None
    return draft_partnership(
        successor, starts_on=succession.begins_on, ends_on=last_day, notes=notes
    )


def _carry_profile(school: School, successor: School) -> None:
    """Copy the practical facts: the building is the same."""
    if not SchoolProfile.objects.filter(school=successor).exists():
        SchoolProfile.objects.filter(school=school).update(school=successor)


def _followed(school: School) -> tuple[Succession, School]:
    succession = succession_of(school)
    if succession is None or not succession.has_closed:
        raise Refused(f"{school} is open, so nothing moves away from it.")
    successor = succession.successor
    if successor is None:
        names = joined([str(one) for one in succession.followed_by])
        why = f"{names} follow {school}" if names else f"GIAS names no school that follows {school}"
        raise Refused(f"{why}. End the placement, and place the leader where they go on.")
    if not successor.opens_by(max(succession.begins_on, timezone.localdate())):
        raise Refused(f"{successor} follows {school}, and is not open. Choose a school by hand.")
    return succession, successor


def _carry_contacts(succession: Succession, successor: School) -> None:
    """Current roles continue at the successor, with the same right to sign in."""
    here = SchoolContact.objects.filter(school=succession.school)
    for contact in here.current_on(timezone.localdate()):
        role = {"role": contact.role, "person": contact.person, "name": contact.name}
        there = SchoolContact.objects.filter(school=successor, ends_on=None, **role)
        if not there.exists():
            SchoolContact.objects.create(
                school=successor,
                email=contact.email,
                phone=contact.phone,
                starts_on=succession.begins_on,
                **role,
            )
        contact.ends_on = max(succession.begins_on - A_DAY, contact.starts_on or date.min)
        contact.save(update_fields=["ends_on"])
    reminders.plan_at(succession.school.pk)
    reminders.plan_at(successor.pk)
