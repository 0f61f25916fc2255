"""How these tests look, let a day pass and move a session."""

from __future__ import annotations

from datetime import date, time, timedelta

import pgtrigger
from django.apps import apps
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from cohorts.models import ImportRun, ParticipationChange, Person
from dlp.calendar import is_working_day
from dlp.home.models import Look
from dlp.home.tests.asking import page
from placements.models import PlacementChange, SchoolName
from training.models import Booking, Session
from training.operations import sessions

DAY = timedelta(days=1)
RECORDED = [
    (ParticipationChange, "recorded_at"),
    (PlacementChange, "recorded_at"),
    (SchoolName, "added_at"),
    (ImportRun, "applied_at"),
    (Booking, "replied_at"),
]


def look(client: Client, person: Person, name: str = "home:home") -> str:
    """The part of somebody's home that says what changed; empty where it says nothing."""
    text = page(client, person, name)
    forget_who_asked()
    if 'id="news"' not in text:
        return ""
    start = text.index('id="news"')
    return text[start : text.index("</section>", start)]


def forget_who_asked() -> None:
    """What is done next is nobody's request; a request's transaction ends with it, a test's does not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true),"
            " set_config('pghistory.context_metadata', '{}', true)"
        )


def a_day_passes(length: timedelta = DAY) -> None:
    """Whatever was recorded until now happened a day earlier, each look and each change of history.

    A test is one transaction, in which the database's clock stands still.
    """
    Look.objects.update(looked_at=F("looked_at") - length, since_at=F("since_at") - length)
    history = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    for model, column in [*((one, "pgh_created_at") for one in history), *RECORDED]:
        with pgtrigger.ignore():
            model._default_manager.update(**{column: F(column) - 2 * length})


def school_day() -> date:
    """A day in a week or more that schools work on, and the next as well."""
    day = timezone.localdate() + timedelta(days=9)
    while not is_working_day(day) or not is_working_day(day + timedelta(days=1)):
        day += timedelta(days=1)
    return day


def seen(client: Client, person: Person, name: str = "home:home") -> None:
    """They look, and a day passes."""
    look(client, person, name)
    a_day_passes()


def move(session: Session, by: Person, days: int = 1) -> Session:
    return sessions.edit_session(
        session, by=by, starts_on=session.starts_on + timedelta(days=days),
        ends_on=session.ends_on + timedelta(days=days), starts_time=time(16, 30),
    )  # fmt: skip
