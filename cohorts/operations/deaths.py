"""Recording that somebody has died: letters stop, and their time on the programme ends."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cohorts.models import Participation, ParticipationChange, Person
from cohorts.operations import participations, reporters
from cohorts.operations.people import close_sign_in
from cohorts.operations.settling import lock_person
from cohorts.standing import in_force
from dlp import words
from dlp.errors import Refused

State = Participation.State


@transaction.atomic
def record_death(person: Person, *, on: date, by: Person) -> Person:
    """Cancel all letters to them at once, close their sign-in and end their participation.

    Changes recorded for later days are undone first. Their record stays. Locks the person. Raises
    Refused if it is recorded already, and for a day in the future.
    """
    if on > timezone.localdate():
        raise Refused("That day is still to come. Check the date.")
    person = lock_person(Q(pk=person.pk))
    if person.died_on is not None:
        raise Refused(f"It is recorded that they died on {words.plain_day(person.died_on)}.")
    person.died_on = on
    close_sign_in(person, by=by, why="They died.")
    for participation in person.participations.order_by("pk"):
        _end(participation, on, by)
    reporters.report_anew({person.pk})
    return person


def _end(participation: Participation, last_day: date, by: Person) -> None:
    """End their participation on its last day, whatever was recorded for later."""
    for change in reversed(in_force(participation.changes.all())):
        if change.effective_on > last_day:
            participations.undo(change, by=by)
    participation.refresh_from_db()
    if participation.state == State.OFFERED:
        participations.decline(participation, by=by, on=last_day)
    elif participation.is_current:
        reason = ParticipationChange.Reason.OTHER
        day = last_day + timedelta(days=1)
        participations.withdraw(participation, by=by, reason=reason, on=day)
