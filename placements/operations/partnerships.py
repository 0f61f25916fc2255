"""An agreement with a school, from draft to end. Every change of its state goes through here."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dlp import files
from dlp.errors import Refused
from dlp.files import Upload
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
A_DAY = timedelta(days=1)
FOLDER = "agreements"


@transaction.atomic
def draft_partnership(
    school: School, *, starts_on: date, ends_on: date | None = None, notes: str = ""
) -> Partnership:
    """Draft an agreement, or the one to follow the current one.

    Raises Refused for a closed school, if another is being prepared, and if one is in force on some
    of these days.
    """
    school = _locked_school(school.pk)
    if not school.opens_by(max(starts_on, timezone.localdate())):
        raise Refused(f"{school} is not open then, so it cannot become a partner.")
    prepared = school.partnerships.filter(state__in=Partnership.IN_PREPARATION).first()
    if prepared is not None:
        raise Refused(_has_one(prepared))
    partnership = Partnership(school=school, starts_on=starts_on, ends_on=ends_on, notes=notes)
    _refuse_if_in_force(partnership)
    partnership.save()
    return partnership


def send_partnership(partnership: Partnership) -> Partnership:
    """Record that the agreement went to the school.

    Raises Refused unless it is a draft.
    """
    return _move(partnership, State.SENT)


def sign_partnership(partnership: Partnership) -> Partnership:
    """Record that the school signed, today unless a day is stored.

    Raises Refused unless it was sent.
    """
    return _move(partnership, State.SIGNED)


def activate_partnership(partnership: Partnership) -> Partnership:
    """Put the agreement into force from its first day.

    Raises Refused unless it is signed, and if another is in force on some of its days.
    """
    return _move(partnership, State.ACTIVE)


@transaction.atomic
def end_partnership(partnership: Partnership, *, ends_on: date) -> Partnership:
    """End an agreement on a day, past or future; placements stay as they are.

    Until a future day it stays in force. Raises Refused if it has ended or expired, began after
    that day, or would overlap the next one.
    """
    partnership = _locked(partnership)
    today = timezone.localdate()
    if partnership.standing(today) in (State.ENDED, "expired"):
        raise Refused("This partnership has ended already.")
    if ends_on < partnership.starts_on:
        raise Refused(
            f"The partnership begins on {plain_day(partnership.starts_on)}. "
            f"Choose that day or a later one."
        )
    partnership.ends_on = ends_on
    in_force = partnership.state == State.ACTIVE and ends_on >= today
    if in_force:
        _refuse_if_in_force(partnership)
    partnership.state = State.ACTIVE if in_force else State.ENDED
    partnership.save(update_fields=["ends_on", "state"])
    return partnership


@transaction.atomic
def keep_agreement(
    partnership: Partnership, *, signed_on: date | None, notes: str, file: Upload | None = None
) -> Partnership:
    """Record what was agreed and when it was signed, and store the paper, replacing an earlier one.

    Raises Refused for a signature in the future, or on a draft.
    """
    partnership = _locked(partnership)
    if signed_on and signed_on > timezone.localdate():
        raise Refused("Choose the day on which it was signed: today or an earlier one.")
    if signed_on and partnership.state in (State.DRAFT, State.SENT):
        raise Refused(f"It is {partnership.get_state_display().lower()}, so nobody has signed yet.")
    partnership.signed_on, partnership.notes = signed_on, notes
    if file is not None:
        files.erase_after(partnership.agreement.name)
        file.keep(partnership.agreement)
    partnership.save(update_fields=["signed_on", "notes", "agreement"])
    return partnership


def erase_left_behind() -> int:
    """Erase papers that no agreement refers to, as a crashed server may have left; return how many."""
    kept = Partnership.objects.exclude(agreement="").values_list("agreement", flat=True)
    return files.erase_left_behind(FOLDER, set(kept))


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
    """Make a school a partner in one step: its agreement, and a lead who may sign in.

    `signed` puts the agreement into force from its first day; otherwise it is a draft. A lead
    without an address becomes a contact who does not sign in.
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
    _locked_school(partnership.school_id)
    partnership = _locked(partnership)
    if STEPS.get(State(partnership.state)) != to:
        raise Refused(
            f"This partnership is {partnership.get_state_display().lower()}, "
            f"so it cannot become {to.label.lower()} now."
        )
    if to == State.ACTIVE:
        _refuse_if_in_force(partnership)
    if to == State.SIGNED and partnership.signed_on is None:
        partnership.signed_on = timezone.localdate()
    partnership.state = to
    partnership.save(update_fields=["state", "signed_on"])
    return partnership


def _locked_school(pk: int) -> School:
    """Lock the school, so that two agreements are not put into force at once."""
    return School.objects.select_for_update(of=("self",)).get(pk=pk)


def _locked(partnership: Partnership) -> Partnership:
    return Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)


def _refuse_if_in_force(partnership: Partnership) -> None:
    """Two agreements with a school are never in force on one day."""
    known = Partnership.objects.filter(school=partnership.school_id, state=State.ACTIVE)
    overlapping = known.filter(Q(ends_on=None) | Q(ends_on__gte=partnership.starts_on))
    if partnership.ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=partnership.ends_on)
    other = overlapping.exclude(pk=partnership.pk).order_by("-starts_on").first()
    if other is None:
        return
    if other.ends_on is None or other.starts_on > partnership.starts_on:
        raise Refused(_has_one(other))
    raise Refused(
        f"The agreement in force runs until {plain_day(other.ends_on)}. "
        f"Begin the next one on {plain_day(other.ends_on + A_DAY)} or later."
    )


def _has_one(other: Partnership) -> str:
    return (
        f"This school has a partnership already, {other.get_state_display().lower()} "
        f"from {plain_day(other.starts_on)}. Carry on with that one, or end it first."
    )
