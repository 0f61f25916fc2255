"""When a letter is due: pure arithmetic on instants and local times (messages.md R25-R30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from dlp.calendar import instant_or_nearest, wall, working_day_on_or_before


@dataclass(frozen=True)
class Night:
    """The hours in which nobody is written to: from `begins` in the evening until `ends`."""

    begins: time
    ends: time

    def covers(self, at: time) -> bool:
        return at >= self.begins or at < self.ends


@dataclass(frozen=True)
class Nights:
    """The usual quiet hours, and the shorter ones for a change to something within a day."""

    usual: Night
    pressing: Night


LAST_MINUTE = timedelta(minutes=1)
COVERED_WITHIN = timedelta(hours=12)


def calendar_lead(starts_at: datetime, *, days: int, at: time) -> datetime:
    """So many days before the start, at this local time, whatever the clocks did in between."""
    return instant_or_nearest(wall(starts_at).date() - timedelta(days=days), at)


def elapsed_lead(starts_at: datetime, *, hours: int) -> datetime:
    """Exactly so many hours before the start."""
    return starts_at.astimezone(UTC) - timedelta(hours=hours)


def on_working_day(moment: datetime) -> datetime:
    """The same local time on the last working day up to this one."""
    local = wall(moment)
    day = working_day_on_or_before(local.date())
    return moment if day == local.date() else instant_or_nearest(day, local.time())


def outside_night(moment: datetime, *, not_after: datetime, night: Night) -> datetime:
    """Move a letter out of the quiet hours: to the morning or, if too late, to the evening before."""
    local = wall(moment)
    if not night.covers(local.time()):
        return moment
    before_midnight = local.time() >= night.begins
    evening = local.date() if before_midnight else local.date() - timedelta(days=1)
    morning = instant_or_nearest(evening + timedelta(days=1), night.ends)
    if morning < not_after:
        return morning
    return instant_or_nearest(evening, night.begins) - LAST_MINUTE


def waking_time(
    moment: datetime, *, not_after: datetime, is_change: bool, nights: Nights
) -> datetime:
    """When a letter that is ready at `moment` may leave.

    Applied to its own result it returns the same. A change to something within a day is pressing.
    """
    is_pressing = is_change and not_after - moment <= timedelta(days=1)
    night = nights.pressing if is_pressing else nights.usual
    return outside_night(moment, not_after=not_after, night=night)


def is_covered(due_at: datetime, *, told_at: datetime) -> bool:
    """Whether a letter sent at `told_at` makes a reminder due at `due_at` unnecessary (R6)."""
    return due_at <= told_at + COVERED_WITHIN
