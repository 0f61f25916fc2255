"""What the pack says about one placement, and whom to ask about what the school has not told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dlp import words
from placements.models import Placement, SchoolContact, SchoolProfile
from placements.models.profiles import Gap, gaps_of


@dataclass(frozen=True)
class Fact:
    label: str
    said: str
    is_known: bool


@dataclass(frozen=True)
class Someone:
    """Somebody at the school whom one can ask, and how to reach them."""

    name: str
    role: str
    email: str
    phone: str


@dataclass(frozen=True)
class Pack:
    placement: Placement
    profile: SchoolProfile | None
    facts: list[Fact]
    gaps: list[Gap]
    ask: list[Someone]
    address: str

    @property
    def ask_words(self) -> str:
        """Not known yet: lunch and parking. Ask Marcus Bell. Empty if nothing is missing."""
        if not self.gaps:
            return ""
        missing = words.joined([gap.about for gap in self.gaps])
        return f"Not known yet: {missing}. Ask {_whom(self.ask)}."


def pack_of(placement: Placement) -> Pack:
    """The pack of a placement.

    Names who leads at the school on the first day, or today once it has begun.
    """
    school = placement.school
    profile = SchoolProfile.objects.filter(school=school).select_related("confirmed_by").first()
    leads = leads_on(school.pk, placement.starts_on)
    gaps = gaps_of(profile)
    missing = {gap.field for gap in gaps}
    whom = _whom(leads)
    return Pack(
        placement=placement,
        profile=profile,
        facts=[
            Fact(
                str(SchoolProfile._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
                f"Ask {whom} about {about}." if name in missing else _said(profile, name),
                name not in missing,
            )
            for name, about in QUESTIONS.items()
        ],
        gaps=gaps,
        ask=leads,
        address=", ".join(filter(None, (school.street, school.town, school.postcode))),
    )


QUESTIONS = {
    **SchoolProfile.ABOUT,
    "arrive_at": "the start time",
    "report_to": "where to report",
    "met_by": "who meets you",
    "dress": "what people wear",
    "access": "step-free ways",
    "bring": "what to bring",
    "safeguarding_lead": "the safeguarding lead",
}
"""What to ask about, after "about"."""


def leads_on(school_id: int, day: date) -> list[Someone]:
    """The host leads of a school on a day, or its head if there are none."""
    known = list(
        SchoolContact.objects.current_on(day)
        .filter(school=school_id, role__in=[SchoolContact.Role.HOST_LEAD, SchoolContact.Role.HEAD])
        .select_related("person")
        .order_by("pk")
    )
    leads = [one for one in known if one.role == SchoolContact.Role.HOST_LEAD] or known
    return [
        Someone(
            one.who,
            one.get_role_display(),
            one.address,
            (one.person.phone if one.person else "") or one.phone,
        )
        for one in leads
    ]


def _whom(leads: list[Someone]) -> str:
    return leads[0].name if leads else "the school’s office"


def _said(profile: SchoolProfile | None, name: str) -> str:
    value = getattr(profile, name)
    return f"{value:%H:%M}" if name == "arrive_at" else str(value)
