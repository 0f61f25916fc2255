"""My learning: what counts for somebody, who recorded it, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cohorts import plan_pages
from cohorts.models import Participation, Person
from cohorts.plan_pages import Row, Told
from training.certificates.dial import Dial, dials
from training.certificates.prevent import Prevent, prevent_on
from training.models import Acknowledgement, Booking, Certificate, KnowledgeUpdate
from training.safeguarding import dials_of, rules_known


@dataclass(frozen=True)
class Learning:
    """Everything about one person, as they see and print it."""

    participation: Participation | None
    rows: list[Row]
    attendance: list[Booking]
    certificates: list[Certificate]
    updates: list[KnowledgeUpdate]
    acknowledgements: list[Acknowledgement]
    dials: list[Dial]
    prevent: list[Prevent]

    @property
    def told(self) -> Told:
        return plan_pages.told(self.rows)

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.updates)


def learning_of(person: Person, today: date) -> Learning:
    """Read for the person themselves. Seven queries."""
    times = Participation.objects.filter(person=person, state__in=Participation.HELD_STATES)
    time = times.select_related("cohort").order_by("-starts_on").first()
    certificates = list(Certificate.objects.filter(person=person).for_display())
    updates = list(KnowledgeUpdate.objects.filter(person=person).select_related("recorded_by"))
    known = rules_known()
    return Learning(
        participation=time,
        rows=plan_pages.rows_of(person, time, today) if time else [],
        attendance=list(
            Booking.objects.filter(person=person)
            .exclude(attendance="")
            .select_related("session", "marked_by")
            .order_by("-session__starts_at", "-pk")
        ),
        certificates=certificates,
        updates=updates,
        acknowledgements=list(
            Acknowledgement.objects.filter(person=person).select_related("edition")
        ),
        dials=dials(dials_of(certificates, updates, today, known)),
        prevent=prevent_on(today, certificates, known),
    )
