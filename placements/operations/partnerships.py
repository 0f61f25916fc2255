"""An agreement with a school, from draft to end. Every change of its state goes through here."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from dlp.errors import Refused
from dlp.words import plain_day
from placements.models import Partnership, School, SchoolContact
from placements.operations.schools import add_contact

State = Partnership.State
STEPS: dict[State, State] = {
    State.DRAFT: State.SENT,
    State.SENT: State.SIGNED,
    State.SIGNED: State.ACTIVE,
}
"""The one way forward; to end is possible from every state but ended."""


@transaction.atomic
def draft_partnership(
    school: School, *, starts_on: date, ends_on: date | None = None
) -> Partnership:
    """Begin an agreement. Raises Refused for a closed school, or one that has an agreement."""
    school = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    if not school.opens_by(max(starts_on, timezone.localdate())):
        raise Refused(f"{school} is not open then, so it cannot become a partner.")
    standing = school.partnerships.exclude(state=State.ENDED).first()
    if standing is not None:
        raise Refused(
            f"This school has a partnership already, {standing.get_state_display().lower()} "
            f"from {plain_day(standing.starts_on)}. Carry on with that one, or end it first."
        )
    return Partnership.objects.create(school=school, starts_on=starts_on, ends_on=ends_on)


def send_partnership(partnership: Partnership) -> Partnership:
    """The agreement went to the school. Raises Refused unless it is a draft."""
    return _move(partnership, State.SENT)


def sign_partnership(partnership: Partnership) -> Partnership:
    """The school signed. Raises Refused unless the agreement was sent."""
    return _move(partnership, State.SIGNED)


def activate_partnership(partnership: Partnership) -> Partnership:
    """The agreement is in force from its first day. Raises Refused unless it is signed."""
    return _move(partnership, State.ACTIVE)


@transaction.atomic
def end_partnership(partnership: Partnership, *, ends_on: date) -> Partnership:
    """End an agreement on a day, both here and ahead; placements stay as they are.

    With a day that is still to come it stands until then. Raises Refused where it has ended, or
    began after that day.
    """
    partnership = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    if partnership.state == State.ENDED:
        raise Refused("This partnership has ended already.")
    if ends_on < partnership.starts_on:
        raise Refused(
            f"The partnership begins on {plain_day(partnership.starts_on)}. "
            f"Choose that day or a later one."
        )
    partnership.ends_on = ends_on
    in_force = partnership.state == State.ACTIVE and ends_on >= timezone.localdate()
    partnership.state = State.ACTIVE if in_force else State.ENDED
    partnership.save(update_fields=["ends_on", "state"])
    return partnership


def end_due_partnerships(today: date) -> int:
    """End agreements whose last day has passed. Safe to repeat; returns how many it ended."""
    due = Partnership.objects.filter(state=State.ACTIVE, ends_on__lt=today)
    return due.update(state=State.ENDED)


@transaction.atomic
def make_partner(
    school: School,
    *,
    starts_on: date,
    ends_on: date | None = None,
    lead_name: str,
    lead_email: str = "",
    lead_role: str = SchoolContact.Role.HOST_LEAD,
    signed: bool = True,
) -> Partnership:
    """Make a school a partner in one go: its agreement, and a lead who may sign in for it.

    `signed` puts the agreement in force from its first day; otherwise it is a draft. A lead
    without an address is written down as a contact who does not sign in.
    """
    partnership = draft_partnership(school, starts_on=starts_on, ends_on=ends_on)
    add_contact(
        school,
        role=lead_role,
        name=lead_name,
        email=lead_email,
        starts_on=min(starts_on, timezone.localdate()),
        signs_in=bool(lead_email),
    )
    if signed:
        for step in (send_partnership, sign_partnership, activate_partnership):
            partnership = step(partnership)
    return partnership


@transaction.atomic
def _move(partnership: Partnership, to: State) -> Partnership:
    partnership = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    if STEPS.get(State(partnership.state)) != to:
        raise Refused(
            f"This partnership is {partnership.get_state_display().lower()}, "
            f"so it cannot become {to.label.lower()} now."
        )
    partnership.state = to
    partnership.save(update_fields=["state"])
    return partnership
