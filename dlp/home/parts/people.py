"""The page of one person, for programme staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.db.models import F
from django.db.models.functions import Abs, Extract, JSONObject, Now
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cohorts.completion import Verdict, verdicts
from cohorts.models import Participation, ParticipationChange, Person
from cohorts.operations.participations import next_kinds
from cohorts.reminders import Deferral, deferral_of
from cohorts.standing import as_of, in_force
from dlp import facts, words
from dlp.home import meetings
from dlp.home.meetings import Meeting
from dlp.home.roles import STAFF
from dlp.outbox import kinds, names
from dlp.outbox.models import Message
from dlp.outbox.names import Name
from dlp.prepared import SOMEBODY, Prepared
from placements.careers.steps import OF_POST, career
from placements.careers.steps import Step as CareerStep
from placements.models import Placement, Post, SchoolContact
from training.certificates.dial import Dial, dials
from training.models import GroupMember, Session, SupervisionGroup
from training.names import name_of
from training.reminders import SUBJECT
from training.safeguarding import dial_facts, dials_told
from training.streaks import missed_in_a_row

LETTERS = 8
SAID = (
    "kind",
    "lead",
    "subject_kind",
    "subject_id",
    "due_at",
    "state",
    "state_reason",
    "held_until",
)
COMING = 5
HELD = 12


Kind = ParticipationChange.Kind
STEPS = {
    Kind.ACCEPTED: ("accept", "They accepted"),
    Kind.DECLINED: ("decline", "They declined"),
    Kind.STARTED: ("start", "Start"),
    Kind.DEFERRED: ("defer", "Defer"),
    Kind.REVIEWED: ("review", "Change the days"),
    Kind.RESUMED: ("resume", "Resume"),
    Kind.COMPLETED: ("complete", "Complete"),
    Kind.TRANSFERRED: ("transfer", "Transfer"),
    Kind.WITHDRAWN: ("withdraw", "Withdraw"),
    Kind.REINSTATED: ("reinstate", "Reinstate"),
}
"""The URL and the button of each step."""


@dataclass(frozen=True)
class Step:
    """A button for the change to record next."""

    label: str
    url: str


@dataclass(frozen=True)
class Time:
    """A participation, with its changes."""

    participation: Participation
    changes: list[ParticipationChange]
    last_on: date
    deferral: Deferral | None
    steps: list[Step]
    verdict: Verdict | None
    """The criteria for completing, while they are on the programme."""

    @property
    def undoable(self) -> ParticipationChange | None:
        """The last change, unless it came with a transfer: that is undone where it was made."""
        came_with = 1 if self.participation.continues_id else 0
        return self.changes[-1] if len(self.changes) > came_with else None

    @property
    def has_certificate(self) -> bool:
        return self.participation.state == Participation.State.COMPLETED and any(
            hasattr(change, "completion") for change in self.changes
        )


@dataclass(frozen=True)
class Letter:
    message: Message
    label: str
    about: Name | None


class Role(NamedTuple):
    """A role besides leader: a contact of a school, a member of a group."""

    label: str
    name: str
    url_id: int


class Known(NamedTuple):
    """What else is known: current roles, posts (the latest first), and safeguarding training."""

    schools: list[Role]
    groups: list[Role]
    supervises: list[Role]
    leads_sessions: bool
    posts: list[Any]
    dials: list[Dial]
    missed: int
    """How many sessions they missed in a row, up to the latest mark."""


@dataclass(frozen=True)
class PersonPage:
    person: Person
    times: list[Time]
    current: Participation | None
    placements: list[Placement]
    placement_now: Placement | None
    known: Known
    is_leader: bool
    """Whether they are or were on the programme: only then there are placements and marks."""
    coming: list[Meeting]
    held: list[Meeting]
    held_count: int
    marks: list[str]
    tally: str
    career: list[CareerStep]
    letters: list[Letter]

    @property
    def missed_in_a_row(self) -> str:
        """In words, such as "three": sessions missed up to the last one, if more than one."""
        is_expected = self.current is not None and self.current.is_expected
        return words.in_words(self.known.missed) if is_expected and self.known.missed > 1 else ""

    @property
    def has_other_roles(self) -> bool:
        """Whether they are something besides a leader."""
        known = self.known
        return bool(
            self.person.is_staff or known.schools or known.supervises or known.leads_sessions
        )


def page(viewer: Person, pk: int, now: datetime) -> PersonPage:
    """Raises Http404 for a person whom the viewer may not look up."""
    today = words.as_day(now)
    person = get_object_or_404(Person.objects.visible_to(viewer), pk=pk)
    times = times_of(person, today)
    met = meetings.read(person)
    placements = _placements().models({SOMEBODY: pk})
    held = meetings.held(met, now)
    letters = letters_to(viewer, person, met)
    known = known_of(person, today)
    return PersonPage(
        person=person,
        times=times,
        current=next((one.participation for one in times if one.participation.is_current), None),
        placements=placements,
        placement_now=placement_on(placements, today),
        known=known,
        is_leader=bool(times),
        coming=meetings.coming(met, now)[:COMING],
        held=held[::-1][:HELD],
        held_count=len(held),
        marks=meetings.marks(met),
        tally=meetings.tally_words(met).replace("you ", "they ", 1),
        career=career(known.posts, placements, today),
        letters=sorted(letters, key=lambda one: one.message.due_at, reverse=True),
    )


@cache
def _placements() -> Prepared:
    """Somebody's placements as staff see them, as a prepared query."""
    theirs = Placement.objects.visible_to(STAFF).filter(participation__person=SOMEBODY)
    return Prepared(theirs.select_related("school", "participation__cohort"))


