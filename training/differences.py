"""What changed about a session between two moments, in words."""

from __future__ import annotations

from typing import Any

from dlp import words
from training.models import Mode


def differences(then: Any, now: Any) -> list[tuple[str, str]]:
    """A heading, with a gap for the title, and a sentence for each difference."""
    return [said for tell in (_moved, _elsewhere) if (said := tell(then, now))]


def when(one: Any) -> str:
    return words.when(one.starts_at, one.ends_at)


def place(one: Any) -> str:
    """online, or "at Walworth Hall"."""
    if one.mode == Mode.ONLINE:
        return "online"
    where = f"at {one.venue_name}" if one.venue_name else "at a place to be confirmed"
    return f"{where} or online" if one.mode == Mode.HYBRID else where


def _moved(then: Any, now: Any) -> tuple[str, str] | None:
    if now.starts_at != then.starts_at:
        return "{} moved", f"{words.move(then.starts_at, now.starts_at)}."
    if now.ends_at != then.ends_at:
        return "{} ends at another time", f"{when(now)}; it was {when(then)}."
    return None


def _elsewhere(then: Any, now: Any) -> tuple[str, str] | None:
    if place(now) == place(then):
        return None
    told = f"It was {place(then)}; it is {place(now)}."
    if now.mode != then.mode:
        return f"{{}} is now {Mode(now.mode).label.lower()}", told
    return "{} is somewhere else", told
