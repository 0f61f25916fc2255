"""One school as programme staff see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cohorts.listing import access_of
from cohorts.models import Person
from dlp import words
from placements.models import (
    Opening,
    Partnership,
    Placement,
    School,
    SchoolContact,
    SchoolLink,
    SchoolName,
)


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class SchoolPage:
    school: School
    address: str
    facts: list[Fact]
    facts_dated: str
    former_names: list[SchoolName]
    contacts: list[tuple[SchoolContact, str, str]]
    """Each with whether they sign in: in words and as the state of a tag, both empty if they are nobody yet."""
    past_contacts: list[SchoolContact]
    partnership: Partnership | None
    past_partnerships: list[Partnership]
    openings: list[Opening]
    here: list[Placement]
    past: list[Placement]
    parts: list[School]
    links: list[SchoolLink]


def page(viewer: Person, school: School, today: date) -> SchoolPage:
    contacts = list(
        SchoolContact.objects.visible_to(viewer).filter(school=school).select_related("person")
    )
    partnerships = list(Partnership.objects.visible_to(viewer).filter(school=school))
    placements = list(
        Placement.objects.visible_to(viewer)
        .filter(school=school)
        .select_related("participation__person", "participation__cohort")
        .order_by("-starts_on", "participation__person__search_text")
    )
    openings = Opening.objects.visible_to(viewer).filter(school=school).select_related("cohort")
    links = SchoolLink.objects.visible_to(viewer).filter(school=school).select_related("other")
    is_ended = Partnership.State.ENDED
    return SchoolPage(
        school=school,
        address=", ".join(part for part in (school.street, school.town, school.postcode) if part),
        facts=facts(school),
        facts_dated=facts_dated(school),
        former_names=list(SchoolName.objects.visible_to(viewer).filter(school=school)),
        contacts=[
            (one, *(access_of(one.person) if one.person else ("", "")))
            for one in contacts
            if not one.ends_on or one.ends_on >= today
        ],
        past_contacts=[one for one in contacts if one.ends_on and one.ends_on < today],
        partnership=next((one for one in partnerships if one.state != is_ended), None),
        past_partnerships=[one for one in partnerships if one.state == is_ended],
        openings=list(openings),
        here=[one for one in placements if is_here(one, today)],
        past=[one for one in placements if not is_here(one, today)],
        parts=list(School.objects.visible_to(viewer).filter(parent=school)),
        links=list(links),
    )


def is_here(placement: Placement, today: date) -> bool:
    """Whether somebody is or will be here: what is over or came to nothing is past."""
    ended = {
        Placement.State.COMPLETED,
        Placement.State.DECLINED,
        Placement.State.WITHDRAWN,
        Placement.State.ENDED_EARLY,
    }
    return placement.ends_on >= today and placement.state not in ended


def facts(school: School) -> list[Fact]:
    """What is known of the place, in the order people ask for it; what is not known is left out."""
    ages = ""
    if school.low_age is not None and school.high_age is not None:
        ages = f"{school.low_age} to {school.high_age}"
    known = [
        ("Kind", school.kind),
        ("URN", str(school.urn or "")),
        ("Phase", school.phase_name),
        ("Ages", ages),
        ("Pupils", str(school.pupils_count or "")),
        ("Leaders at once", "" if school.hosts_at_once is None else str(school.hosts_at_once)),
        ("Local authority", school.local_authority.name if school.local_authority else ""),
        ("Trust", school.trust.name if school.trust else ""),
        ("Region", school.get_region_display()),
        ("Head", school.head_name),
        ("Opened", words.plain_day(school.opened_on) if school.opened_on else ""),
        ("Closed", words.plain_day(school.closed_on) if school.closed_on else ""),
    ]
    return [Fact(label, value) for label, value in known if value]


def facts_dated(school: School) -> str:
    """How old the facts are, and which of them are ours."""
    if school.gias_read_at is None:
        return "Entered by programme staff."
    said = f"From GIAS, read on {words.plain_day(school.gias_read_at)}."
    if not school.edited_fields:
        return said
    named = {one.name: str(one.verbose_name) for one in School._meta.fields}
    labels = [named.get(name, name) for name in school.edited_fields]
    return f"{said} Changed here and kept: {', '.join(labels)}."
