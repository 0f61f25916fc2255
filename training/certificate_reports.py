"""Reporting certificates to people's plans (the requirement `dsl-certificate`).

A certificate counts for every participation during which it is current. One in review waits for us,
one without a file waits for them, and a rejected one counts for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from cohorts.models import Participation, Person, RequirementAttempt
from cohorts.operations.requirements import Outcome, Report, Source, report_requirements
from training.certificates.rules import Rules, training_until
from training.models import Certificate
from training.safeguarding import rules_known

SOURCE = "certificate"
REQUIREMENT = "dsl-certificate"
State = Certificate.State
COMES_TO = {
    State.CLAIMED: Outcome.WAITING_FOR_YOU,
    State.IN_REVIEW: Outcome.WAITING_FOR_US,
    State.ACCEPTED: Outcome.MET,
    State.SUPERSEDED: Outcome.MET,
}


class Key(NamedTuple):
    """A participation, and the certificate that counts for it."""

    participation: int
    certificate: int


def evidence(certificate: int, viewer: Person) -> str | None:
    """The page that shows a certificate; None for viewers who may not see it."""
    seen = Certificate.objects.visible_to(viewer).filter(pk=certificate).first()
    return seen.get_absolute_url() if seen else None


def report_on(people: Collection[int]) -> int:
    """Report these people's certificates to their plans; return how many reports were news.

    Call it in the transaction of a change, with the people locked. Repeating it changes nothing.
    """
    reports = reports_on(people)
    return report_requirements([*_taken_back(people, reports), *reports.values()])


def reports_on(people: Collection[int]) -> dict[Key, Report]:
    """The reports on these people's certificates, for each participation they count for.

    Three queries.
    """
    known, times = rules_known(), times_of(people)
    certificates = (
        Certificate.objects.of_dsl().filter(person__in=people).select_related("reviewed_by")
    )
    return {
        Key(one.participation, one.source.pk): one
        for certificate in certificates.order_by("pk")
        for one in _reports(certificate, times[certificate.person_id], known)
    }


def times_of(people: Collection[int]) -> dict[int, list[Participation]]:
    """By person, every participation that was or is held."""
    times: dict[int, list[Participation]] = defaultdict(list)
    held = Participation.objects.filter(
        person__in=people, state__in=Participation.HELD_STATES
    ).order_by("starts_on", "pk")
    for one in held:
        times[one.person_id].append(one)
    return times


def _reports(
    certificate: Certificate, times: list[Participation], known: list[Rules]
) -> Iterator[Report]:
    outcome = COMES_TO.get(State(certificate.state))
    if outcome is None:
        return
    until = training_until(certificate.completed_on, known, certificate.says_until)
    for time in times:
        if time.starts_on <= until and (time.held_to or until) >= certificate.completed_on:
            yield Report(
                time.pk,
                REQUIREMENT,
                Source(SOURCE, certificate.pk),
                outcome,
                certificate.completed_on,
                certificate.reviewed_by,
            )


def _taken_back(people: Collection[int], reports: Collection[Key]) -> list[Report]:
    """Reports made about these people's certificates that are no longer true."""
    told = RequirementAttempt.objects.filter(
        participation__person__in=people, source_kind=SOURCE
    ).exclude(state=Outcome.NOT_COUNTED)
    return [
        Report(
            one.participation_id,
            REQUIREMENT,
            Source(SOURCE, one.source_id),
            Outcome.NOT_COUNTED,
            one.on,
            None,
        )
        for one in told
        if Key(one.participation_id, one.source_id) not in reports
    ]
