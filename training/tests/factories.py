"""Sessions, bookings and supervision groups for tests: plain rows, no random values."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import count

from django.core.files.base import ContentFile
from django.utils import timezone

from cohorts.models import Cohort, Person
from cohorts.tests.factories import make_person
from dlp.calendar import wall
from training.models import (
    Booking,
    Certificate,
    Course,
    GroupMember,
    Kind,
    Mode,
    PracticeCard,
    Presenter,
    Residential,
    Resource,
    Session,
    Stage,
    SupervisionGroup,
    TwilightIdea,
    Venue,
)

_numbers = count(1)


def make_venue(name: str = "", **fields: object) -> Venue:
    values: dict[str, object] = {
        "address": "12 Harbour Lane\nLondon",
        "postcode": "NW5 1AA",
        **fields,
    }
    return Venue.objects.create(name=name or f"Walworth Hall {next(_numbers)}", **values)


def make_course(title: str = "", **fields: object) -> Course:
    return Course.objects.create(title=title or f"Inclusion {next(_numbers)}", **fields)


def make_session(
    title: str = "The first call home",
    *,
    kind: str = Kind.TWILIGHT,
    starts_on: date | None = None,
    starts_time: time = time(16),
    ends_on: date | None = None,
    ends_time: time = time(18),
    state: str = Session.State.PUBLISHED,
    mode: str = Mode.IN_PERSON,
    venue: Venue | None = None,
    group: SupervisionGroup | None = None,
    cohorts: list[Cohort] | None = None,
    facilitators: list[Person] | None = None,
    **fields: object,
) -> Session:
    """A published twilight in ten days' time, at a venue of its own unless it is online."""
    if kind == Kind.SUPERVISION:
        group = group or make_group()
        facilitators = facilitators or [group.supervisor]
    first = starts_on or timezone.localdate() + timedelta(days=10)
    if mode != Mode.ONLINE:
        venue = venue or make_venue()
    session = Session(
        title=title,
        kind=kind,
        starts_on=first,
        starts_time=starts_time,
        ends_on=ends_on or first,
        ends_time=ends_time,
        state=state,
        mode=mode,
        venue=venue,
        venue_name=venue.name if venue else "",
        group=group,
        **fields,
    )
    session.set_instants()
    session.save()
    session.cohorts.set(cohorts or [])
    session.facilitators.set(facilitators or [])
    if kind == Kind.RESIDENTIAL:
        Residential.objects.create(session=session)
    return session


def make_session_at(
    starts_at: datetime, *, length: timedelta = timedelta(hours=2), **fields: object
) -> Session:
    """A session that begins at an instant, such as an hour ago, even while the clocks go back."""
    first, last = wall(starts_at), wall(starts_at + length)
    if any(
        at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset() for at in (first, last)
    ):
        fields.setdefault("in_second_hour", bool(first.fold or last.fold))
    return make_session(
        starts_on=first.date(),
        starts_time=first.time().replace(second=0, microsecond=0),
        ends_on=last.date(),
        ends_time=last.time().replace(second=0, microsecond=0),
        **fields,  # type: ignore[arg-type]
    )


def make_running(**fields: object) -> Session:
    """A session that began an hour ago and goes on for another."""
    return make_session_at(timezone.now() - timedelta(hours=1), **fields)


def make_past(*, days: int = 3, **fields: object) -> Session:
    """A session that was some days ago."""
    return make_session_at(timezone.now() - timedelta(days=days), **fields)


def make_booking(
    session: Session | None = None,
    person: Person | None = None,
    *,
    state: str = Booking.State.INVITED,
    reply_reason: str = "",
    attendance: str = "",
    excuse: str = "",
    marked_by: Person | None = None,
) -> Booking:
    """Somebody's place at a session; what happened to it, such as a mark in the register, did just now."""
    answered = state in (Booking.State.COMING, Booking.State.NOT_COMING)
    now = timezone.now()
    return Booking.objects.create(
        session=session or make_session(),
        person=person or make_person(),
        state=state,
        replied_at=now if answered else None,
        replied_via=Booking.Via.PORTAL if answered else "",
        reply_reason=reply_reason,
        signed_up_at=now if state in Booking.IN_LINE else None,
        offer_ends_at=now + timedelta(hours=48) if state == Booking.State.OFFERED else None,
        attendance=attendance,
        excuse=excuse or ("school" if attendance == "excused" else ""),
        marked_at=now if attendance else None,
        marked_by=(marked_by or make_person()) if attendance else None,
    )


