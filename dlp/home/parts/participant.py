"""A participant's home: my two years, my next session, my placement. Only about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from cohorts.models import Participation, Person
from cohorts.reminders import deferral_of
from cohorts.standing import as_of
from dlp import words
from dlp.home import items, journey, meetings
from dlp.home.entries import Stay, entries_of
from dlp.home.items import Item
from dlp.home.journey import Journey
from dlp.home.meetings import Meeting
from dlp.home.parts import completing
from dlp.home.parts.completing import MyCompletion
from dlp.prepared import SOMEBODY, SOMETHING, Prepared
from placements.models import Acceptance, Placement, SchoolContact, SchoolName
from training.certificates.dial import Dial, dials
from training.models import Booking
from training.safeguarding import dial_facts, dials_told, guidance_to_read

COMING_UP = 4


@dataclass(frozen=True)
class MyPlacement:
    placement: Placement
    former_name: str
    host_leads: list[SchoolContact]
    heading: str


@dataclass(frozen=True)
class Invitations:
    """What is coming up and not answered."""

    meetings: list[Meeting]

    @property
    def heading(self) -> str:
        """Two invitations"""
        number = len(self.meetings)
        said = "invitation" if number == 1 else "invitations"
        return f"{words.in_words(number).capitalize()} {said}"


@dataclass(frozen=True)
class Due:
    """What their plan asks of them before the next session, or what they are behind with."""

    item: Item
    is_overdue: bool
    heading: str


@dataclass(frozen=True)
class ParticipantPart:
    greeting: str
    participation: Participation
    journey: Journey
    due: Due | None
    next: Meeting | None
    next_words: str
    leaders: str
    at_my_school: bool
    coming_up: list[Meeting]
    invitations: Invitations
    placement: MyPlacement | None
    offer: Placement | None
    """A placement on offer that waits for their yes or no."""
    marks: list[str]
    held_count: int
    asked_about: list[Meeting]
    """Recent sessions they came to and gave no feedback on."""
    tally: str
    completion: MyCompletion | None
    dials: list[Dial]
    guidance: str
    """The name of the guidance they have not said they read."""

    @property
    def asks_first(self) -> bool:
        """Whether their plan asks something before the next session; what is late is not next."""
        return self.due is not None and not self.due.is_overdue


def part(person: Person, now: datetime) -> ParticipantPart | None:
    """None for somebody who was never on the programme."""
    today = words.as_day(now)
    participation = main_participation(person, today, with_dials=True)
    if participation is None:
        return None
    known = meetings.read(person)
    plan = items.read(participation)
    known_placements = placements_of(participation)
    placements = [one for one in known_placements if one.is_held]
    following, later = next_and_later(known, now)
    mine = my_placement(placements, today)
    away = deferral_of(participation) if participation.is_deferred else None
    return ParticipantPart(
        greeting=journey.greeting(now),
        participation=participation,
        journey=journey.describe(
            participation,
            entries_of(known, plan, stays_of(placements), participation, now),
            now=now,
            paused_on=away.deferred_on if away else None,
            back_on=away.back_on if away else None,
        ),
        due=due_before(following, known, plan, today) if expects(participation) else None,
        next=following,
        next_words=next_words(following, now),
        leaders=words.joined(following.leaders) if following else "",
        at_my_school=bool(
            following
            and mine
            and following.school_id
            and following.school_id == mine.placement.school_id
        ),
        coming_up=later,
        invitations=unanswered(later),
        placement=mine,
        offer=next((one for one in known_placements if not one.is_held), None),
        marks=meetings.marks(known),
        held_count=len(meetings.held(known)),
        asked_about=[one for one in known if one.asks_how_it_was][::-1],
        tally=meetings.tally_words(known),
        completion=completing.mine(participation, today),
        dials=my_dials(participation, today),
        guidance=participation.safeguarding["unread"] or "",  # type: ignore[attr-defined]
    )


def my_dials(participation: Participation, today: date) -> list[Dial]:
    """Their safeguarding dials, while they are on the programme."""
    if not participation.is_current:
        return []
    return dials(dials_told(participation.safeguarding, today))  # type: ignore[attr-defined]


def main_participation(
    person: Person, today: date, *more: str, with_dials: bool = False
) -> Participation | None:
    """The current participation, else the latest, with its related rows.

    For themselves, and for people who may look them up.
    """
    held = _held(*more, dials_on=today if with_dials else None).models({SOMEBODY: person.pk})
    known = [as_of(one, today) for one in held]
    return next((one for one in known if one.is_current), known[0] if known else None)


@lru_cache(maxsize=4)
def _held(*more: str, dials_on: date | None) -> Prepared:
    """Somebody's participations, with the facts for their `safeguarding` dials on a day."""
    times = Participation.objects.filter(person=SOMEBODY, state__in=Participation.HELD_STATES)
    held = times.select_related("cohort", *more).with_steps().order_by("-starts_on")
    if dials_on is None:
        return Prepared(held)
    told = {**dial_facts("person"), "unread": guidance_to_read("person", dials_on)}
    return Prepared(held.annotate(safeguarding=JSONObject(**told)))


