"""Twilights in the demonstration: a full one with a waiting list, and ideas at every stage."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cohorts.models import Participation, Person
from cohorts.models.strands import Strand
from dlp.calendar import school_day_on_or_after
from dlp.home.demo import cast
from dlp.home.demo.clock import noon
from dlp.home.demo.diary import Entry
from dlp.home.demo.lives import DAY, Life
from dlp.home.demo.meetings import NAMESPACE, Held
from dlp.home.demo.people import People
from training.models import (
    Booking,
    Circle,
    Kind,
    Mode,
    PracticeCard,
    Presenter,
    Resource,
    Session,
    SignUp,
    Stage,
    TwilightIdea,
)

TITLE = "Calm corridors: what we changed"
PLACES, WAITING = 6, 3
FILE = "resources/demonstration.pdf"
SLIDES = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def add_twilights(told: list[Life], held: list[Held], people: People, today: date) -> Held:
    """The full one, as a line of the diary that letters and history go by; the rest is written."""
    here = [
        people[life.leader.name]
        for life in told
        if life.standing.state in Participation.EXPECTED_STATES and life.plan.starts_on <= today
    ]
    full = _full_house(people, here[2 : 2 + PLACES + WAITING], today)
    past = max(
        (one.session for one in held if one.entry.kind == Kind.TWILIGHT and one.entry.day < today),
        key=lambda session: session.starts_at,
    )
    _ideas(here, people[cast.COORDINATOR], full.session, past, today)
    _presenters(here[1], full.session, past, today)
    _left_by(past, here[1])
    return full


def _full_house(people: People, asking: list[Person], today: date) -> Held:
    """Every place is taken by somebody who signed up, and some wait in line."""
    day = school_day_on_or_after(today + 24 * DAY)
    entry = Entry(Kind.TWILIGHT, TITLE, (), day, time(16), time(18), None)
    session = Session(
        kind=entry.kind,
        title=entry.title,
        summary="How one school made the ten minutes between lessons the calmest of the day.",
        state=Session.State.PUBLISHED,
        starts_on=day,
        starts_time=entry.starts,
        ends_on=day,
        ends_time=entry.ends,
        mode=Mode.ONLINE,
        join_link="https://meet.example.org/difference",
        capacity=PLACES,
        sign_up=SignUp.COMMUNITY,
        ics_uid=uuid.uuid5(NAMESPACE, f"{TITLE} {day}"),
    )
    session.set_instants()
    session.save()
    session.facilitators.set([people[cast.FACILITATOR.name]])
    Booking.objects.bulk_create(
        _asked(session, person, place, today) for place, person in enumerate(asking)
    )
    return Held(session, entry)


def _asked(session: Session, person: Person, place: int, today: date) -> Booking:
    at = noon(today - (PLACES + WAITING - place) * DAY) + timedelta(minutes=13 * place)
    has_place = place < PLACES
    return Booking(
        session=session,
        person=person,
        state=Booking.State.COMING if has_place else Booking.State.WAITING,
        booked_at=at,
        signed_up_at=at,
        replied_at=at,
        replied_via=Booking.Via.PORTAL,
    )


def _ideas(here: list[Person], by: Person, full: Session, past: Session, today: date) -> None:
    """One waits for an answer, one is scheduled, one is written up, one was not for this time."""
    told = (
        (here[0], "Ten minutes of reading after lunch", Stage.PROPOSED, 6, "", None),
        (here[1], full.title, Stage.ACCEPTED, 100, "", full),
        (here[1], past.title, Stage.ACCEPTED, 180, "", past),
        (here[2], "A football league", Stage.DECLINED, 40, "We had two on sport in spring.", None),
    )
    TwilightIdea.objects.bulk_create(
        TwilightIdea(
            proposed_by=person,
            title=title,
            what_changed="Fewer pupils are sent out, and more of them stay to the end of the day.",
            who_it_helps="Heads of year, and whoever is on duty between lessons.",
            strand=Strand.WELLBEING_AND_SAFEGUARDING,
            state=state,
            began_at=noon(today - days * DAY),
            proposed_at=noon(today - days * DAY),
            decided_at=None if state == Stage.PROPOSED else noon(today - (days - 2) * DAY),
            decided_by=None if state == Stage.PROPOSED else by,
            answer=answer,
            session=session,
        )
        for person, title, state, days, answer, session in told
    )


def _presenters(person: Person, full: Session, past: Session, today: date) -> None:
    asked, answered = noon(today - 60 * DAY), noon(today - 58 * DAY)
    yes = {"answer": Presenter.Answer.YES, "asked_at": asked, "answered_at": answered}
    Presenter.objects.bulk_create(
        [
            Presenter(session=full, person=person, **yes),
            Presenter(session=full, name="Jo Marsh", email="jo.marsh@example.org", **yes),
            Presenter(session=past, person=person, **yes),
        ]
    )


def _left_by(past: Session, person: Person) -> None:
    """A file for everybody on the programme, and the practice card."""
    default_storage.delete(FILE)
    Resource.objects.create(
        session=past,
        title="Slides and the plan for a week",
        file=default_storage.save(FILE, ContentFile(SLIDES)),
        file_name="slides.pdf",
        content_type="application/pdf",
        size=len(SLIDES),
        circle=Circle.ALUMNI,
        has_rights=True,
        no_pupil_named=True,
        handed_in_by=person,
        handed_in_at=past.ends_at,
    )
    PracticeCard.objects.create(
        session=past,
        written_by=person,
        written_at=past.ends_at,
        context="An alternative provision school of seventy places, on two floors.",
        what_we_did="Adults stand where pupils turn corners, greet by name and walk along.",
        what_changed="Half as many are sent out after break; the log of two terms shows it.",
        do_again="The greeting, from the first day. Not the bell: we dropped it in the second week.",
        no_pupil_named=True,
    )
