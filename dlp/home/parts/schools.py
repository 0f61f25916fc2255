"""The page of one school, for programme staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cohorts.listing import access_of
from cohorts.models import Person
from dlp import words
from dlp.home.parts import agreements
from dlp.home.parts.agreements import Agreement
from dlp.home.parts.our_school import facts_of
from placements.models import (
    Clash,
    ClosedDays,
    Handover,
    Opening,
    Partnership,
    Placement,
    School,
    SchoolContact,
    SchoolLink,
    SchoolName,
    SchoolProfile,
)
from placements.models.closed_days import closed_told
from placements.models.profiles import Gap, gaps_of
from placements.operations.successions import Succession, succession_of


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
    handovers: list[Handover]
    """Those whose welcome call is still to be made."""
    clashes: list[Clash]
    closed_days: list[ClosedDays]
    agreements: list[Agreement]
    profile: SchoolProfile | None
    known: list[tuple[str, str]]
    gaps: list[Gap]
    is_old: bool
    openings: list[Opening]
    here: list[Placement]
    past: list[Placement]
    parts: list[School]
    links: list[SchoolLink]
    succession: Succession | None
    movable: list[Placement]
    """Placements that can go on at the school that follows; none while this one is open."""

    @property
    def standing(self) -> list[Agreement]:
        """The agreement in force, and the next one."""
        return [one for one in self.agreements if not one.is_over]

    @property
    def past_agreements(self) -> list[Agreement]:
        return [one for one in self.agreements if one.is_over]

    @property
    def is_partner(self) -> bool:
        return any(one.is_in_force for one in self.agreements)

    @property
    def can_renew(self) -> bool:
        """Whether the next agreement can be drafted: one is in force, and no other is on its way."""
        return len(self.standing) == 1 and self.is_partner


def page(viewer: Person, school: School, today: date) -> SchoolPage:
    """For staff. Reads school.profile, who confirmed it, and school.closed."""
    contacts = list(
        SchoolContact.objects.visible_to(viewer)
        .filter(school=school)
        .select_related("person", "handover")
    )
    past_contacts = [one for one in contacts if one.ends_on and one.ends_on < today]
    partnerships = Partnership.objects.visible_to(viewer).filter(school=school)
    profile = getattr(school, "profile", None)
    clashes = Clash.objects.visible_to(viewer).filter(school=school, day__gte=today)
    placements = list(
        Placement.objects.visible_to(viewer)
        .filter(school=school)
        .select_related("participation__person", "participation__cohort")
        .order_by("-starts_on", "participation__person__search_text")
    )
    openings = Opening.objects.visible_to(viewer).filter(school=school).select_related("cohort")
    links = SchoolLink.objects.visible_to(viewer).filter(school=school).select_related("other")
    succession = succession_of(school)
    return SchoolPage(
        school=school,
        address=", ".join(part for part in (school.street, school.town, school.postcode) if part),
        facts=facts(school),
        facts_dated=facts_dated(school),
        former_names=list(SchoolName.objects.visible_to(viewer).filter(school=school)),
        contacts=[(one, *_access(one)) for one in contacts if one not in past_contacts],
        past_contacts=past_contacts,
        handovers=[one for one in map(handover_of, contacts) if one and not one.welcomed_on],
        clashes=list(clashes.select_related("told_by")),
        closed_days=closed_told(school.closed),  # type: ignore[attr-defined]
        agreements=agreements.read(partnerships, today),
        profile=profile,
        known=facts_of(profile),
        gaps=gaps_of(profile),
        is_old=profile is not None and profile.is_old(today),
        openings=list(openings),
        here=[one for one in placements if is_here(one, today)],
        past=[one for one in placements if not is_here(one, today)],
        parts=list(School.objects.visible_to(viewer).filter(parent=school)),
        links=list(links),
        succession=succession,
        movable=_movable(placements, succession),
    )


def _access(contact: SchoolContact) -> tuple[str, str]:
    return access_of(contact.person) if contact.person else ("", "")


def _movable(placements: Iterable[Placement], succession: Succession | None) -> list[Placement]:
    """The placements that can move to the successor of a school that has closed."""
    if succession is None or not succession.has_closed:
        return []
    return [one for one in placements if one.state in Placement.OPEN_STATES]


def handover_of(contact: SchoolContact) -> Handover | None:
    """The handover that was opened when they left."""
    return getattr(contact, "handover", None)


def is_here(placement: Placement, today: date) -> bool:
    """Whether somebody is or will be here, and the placement did not come to nothing."""
    ended = {
        Placement.State.COMPLETED,
        Placement.State.DECLINED,
        Placement.State.WITHDRAWN,
        Placement.State.ENDED_EARLY,
    }
    return placement.ends_on >= today and placement.state not in ended


def facts(school: School) -> list[Fact]:
    """The known facts of the school, in the order in which people ask; unknown ones are left out."""
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
