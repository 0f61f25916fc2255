"""The main pages, for whom each is, and what it may cost (architecture.md, Budget)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from cohorts.models import Cohort, Participation, Person
from dlp.bench.measuring import Figures
from placements.models import Placement, SchoolContact
from training.models import Session, SupervisionGroup

LARGEST_KILOBYTES = 150


@dataclass(frozen=True)
class Allowance:
    """What a page may cost.

    `growth` limits its CPU time at the largest size, relative to the smallest.
    """

    queries: int = 12
    repeats: int = 2
    ratio: float | None = 2.3
    cpu_ms: float | None = None
    wall_ms: float | None = None
    growth: float | None = 1.3

    def broken_by(self, found: Figures) -> list[str]:
        """Which limits are exceeded, in words."""
        limits = [
            (found.queries, self.queries, "queries"),
            (found.repeats, self.repeats, "times one text"),
            (found.ratio, self.ratio, "× the bare view"),
            (found.cpu_ms, self.cpu_ms, "ms of CPU"),
            (found.wall_ms, self.wall_ms, "ms"),
        ]
        if self.wall_ms is None:
            limits.append((found.kilobytes, LARGEST_KILOBYTES, "kB"))
        return [
            f"{number:.4g} {what}, {limit:g} allowed"
            for number, limit, what in limits
            if limit is not None and number > limit
        ]


PAGE = Allowance()
SHEET = Allowance(queries=8)
SEARCH = Allowance(cpu_ms=30, growth=2)
REPORT = Allowance(ratio=None, growth=2)
"""Counts over everybody, whatever part of it is shown."""
EXPORT = Allowance(ratio=None, wall_ms=2_000, growth=None)
"""Grows by its nature: it holds everybody."""


@dataclass(frozen=True)
class BenchPage:
    name: str
    role: str
    person: Person
    path: str
    allowance: Allowance = PAGE

    @property
    def title(self) -> str:
        return f"{self.role}: {self.name}"


@dataclass(frozen=True)
class Cast:
    """The people and things whose pages are requested: the same at every size."""

    coordinator: Person
    facilitator: Person
    supervisor: Person
    host: Person
    leader: Person
    cohort: Cohort

    @classmethod
    def found(cls) -> Cast:
        people = Person.objects.get_queryset().order_by("pk")

        def first(role: str) -> Person:
            return people.filter(email__startswith=role).earliest("pk")

        return cls(
            coordinator=first("coordinator"),
            facilitator=first("facilitator"),
            supervisor=first("supervisor"),
            host=first("host"),
            leader=first("leader"),
            cohort=Cohort.objects.earliest("pk"),
        )


def pages() -> list[BenchPage]:
    cast = Cast.found()
    return [*staff_pages(cast), *leader_pages(cast), *guest_pages(cast)]


def staff_pages(cast: Cast) -> list[BenchPage]:
    at = _asker("staff", cast.coordinator)
    large = Session.objects.get(facilitators=cast.facilitator)
    school = SchoolContact.objects.filter(person=cast.host).values("school")
    people, admin = reverse("cohorts:people"), "admin:cohorts_person"
    full = Cohort.objects.filter(name="Cohort 2").first()
    return [
        at("desk", reverse("home:desk")),
        at("cohorts", reverse("cohorts:list")),
        at("cohort", cast.cohort.get_absolute_url()),
        *([at("cohort of 200", full.get_absolute_url())] if full else []),
        at("who can complete", reverse("home:cohort_completing", args=[cast.cohort.pk])),
        at("progress board", reverse("cohorts:board", args=[cast.cohort.pk])),
        *([at("progress board of 200", reverse("cohorts:board", args=[full.pk]))] if full else []),
        at("people", people),
        at("people, page 2", f"{people}?page=2"),
        at("people, active", f"{people}?role=participant&state=active"),
        at("people, by name", f"{people}?q=achebe", SEARCH),
        at("person", cast.leader.get_absolute_url()),
        at("two years", reverse("home:two_years", args=[cast.leader.pk])),
        at("timeline", reverse("home:timeline", args=[cast.leader.pk])),
        at("schools", reverse("placements:schools")),
        at("schools, partners", f"{reverse('placements:schools')}?partnership=partner"),
        at("school", reverse("home:school", args=[school.get()["school"]])),
        at("sessions", f"{reverse('training:calendar')}?whose=all"),
        at("sessions, mine", reverse("training:calendar")),
        at("session of 100", large.get_absolute_url(), SHEET),
        at("placement", _placement(cast).get_absolute_url()),
        at("placements", reverse("placements:placements"), REPORT),
        at("map", reverse("placements:map"), REPORT),
        at("placements of a cohort", _of_cohort("placements:placements", cast)),
        at("groups", reverse("training:groups")),
        at("cover", reverse("home:covers")),
        at("messages", reverse("outbox:messages")),
        at("messages, sent", f"{reverse('outbox:messages')}?show=sent"),
        at("messages, by name", f"{reverse('outbox:messages')}?show=all&q=achebe", SEARCH),
        at("search", f"{reverse('home:search')}?q=achebe", SEARCH),
        at("search, mistyped", f"{reverse('home:search')}?q=harbuor+lnae", SEARCH),
        at("admin, people", reverse(f"{admin}_changelist")),
        at("admin, person", reverse(f"{admin}_change", args=[cast.leader.pk])),
        at("people as CSV", reverse("cohorts:people_export"), EXPORT),
        at("admin, people as CSV", reverse(f"{admin}_export"), EXPORT),
        at("placements as CSV", reverse("placements:placements_export"), EXPORT),
        at("messages as CSV", f"{reverse('outbox:messages_export')}?show=all", EXPORT),
        at("attendance of a cohort as CSV", _of_cohort("training:attendance_export", cast), EXPORT),
        at("people to Excel", f"{reverse('cohorts:people_export')}?file=xlsx", EXPORT),
    ]


def _of_cohort(name: str, cast: Cast) -> str:
    return f"{reverse(name)}?whose=all&cohort={cast.cohort.pk}"


def leader_pages(cast: Cast) -> list[BenchPage]:
    at = _asker("leader", cast.leader)
    mine = Session.objects.filter(bookings__person=cast.leader).earliest("-starts_at")
    return [
        at("home", reverse("home:home")),
        at("two years", reverse("home:two_years", args=[cast.leader.pk])),
        at("sessions", reverse("training:calendar")),
        at("session", mine.get_absolute_url()),
        at("placement", _placement(cast).get_absolute_url()),
    ]


def guest_pages(cast: Cast) -> list[BenchPage]:
    hosting, supervising = _asker("school lead", cast.host), _asker("supervisor", cast.supervisor)
    leading = _asker("facilitator", cast.facilitator)
    group = SupervisionGroup.objects.filter(supervisor=cast.supervisor).earliest("pk")
    large = Session.objects.get(facilitators=cast.facilitator)
    return [
        hosting("home", reverse("home:home")),
        hosting("placement", _placement(cast).get_absolute_url()),
        supervising("home", reverse("home:home")),
        supervising("group", group.get_absolute_url()),
        supervising("sessions", reverse("training:calendar")),
        leading("home", reverse("home:home")),
        leading("session of 100", large.get_absolute_url(), SHEET),
        leading("register of 100", reverse("training:register", args=[large.pk]), SHEET),
    ]


def _asker(role: str, person: Person) -> Callable[..., BenchPage]:
    def at(name: str, path: str, allowance: Allowance = PAGE) -> BenchPage:
        return BenchPage(name, role, person, path, allowance)

    return at


def _placement(cast: Cast) -> Placement:
    """The leader's, at the school lead's school."""
    time = Participation.objects.get(person=cast.leader)
    return Placement.objects.filter(participation=time).earliest("starts_on")
