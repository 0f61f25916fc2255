"""Timeline events of a person: sessions and supervision groups, never what was said there."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject, Now
from django.urls import reverse

from cohorts.models import Person
from dlp import news, timeline, words
from dlp.timeline import BY, Event, Source, steps_in
from placements.models import School
from training.marks import Mark
from training.models import (
    Booking,
    Certificate,
    GroupMember,
    RegisterTap,
    Session,
    Stage,
    SupervisionGroup,
    TwilightIdea,
)

State = Booking.State
Attendance = Booking.Attendance
Via = Booking.Via

STEPS = ("state", "attendance", "excuse", "makes_up_id")
"""The columns of a booking whose changes are told."""
ANSWERED = {
    State.INVITED: "Asked to {session}",
    State.COMING: "Coming to {session}",
    State.NOT_COMING: "Not coming to {session}",
    State.WAITING: "On the waiting list for {session}",
    State.OFFERED: "Offered a place at {session}",
    State.LAPSED: "Let the offer of a place at {session} pass",
    State.WITHDRAWN: "Taken off {session}",
}
CERTIFIED = {
    Certificate.State.CLAIMED: "Safeguarding certificate claimed, its file to come: {title}.",
    Certificate.State.IN_REVIEW: "Safeguarding certificate handed in: {title}.",
    Certificate.State.ACCEPTED: "Safeguarding certificate accepted: {title}.",
    Certificate.State.REJECTED: "Safeguarding certificate rejected: {title}.",
    Certificate.State.SUPERSEDED: "A later safeguarding certificate follows {title}.",
}
FILE_ERASED = (
    "The file of {title} was erased: it had proved nothing for a year. What it says stays."
)


def sessions(viewer: Person, about: Person) -> list[Source]:
    """Invitations, answers, and marks with their corrections."""
    seen = Booking.objects.visible_to(viewer).filter(person=about)
    if not viewer.is_staff:
        seen = seen.exclude(session__state=Session.State.DRAFT)
    events = news.events_of(Booking).filter(pgh_obj__in=seen.order_by().values("pk"))
    taps = RegisterTap.objects.filter(booking=OuterRef("pgh_obj"), at=OuterRef("marked_at"))
    late = taps.exclude(reason="").order_by("-pk")
    told = JSONObject(
        now="now",
        then="then",
        title="session__title",
        starts_at="session__starts_at",
        session="session_id",
        person="person_id",
        via="replied_via",
        why="reply_reason",
        why_late=Subquery(late.values("reason")[:1]),
        missed="makes_up__session__title",
        missed_at="makes_up__session__starts_at",
        marked_by="marked_by_id",
        by=BY,
    )
    rows = steps_in(events, *STEPS)
    return [Source(rows, "pgh_created_at", told, _booking)]


def _booking(one: Any) -> Event:
    session = f"{one.title}, {words.short_day(one.starts_at)}"
    url = reverse("training:session", args=[one.session])
    then = one.then or {"state": "", "attendance": "", "excuse": "", "makes_up_id": None}
    was, mark = (Mark(step["attendance"], step["excuse"]) for step in (then, one.now))
    if mark != was:
        said = _marked(was, mark, session, is_late=bool(one.why_late))
        return Event(said, by=one.marked_by or one.by, reason=one.why_late or "", url=url)
    if one.now["makes_up_id"] != then["makes_up_id"]:
        return Event(_made_up(one, session), by=one.by, url=url)
    said = f"{ANSWERED[State(one.now['state'])].format(session=session)}."
    if one.now["state"] not in (State.COMING, State.NOT_COMING) or not one.via:
        return Event(said, by=one.by, url=url)
    by, behalf = (one.by, one.person) if one.via == Via.STAFF else (one.person, None)
    return Event(said, by=by, behalf=behalf, reason=one.why, url=url)


def _marked(was: Mark, mark: Mark, session: str, *, is_late: bool) -> str:
    """The latest mark of one session."""
    if not mark.attendance:
        return f"Mark taken back for {session}: it was {was.amid}."
    if mark.excuse and not was.attendance:
        return f"Excused from {session}: {mark.why}."
    if not was.attendance and not is_late:
        return f"{Attendance(mark.attendance).label} at {session}."
    late = " long after" if is_late else ""
    return f"Register of {session} corrected{late} from {was.amid} to {mark.amid}."


def _made_up(one: Any, session: str) -> str:
    """That one session makes up for another, or no longer does."""
    if not one.missed:
        return f"{session} makes up for nothing any more."
    return f"{session} is to make up for {one.missed}, {words.short_day(one.missed_at)}."


def supervision(viewer: Person, about: Person) -> list[Source]:
    """That they joined or lead a group, and until when."""
    member = GroupMember.objects.visible_to(viewer).filter(person=about).order_by()
    leads = SupervisionGroup.objects.visible_to(viewer).filter(supervisor=about).order_by()
    dates = {"starts_on": "starts_on", "ends_on": "ends_on", "by": BY, "then": "then"}
    joined = steps_in(
        news.events_of(GroupMember).filter(pgh_obj__in=member.values("pk")), "starts_on", "ends_on"
    )
    led = steps_in(
        news.events_of(SupervisionGroup).filter(pgh_obj__in=leads.values("pk"), supervisor=about),
        "supervisor_id", "starts_on", "ends_on",
    )  # fmt: skip
    in_group = JSONObject(group="group_id", name="group__name", **dates)
    leading = JSONObject(group="id", name="name", **dates)
    member_of, leader_of = partial(_group, "Member"), partial(_group, "Supervisor")
    return [
        Source(joined, "pgh_created_at", in_group, member_of),
        Source(led, "pgh_created_at", leading, leader_of),
    ]


def _group(role: str, one: Any) -> Event:
    days = f"from {words.plain_day(one.starts_on)}"
    if one.ends_on:
        days += f" until {words.plain_day(one.ends_on)}"
    url = reverse("training:group", args=[one.group])
    return Event(f"{role} of the supervision group {one.name} {days}.", by=one.by, url=url)


def at_school(viewer: Person, school: School) -> list[Source]:
    """Sessions that took place at a school; future ones are in the calendar."""
    held = Session.objects.visible_to(viewer).published()
    met = held.filter(venue__school=school, ends_at__lte=Now())
    return [Source(met, "ends_at", JSONObject(pk="pk", title="title"), _met)]


def _met(one: Any) -> Event:
    return Event(f"{one.title} met here.", url=reverse("training:session", args=[one.pk]))


def certificates(viewer: Person, about: Person) -> list[Source]:
    """Safeguarding certificates: handed in, reviewed, superseded."""
    seen = Certificate.objects.visible_to(viewer).filter(person=about).order_by()
    events = news.events_of(Certificate).filter(pgh_obj__in=seen.values("pk"))
    facts = JSONObject(
        now="now",
        then="then",
        title="title",
        certificate="id",
        why="note",
        reviewed_by="reviewed_by_id",
        by=BY,
    )
    steps = steps_in(events, "state", "evidence_erased_at")
    return [Source(steps, "pgh_created_at", facts, _certificate)]


def _certificate(one: Any) -> Event:
    url = reverse("training:certificate", args=[one.certificate])
    if one.then and one.now["evidence_erased_at"] != one.then["evidence_erased_at"]:
        return Event(FILE_ERASED.format(title=one.title), url=url)
    state = Certificate.State(one.now["state"])
    by = one.reviewed_by or one.by if state in Certificate.REVIEWED_STATES else one.by
    why = one.why if state == Certificate.State.REJECTED else ""
    return Event(CERTIFIED[state].format(title=one.title), by=by, reason=why, url=url)


def ideas(viewer: Person, about: Person) -> list[Source]:
    """Ideas for twilights that they proposed, and the answers."""
    seen = (
        TwilightIdea.objects.visible_to(viewer).filter(proposed_by=about).exclude(state=Stage.DRAFT)
    )
    events = news.events_of(TwilightIdea).filter(pgh_obj__in=seen.order_by().values("pk"))
    told = JSONObject(idea="id", title="title", now="now", why="answer", by=BY)
    steps = steps_in(events, "state").exclude(state=Stage.DRAFT)
    return [Source(steps, "pgh_created_at", told, _idea)]


def _idea(one: Any) -> Event:
    stage = Stage(one.now["state"]).label.lower()
    url = reverse("training:idea", args=[one.idea])
    return Event(
        f"Idea for a twilight, “{one.title}”: {stage}.", by=one.by, reason=one.why, url=url
    )


def register() -> None:
    timeline.register("sessions", "Sessions", sessions)
    timeline.register("supervision", "Supervision", supervision)
    timeline.register("ideas", "Ideas for twilights", ideas)
    timeline.register("sessions", "Sessions", at_school, of="school")
    timeline.register("certificates", "Safeguarding certificates", certificates)
