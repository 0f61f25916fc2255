"""Who is responsible today: staff, coordinators, and the covers of those who are away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject

from cohorts.models import Cohort, Person
from cohorts.names import name_facts, name_of
from dlp import facts, words
from dlp.attention import Line
from dlp.home.models import Cover


@dataclass(frozen=True)
class Away:
    """One cover, as the person who is away set it."""

    covered_by: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Colleague:
    pk: int
    name: str
    works_here: bool
    coordinates: bool
    away: tuple[Away, ...]
    """Current and future covers, the earliest first."""

    def cover_on(self, day: date) -> Away | None:
        return next((one for one in self.away if one.starts_on <= day <= one.ends_on), None)


@dataclass(frozen=True)
class Team:
    """The staff on one day."""

    today: date
    people: dict[int, Colleague]

    def answering(self, owner: int) -> list[int]:
        """Who answers for what `owner` owns: the owner, their cover, the cover's cover and so on.

        Nobody, so that it is everybody's, if the owner or the last cover no longer works here, or
        if people who are away cover each other.
        """
        chain: list[int] = []
        following: int | None = owner
        while following is not None:
            colleague = self.people.get(following)
            if colleague is None or not colleague.works_here or following in chain:
                return []
            chain.append(following)
            cover = colleague.cover_on(self.today)
            following = cover.covered_by if cover else None
        return chain

    def is_for(self, person: int, line: Line) -> bool:
        """Whether a line waits for this person: theirs, nobody's, or of somebody they cover."""
        chains = [self.answering(owner) for owner in line.owners]
        return not chains or any(not chain or person in chain for chain in chains)

    def narrows(self, person: int) -> bool:
        """Whether anything is this person's own; for others everything is everybody's."""
        colleague = self.people.get(person)
        return colleague is not None and (colleague.coordinates or self._covers(person))

    def _covers(self, person: int) -> bool:
        """Whether this person covers anybody today."""
        covers = (colleague.cover_on(self.today) for colleague in self.people.values())
        return any(cover is not None and cover.covered_by == person for cover in covers)

    def for_whom(self, person: int, line: Line) -> str:
        """Whose line it is, if it is not this person's: "for Lena Hart"."""
        known = [self.people[owner] for owner in line.owners if owner in self.people]
        if not known or person in line.owners:
            return ""
        return f"for {words.joined([self._named(colleague) for colleague in known])}"

    def _named(self, colleague: Colleague) -> str:
        if not colleague.works_here:
            return f"{colleague.name}, who no longer works here"
        if not self.answering(colleague.pk):
            return f"{colleague.name}, who is away without cover"
        return colleague.name

    def unanswered(self, owner: int, one: Away) -> date | None:
        """The first day of a cover, from today on, on which nobody answers for `owner`."""
        first = max(one.starts_on, self.today)
        begins = (away.starts_on for each in self.people.values() for away in each.away)
        days = sorted({first, *(day for day in begins if first < day <= one.ends_on)})
        return next((day for day in days if not replace(self, today=day).answering(owner)), None)

    def notices(self, person: int) -> list[str]:
        """Whom this person covers and who covers them, now and later, as the desk says it."""
        said = []
        for colleague in self.people.values():
            for one in colleague.away:
                if colleague.pk == person and one.covered_by in self.people:
                    said.append((one.starts_on, self._away(one)))
                elif one.covered_by == person:
                    said.append((one.starts_on, self._covering(colleague, one)))
        return [sentence for _, sentence in sorted(said)]

    def _away(self, one: Away) -> str:
        name = self.people[one.covered_by].name
        if one.starts_on > self.today:
            return f"{name} covers you {words.span(one.starts_on, one.ends_on)}."
        return f"{name} covers you until {words.plain_day(one.ends_on)}."

    def _covering(self, colleague: Colleague, one: Away) -> str:
        if one.starts_on > self.today:
            return f"You cover {colleague.name} {words.span(one.starts_on, one.ends_on)}."
        return f"You cover {colleague.name} until {words.plain_day(one.ends_on)}."


def answering(owner: Person, day: date) -> Sequence[Person]:
    """Who answers for a member of staff on a day, themselves first; nobody if they left.

    One query unless they are away.
    """
    if not Cover.objects.running_on(day).filter(person=owner).exists():
        return [owner] if owner.is_staff and owner.is_active else []
    keys = team(day).answering(owner.pk)
    people = Person.objects.in_bulk(keys)
    return [people[key] for key in keys]


def team(day: date) -> Team:
    """The staff on a day, with coordinators and people in covers, in one query."""
    covers = Cover.objects.open_on(day)
    cohorts = Cohort.objects.order_by()
    everybody = Person.objects.get_queryset().order_by()
    named = (
        everybody.filter(is_staff=True)
        .values("pk")
        .union(
            cohorts.exclude(coordinator=None).values("coordinator"),
            covers.order_by().values("covered_by"),
        )
    )
    away = covers.filter(person=OuterRef("pk")).order_by("starts_on")
    rows = everybody.filter(pk__in=named).values_list(
        "pk",
        name_facts(),
        "is_staff",
        "is_active",
        Exists(cohorts.filter(coordinator=OuterRef("pk"), ends_on__gte=day)),
        ArraySubquery(
            away.values(
                one=JSONObject(covered_by="covered_by_id", starts_on="starts_on", ends_on="ends_on")
            )
        ),
    )
    people = (
        Colleague(
            pk=pk,
            name=name_of(name),
            works_here=is_staff and is_active,
            coordinates=coordinates,
            away=tuple(Away(**vars(facts.row(one))) for one in covered),
        )
        for pk, name, is_staff, is_active, coordinates, covered in rows
    )
    return Team(day, {colleague.pk: colleague for colleague in people})
