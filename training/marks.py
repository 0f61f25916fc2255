"""Marks in a register: how somebody attended and, if excused, why."""

from __future__ import annotations

from typing import NamedTuple

from training.models import Booking

Attendance, Excuse = Booking.Attendance, Booking.Excuse


class Mark(NamedTuple):
    """One mark; blank if empty, which never counts as present."""

    attendance: str = ""
    excuse: str = ""

    @property
    def written(self) -> str:
        """The form value of a mark: "late", or "excused-school"."""
        return f"{self.attendance}-{self.excuse}" if self.excuse else self.attendance

    @property
    def says(self) -> str:
        """Late. Or: Excused: needed at school. Or: no mark."""
        if not self.attendance:
            return "no mark"
        return f"{Attendance(self.attendance).label}{': ' if self.excuse else ''}{self.why}"

    @property
    def amid(self) -> str:
        """The mark inside a sentence: late, or excused (needed at school)."""
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
    """The mark behind a form value; None if there is none."""
    return _KNOWN.get(written)
