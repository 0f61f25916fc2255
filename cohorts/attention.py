"""What waits for programme staff about people and cohorts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import JSONObject, Now
from django.urls import reverse

from cohorts.models import Cohort, Likeness, Participation, ParticipationChange, Person
from cohorts.models.people import PersonQuerySet
from cohorts.names import name_facts, name_of
from cohorts.permissions import can_change_programme
from dlp import attention, words
from dlp.attention import Line, Matter, owned_by
from dlp.http import addresses

State = Participation.State
AREA = "People"
BACK_SOON = timedelta(days=14)
REVIEW_SOON = timedelta(days=7)
SILENT_AFTER = timedelta(days=7)
COHORT_AHEAD = timedelta(days=60)
NAMED_AT_MOST = 3
ABOUT_PARTICIPATION = {
    "pk": "pk",
    "person": name_facts("person__"),
    "person_id": "person_id",
    "cohort": "cohort__name",
    "owner": "cohort__coordinator_id",
}


def people_waiting(person: Person, today: date) -> list[Line]:
    """Deferrals to look at again, people due back, first days that passed, unanswered invitations."""
    if not can_change_programme(person):
        return []
    return attention.question_of(today, _matters).answer()


def _matters(today: date) -> list[Matter]:
    return [
        _deferrals(today), _not_started(today), _silent(), _bounced(), _small_cohorts(today),
        _duplicates(),
    ]  # fmt: skip


def _deferrals(today: date) -> Matter:
    deferred = (
        Participation.objects.filter(state=State.DEFERRED)
        .with_deferral(today)
        .filter(Q(review_on__lte=today + REVIEW_SOON) | Q(back_on__lte=today + BACK_SOON))
    )

    def line(deferral: Any) -> Line:
        is_due_back = deferral.back_on is not None and deferral.back_on <= today + BACK_SOON
        return _back_line(deferral, today) if is_due_back else _review_line(deferral, today)

    facts = JSONObject(**ABOUT_PARTICIPATION, review_on="review_on", back_on="back_on")
    return Matter(deferred, facts, line)


def _back_line(deferral: Any, today: date) -> Line:
    is_late = deferral.back_on < today
    back_on = deferral.back_on
    return Line(
        key=f"cohorts.back:{deferral.pk}",
        sign="bad" if is_late else "soon",
        title=f"{name_of(deferral.person)} {'was' if is_late else 'is'} expected back",
        detail=f"{deferral.cohort}. {words.day(back_on)}, {words.from_today(back_on)}.",
        url=addresses("cohorts:participation_resume")(deferral.pk),
        action="Record the return",
        area=AREA,
        owners=owned_by(deferral.owner),
    )


def _review_line(deferral: Any, today: date) -> Line:
    review_on = deferral.review_on
    return Line(
        key=f"cohorts.review:{deferral.pk}:{review_on}",
        sign="soon" if review_on > today else "due",
        title=f"Look again at {name_of(deferral.person)}’s deferral",
        detail=f"{deferral.cohort}. {words.day(review_on)}, {words.from_today(review_on)}.",
        url=addresses("cohorts:participation_review")(deferral.pk),
        action="Look again",
        area=AREA,
        owners=owned_by(deferral.owner),
    )


def _not_started(today: date) -> Matter:
    ahead = ParticipationChange.objects.filter(
        participation=OuterRef("pk"),
        kind=ParticipationChange.Kind.STARTED,
        effective_on__gt=today,
        undone_by=None,
        undoes=None,
    )
    waiting = Participation.objects.filter(
        ~Exists(ahead), state=State.ACCEPTED, starts_on__lte=today
    )

    def line(participation: Any) -> Line:
        return Line(
            key=f"cohorts.not_started:{participation.pk}",
            sign="due",
            title=f"{name_of(participation.person)} has not been recorded as started",
            detail=f"{participation.cohort}. Their first day was "
            f"{words.day(participation.starts_on)}.",
            url=addresses("cohorts:participation_start")(participation.pk),
            action="Record the start",
            area=AREA,
            owners=owned_by(participation.owner),
        )

    return Matter(waiting, JSONObject(**ABOUT_PARTICIPATION, starts_on="starts_on"), line)


def _silent() -> Matter:
    """People who have not answered an invitation: a line each for a few, one line for many."""
    before = Now() - SILENT_AFTER
    silent = Person.objects.get_queryset().filter(
        is_active=True, last_login=None, invited_at__lt=before, email__isnull=False
    )

    def line(person: Any) -> Line:
        many = person.number > NAMED_AT_MOST
        return _many_silent_line(person.number) if many else _silent_line(person)

    return _few_named(silent.order_by("invited_at"), line)


def _few_named(people: PersonQuerySet, line: Callable[[Any], Line]) -> Matter:
    """The first of these people, each with their coordinator and the total number of people."""
    counted = people.order_by().values("is_active").annotate(number=Count("pk")).values("number")
    cohort = Participation.objects.current().filter(person=OuterRef("pk"))
    facts = JSONObject(
        pk="pk",
        name=name_facts(),
        email="email",
        invited_at="invited_at",
        number="number",
        owner=Subquery(cohort.order_by("-starts_on").values("cohort__coordinator")[:1]),
    )
    return Matter(people.annotate(number=Subquery(counted))[:NAMED_AT_MOST], facts, line)


def _silent_line(person: Any) -> Line:
    invited_at = person.invited_at
    return Line(
        key=f"cohorts.silent:{person.pk}:{invited_at:%Y%m%d}",
        sign="soon",
        title=f"{name_of(person.name)} has not signed in yet",
        detail=f"Invited {words.from_today(invited_at)}, on {words.day(invited_at)}.",
        url=addresses("home:person")(person.pk),
        action="Look",
        area=AREA,
        owners=owned_by(person.owner),
    )


def _many_silent_line(number: int) -> Line:
    return Line(
        key=f"cohorts.silent:{number}",
        sign="soon",
        title=f"{words.figure(number)} invited people have not signed in yet",
        detail="Each was invited more than a week ago. Their pages send the invitation again.",
        url=reverse("cohorts:people"),
        action="See the people",
        area=AREA,
    )


def _bounced() -> Matter:
    """People whose letters bounce until somebody corrects their address (R8)."""
    back = Person.objects.get_queryset().filter(is_active=True).whose_letters_bounce()

    def line(person: Any) -> Line:
        more = person.number - NAMED_AT_MOST
        others = f" So it is for {words.count(more, 'other', 'others')}." if more > 0 else ""
        return Line(
            key=f"cohorts.bounced:{person.pk}",
            sign="bad",
            title=f"Letters to {name_of(person.name)} come back",
            detail=f"{person.email} takes none. Nothing is sent until it is put right.{others}",
            url=addresses("home:person")(person.pk),
            action="Put it right",
            area=AREA,
            owners=owned_by(person.owner),
        )

    return _few_named(back.order_by("search_text", "pk"), line)


def _small_cohorts(today: date) -> Matter:
    cohorts = (
        Cohort.objects.filter(starts_on__gte=today, starts_on__lte=today + COHORT_AHEAD)
        .annotate(
            people_count=Count(
                "participations", filter=Q(participations__state__in=Participation.CURRENT_STATES)
            )
        )
        .filter(people_count__lt=F("target_size"))
    )

    def line(cohort: Any) -> Line:
        return Line(
            key=f"cohorts.small:{cohort.pk}",
            sign="due",
            title=f"{cohort.name} has {words.count(cohort.people_count, 'person', 'people')} "
            f"for {words.count(cohort.target_size, 'place')}",
            detail=f"It starts {words.from_today(cohort.starts_on)}, "
            f"on {words.day(cohort.starts_on)}.",
            url=addresses("home:cohort")(cohort.pk),
            action="See who is in",
            area="Cohorts",
            owners=owned_by(cohort.owner),
        )

    names = ("pk", "name", "starts_on", "target_size", "people_count")
    facts = JSONObject(owner="coordinator_id", **{name: name for name in names})
    return Matter(cohorts, facts, line)


def _duplicates() -> Matter:
    """One line for all likely duplicates. They are compared every ten minutes, so it may lag."""
    pairs = Likeness.objects.open().order_by()
    counted = pairs.annotate(number=Window(Count("pk")))[:1]

    def line(found: Any) -> Line:
        return Line(
            key=f"cohorts.duplicates:{found.number}",
            sign="soon",
            title=f"{words.count(found.number, 'pair', 'pairs')} of people may be one and the same",
            detail="They are alike in name and in something else, or wholly in name.",
            url=reverse("cohorts:duplicates"),
            action="Compare",
            area=AREA,
        )

    return Matter(counted, JSONObject(number="number"), line)


def register() -> None:
    attention.register(people_waiting)
