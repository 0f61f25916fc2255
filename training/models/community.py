"""The community that twilights are for: people on the programme, alumni, school leads."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from cohorts.models import Participation, Person
from placements.models import SchoolContact


class SignUp(models.TextChoices):
    """Who may sign up for a session; people who are invited always may."""

    INVITED = "invited", "Only who is invited"
    COHORTS = "cohorts", "Everybody in its cohorts"
    PROGRAMME = "programme", "Everybody on the programme"
    COMMUNITY = "community", "Everybody on the programme, alumni and school leads"


class Guests(models.TextChoices):
    """Whom staff may invite to a session beside its cohorts."""

    ALUMNI = "alumni", "Alumni"
    HOSTS = "hosts", "School leads"

    @property
    def people(self) -> QuerySet[Person]:
        """Those of them who may be invited today, in order of name."""
        people = Person.objects.filter(is_active=True).order_by("search_text", "pk")
        if self == Guests.HOSTS:
            leads = SchoolContact.objects.signing_in_on(timezone.localdate())
            return people.filter(pk__in=leads.values("person"))
        completed = Participation.objects.filter(state=Participation.State.COMPLETED)
        return people.filter(pk__in=completed.values("person"))


def is_on_programme(person: Person) -> Q:
    """Whether they are on the programme: neither deferred nor gone. Costs no query."""
    return Q(Exists(Participation.objects.expected().filter(person=person)))


def has_completed(person: Person) -> Q:
    done = Participation.objects.filter(person=person, state=Participation.State.COMPLETED)
    return Q(Exists(done))


def leads_a_school(person: Person) -> Q:
    today = timezone.localdate()
    return Q(Exists(SchoolContact.objects.signing_in_on(today).filter(person=person)))


def belongs(person: Person) -> Q:
    """Whether they belong to any of the three groups."""
    return is_on_programme(person) | has_completed(person) | leads_a_school(person)


def may_sign_up(person: Person, of_cohorts: QuerySet[Any, Any]) -> Q:
    """The sessions open to this person; `of_cohorts` says which are for which cohort."""
    expected = Participation.objects.expected().filter(person=person)
    theirs = of_cohorts.filter(cohort__in=expected.values("cohort")).values("session")
    return (
        Q(sign_up=SignUp.COHORTS, pk__in=theirs)
        | (Q(sign_up=SignUp.PROGRAMME) & is_on_programme(person))
        | (Q(sign_up=SignUp.COMMUNITY) & belongs(person))
    )
