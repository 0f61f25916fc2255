"""Safeguarding in the demonstration: certificates of every cohort, what people keep up with, who holds the role.

Everybody who came to the last day of DSL training, or to the refresher, has a certificate from its
register. Of those who came to the programme last, some brought one along from where they worked before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from cohorts.models import Participation, Person
from dlp.calendar import months_later
from dlp.home.demo import cast
from dlp.home.demo.clock import noon
from dlp.home.demo.lives import DAY, Life
from dlp.home.demo.meetings import Held as HeldSession
from dlp.home.demo.people import People
from placements.models import Placement, SafeguardingRole
from training.models import (
    Acknowledgement,
    Booking,
    Certificate,
    GuidanceEdition,
    Kind,
    KnowledgeUpdate,
    Session,
)
from training.models.certificates import FOLDER
from training.operations.issuing import INITIAL, REFRESHER, certificate_of

State = Certificate.State
FIRST_DAY = "day 1"
DSL = "Designated safeguarding lead"
PROVIDERS = (
    "Southwark Safeguarding Partnership",
    "Manchester Safeguarding Partnership",
    "Leeds Safeguarding Children Partnership",
)
BROUGHT = (
    (State.IN_REVIEW, 5),
    (State.ACCEPTED, 22),
    (State.ACCEPTED, 26),
    (State.ACCEPTED, 9),
    (State.REJECTED, 7),
)
"""What the first of those without a certificate brought along: how far it is, and of how many months ago.

