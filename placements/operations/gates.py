"""What a placement needs before it is confirmed and before it begins, and overriding that."""

from __future__ import annotations

from typing import NamedTuple

from cohorts.models import Person
from dlp.errors import Refused
from dlp.words import joined, plain_day
from placements.checks import asked_of
from placements.models import Check, Partnership, Placement
from placements.models.placements import LEAST_REASON
from placements.permissions import can_override_gates


def lay_out(placement: Placement) -> None:
    """Create the checks that a placement's school and role require.

    Existing ones stay, and become required if the school now requires them. Needs
    `placement.school.parent`.
    """
    asked = asked_of(placement.school, is_slt=placement.is_slt)
    known = {one.kind: one for one in placement.checks.all()}
    Check.objects.bulk_create(
        Check(placement=placement, kind=kind, is_required=is_required)
        for kind, is_required in asked.items()
        if kind not in known
    )
    for kind, is_required in asked.items():
        if is_required and kind in known and not known[kind].is_required:
            known[kind].is_required = True
            known[kind].save(update_fields=["is_required"])


def lacking(placement: Placement, verb: str) -> str:
    """What a step still needs, in a sentence or two; empty if nothing.

    Confirming needs an agreement (R-SCH-07), beginning the required checks (R-PLC-02). Needs
    `placement.school.parent`.
    """
    if verb == "confirm":
        return _agreement_lacking(placement)
    if verb == "activate":
        return _checks_lacking(placement)
    return ""


def _agreement_lacking(placement: Placement) -> str:
    """Empty if an active partnership, the school's own or its parent's, covers the first day."""
    school = placement.school
    agreed = Partnership.objects.covering(placement.starts_on).filter(
        school__in=[pk for pk in (school.pk, school.parent_id) if pk]
    )
    if agreed.exists():
        return ""
    return (
        f"No partnership with {school} is in force on {plain_day(placement.starts_on)}. "
        f"Make the school a partner from that day or earlier."
    )


def _checks_lacking(placement: Placement) -> str:
    lay_out(placement)
    names = [str(one) for one in Check.objects.filter(placement=placement).outstanding()]
    if not names:
        return ""
    verb = "is" if len(names) == 1 else "are"
    return f"The school has not confirmed what is required: {joined(names)} {verb} outstanding."


class PassedOver(NamedTuple):
    """What was missing for a step, and why it went ahead; both empty if nothing was missing."""

    lacking: str = ""
    reason: str = ""


def let_through(placement: Placement, verb: str, *, by: Person | None, override: str) -> PassedOver:
    """Check the gate before a step.

    Raises Refused if something is missing, unless a programme lead gives a reason. A reason that is
    not needed is not stored.
    """
    missing = lacking(placement, verb)
    reason = override.strip()
    if not missing:
        return PassedOver()
    if not reason:
        raise Refused(missing)
    if by is None or not can_override_gates(by):
        raise Refused(f"{missing} Only a programme lead can go on all the same.")
    if len(reason) < LEAST_REASON:
        raise Refused(
            f"{missing} To go on all the same, give a reason of at least {LEAST_REASON} letters."
        )
    return PassedOver(missing, reason)