def placements_of(participation: Participation) -> list[Placement]:
    """A participation's placements that stand, and unanswered offers, in order.

    Each with its school's last former name.
    """
    return _placements().models({SOMEBODY: participation.pk})


@cache
def _placements() -> Prepared:
    former = SchoolName.objects.filter(school=OuterRef("school")).order_by("-held_to", "-pk")
    given = Acceptance.objects.standing().filter(side=Acceptance.Side.LEADER)
    said_yes = given.filter(placement=OuterRef("pk"))
    asked = Q(state=Placement.State.OFFERED) & ~Exists(said_yes)
    return Prepared(
        Placement.objects.filter(participation=SOMEBODY)
        .filter(~Q(state__in=Placement.UNHELD_STATES) | asked)
        .select_related("school")
        .annotate(former_name=Subquery(former.values("name")[:1]))
        .order_by("starts_on")
    )


def stays_of(placements: list[Placement]) -> list[Stay]:
    return [Stay(one.host.said, one.starts_on, one.ends_on) for one in placements]


def expects(participation: Participation) -> bool:
    """Whether anything is asked of them now: not while they are away, nor after they left."""
    return participation.state in Participation.EXPECTED_STATES


def due_before(
    following: Meeting | None, known: list[Meeting], plan: list[Item], today: date
) -> Due | None:
    """The next plan item asked of them, unless a session comes first or is the same thing."""
    sessions = {one.pk for one in known if one.takes_place and one.is_live}
    found = next((one for one in plan if one.is_asked and one.booking not in sessions), None)
    if found is None or found.due_on is None:
        return None
    if following and following.day < found.due_on:
        return None
    said = words.from_today(found.due_on, today=today)
    return Due(found, found.is_overdue(today), f"Next, {said}")


def my_placement(placements: list[Placement], today: date) -> MyPlacement | None:
    """The current placement, else the next, else the last, with those who lead there."""
    if not placements:
        return None
    running = [one for one in placements if one.starts_on <= today <= one.ends_on]
    ahead = [one for one in placements if one.starts_on > today]
    chosen = (running or ahead or placements[-1:])[0]
    is_over = chosen.ends_on < today
    leads = [] if is_over else _host_leads(today).models({SOMETHING: chosen.school_id})
    return MyPlacement(
        placement=chosen,
        former_name="" if is_over else former_name(chosen),
        host_leads=leads,
        heading="My last placement" if is_over else "My placement",
    )


@lru_cache(maxsize=2)
def _host_leads(day: date) -> Prepared:
    leads = SchoolContact.objects.current_on(day).filter(role=SchoolContact.Role.HOST_LEAD)
    return Prepared(leads.filter(school=SOMETHING).select_related("person"))


def former_name(placement: Placement) -> str:
    """What the school was called when they came, else its name before that."""
    if placement.host_name != placement.school.name:
        return placement.host_name
    name: str | None = placement.former_name  # type: ignore[attr-defined]
    return name or ""


def next_and_later(known: list[Meeting], now: datetime) -> tuple[Meeting | None, list[Meeting]]:
    """The next session that stands, and the few listed after it."""
    ahead = meetings.coming(known, now)
    following = next((one for one in ahead if one.is_live), None)
    return following, [one for one in ahead if one is not following][:COMING_UP]


def unanswered(later: list[Meeting]) -> Invitations:
    return Invitations([one for one in later if one.state == Booking.State.INVITED])


def invitations(person: Person, now: datetime) -> Invitations:
    """Unanswered invitations, from one query."""
    known = meetings.read(person)
    return unanswered(next_and_later(known, now)[1])


def next_words(meeting: Meeting | None, now: datetime) -> str:
    """now, today, tomorrow, in 3 days: after "Next, "."""
    if meeting is None:
        return ""
    if meeting.starts_at <= now:
        return "now"
    return words.from_today(meeting.starts_at, today=words.as_day(now))
