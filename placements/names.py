"""What a host school is called: a school may have had another name when somebody was placed there."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class HostName(NamedTuple):
    """A placement that is over keeps the name of its day; one that stands or comes has today's."""

    said: str
    now: str
    """What the school is called now, where `said` is another name."""

    def __str__(self) -> str:
        return f"{self.said} (now {self.now})" if self.now else self.said


def host_name(then: str, now: str, ends_on: date, today: date) -> HostName:
    if ends_on >= today or then == now:
        return HostName(now, "")
    return HostName(then, now)