So one waits, one is due soon, one is overdue, one is current, and one does not count.
"""
CUT_OFF = "The day of completion is cut off. Please hand in the whole page."
PREVENT = (3, 8, 11, 27)
"""Of how many months ago the Prevent training is of those who handed one in; one has a refresh recommended."""
EVERY_SO_MANY = 6
OVERDUE = 2
"""Which of them holds the role all the same."""
LOGGED = (
    (
        KnowledgeUpdate.Kind.BULLETIN,
        20,
        "The new wording on filtering: I asked our IT lead about it.",
    ),
    (KnowledgeUpdate.Kind.NETWORK, 90, "Two schools share their induction for cover staff."),
    (KnowledgeUpdate.Kind.BRIEFING, 30, ""),
    (KnowledgeUpdate.Kind.COURSE, 60, "Contextual safeguarding on the way home from school."),
)
REVIEWED_AFTER = 2 * DAY
A_HOLDER_IN = 4


def add_safeguarding(
    told: list[Life], held: list[HeldSession], people: People, today: date
) -> None:
    """Certificates first: completing and plans rest on them."""
    editions = list(GuidanceEdition.objects.order_by("in_force_on"))
    certificates = [*_from_registers(held, editions, people, today)]
    has_one = {one.person_id for one in certificates}
    here = [
        people[life.leader.name]
        for life in told
        if life.standing.state in Participation.EXPECTED_STATES and life.plan.starts_on <= today
    ]
    without = [one for one in here if one.pk not in has_one]
    certificates += _brought_along(without, editions, people, today)
    certificates += _prevent(here[::EVERY_SO_MANY], editions, people, today)
    Certificate.objects.bulk_create(certificates)
    _keep_up(here, editions, today)
    trained = [one for one in here if one.pk in has_one]
    overdue = without[OVERDUE : OVERDUE + 1]
    _hold_roles([*trained[::A_HOLDER_IN], *overdue], people[cast.COORDINATOR], today)


def _from_registers(
    held: list[HeldSession], editions: list[GuidanceEdition], people: People, today: date
) -> Iterator[Certificate]:
    """One for everybody who came to a last day; of two of one person, the later stands."""
    sessions = {
        one.session.pk: one.session
        for one in held
        if one.session.kind == Kind.DSL_TRAINING
        and one.session.register_closed_at
        and FIRST_DAY not in one.session.title
    }
    bookings = Booking.objects.filter(session__in=sessions, attendance__in=Booking.CAME)
    latest: dict[int, Certificate] = {}
    for booking in bookings.order_by("session__starts_at", "pk"):
        session, person = sessions[booking.session_id], booking.person_id
        before = latest.get(person)
        if before is not None:
            before.state = State.SUPERSEDED
        latest[person] = _issued(session, person, before, editions, people, today)
        if before is not None:
            before.superseded_at = latest[person].reviewed_at
            yield before
    yield from latest.values()


def _issued(
    session: Session,
    person: int,
    before: Certificate | None,
    editions: list[GuidanceEdition],
    people: People,
    today: date,
) -> Certificate:
    one = certificate_of(
        session,
        person,
        edition=_in_force(editions, session.ends_on),
        by=people[cast.COORDINATOR],
        kind=REFRESHER if before else INITIAL,
    )
    one.recorded_at = one.reviewed_at = noon(min(session.ends_on + REVIEWED_AFTER, today - DAY))
    return one


def _brought_along(
    without: list[Person], editions: list[GuidanceEdition], people: People, today: date
) -> Iterator[Certificate]:
    for number, (person, (state, months)) in enumerate(zip(without, BROUGHT, strict=False)):
        completed_on = months_later(today, -months) - (3 + number) * DAY
        handed_in = noon(today - (5 + number) * DAY)
        is_looked_at = state != State.IN_REVIEW
        yield Certificate(
            person=person,
            kind=INITIAL,
            mode=Certificate.Mode.BLENDED if number % 2 else Certificate.Mode.IN_PERSON,
            hours=12,
            edition=_in_force(editions, completed_on),
            state=state,
            reviewed_by=people[cast.COORDINATOR] if is_looked_at else None,
            reviewed_at=noon(today - 4 * DAY) if is_looked_at else None,
            note=CUT_OFF if state == State.REJECTED else "",
            **_handed_in(person, DSL, PROVIDERS[number % len(PROVIDERS)], completed_on, handed_in),
        )


def _prevent(
    some: list[Person], editions: list[GuidanceEdition], people: People, today: date
) -> Iterator[Certificate]:
    """Prevent awareness, which stands apart; the last of them leads on it."""
    for number, (person, months) in enumerate(zip(some, PREVENT, strict=False)):
        completed_on = months_later(today, -months) - number * DAY
        is_last = number == len(PREVENT) - 1
        kind = Certificate.Kind.PREVENT_LEAD if is_last else Certificate.Kind.PREVENT
        yield Certificate(
            person=person,
            kind=kind,
            mode=Certificate.Mode.ELEARNING,
            hours=1,
            edition=_in_force(editions, completed_on),
            state=State.ACCEPTED,
            reviewed_by=people[cast.COORDINATOR],
            reviewed_at=noon(completed_on + 20 * DAY),
            **_handed_in(
                person,
                "Prevent duty training",
                "Home Office",
                completed_on,
                noon(completed_on + 18 * DAY),
            ),
        )


def _handed_in(
    person: Person, title: str, provider: str, completed_on: date, handed_in: datetime
) -> dict[str, Any]:
    """Who gave it and when, with a scan of it, as its person handed it in."""
    scan = _scan(provider, title, person.full_name, completed_on)
    digest = hashlib.sha256(scan).hexdigest()
    return {
        "title": title,
        "provider": provider,
        "completed_on": completed_on,
        "number": f"SG-{digest[:6].upper()}",
        "evidence": _kept(scan, digest),
        "evidence_name": "certificate.png",
        "evidence_hash": digest,
        "uploaded_by": person,
        "recorded_at": handed_in,
        "submitted_at": handed_in,
    }


def _scan(provider: str, title: str, name: str, completed_on: date) -> bytes:
    """A sheet of paper as a telephone sees it."""
    paper = Image.new("L", (420, 300), 246)
    pen = ImageDraw.Draw(paper)
    pen.rectangle((10, 10, 410, 290), outline=110, width=2)
    plain = name.encode("ascii", "replace").decode()
    said = (provider, title, plain, f"{completed_on:%d %B %Y}")
    for line, words in enumerate(said):
        pen.text((40, 60 + 50 * line), words, fill=40)
    kept = BytesIO()
    paper.save(kept, "PNG")
    return kept.getvalue()


def _kept(scan: bytes, digest: str) -> str:
    """Written under the same name whenever the demonstration is built."""
    name = f"{FOLDER}/{digest[:32]}.png"
    default_storage.delete(name)
    return str(default_storage.save(name, ContentFile(scan)))


def _in_force(editions: list[GuidanceEdition], day: date) -> GuidanceEdition | None:
    return next((one for one in reversed(editions) if one.in_force_on <= day), None)


def _keep_up(here: Iterable[Person], editions: list[GuidanceEdition], today: date) -> None:
    """Updates through the year, and Part One of the edition in force: read by most."""
    updates, said = [], []
    edition = _in_force(editions, today)
    for draw, person in enumerate(here):
        for number in range(draw % len(LOGGED)):
            kind, minutes, reflection = LOGGED[(draw + number) % len(LOGGED)]
            on = today - timedelta(days=12 + 9 * (draw % 5) + 70 * number)
            updates.append(
                KnowledgeUpdate(
                    person=person,
                    on=on,
                    kind=kind,
                    minutes=minutes,
                    reflection=reflection,
                    recorded_by=person,
                    recorded_at=noon(on),
                )
            )
        if edition and draw % 5 and edition.in_force_on < today - 30 * DAY:
            at = noon(edition.in_force_on + (3 + draw) * DAY)
            said.append(
                Acknowledgement(
                    person=person,
                    edition=edition,
                    acknowledged_at=min(at, noon(today - 10 * DAY)),
                )
            )
    KnowledgeUpdate.objects.bulk_create(updates)
    Acknowledgement.objects.bulk_create(said)


def _hold_roles(holders: list[Person], by: Person, today: date) -> None:
    """A deputy each at the school where they are placed, a term after they came."""
    placed = Placement.objects.held_on(today).filter(participation__person__in=holders)
    SafeguardingRole.objects.bulk_create(
        SafeguardingRole(
            person_id=one.participation.person_id,
            school_id=one.school_id,
            starts_on=max(one.starts_on, min(one.starts_on + 60 * DAY, today - 20 * DAY)),
            recorded_by=by,
            recorded_at=noon(min(one.starts_on + 60 * DAY, today - 20 * DAY)),
        )
        for one in placed.select_related("participation").order_by("starts_on", "pk")
    )