def known_of(person: Person, today: date) -> Known:
    """One query. Everybody who may look a person up may see all of it."""
    schools, groups, supervised, led, posts, learnt = _question(today).answer({SOMEBODY: person.pk})
    labels = dict(SchoolContact.Role.choices)
    learning = vars(learnt[0])
    return Known(
        schools=[Role(labels[one.role], one.name, one.school) for one in schools],
        groups=[Role(one.supervisor, one.name, one.group) for one in groups],
        supervises=[Role("Supervises", one.name, one.group) for one in supervised],
        leads_sessions=bool(led),
        posts=posts,
        dials=dials(dials_told(learning, today)),
        missed=learning["missed"],
    )


@lru_cache(maxsize=2)
def _question(today: date) -> facts.Question:
    """The query for a day, prepared once for all staff."""
    contacts = SchoolContact.objects.current_on(today).filter(person=SOMEBODY)
    members = GroupMember.objects.current_on(today).filter(person=SOMEBODY)
    supervised = SupervisionGroup.objects.current_on(today).filter(supervisor=SOMEBODY)
    led = Session.objects.published().filter(facilitators=SOMEBODY).order_by()[:1]
    posts = Post.objects.filter(person=SOMEBODY)
    return facts.Question(
        [
            (contacts, JSONObject(role="role", name="school__name", school="school_id")),
            (
                members,
                JSONObject(
                    supervisor="group__supervisor__full_name", name="group__name", group="group_id"
                ),
            ),
            (supervised, JSONObject(name="name", group="pk")),
            (led, JSONObject(session="pk")),
            (posts, JSONObject(**OF_POST)),
            (
                Person.objects.get_queryset().filter(pk=SOMEBODY),
                JSONObject(**dial_facts("pk"), missed=missed_in_a_row("pk")),
            ),
        ]
    )


def times_of(person: Person, today: date) -> list[Time]:
    """Every participation as it stands today, the latest first, each with its changes in order."""
    times = [as_of(one, today) for one in _times().models({SOMEBODY: person.pk})]
    changes: dict[int, list[ParticipationChange]] = {one.pk: [] for one in times}
    for change in _changes().models({SOMEBODY: person.pk}) if times else []:
        changes[change.participation_id].append(change)
    judged = verdicts(one.pk for one in times if one.is_current)
    return [
        Time(
            participation=one,
            changes=in_force(changes[one.pk]),
            last_on=one.held_to or one.expected_end_on,
            deferral=deferral_of(one) if one.is_deferred else None,
            steps=steps(one),
            verdict=judged.get(one.pk),
        )
        for one in times
    ]


@cache
def _times() -> Prepared:
    """Somebody's participations as staff see them, as a prepared query."""
    times = Participation.objects.visible_to(STAFF).filter(person=SOMEBODY)
    return Prepared(times.select_related("cohort").with_steps())


@cache
def _changes() -> Prepared:
    """Their changes as staff see them, as a prepared query."""
    changes = ParticipationChange.objects.visible_to(STAFF)
    theirs = changes.filter(participation__person=SOMEBODY)
    return Prepared(theirs.select_related("by", "completion"))


def steps(participation: Participation) -> list[Step]:
    """The buttons under a participation, in the order of a life."""
    possible = next_kinds(participation)
    return [
        Step(label, reverse(f"cohorts:participation_{verb}", args=[participation.pk]))
        for kind, (verb, label) in STEPS.items()
        if kind in possible
    ]


def placement_on(placements: Iterable[Placement], today: date) -> Placement | None:
    """The placement of today, else the next one that stands."""
    held = sorted((one for one in placements if one.is_held), key=lambda one: one.starts_on)
    return next((one for one in held if one.ends_on >= today), None)


def letters_to(viewer: Person, person: Person, met: Iterable[Meeting]) -> list[Letter]:
    """Letters to this person nearest to today, without secret ones.

    Names known already are not read again.
    """
    messages = list(
        Message.objects.visible_to(viewer)
        .filter(person=person, is_secret=False)
        .only(*SAID)
        .order_by(Abs(Extract(F("due_at") - Now(), "epoch")), "pk")[:LETTERS]
    )
    about = {
        (SUBJECT, one.session_id): name_of(one.session_id, one.title, one.starts_at) for one in met
    }
    asked = {(one.subject_kind, one.subject_id) for one in messages}
    about |= names.of(viewer, asked - about.keys())
    return [
        Letter(one, kinds.label(one.kind), about.get((one.subject_kind, one.subject_id)))
        for one in messages
    ]
