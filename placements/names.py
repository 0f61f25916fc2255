"""The name of a host school, which may have changed since somebody was placed there."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class HostName(NamedTuple):
    """The name at the time for a placement that is over, today's for any other."""

    said: str
    now: str
    """What the school is called now, where `said` is another name."""

    def __str__(self) -> str:
        return f"{self.said} (now {self.now})" if self.now else self.said


def host_name(then: str, now: str, ends_on: date, today: date) -> HostName:
    if ends_on >= today or then == now:
        return HostName(now, "")
    return HostName(then, now)
