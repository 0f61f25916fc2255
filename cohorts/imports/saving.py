"""Writing the people of a file in a handful of statements; triggers keep the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from cohorts.imports.judging import Verdict, steps_to_join
from cohorts.imports.rows import PersonRow
from cohorts.models import Cohort, ImportRun, Participation, ParticipationChange, Person
from cohorts.operations.plans import lay_out
from cohorts.standing import Plan, replay
from dlp.errors import Refused

GOOD = (ImportRun.RowState.NEW, ImportRun.RowState.MATCHES)


def save_all(verdicts: Sequence[Verdict], cohort: Cohort, *, by: Person) -> None:
    """Add who is new, fill in what was missing, and let them join. Raises Refused, all undone, at a race."""
    good = [verdict for verdict in verdicts if verdict.state in GOOD]
    new = [verdict for verdict in good if verdict.person is None]
    for verdict, person in zip(new, _add_people([one.row for one in new]), strict=True):
        verdict.person = person
    _fill_in([verdict for verdict in good if verdict.fills])
    _join([verdict for verdict in good if verdict.joins], cohort, by=by)


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
        with transaction.atomic():
            return list(Person.objects.bulk_create(people))
    except IntegrityError as error:
        raise Refused("Somebody in the file has just been added by someone else.") from error


def _fill_in(verdicts: Sequence[Verdict]) -> None:
    """One statement for all who lack the same things, so that nothing else of them is written."""
    lacking: dict[tuple[str, ...], list[Person]] = defaultdict(list)
    for verdict in verdicts:
        person = verdict.person
        assert person is not None  # noqa: S101  only a known person lacks something
        for name, value in verdict.fills.items():
            setattr(person, name, value)
        person.search_text = person.folded()
        lacking[tuple(verdict.fills)].append(person)
    try:
        with transaction.atomic():
            for names, people in lacking.items():
                Person.objects.bulk_update(people, [*names, "search_text"], batch_size=1_000)
    except IntegrityError as error:
        raise Refused(
            "An address or a TRN in the file has just been given to someone else."
        ) from error


def _join(verdicts: Sequence[Verdict], cohort: Cohort, *, by: Person) -> None:
    today = timezone.localdate()
    plan = Plan(cohort.starts_on, cohort.ends_on)
    participations, changes = [], []
    for verdict in verdicts:
        steps = steps_to_join(
            verdict.row.starts_on or cohort.starts_on, is_given=verdict.row.starts_on is not None
        )
        standing = replay(steps, today, plan)
        participation = Participation(
            person=verdict.person,
            cohort=cohort,
            state=standing.state,
            starts_on=standing.starts_on,
            held_to=standing.held_to,
            expected_end_on=standing.expected_end_on,
        )
        participations.append(participation)
        changes += [
            ParticipationChange(
                participation=participation, kind=step.kind, effective_on=step.effective_on, by=by
            )
            for step in steps
        ]
    try:
        with transaction.atomic():
            Participation.objects.bulk_create(participations)
    except IntegrityError as error:
        raise Refused("Somebody in the file has just joined another cohort.") from error
    ParticipationChange.objects.bulk_create(changes)
    lay_out([one.pk for one in participations])
