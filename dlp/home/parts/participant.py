"""A participant's home: my two years, my next session, my placement. All of it is their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from cohorts.models import Participation, ParticipationChange, Person
from dlp import words
from dlp.home import journey, meetings
from dlp.home.journey import Journey, Stay
from dlp.home.meetings import Meeting
from placements.models import Placement, SchoolContact, SchoolName
from training.models import Booking

COMING_UP = 4


@dataclass(frozen=True)
class MyPlacement:
    placement: Placement
    former_name: str
    host_leads: list[SchoolContact]
    heading: str


@dataclass(frozen=True)
class ParticipantPart:
    greeting: str
    participation: Participation
    journey: Journey
    next: Meeting | None
    next_words: str
    leaders: str
    at_my_school: bool
    coming_up: list[Meeting]
    unanswered: list[Meeting]
    unanswered_heading: str
    placement: MyPlacement | None
    marks: list[str]
    tally: str


def part(person: Person, now: datetime) -> ParticipantPart | None:
    """None for somebody who was never on the programme."""
    today = words.as_day(now)
    participation = main_participation(person)
    if participation is None:
        return None
    known = meetings.read(Booking.objects.filter(person=person))
    placements = placements_of(participation)
    paused_on, back_on = pause(participation)
    ahead = meetings.coming(known, now)
    following = next((one for one in ahead if one.is_live), None)
    mine = my_placement(placements, today)
    later = [one for one in ahead if one is not following][:COMING_UP]
    unanswered = [one for one in later if one.state == Booking.State.INVITED]
    return ParticipantPart(
        greeting=journey.greeting(now),
        participation=participation,
        journey=journey.describe(
            participation,
            known,
            [Stay(one.school.name, one.starts_on, one.ends_on) for one in placements],
            now=now,
            paused_on=paused_on,
            back_on=back_on,
        ),
        next=following,
        next_words=next_words(following, now),
        leaders=leaders_of(following),
        at_my_school=bool(
            following
            and mine
            and following.school_id
            and following.school_id == mine.placement.school_id
        ),
        coming_up=later,
        unanswered=unanswered,
        unanswered_heading=unanswered_heading(len(unanswered)),
        placement=mine,
        marks=meetings.marks(known),
        tally=meetings.tally_words(known),
    )


def main_participation(person: Person) -> Participation | None:
    """The one that goes on, else the latest."""
    held = (
        Participation.objects.visible_to(person)
        .filter(person=person, state__in=Participation.HELD_STATES)
        .select_related("cohort")
        .order_by("-starts_on")
    )
    known = list(held)
    return next((one for one in known if one.is_current), known[0] if known else None)


def pause(participation: Participation) -> tuple[date | None, date | None]:
    """Since when a deferred person is away, and when they are expected back."""
    if participation.state != Participation.State.DEFERRED:
        return None, None
    change = (
        participation.changes.filter(
            kind=ParticipationChange.Kind.DEFERRED, undoes=None, undone_by=None
        )
        .order_by("-effective_on", "-recorded_at")
        .values_list("effective_on", "expected_return_on")
        .first()
    )
    return change or (None, None)


def placements_of(participation: Participation) -> list[Placement]:
    """This time's placements that stand, in order, each with its school's last former name."""
    former = SchoolName.objects.filter(school=OuterRef("school")).order_by("-held_to", "-pk")
    return list(
        Placement.objects.held()
        .filter(participation=participation)
        .select_related("school")
        .annotate(former_name=Subquery(former.values("name")[:1]))
        .order_by("starts_on")
    )


def my_placement(placements: list[Placement], today: date) -> MyPlacement | None:
    """The placement of today, else the next one, else the last; whoever sees it sees who leads there."""
    if not placements:
        return None
    running = [one for one in placements if one.starts_on <= today <= one.ends_on]
    ahead = [one for one in placements if one.starts_on > today]
    chosen = (running or ahead or placements[-1:])[0]
    is_over = chosen.ends_on < today
    leads = (
        SchoolContact.objects.current_on(today)
        .filter(school=chosen.school_id, role=SchoolContact.Role.HOST_LEAD)
        .select_related("person")
    )
    return MyPlacement(
        placement=chosen,
        former_name=former_name(chosen),
        host_leads=[] if is_over else list(leads),
        heading="My last placement" if is_over else "My placement",
    )


def former_name(placement: Placement) -> str:
    """What the school was called when they came, else what it was called before."""
    if placement.host_name and placement.host_name != placement.school.name:
        return placement.host_name
    name: str | None = placement.former_name  # type: ignore[attr-defined]
    return name or ""


def unanswered_heading(number: int) -> str:
    """Two invitations"""
    return f"{words.in_words(number).capitalize()} {'invitation' if number == 1 else 'invitations'}"


def next_words(meeting: Meeting | None, now: datetime) -> str:
    """now, today, tomorrow, in 3 days: after "Next, "."""
    if meeting is None:
        return ""
    if meeting.starts_at <= now:
        return "now"
    return words.from_today(meeting.starts_at, today=words.as_day(now))


def leaders_of(meeting: Meeting | None) -> str:
    """Who leads the next session, by name."""
    if meeting is None:
        return ""
    if meeting.supervisor:
        return meeting.supervisor
    leaders = Person.objects.filter(facilitated_sessions=meeting.session_id)
    return words.joined([leader.name for leader in leaders])
