"""What a register says of somebody: how they attended and, of who is excused, why."""

from __future__ import annotations

from typing import NamedTuple

from training.models import Booking

Attendance, Excuse = Booking.Attendance, Booking.Excuse


class Mark(NamedTuple):
    """One mark; without anything it is blank, which is never present."""

    attendance: str = ""
    excuse: str = ""

    @property
    def written(self) -> str:
        """As a register's form sends it: "late", or "excused-school"."""
        return f"{self.attendance}-{self.excuse}" if self.excuse else self.attendance

    @property
    def says(self) -> str:
        """Late. Or: Excused: needed at school. Or: no mark."""
        if not self.attendance:
            return "no mark"
        return f"{Attendance(self.attendance).label}{': ' if self.excuse else ''}{self.why}"

    @property
    def amid(self) -> str:
        """late, or excused (needed at school): as it stands in a sentence."""
        label = Attendance(self.attendance).label.lower() if self.attendance else "no mark"
        return f"{label} ({self.why})" if self.excuse else label

    @property
    def why(self) -> str:
        """needed at school"""
        label = Excuse(self.excuse).label if self.excuse else ""
        return f"{label[:1].lower()}{label[1:]}"


PLAIN = tuple(Mark(each) for each in Attendance if each != Attendance.EXCUSED)
EXCUSED = tuple(Mark(Attendance.EXCUSED, each) for each in Excuse)
_KNOWN = {mark.written: mark for mark in (Mark(), *PLAIN, *EXCUSED)}


def mark_of(booking: Booking) -> Mark:
    return Mark(booking.attendance, booking.excuse)


def read(written: str) -> Mark | None:
    """The mark that a form sent; None where that is none."""
    return _KNOWN.get(written)
