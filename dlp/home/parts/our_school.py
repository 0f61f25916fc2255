"""One school as its leads see it: contacts, day-one facts, and agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cohorts.models import Person
from dlp.home.parts import agreements
from dlp.home.parts.agreements import Agreement
from placements.models import ClosedDays, Opening, Partnership, School, SchoolContact, SchoolProfile
from placements.models.profiles import Gap, gaps_of
from placements.permissions import DECIDING_ROLES


@dataclass(frozen=True)
class OurSchool:
    school: School
    others: list[School]
    """The viewer's other schools, such as those of a trust."""
    contacts: list[SchoolContact]
    profile: SchoolProfile | None
    facts: list[tuple[str, str]]
    gaps: list[Gap]
    is_old: bool
    agreements: list[Agreement]
    openings: list[Opening]
    can_withdraw: bool
    closed_days: list[ClosedDays]


def page(person: Person, school: School, today: date) -> OurSchool:
    profile = (
        SchoolProfile.objects.visible_to(person)
        .filter(school=school)
        .select_related("confirmed_by")
        .first()
    )
    contacts = list(
        SchoolContact.objects.visible_to(person).filter(school=school).select_related("person")
    )
    openings = Opening.objects.visible_to(person).filter(
        school=school, state__in=[Opening.State.OPEN, Opening.State.FILLED], ends_on__gte=today
    )
    rows = Partnership.objects.visible_to(person).filter(school=school)
    shown = rows.exclude(state=Partnership.State.DRAFT)
    return OurSchool(
        school=school,
        others=[one for one in School.objects.led_by(person) if one.pk != school.pk],
        contacts=contacts,
        profile=profile,
        facts=facts_of(profile),
        gaps=gaps_of(profile),
        is_old=profile is not None and profile.is_old(today),
        agreements=agreements.read(shown, today),
        openings=list(openings.select_related("cohort")),
        can_withdraw=any(
            one.person_id == person.pk and one.role in DECIDING_ROLES for one in contacts
        ),
        closed_days=list(
            ClosedDays.objects.visible_to(person).filter(school=school).not_over_on(today)
        ),
    )


def facts_of(profile: SchoolProfile | None) -> list[tuple[str, str]]:
    """The facts that the school told, in the order of a first day; missing ones are left out."""
    if profile is None:
        return []
    return [
        (
            str(SchoolProfile._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
            f"{value:%H:%M}" if name == "arrive_at" else str(value),
        )
        for name in SchoolProfile.ABOUT
        if (value := getattr(profile, name))
    ]
