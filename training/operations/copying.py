"""Copying a cohort's calendar for the next cohort: drafts, which send nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from cohorts.models import Cohort, Person
from dlp.errors import Refused
from training import closed_schools
from training.advice import warnings
from training.closed_schools import Plan
from training.models import Kind, Session
from training.operations import sessions
from training.operations.sessions import SessionFields
from training.planning_clashes import Times, planned_for
from training.repeats import terms_between, terms_later


@dataclass(frozen=True)
class Copy:
    """A session of one cohort, and the day on which the other cohort would have it."""

    session: Session
    day: date
    is_there: bool
    """Whether the other cohort already has a session with this title on this day."""
    closed: list[str] = field(default_factory=list)
    """A sentence for each school that is closed then."""

    @property
    def times(self) -> Times:
        one = self.session
        last_day = self.day + (one.ends_on - one.starts_on)
        return Times(self.day, one.starts_time, last_day, one.ends_time)

    @property
    def warnings(self) -> list[str]:
        return [*warnings(kind=self.session.kind, **self.times._asdict()), *self.closed]


def copies(source: Cohort, target: Cohort) -> list[Copy]:
    """What copying would create.

    The same week of the term, as many terms on as the cohorts are apart. Supervision is left out:
    every cohort makes its groups anew. Raises Refused unless the target begins in a later term.
    """
    terms = terms_between(source.starts_on, target.starts_on)
    if terms < 1:
        raise Refused(f"{target} does not begin in a later term than {source}. Choose another one.")
    known = set(target.sessions.values_list("title", "starts_on"))
    found = (
        source.sessions.exclude(kind=Kind.SUPERVISION)
        .exclude(state=Session.State.CANCELLED)
        .select_related("venue", "course", "residential")
        .prefetch_related("facilitators")
        .order_by("starts_at", "pk")
    )
    days = ((session, terms_later(session.starts_on, terms)) for session in found)
    made = [Copy(one, day, is_there=(one.title, day) in known) for one, day in days]
    for copy, closed in zip(made, _closed(made, target), strict=True):
        copy.closed.extend(closed)
    return made


def _closed(made: Iterable[Copy], target: Cohort) -> list[list[str]]:
    """Which schools are closed on the days of each copy: its venue's, and of those to be asked."""
    asked = Person.objects.filter(planned_for([target], None, []))
    cohort = set(asked.order_by().values_list("pk", flat=True))
    return closed_schools.says_of_each(
        [
            Plan(
                copy.times,
                cohort | {leader.pk for leader in copy.session.facilitators.all()},
                copy.session.venue.school_id if copy.session.venue else None,
            )
            for copy in made
        ]
    )


@transaction.atomic
def copy_calendar(source: Cohort, target: Cohort) -> list[Session]:
    """Create the drafts that `copies` lists, except those that exist already.

    Links to join and bookings are not copied. Raises Refused as `copies` does, and if a time does
    not exist on its new day, naming the day.
    """
    Cohort.objects.select_for_update(of=("self",)).get(pk=target.pk)
    made = []
    for copy in copies(source, target):
        if copy.is_there:
            continue
        try:
            made.append(sessions.create_session(**_fields(copy, target)))
        except Refused as refusal:
            raise Refused(f"{copy.day:%-d %B %Y}: {refusal}") from refusal
    return made


def _fields(copy: Copy, target: Cohort) -> SessionFields:
    one = copy.session
    fields: SessionFields = {
        "kind": one.kind,
        "title": one.title,
        "summary": one.summary,
        "course": one.course,
        "starts_on": copy.day,
        "ends_on": copy.times.ends_on,
        "starts_time": one.starts_time,
        "ends_time": one.ends_time,
        "mode": one.mode,
        "venue": one.venue,
        "capacity": one.capacity,
        "cohorts": [target],
        "facilitators": [leader for leader in one.facilitators.all() if leader.is_active],
    }
    if one.kind == Kind.RESIDENTIAL:
        fields |= {"arrival": one.residential.arrival, "to_bring": one.residential.to_bring}
    return fields
