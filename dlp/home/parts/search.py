"""Search: people and schools for staff, sessions for those who may see them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery

from cohorts.models import Participation, Person
from dlp import text
from dlp.text import fold
from placements.models import School, SchoolName
from training.models import Session

EACH = 10


@dataclass(frozen=True)
class FoundSchool:
    school: School
    former_name: str


@dataclass(frozen=True)
class Found:
    words: str
    people: list[Person] = field(default_factory=list)
    schools: list[FoundSchool] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    more_people: bool = False
    more_schools: bool = False
    more_sessions: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.schools or self.sessions)


def find(viewer: Person, asked: str) -> Found:
    """The first ten of each kind; nothing without words."""
    words = " ".join(text.typed(asked).split())[:100]
    if not fold(words):
        return Found(words)
    people = people_found(viewer, words) if viewer.is_staff else []
    schools = schools_found(viewer, words) if viewer.is_staff else []
    sessions = sessions_found(viewer, words)
    return Found(
        words=words,
        people=people[:EACH],
        schools=schools[:EACH],
        sessions=sessions[:EACH],
        more_people=len(people) > EACH,
        more_schools=len(schools) > EACH,
        more_sessions=len(sessions) > EACH,
    )


def people_found(viewer: Person, words: str) -> list[Person]:
    """People by name, address or TRN, each with their latest cohort."""
    latest = Participation.objects.filter(person=OuterRef("pk")).order_by("-starts_on")
    people = Person.objects.visible_to(viewer).matching(words)
    return list(
        people.annotate(
            cohort_name=Subquery(latest.values("cohort__name")[:1]),
            cohort_state=Subquery(latest.values("state")[:1]),
        ).order_by("search_text", "pk")[: EACH + 1]
    )


def schools_found(viewer: Person, words: str) -> list[FoundSchool]:
    """Schools by name, former name, town, postcode or URN; says which former name matched."""
    names = SchoolName.objects.filter(school=OuterRef("pk")).order_by("-held_to", "pk")
    schools = (
        School.objects.visible_to(viewer)
        .matching(words)
        .annotate(names=ArraySubquery(names.values("name")))
        .select_related("parent")
        .order_by("search_text", "pk")
    )
    return [FoundSchool(one, former_name(one, words)) for one in schools[: EACH + 1]]


def former_name(school: School, words: str) -> str:
    """The former name that matches a word which the current name does not."""
    wanted = [word for word in fold(words).split() if word not in fold(school.name)]
    names: list[str] = school.names  # type: ignore[attr-defined]
    return next((name for name in names if any(word in fold(name) for word in wanted)), "")


def sessions_found(viewer: Person, words: str) -> list[Session]:
    """Sessions whose title or place contains every word, the latest first."""
    sessions = Session.objects.visible_to(viewer)
    for word in words.split():
        sessions = sessions.filter(Q(title__icontains=word) | Q(venue_name__icontains=word))
    return list(sessions.order_by("-starts_at", "pk")[: EACH + 1])
