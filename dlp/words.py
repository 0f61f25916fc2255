"""Dates, lengths and names as our pages and letters write them: pure functions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from dlp.calendar import wall

EN_DASH = "–"


def as_day(value: date | datetime) -> date:
    """The day in England that a date or an instant falls on."""
    if isinstance(value, datetime):
        return wall(value).date() if timezone.is_aware(value) else value.date()
    return value


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th"""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def plain_day(value: date | datetime) -> str:
    """24 November 2026"""
    return f"{as_day(value):%-d %B %Y}"


def day(value: date | datetime) -> str:
    """Tue 24 November 2026"""
    return f"{as_day(value):%a %-d %B %Y}"


def short_day(value: date | datetime, *, today: date | None = None) -> str:
    """Tue 24 Nov; with its year where that is not this year."""
    on = as_day(value)
    if on.year == (today or as_day(timezone.now())).year:
        return f"{on:%a %-d %b}"
    return f"{on:%a %-d %b %Y}"


def clock(value: datetime) -> str:
    """16:00, as a clock on the wall in England shows it."""
    return f"{wall(value):%H:%M}"


def moment(value: datetime, *, today: date | None = None) -> str:
    """Mon 23 November, 16:40; with its year where that is not this year."""
    return f"{_near_day(value, today)}, {clock(value)}"


def _near_day(value: datetime, today: date | None = None) -> str:
    on = as_day(value)
    year = "" if on.year == (today or timezone.localdate()).year else f" {on.year}"
    return f"{on:%a %-d %B}{year}"


def span(first: date | datetime, last: date | datetime | None) -> str:
    """Both days included: "9 to 11 July 2027"; without a last day "from 9 July 2027"."""
    start = as_day(first)
    if last is None:
        return f"from {plain_day(start)}"
    end = as_day(last)
    if start == end:
        return plain_day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {plain_day(end)}"
    if start.year == end.year:
        return f"{start:%-d %B} to {plain_day(end)}"
    return f"{plain_day(start)} to {plain_day(end)}"


def when(starts_at: datetime, ends_at: datetime) -> str:
    """Tue 24 November 2026, 16:00–18:00; over several days only the days."""
    if as_day(starts_at) != as_day(ends_at):
        return span(starts_at, ends_at)
    return f"{day(starts_at)}, {clock(starts_at)}{EN_DASH}{clock(ends_at)}"


def move(then: datetime, now: datetime) -> str:
    """From Thu 10 December, 15:00 to Fri 11 December, 16:00; on one day the day once."""
    to = clock(now) if as_day(then) == as_day(now) else moment(now)
    return f"From {moment(then)} to {to}"


def figure(number: int) -> str:
    """12,480"""
    return f"{number:,}"


def count(number: int, one: str, many: str | None = None) -> str:
    """1 day, 3 days, 1,204 days; `many` where an s will not do."""
    return f"{figure(number)} {one if number == 1 else many or f'{one}s'}"


NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)


def in_words(number: int) -> str:
    """one to twenty in words, then in figures"""
    return NUMBERS[number] if 0 < number < len(NUMBERS) else str(number)


def joined(parts: list[str]) -> str:
    """a, b and c"""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def named(names: list[str], limit: int = 3) -> str:
    """Ada, Tom, Rosa and 4 more"""
    if len(names) <= limit:
        return joined(names)
    return joined([*names[:limit], f"{figure(len(names) - limit)} more"])


def from_today(value: date | datetime, *, today: date | None = None) -> str:
    """today, tomorrow, in 3 days, in 9 weeks, in 5 months, 4 days ago."""
    days = (as_day(value) - (today or as_day(timezone.now()))).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    length = rough_length(abs(days))
    return f"in {length}" if days > 0 else f"{length} ago"


def rough_length(days: int) -> str:
    """Days up to a fortnight, then weeks, from a quarter of a year months, from two years whole years."""
    if days < 14:
        return count(days, "day")
    if days < 91:
        return count(round(days / 7), "week")
    if days < 731:
        return count(round(days / 30.44), "month")
    return count(int(days / 365.25), "year")


def minutes(value: int | timedelta) -> str:
    """120 minutes; lengths are never in hours."""
    whole = int(value.total_seconds() // 60) if isinstance(value, timedelta) else int(value)
    return count(whole, "minute")


def kilometres(metres: float) -> str:
    """3.2 km"""
    return f"{metres / 1_000:.1f} km"


def initials(name: str) -> str:
    """The first letters of the first and the last word: AF for Ada Fenwick."""
    words = name.split()
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()


BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
DEVICES = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "CrOS": "a Chromebook",
    "Windows": "Windows",
    "Macintosh": "a Mac",
    "Linux": "Linux",
}


def browser(user_agent: str) -> str:
    """Chrome on Windows, as near as a browser says; the first sign that matches counts."""
    name = next((word for sign, word in BROWSERS.items() if sign in user_agent), "A browser")
    device = next((word for sign, word in DEVICES.items() if sign in user_agent), "")
    return f"{name} on {device}" if device else name
