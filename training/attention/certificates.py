"""Attention lines about safeguarding training, for people who review certificates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject, TruncDate

from cohorts.models import Participation
from cohorts.names import name_facts, name_of
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses
from dlp.words import from_today, plain_day
from placements.models import SafeguardingRole
from training.models import Certificate, CertificatePolicy

AREA = "Safeguarding"


def matters(today: date) -> list[Matter]:
    return [certificates_to_review(today), roles_without_training(today)]


def certificates_to_review(today: date) -> Matter:
    """Certificates handed in and not reviewed yet, the longest waiting first.

    The current rules say how many days one of a safeguarding lead counts meanwhile.
    """
    rules = CertificatePolicy.objects.on(today)
    waiting = (
        Certificate.objects.filter(state=Certificate.State.IN_REVIEW)
        .annotate(handed_in_on=TruncDate("submitted_at"))
        .order_by("submitted_at", "pk")
    )

    def line(one: Any) -> Line:
        counts_until = one.handed_in_on + timedelta(days=one.review_days)
        is_over = today > counts_until
        counts = f" It {'counted' if is_over else 'counts'} until {plain_day(counts_until)}"
        counts += ", and counts no more until somebody looks." if is_over else " meanwhile."
        return Line(
            key=f"certificate-review:{one.pk}",
            sign="bad" if is_over else "due",
            title=f"Certificate to look at: {name_of(one.person)}",
            detail=f"Handed in {from_today(one.handed_in_on, today=today)}."
            f"{'' if one.kind in Certificate.PREVENT_KINDS else counts}",
            url=addresses("training:certificate")(one.pk),
            action="Look at it",
            area=AREA,
            owners=owned_by(*one.coordinators),
        )

    facts = JSONObject(
        pk="pk",
        person=name_facts("person__"),
        handed_in_on="handed_in_on",
        kind="kind",
        review_days=Subquery(rules.values("review_days")),
        coordinators=_coordinators(),
    )
    return Matter(waiting, facts, line)


def roles_without_training(today: date) -> Matter:
    """Leaders with a safeguarding role and no current training (R-DSL-06)."""
    trained = Certificate.objects.current_on(today).filter(person=OuterRef("person"))
    in_review = Certificate.objects.in_review_on(today).filter(person=OuterRef("person"))
    untrained = (
        SafeguardingRole.objects.not_over_on(today)
        .filter(~Exists(trained), ~Exists(in_review))
        .order_by("starts_on", "pk")
    )

    def line(one: Any) -> Line:
        has_begun = one.starts_on <= today
        title = f"{'Not trained' if has_begun else 'To be trained'}: {name_of(one.person)}"
        since = "since" if has_begun else "from"
        return Line(
            key=f"role-untrained:{one.pk}",
            sign="bad" if has_begun else "due",
            title=title,
            detail=f"Holds a safeguarding role at {one.school} {since} {plain_day(one.starts_on)}, "
            "and no current training is recorded.",
            url=addresses("training:safeguarding")(one.person_id),
            action="See where they stand",
            area=AREA,
            owners=owned_by(*one.coordinators),
        )

    facts = JSONObject(
        pk="pk",
        person=name_facts("person__"),
        person_id="person_id",
        school="school__name",
        starts_on="starts_on",
        coordinators=_coordinators(),
    )
    return Matter(untrained, facts, line)


def _coordinators() -> ArraySubquery:
    times = Participation.objects.current().filter(person=OuterRef("person"))
    return ArraySubquery(times.order_by().values("cohort__coordinator"))
