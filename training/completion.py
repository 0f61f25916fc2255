"""Completion criteria about training: current DSL training, and attendance (R-PRG-05)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from cohorts.completion import Answer, Criterion
from dlp import words
from training import safeguarding
from training.certificates.standing import training_on
from training.models import Booking, Session


def register() -> None:
    from cohorts import completion

    completion.register(Criterion("dsl", "DSL certificate", 20, dsl_facts, judge_dsl))
    completion.register(Criterion("attendance", "Attendance", 30, marks, judge_attendance))


def dsl_facts() -> Combinable:
    """The certificates that may count, and the rules."""
    return JSONObject(**safeguarding.facts("person"))


def judge_dsl(facts: dict[str, Any], on: date) -> Answer:
    """By how their training stands on the day; a refresh may be due soon."""
    held, rules = safeguarding.told(facts)
    training = training_on(on, held, rules)
    day = words.plain_day(on)
    advice = f"A certificate of DSL training completed by {day} counts, once it is accepted."
    if training.until is None:
        return Answer(False, f"No current DSL certificate on {day}.", advice)
    until = words.plain_day(training.until)
    if not training.counts:
        return Answer(
            False, f"No current DSL certificate on {day}: it counted until {until}.", advice
        )
    in_review = ", in review" if training.review_until else ""
    return Answer(True, f"DSL certificate current until {until}{in_review}.")


def marks() -> Combinable:
    """How many sessions of a participation have a mark for the person, and to how many they came."""
    marked = Booking.objects.filter(
        ~Q(attendance=""),
        ~Q(made_up_by__attendance__in=Booking.CAME),
        person=OuterRef("person"),
        session__state=Session.State.PUBLISHED,
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
    """How many more sessions in a row would bring attendance up to what is asked."""
    if asked >= 100:
        return "Speak to the programme team about the sessions that you missed."
    more = -(-(asked * marked - 100 * came) // (100 - asked))
    return f"Come to the next {words.in_words(more)}, and you are there."
