"""What the sweeps had to repair, day by day: a repair means that some change forgot to plan."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, models

if TYPE_CHECKING:
    from cohorts.models import Person

ADD_RUN = """
    INSERT INTO outbox_sweepday (day, runs, repairs, failures, last_run_at, last_repair_at)
    VALUES (%(day)s, 1, %(repairs)s, %(failures)s, statement_timestamp(),
        CASE WHEN %(repairs)s > 0 THEN statement_timestamp() END)
    ON CONFLICT (day) DO UPDATE SET
        runs = outbox_sweepday.runs + 1,
        repairs = outbox_sweepday.repairs + excluded.repairs,
        failures = outbox_sweepday.failures + excluded.failures,
        last_run_at = excluded.last_run_at,
        last_repair_at = coalesce(excluded.last_repair_at, outbox_sweepday.last_repair_at)
"""


class SweepDayQuerySet(models.QuerySet["SweepDay"]):
    def visible_to(self, user: Person) -> SweepDayQuerySet:
        return self if user.is_staff else self.none()

    def add_run(self, day: date, *, repairs: int, failures: int) -> None:
        """Count one sweep to its day. Any number of processes may do so at once."""
        with connection.cursor() as cursor:
            cursor.execute(ADD_RUN, {"day": day, "repairs": repairs, "failures": failures})


class SweepDay(models.Model):
    """The sweeps of one day: how often they ran, and what they had to put right."""

    day = models.DateField(unique=True)
    runs = models.PositiveIntegerField()
    repairs = models.PositiveIntegerField(help_text="Letters that a change forgot to plan.")
    failures = models.PositiveIntegerField(help_text="Planners that broke off.")
    last_run_at = models.DateTimeField()
    last_repair_at = models.DateTimeField(null=True)

    objects = SweepDayQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%-d %B %Y}"
