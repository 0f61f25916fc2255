"""Pencils: whom staff have in mind for a post. Nobody else sees them, and they take no place."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from cohorts.models import Participation, Person
from dlp.errors import Refused
from dlp.words import plain_day
from placements.matching.ranking import judge_pair
from placements.matching.reasons import Judgement
from placements.models import Opening, Pencil, Placement
from placements.models.pencils import LEAST_REASON
from placements.operations.placing import propose

HOLDS_FOR = timedelta(days=14)
LONGEST = timedelta(days=90)


@transaction.atomic
def pencil(
    opening: Opening,
    participation: Participation,
    *,
    by: Person,
    expires_on: date | None = None,
    note: str = "",
    override_reason: str = "",
) -> Pencil:
    """Pencil somebody in for a post until a day, by default for a fortnight. Locks the post.

    Another call by the same member of staff changes their pencil; others' are separate. Raises
    Refused if the match is impossible, or if a reason is needed and missing.
    """
    Opening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    until = _until(expires_on)
    judgement = judge_pair(opening, participation, timezone.localdate())
    refuse_what_cannot_be(judgement)
    refuse_without_reason(judgement, override_reason)
    mine = Pencil.objects.filter(opening=opening, participation=participation, made_by=by)
    one = mine.filter(rubbed_out_at=None).first()
    if one is not None and one.expires_on < timezone.localdate():
        rub_out(one, by=by)
        one = None
    one = one or Pencil(opening=opening, participation=participation, made_by=by)
    one.expires_on, one.note = until, note
    one.override_reason = override_reason.strip() if judgement.asks else ""
    one.save()
    return one


def _until(expires_on: date | None) -> date:
    today = timezone.localdate()
    until = expires_on or today + HOLDS_FOR
    if not today <= until <= today + LONGEST:
        raise Refused(
            f"A pencil holds for {LONGEST.days} days at most: choose a day from today to "
            f"{plain_day(today + LONGEST)}."
        )
    return until


def refuse_what_cannot_be(judgement: Judgement) -> None:
    if judgement.cannot:
        raise Refused(f"It cannot be. {'. '.join(judgement.cannot)}.")


def refuse_without_reason(judgement: Judgement, override_reason: str) -> None:
    if judgement.asks and len(override_reason.strip()) < LEAST_REASON:
        raise Refused(
            f"{'. '.join(judgement.asks)}. Say in at least {LEAST_REASON} letters why it should be "
            f"all the same."
        )


@transaction.atomic
def rub_out(pencil: Pencil, *, by: Person) -> Pencil:
    """Withdraw a pencil. Repeating it changes nothing."""
    pencil = _locked(pencil)
    if pencil.rubbed_out_at is None:
        _end([pencil], by=by)
    return pencil


@transaction.atomic
def propose_pencilled(pencil: Pencil, *, by: Person) -> Placement:
    """Turn a pencil into a proposal with its reason; other pencils for the match are done too.

    Raises Refused if it was withdrawn, if the match has become impossible, or if a reason is needed
    and missing.
    """
    pencil = _locked(pencil)
    if pencil.rubbed_out_at is not None:
        raise Refused("This was rubbed out, or proposed, a moment ago.")
    opening, participation = pencil.opening, pencil.participation
    judgement = judge_pair(opening, participation, timezone.localdate())
    refuse_what_cannot_be(judgement)
    refuse_without_reason(judgement, pencil.override_reason)
    placement = propose(
        opening,
        participation,
        by=by,
        lacking=". ".join(judgement.asks),
        override_reason=pencil.override_reason if judgement.asks else "",
    )
    pencil.placement = placement
    same = Pencil.objects.filter(opening=opening, participation=participation, rubbed_out_at=None)
    _end([pencil, *same.exclude(pk=pencil.pk)], by=by)
    return placement


def _locked(pencil: Pencil) -> Pencil:
    rows = Pencil.objects.select_for_update(of=("self",))
    return rows.select_related("opening", "participation").get(pk=pencil.pk)


def _end(pencils: list[Pencil], *, by: Person) -> None:
    for one in pencils:
        one.rubbed_out_at, one.rubbed_out_by = timezone.now(), by
        one.save(update_fields=["rubbed_out_at", "rubbed_out_by", "placement"])