def make_group(
    name: str = "",
    *,
    supervisor: Person | None = None,
    members: list[Person] | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    cohort: Cohort | None = None,
) -> SupervisionGroup:
    """A group that began sixty days ago, its members on the same day."""
    first = starts_on or timezone.localdate() - timedelta(days=60)
    group = SupervisionGroup.objects.create(
        name=name or f"Thursday group {next(_numbers)}",
        supervisor=supervisor or make_person("Ruth Adeyemi"),
        starts_on=first,
        ends_on=ends_on,
        cohort=cohort,
    )
    for person in members or []:
        make_member(group, person, starts_on=first)
    return group


def make_member(
    group: SupervisionGroup, person: Person | None = None, *, starts_on: date | None = None
) -> GroupMember:
    return GroupMember.objects.create(
        group=group, person=person or make_person(), starts_on=starts_on or group.starts_on
    )


def make_certificate(
    person: Person, completed_on: date | None = None, *, by: Person | None = None, **fields: object
) -> Certificate:
    """One from elsewhere, handed in by its person and, with `by`, accepted."""
    now = timezone.now()
    values: dict[str, object] = {
        "title": "Designated safeguarding lead",
        "provider": "Harbour Safeguarding",
        "hours": 12,
        "evidence": f"certificates/{next(_numbers)}.pdf",
        "evidence_name": "certificate.pdf",
        "evidence_hash": f"{next(_numbers):064x}",
        "submitted_at": now,
        "uploaded_by": person,
        "state": Certificate.State.IN_REVIEW,
        **fields,
    }
    if by is not None:
        values = {**values, "state": "accepted", "reviewed_by": by, "reviewed_at": now} | fields
    if values["state"] == Certificate.State.SUPERSEDED:
        values.setdefault("superseded_at", now)
    return Certificate.objects.create(
        person=person, completed_on=completed_on or timezone.localdate(), **values
    )


def make_idea(
    proposed_by: Person | None = None,
    title: str = "Calling home on the first day",
    *,
    state: str = Stage.PROPOSED,
    decided_by: Person | None = None,
    **fields: object,
) -> TwilightIdea:
    """An idea with every answer given; a decision about it was taken just now."""
    is_decided = state in (Stage.ACCEPTED, Stage.DECLINED)
    values: dict[str, object] = {
        "what_changed": "Fewer are sent home in their first week.",
        "who_it_helps": "Heads of year",
        "strand": "wellbeing_and_safeguarding",
        "proposed_at": None if state in (Stage.DRAFT, Stage.WITHDRAWN) else timezone.now(),
        "decided_at": timezone.now() if is_decided else None,
        "decided_by": (decided_by or make_person()) if is_decided else None,
        **fields,
    }
    return TwilightIdea.objects.create(
        proposed_by=proposed_by or make_person(), title=title, state=state, **values
    )


def make_presenter(
    session: Session | None = None,
    person: Person | None = None,
    *,
    answer: str = Presenter.Answer.NONE,
    **fields: object,
) -> Presenter:
    """A person of ours, or whoever has the name and address that are given."""
    if "email" not in fields:
        fields["person"] = person or make_person()
    answered_at = None if answer == Presenter.Answer.NONE else timezone.now()
    return Presenter.objects.create(
        session=session or make_session(), answer=answer, answered_at=answered_at, **fields
    )


def make_resource(
    session: Session | None = None, handed_in_by: Person | None = None, **fields: object
) -> Resource:
    """A small PDF for those who came."""
    values: dict[str, object] = {
        "title": "Slides",
        "file_name": "slides.pdf",
        "content_type": "application/pdf",
        "size": 12,
        "has_rights": True,
        "no_pupil_named": True,
        **fields,
    }
    resource = Resource(
        session=session or make_past(), handed_in_by=handed_in_by or make_person(), **values
    )
    resource.file.save("made.pdf", ContentFile(b"%PDF-1.7 and"), save=False)
    resource.save()
    return resource


def make_card(
    session: Session | None = None, written_by: Person | None = None, **fields: object
) -> PracticeCard:
    values: dict[str, object] = {
        "context": "A PRU of sixty places",
        "what_we_did": "Rang home on the first day.",
        "what_changed": "Attendance rose.",
        "do_again": "All of it.",
        "no_pupil_named": True,
        **fields,
    }
    return PracticeCard.objects.create(
        session=session or make_past(), written_by=written_by or make_person(), **values
    )
