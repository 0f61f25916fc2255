"""What completing takes of sessions: DSL training that still counts, and attendance (R-PRG-05)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, DateField, Max, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from cohorts.completion import Answer, Criterion
from dlp import words
from dlp.calendar import years_later
from training.models import Booking, Kind

DSL_YEARS = 2
"""How long DSL training counts (R-DSL-01): through the day two years later."""


def register() -> None:
    from cohorts import completion

    completion.register(Criterion("dsl", "DSL certificate", 20, dsl_facts, judge_dsl))
    completion.register(Criterion("attendance", "Attendance", 30, marks, judge_attendance))


def dsl_facts() -> Combinable:
    """The last day of DSL training that somebody came to, up to the day."""
    came = Booking.objects.filter(
        person=OuterRef("person"),
        attendance__in=Booking.CAME,
        session__kind=Kind.DSL_TRAINING,
        session__ends_on__lte=OuterRef("judged_on"),
    )
    last = came.order_by().values("person").annotate(last=Max("session__ends_on"))
    return Subquery(last.values("last"), output_field=DateField())


def judge_dsl(told: str | None, on: date) -> Answer:
    day = words.plain_day(on)
    advice = f"DSL training that you come to by {day} counts for two years."
    if told is None:
        return Answer(False, f"No current DSL certificate on {day}.", advice)
    trained_on = date.fromisoformat(told)
    until = years_later(trained_on, DSL_YEARS)
    if until < on:
        was = f"that of {words.plain_day(trained_on)} was current until {words.plain_day(until)}"
        return Answer(False, f"No current DSL certificate on {day}: {was}.", advice)
    return Answer(True, f"DSL certificate current until {words.plain_day(until)}.")


def marks() -> Combinable:
    """How many sessions of their time have a mark for somebody, and to how many they came."""
    marked = Booking.objects.filter(
        ~Q(attendance=""),
        person=OuterRef("person"),
        session__starts_on__gte=OuterRef("began_on"),
        session__starts_on__lte=OuterRef("judged_on"),
    )
    counts = JSONObject(came=Count("pk", filter=Q(attendance__in=Booking.CAME)), marked=Count("pk"))
    return Subquery(marked.order_by().values("person").annotate(json=counts).values("json"))


def judge_attendance(facts: dict[str, Any] | None, on: date) -> Answer:
    asked = settings.COMPLETION_ATTENDANCE
    if facts is None:
        return Answer(False, "No session has a register yet.", "It counts from your first session.")
    came, marked = facts["came"], facts["marked"]
    said = f"to {came} of {words.count(marked, 'session')}, {100 * came // marked} %"
    if 100 * came >= asked * marked:
        return Answer(True, f"Came {said}.")
    return Answer(
        False, f"Came {said}, where {asked} % is asked.", _what_would_do(came, marked, asked)
    )


def _what_would_do(came: int, marked: int, asked: int) -> str:
    """How many sessions in a row lift the share to what is asked."""
    if asked >= 100:
        return "Speak to the programme team about the sessions that you missed."
    more = -(-(asked * marked - 100 * came) // (100 - asked))
    return f"Come to the next {words.in_words(more)}, and you are there."
