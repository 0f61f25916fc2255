"""People who joined or returned after their cohort was invited to future sessions.

Joining invites nobody: staff see which people this concerns, and invite them on one page.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject, Now

from cohorts.models import Participation, ParticipationChange
from cohorts.names import name_facts, name_of
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses
from dlp.words import count, from_today
from training.models import Booking, Session
from training.models.sessions import SessionQuerySet

Kind = ParticipationChange.Kind
CAME = (Kind.ACCEPTED, Kind.STARTED, Kind.RESUMED, Kind.REINSTATED)
LATELY = timedelta(days=60)
"""How long after somebody came staff are told of them."""


def missed_out(participation: Participation) -> SessionQuerySet:
    """Future sessions to which their cohort was invited and they were not, the next one first."""
    one = participation
    return _asked_without(one.person_id, one.cohort_id, one.starts_on).order_by("starts_at", "pk")


def matter(participations: QuerySet[Participation], area: str, today: date) -> Matter:
    """Those of these people who came late and should be invited."""
    without = _asked_without(
        OuterRef(OuterRef("person")), OuterRef("cohort"), OuterRef("starts_on")
    )
    came = ParticipationChange.objects.filter(kind__in=CAME, recorded_at__gte=Now() - LATELY)
    newcomers = participations.filter(
        Exists(without),
        state__in=Participation.EXPECTED_STATES,
        person__is_active=True,
        pk__in=came.order_by().values("participation"),
    )

    def line(one: Any) -> Line:
        return Line(
            key=f"newcomer:{one.pk}:{one.number}",
            sign="due",
            title=f"Not asked to {count(one.number, 'session')}: {name_of(one.person)}",
            detail=f"Others of the {one.cohort} were. The next is {one.title}, "
            f"{from_today(one.next_on, today=today)}.",
            url=addresses("training:newcomer")(one.pk),
            action="Ask them",
            area=area,
            owners=owned_by(one.owner),
        )

    number = without.order_by().values(once=OuterRef("pk")).annotate(n=Count("pk")).values("n")
    following = without.order_by("starts_at", "pk")
    facts = JSONObject(
        pk="pk",
        person=name_facts("person__"),
        cohort="cohort__name",
        owner="cohort__coordinator_id",
        number=Subquery(number),
        title=Subquery(following.values("title")[:1]),
        next_on=Subquery(following.values("starts_on")[:1]),
    )
    return Matter(newcomers.order_by("person__search_text", "pk"), facts, line)


def _asked_without(person: Any, cohort: Any, first_day: Any) -> SessionQuerySet:
    asked = Booking.objects.filter(session=OuterRef("pk"))
    ahead = Session.objects.published().filter(
        starts_at__gt=Now(), ends_on__gte=first_day, cohorts=cohort, group=None
    )
    return ahead.filter(Exists(asked), ~Exists(asked.filter(person=person)))
