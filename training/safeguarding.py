"""How people's safeguarding training stands, read for any number of them in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Subquery, When
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject, TruncDate
from django.utils import timezone

from dlp.facts import row
from training.certificates.rules import Rules
from training.certificates.standing import Held, Refresh, Training, refresh_on, training_on
from training.models import Certificate, CertificatePolicy, GuidanceEdition, KnowledgeUpdate

State = Certificate.State
COUNTED_STATES = (*Certificate.VERIFIED_STATES, State.IN_REVIEW)
IN_REVIEW_SINCE = Case(When(state=State.IN_REVIEW, then=TruncDate("submitted_at")))


class Dials(NamedTuple):
    """The two dials of a safeguarding lead: training every two years, a refresh every year."""

    training: Training
    refresh: Refresh


def facts(person: str) -> dict[str, Combinable]:
    """The certificates that matter for somebody, and the rules, as columns of a row about them.

    `told` reads them.
    """
    held = (
        Certificate.objects.of_dsl()
        .filter(person=OuterRef(person), state__in=COUNTED_STATES)
        .order_by()
        .annotate(submitted_on=IN_REVIEW_SINCE)
    )
    rules = CertificatePolicy.objects.order_by("valid_from")
    return {
        "held": ArraySubquery(held.values(json=_json(*Held.__annotations__))),
        "rules": ArraySubquery(rules.values(json=_json(*Rules._fields))),
    }


def dial_facts(person: str) -> dict[str, Combinable]:
    """The same, with their logged updates: enough for both dials in one query."""
    logged = KnowledgeUpdate.objects.filter(person=OuterRef(person)).order_by()
    return {**facts(person), "logged": ArraySubquery(logged.values(json=_json("on", "minutes")))}


def guidance_to_read(person: str, day: date) -> Combinable:
    """The name of the current guidance if somebody has not said they read it, as a column."""
    unread = GuidanceEdition.objects.unread_by(OuterRef(OuterRef(person)), day)
    return Subquery(unread.values("name"))


def _json(*names: str) -> JSONObject:
    return JSONObject(**{name: name for name in names})


def told(found: dict[str, Any]) -> tuple[list[Held], list[Rules]]:
    """Decode what `facts` found."""
    held = [Held(**vars(row(one))) for one in found["held"]]
    return held, [Rules.told(one) for one in found["rules"]]


def dials_told(found: dict[str, Any], day: date) -> Dials:
    """Decode what `dial_facts` found, as the two dials on a day."""
    held, known = told(found)
    logged = [(date.fromisoformat(one["on"]), one["minutes"]) for one in found["logged"]]
    return _dials(held, logged, day, known)


def rules_known() -> list[Rules]:
    """Every policy by its day. One query."""
    rows = CertificatePolicy.objects.order_by("valid_from").values_list(*Rules._fields)
    return [Rules(*row)._replace(notice_days=tuple(row[3])) for row in rows]


def held_of(certificates: Iterable[Certificate]) -> list[Held]:
    """The facts of these certificates that decide how their person stands."""
    return [
        Held(
            one.completed_on,
            _day_of(one) if one.state == State.IN_REVIEW else None,
            one.pk,
            one.says_until,
        )
        for one in certificates
        if one.state in COUNTED_STATES and not one.is_prevent
    ]


def trainings(people: Collection[int], day: date, known: list[Rules]) -> dict[int, Training]:
    """How the training of each of these people stands on a day. One query."""
    held: dict[int, list[Held]] = defaultdict(list)
    rows = (
        Certificate.objects.of_dsl()
        .filter(person__in=people, state__in=COUNTED_STATES)
        .annotate(submitted_on=IN_REVIEW_SINCE)
        .order_by()
        .values_list("person", "completed_on", "submitted_on", "pk", "says_until")
    )
    for person, *one in rows:
        held[person].append(Held(*one))
    return {person: training_on(day, held[person], known) for person in people}


def dials_of(
    certificates: Iterable[Certificate],
    updates: Iterable[KnowledgeUpdate],
    day: date,
    known: list[Rules],
) -> Dials:
    """Somebody's two dials, from rows that were read already."""
    logged = [(one.on, one.minutes) for one in updates]
    return _dials(held_of(certificates), logged, day, known)


def _dials(
    held: list[Held], logged: list[tuple[date, int]], day: date, known: list[Rules]
) -> Dials:
    training = training_on(day, held, known)
    trained_on = training.certificate.completed_on if training.certificate else None
    return Dials(training, refresh_on(day, logged, trained_on, known))


def _day_of(certificate: Certificate) -> date | None:
    at = certificate.submitted_at
    return timezone.localdate(at) if at else None
