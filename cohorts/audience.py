"""The list of people as an audience for messages, and who on it must not be written to."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.urls import reverse

from cohorts import listing
from cohorts.forms.people import PeopleFilter
from cohorts.models import Participation, Person
from dlp.outbox.mailing import audiences
from dlp.outbox.mailing.audiences import Asked

State = Participation.State
BOUNCED = "Letters to them come back."
PAUSED = "They are paused."
GONE = "They left this cohort."


def people(viewer: Person, asked: QueryDict) -> Asked:
    """The people that the list shows with these filters; nobody if a filter no longer makes sense."""
    form = PeopleFilter(asked, viewer=viewer)
    url = f"{reverse('cohorts:people')}?{asked.urlencode()}"
    if not form.is_valid():
        return Asked("A list that is no longer there", url, Person.objects.get_queryset().none())
    return Asked(_in_words(form), url, listing.people(viewer, form.cleaned_data))


def _in_words(form: PeopleFilter) -> str:
    """Everyone in the 2026 Cohort, active, with “oka” in their name"""
    chosen = form.cleaned_data
    said = dict(PeopleFilter.ROLES)[chosen["role"]]
    if chosen["cohort"]:
        said += f" in the {chosen['cohort']}"
    if chosen["state"]:
        said += f", {State(chosen['state']).label.lower()}"
    return f"{said}, with “{chosen['q']}”" if chosen["q"] else said


def paused(asked: QueryDict) -> Q | None:
    """People who are away are left out, unless the list is filtered to show only them."""
    if asked.get("state") == State.DEFERRED:
        return None
    times = Participation.objects.filter(person=OuterRef("pk"))
    is_away = Exists(times.filter(state=State.DEFERRED))
    return is_away & ~Exists(times.filter(state=State.ACTIVE))


def bounced(asked: QueryDict) -> Exists:
    """People whose letters bounce are left out until their address is corrected."""
    back = Person.objects.get_queryset().whose_letters_bounce()
    return Exists(back.filter(pk=OuterRef("pk")))


def gone(asked: QueryDict) -> Exists | None:
    """People who left a cohort are left out, unless the list is filtered to show only them."""
    cohort = asked.get("cohort", "")
    if asked.get("state") == State.WITHDRAWN or not cohort.isdecimal():
        return None
    times = Participation.objects.filter(person=OuterRef("pk"), cohort=int(cohort))
    return Exists(times.filter(state=State.WITHDRAWN))


def register() -> None:
    audiences.register("people", people)
    audiences.spare(BOUNCED, bounced)
    audiences.spare(PAUSED, paused)
    audiences.spare(GONE, gone)
