"""What becomes of requirements: other apps report facts, staff excuse people; items say what it comes to.

An app that knows of an attempt at a requirement reports it, again whenever it changes, and takes it back by
reporting that it does not count:

    report_requirement(participation, "supervision", source=Source("booking", booking.pk),
                       state=Outcome.MET, on=session_day, by=register_closed_by)

For many at once, `report_requirements` takes the same as `Report`s, in a constant number of queries.
To report the same twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from cohorts.models import Participation, Person, PlanItem, Requirement, RequirementAttempt
from cohorts.operations import followers
from cohorts.operations.folding import Family, refold
from dlp.errors import Refused

Outcome = RequirementAttempt.State
State = PlanItem.State

WORDS_OF_A_REASON = 3
BY_HAND = "plan_item"
"""The source kind of attempts that staff record on a plan item."""


class Source(NamedTuple):
    """The row of another app that an attempt comes from: its kind in lower case, and its key."""

    kind: str
    pk: int


class Report(NamedTuple):
    """The outcome of somebody's attempt at a requirement, on a day, and who said so."""

    participation: int
    requirement: str
    source: Source
    state: str
    on: date
    by: Person | None


def report_requirement(
    participation: Participation,
    requirement: str,
    *,
    source: Source,
    state: str,
    on: date,
    by: Person | None,
) -> None:
    """Report the outcome of one attempt.

    Raises LookupError for a key that no requirement has.
    """
    report_requirements([Report(participation.pk, requirement, source, state, on, by)])


@transaction.atomic
def report_requirements(reports: Iterable[Report]) -> int:
    """Report the outcomes of attempts; return how many of them are news.

    Of two about the same attempt the later counts. Locks the participations, and those that
    continue them, since attempts count there as well.
    """
    told = {(one.participation, one.requirement, one.source): one for one in reports}
    if not told:
        return 0
    keys = {one.requirement for one in told.values()}
    requirements = dict(Requirement.objects.filter(key__in=keys).values_list("key", "pk"))
    if unknown := keys - requirements.keys():
        raise LookupError(f"No requirement has the key {', '.join(sorted(unknown))}.")
    family = Family.of({one.participation for one in told.values()})
    touched = family.locked()
    news = _news(list(told.values()), requirements)
    RequirementAttempt.objects.bulk_create(
        news,
        update_conflicts=True,
        unique_fields=["participation", "requirement", "source_kind", "source_id"],
        update_fields=["state", "on", "reported_by", "recorded_at"],
    )
    if news:
        refold(touched, family)
    return len(news)


def _news(reports: list[Report], requirements: dict[str, int]) -> list[RequirementAttempt]:
    """The reports that change something; withdrawing what was never reported changes nothing."""
    known = _known({one.participation for one in reports}, {one.source.pk for one in reports})
    now = timezone.now()
    news = []
    for one in reports:
        requirement = requirements[one.requirement]
        says = (one.state, one.on, one.by.pk if one.by else None)
        stood = known.get((one.participation, requirement, one.source))
        if says == stood or (stood is None and one.state == Outcome.NOT_COUNTED):
            continue
        news.append(
            RequirementAttempt(
                participation_id=one.participation,
                requirement_id=requirement,
                source_kind=one.source.kind,
                source_id=one.source.pk,
                state=one.state,
                on=one.on,
                reported_by=one.by,
                recorded_at=now,
            )
        )
    return news


def _known(
    participations: Collection[int], sources: Collection[int]
) -> dict[tuple[int, int, Source], tuple[str, date, int | None]]:
    rows = RequirementAttempt.objects.filter(
        participation__in=participations, source_id__in=sources
    ).values_list(
        "participation", "requirement", "source_kind", "source_id", "state", "on", "reported_by"
    )
    return {
        (participation, requirement, Source(kind, pk)): (state, on, by)
        for participation, requirement, kind, pk, state, on, by in rows
    }


@transaction.atomic
def record_by_hand(item: PlanItem, *, state: str, on: date, by: Person) -> PlanItem:
    """Record an attempt that no other app reports; call it again to change it.

    It fills the first open item of the requirement. Raises Refused for a day in the future.
    """
    if on > timezone.localdate():
        raise Refused("Choose today or an earlier day: this records what has happened.")
    key = item.requirement.key
    report_requirement(
        item.participation, key, source=Source(BY_HAND, item.pk), state=state, on=on, by=by
    )
    followers.tell({item.participation_id})
    item.refresh_from_db()
    return item


def waive(item: PlanItem, *, reason: str, by: Person) -> PlanItem:
    """Excuse somebody from an item, as if it were done.

    Raises Refused if it is done, or without a reason.
    """
    return _excuse(item, State.WAIVED, reason=reason, by=by)


def mark_not_applicable(item: PlanItem, *, reason: str, by: Person) -> PlanItem:
    """Leave an item out of somebody's plan, as if it had none."""
    return _excuse(item, State.NOT_APPLICABLE, reason=reason, by=by)


@transaction.atomic
def take_back_excuse(item: PlanItem) -> PlanItem:
    """Ask for an excused item after all; its state follows from the attempts again."""
    family, item = _locked(item)
    if not item.is_excused:
        raise Refused(f"“{item}” was not waived, so there is nothing to take back.")
    item.state = State.NOT_STARTED
    item.excuse, item.excused_by, item.excused_at = "", None, None
    return _save_and_refold(item, family)


@transaction.atomic
def _excuse(item: PlanItem, state: str, *, reason: str, by: Person) -> PlanItem:
    reason = " ".join(reason.split())
    if len(reason.split()) < WORDS_OF_A_REASON:
        raise Refused("Say in a few words why: they stand beside it on the plan.")
    family, item = _locked(item)
    if item.state == State.MET:
        raise Refused(f"“{item}” is met already, so it need not be waived.")
    item.state, item.attempt = state, None
    item.excuse, item.excused_by, item.excused_at = reason, by, timezone.now()
    return _save_and_refold(item, family)


def _locked(item: PlanItem) -> tuple[Family, PlanItem]:
    family = Family.of({item.participation_id})
    family.locked()
    return family, PlanItem.objects.select_related("participation").get(pk=item.pk)


def _save_and_refold(item: PlanItem, family: Family) -> PlanItem:
    item.save(update_fields=["state", "attempt", "excuse", "excused_by", "excused_at"])
    refold({item.participation_id}, family)
    followers.tell({item.participation_id})
    item.refresh_from_db()
    return item
