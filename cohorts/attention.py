"""What waits for programme staff about people and cohorts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Participation, ParticipationChange, Person
from cohorts.permissions import can_change_programme
from dlp import attention, words
from dlp.attention import Line

State = Participation.State
AREA = "People"
BACK_SOON = timedelta(days=14)
SILENT_AFTER = timedelta(days=7)
COHORT_AHEAD = timedelta(days=60)
NAMED_AT_MOST = 3
AT_MOST = 50
"""Of each sort; more would be a list, and there is a page for it."""


def people_waiting(person: Person, today: date) -> list[Line]:
    """Deferrals to look at again, people due back, first days that passed, unanswered invitations."""
    if not can_change_programme(person):
        return []
    return [*_deferrals(today), *_not_started(today), *_silent(today), *_small_cohorts(today)]


def _deferrals(today: date) -> list[Line]:
    latest = (
        ParticipationChange.objects.filter(
            participation=OuterRef("pk"),
            kind=ParticipationChange.Kind.DEFERRED,
            undoes=None,
            undone_by=None,
            effective_on__lte=today,
        )
        .order_by("-effective_on", "-recorded_at")
        .values
    )
    deferred = (
        Participation.objects.filter(state=State.DEFERRED)
        .annotate(
            review_on=Subquery(latest("review_on")[:1]),
            back_on=Subquery(latest("expected_return_on")[:1]),
        )
        .filter(Q(review_on__lte=today) | Q(back_on__lte=today + BACK_SOON))
        .select_related("person", "cohort")[:AT_MOST]
    )
    return [_deferral_line(participation, today) for participation in deferred]


def _deferral_line(participation: Participation, today: date) -> Line:
    back_on: date | None = participation.back_on  # type: ignore[attr-defined]
    review_on: date | None = participation.review_on  # type: ignore[attr-defined]
    if back_on is not None and back_on <= today + BACK_SOON:
        is_late = back_on < today
        return Line(
            key=f"cohorts.back:{participation.pk}",
            sign="bad" if is_late else "soon",
            title=f"{participation.person} {'was' if is_late else 'is'} expected back",
            detail=f"{participation.cohort}. {words.day(back_on)}, {words.from_today(back_on)}.",
            url=reverse("cohorts:participation_resume", args=[participation.pk]),
            action="Record the return",
            area=AREA,
        )
    assert review_on is not None  # noqa: S101  the filter asked for one of the two
    return Line(
        key=f"cohorts.review:{participation.pk}:{review_on}",
        sign="due",
        title=f"Look again at {participation.person}’s deferral",
        detail=f"{participation.cohort}. It was to be on {words.day(review_on)}.",
        url=participation.person.get_absolute_url(),
        action="Look",
        area=AREA,
    )


def _not_started(today: date) -> list[Line]:
    waiting = Participation.objects.filter(state=State.ACCEPTED, starts_on__lte=today)
    ahead = ParticipationChange.objects.filter(
        kind=ParticipationChange.Kind.STARTED, effective_on__gt=today, undone_by=None, undoes=None
    )
    return [
        Line(
            key=f"cohorts.not_started:{participation.pk}",
            sign="due",
            title=f"{participation.person} has not been recorded as started",
            detail=f"{participation.cohort}. Their first day was "
            f"{words.day(participation.starts_on)}.",
            url=reverse("cohorts:participation_start", args=[participation.pk]),
            action="Record the start",
            area=AREA,
        )
        for participation in waiting.exclude(pk__in=ahead.values("participation")).select_related(
            "person", "cohort"
        )[:AT_MOST]
    ]


def _silent(today: date) -> list[Line]:
    """A line each for a few; one line for many, as after a whole cohort was invited."""
    before = timezone.now() - SILENT_AFTER
    silent = Person.objects.get_queryset().filter(
        is_active=True, last_login=None, invited_at__lt=before, email__isnull=False
    )
    people = list(silent.order_by("invited_at")[: NAMED_AT_MOST + 1])
    if len(people) > NAMED_AT_MOST:
        return [_many_silent_line(silent.count())]
    return [_silent_line(person) for person in people]


def _silent_line(person: Person) -> Line:
    invited_at = cast(datetime, person.invited_at)
    return Line(
        key=f"cohorts.silent:{person.pk}:{invited_at:%Y%m%d}",
        sign="soon",
        title=f"{person} has not signed in yet",
        detail=f"Invited {words.from_today(invited_at)}, on {words.day(invited_at)}.",
        url=person.get_absolute_url(),
        action="Look",
        area=AREA,
    )


def _many_silent_line(number: int) -> Line:
    return Line(
        key=f"cohorts.silent:{number}",
        sign="soon",
        title=f"{number} invited people have not signed in yet",
        detail="Each was invited more than a week ago. Their pages send the invitation again.",
        url=reverse("cohorts:people"),
        action="See the people",
        area=AREA,
    )


def _small_cohorts(today: date) -> list[Line]:
    cohorts = Cohort.objects.filter(
        starts_on__gte=today, starts_on__lte=today + COHORT_AHEAD
    ).annotate(
        people_count=Count(
            "participations", filter=Q(participations__state__in=Participation.CURRENT_STATES)
        )
    )
    return [
        Line(
            key=f"cohorts.small:{cohort.pk}",
            sign="due",
            title=f"{cohort} has {words.count(cohort.people_count, 'person', 'people')} "
            f"for {words.count(cohort.target_size, 'place')}",
            detail=f"It starts {words.from_today(cohort.starts_on)}, "
            f"on {words.day(cohort.starts_on)}.",
            url=cohort.get_absolute_url(),
            action="See who is in",
            area="Cohorts",
        )
        for cohort in cohorts
        if cohort.people_count < cohort.target_size
    ]


def register() -> None:
    attention.register(people_waiting)
