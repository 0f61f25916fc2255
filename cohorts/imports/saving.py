"""Writing the people of a file in a handful of statements; triggers keep the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.utils.crypto import salted_hmac

from cohorts.completion import verdicts
from cohorts.imports.judging import Verdict, standing_of
from cohorts.imports.rows import PersonRow
from cohorts.models import Cohort, Completion, Participation, ParticipationChange, Person
from cohorts.operations.completions import row_of
from cohorts.operations.plans import lay_out
from cohorts.standing import Step
from dlp.errors import Refused

Kind = ParticipationChange.Kind

NOT_SAID = "Brought in from a file, which gives no reason."
COMPLETED_BEFORE = "Brought in from a file that says they completed."


def save_all(
    verdicts: Sequence[Verdict], cohort: Cohort, *, by: Person
) -> dict[int, dict[str, Any]]:
    """Add new people, fill in what was missing, let them join; return what was added, by line.

    Raises Refused if somebody else was quicker; the caller's transaction then rolls back.
    """
    new = [verdict for verdict in verdicts if verdict.person is None]
    for verdict, person in zip(new, _add_people([one.row for one in new]), strict=True):
        verdict.person = person
    _fill_in([verdict for verdict in verdicts if verdict.fills])
    joined = _join([verdict for verdict in verdicts if verdict.joins], cohort, by=by)
    added = {verdict.row.line for verdict in new}
    return {
        verdict.row.line: {
            "person": verdict.row.line in added,
            "participation": joined.get(verdict.row.line),
            "fills": {name: mark_of(value) for name, value in verdict.fills.items()},
        }
        for verdict in verdicts
    }


def mark_of(value: Any) -> str:
    """A digest by which to tell later whether a value is unchanged, without keeping it."""
    return salted_hmac("cohorts.imports", str(value)).hexdigest()[:16]


def _add_people(rows: Sequence[PersonRow]) -> list[Person]:
    people = []
    for row in rows:
        person = Person(
            full_name=row.full_name,
            known_as=row.known_as,
            email=row.email,
            phone=row.phone,
            trn=row.trn,
            pronouns=row.pronouns,
            password=make_password(None),
        )
        person.search_text = person.folded()
        people.append(person)
    try:
        return list(Person.objects.bulk_create(people))
    except IntegrityError as error:
        raise Refused("Somebody in the file has just been added by someone else.") from error


def _fill_in(verdicts: Sequence[Verdict]) -> None:
    """One statement for all who lack the same fields, so that nothing else is written."""
    lacking: dict[tuple[str, ...], list[Person]] = defaultdict(list)
    for verdict in verdicts:
        person = verdict.person
        assert person is not None  # noqa: S101  only a known person lacks something
        for name, value in verdict.fills.items():
            setattr(person, name, value)
        person.search_text = person.folded()
        lacking[tuple(verdict.fills)].append(person)
    try:
        for names, people in lacking.items():
            Person.objects.bulk_update(people, [*names, "search_text"], batch_size=1_000)
    except IntegrityError as error:
        raise Refused(
            "An address or a TRN in the file has just been given to someone else."
        ) from error


def _join(verdicts: Sequence[Verdict], cohort: Cohort, *, by: Person) -> dict[int, int]:
    """Create the participation of each; return their keys by line."""
    participations, changes = [], []
    for verdict in verdicts:
        standing = standing_of(verdict.steps, cohort)
        participation = Participation(
            person=verdict.person,
            cohort=cohort,
            state=standing.state,
            starts_on=standing.starts_on,
            held_to=standing.held_to,
            expected_end_on=standing.expected_end_on,
        )
        participations.append(participation)
        changes += [_change(participation, step, by) for step in verdict.steps]
    try:
        Participation.objects.bulk_create(participations)
    except IntegrityError as error:
        raise Refused("Somebody in the file has just joined another cohort.") from error
    ParticipationChange.objects.bulk_create(changes)
    _keep_completions([one for one in changes if one.kind == Kind.COMPLETED])
    lay_out([one.pk for one in participations])
    made = zip(verdicts, participations, strict=True)
    return {verdict.row.line: participation.pk for verdict, participation in made}


def _keep_completions(changes: Sequence[ParticipationChange]) -> None:
    """Record the verdict on completion for each, as for anybody who completes."""
    told = verdicts(change.participation_id for change in changes)
    Completion.objects.bulk_create(
        row_of(change, one, override_reason="" if one.is_ready else COMPLETED_BEFORE)
        for change in changes
        for one in [told[change.participation_id]]
    )


def _change(participation: Participation, step: Step, by: Person) -> ParticipationChange:
    change = ParticipationChange(
        participation=participation, kind=step.kind, effective_on=step.effective_on, by=by
    )
    if step.kind in (Kind.DEFERRED, Kind.WITHDRAWN):
        change.reason, change.note_private = ParticipationChange.Reason.OTHER, NOT_SAID
    return change
