"""Sessions that somebody missed in a row: a reason to ring them, and no more than that.

Absences with no other mark after them are counted. An excused session breaks the row and is not
missed; unmarked and cancelled ones are skipped. Paused people are expected nowhere, and left out.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, Now

from cohorts.models import Participation
from cohorts.names import name_facts, name_of
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses
from dlp.words import from_today, in_words
from training.models import Booking, Session
from training.models.bookings import BookingQuerySet

MANY = 3
"""So many in a row are shown to staff."""
LATELY = timedelta(days=60)
"""The latest of them was marked within this time; without recent sessions nobody misses any."""
ABSENT = Booking.Attendance.ABSENT


def missed_in_a_row(person: str) -> Coalesce:
    """How many in a row, as an annotation for rows that lead to a person by this path."""
    row = _row().filter(person=OuterRef(person)).order_by().values("person")
    return Coalesce(Subquery(row.annotate(number=Count("pk")).values("number")), Value(0))


def missing(participations: QuerySet[Participation]) -> QuerySet[Participation]:
    """Rows whose person is expected and missed too many in a row, annotated with `missed`."""
    lately = Booking.objects.filter(attendance=ABSENT, marked_at__gte=Now() - LATELY)
    expected = participations.filter(
        state__in=Participation.EXPECTED_STATES, person__in=lately.order_by().values("person")
    )
    with_missed = expected.annotate(missed=missed_in_a_row("person")).filter(missed__gte=MANY)
    return with_missed.order_by("-missed", "person__search_text", "pk")


def matter(participations: QuerySet[Participation], area: str, today: date) -> Matter:
    """The people among these to ring."""
    last = _row().filter(person=OuterRef("person")).order_by("-session__starts_at", "-pk")

    def line(one: Any) -> Line:
        return Line(
            key=f"missed:{one.person_id}:{one.missed}",
            sign="due",
            title=f"Missed {in_words(one.missed)} in a row: {name_of(one.person)}",
            detail=f"The last was {one.last_title}, {from_today(one.last_on, today=today)}.",
            url=addresses("home:person")(one.person_id),
            action="See their sessions",
            area=area,
            owners=owned_by(one.owner),
        )

    facts = JSONObject(
        person=name_facts("person__"),
        person_id="person_id",
        missed="missed",
        last_title=Subquery(last.values("session__title")[:1]),
        last_on=Subquery(last.values("session__starts_on")[:1]),
        owner="cohort__coordinator_id",
    )
    return Matter(missing(participations), facts, line)


def _row() -> BookingQuerySet:
    """The absences after which there is no other mark."""
    held = Booking.objects.filter(session__state=Session.State.PUBLISHED)
    ended = held.exclude(attendance__in=["", ABSENT]).filter(
        person=OuterRef("person"), session__starts_at__gt=OuterRef("session__starts_at")
    )
    return held.filter(~Exists(ended), attendance=ABSENT)
