"""When a cohort of the bench begins and ends, and where its rows are collected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cohorts.models.cohorts import default_end
from dlp.bench.filling.rows import Rows
from dlp.calendar import instant_or_nearest
from dlp.words import as_day

SPREAD = 1_500
AHEAD = 150
PLANNED_WITHIN = 40
LATELY = timedelta(days=3)


@dataclass(frozen=True)
class Scene:
    """The cohort `number`, counted from 0, as it stands `now`."""

    rows: Rows
    number: int
    now: datetime

    @property
    def is_cast(self) -> bool:
        """Whether its people are those whose pages are measured."""
        return self.number == 0

    @property
    def today(self) -> date:
        return as_day(self.now)

    @property
    def starts_on(self) -> date:
        """Fourteen months ago for the two large ones; the rest begin from years ago to next spring."""
        ago = 430 if self.number < 2 else self.number * 211 % SPREAD - AHEAD
        return self.today - timedelta(days=ago)

    @property
    def ends_on(self) -> date:
        return default_end(self.starts_on)

    @property
    def planned_at(self) -> datetime:
        """When what is still ahead was put down: a cohort at a time, over the last forty days."""
        return self.now - timedelta(days=1 + self.number % PLANNED_WITHIN, seconds=self.number)

    @property
    def lately(self) -> datetime:
        """When the cast's last steps were recorded: late, so that the desk tells as much at every size."""
        return self.now - LATELY

    def at(self, day: date, hour: int = 10) -> datetime:
        """That day at this hour, or when it was planned if it has not come yet."""
        moment = instant_or_nearest(day, time(hour))
        return moment if moment < self.now - timedelta(days=1) else self.planned_at
