"""Which of our leaders at a school are trained as safeguarding leads, and the inspection pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dlp import words
from placements.models import Placement, SafeguardingRole, School
from training.certificates.standing import Standing, Training
from training.models import Certificate
from training.safeguarding import rules_known, trainings

LEAVES_SOON = timedelta(days=90)
ENOUGH = 2
"""How many certainly trained leaders are enough: a lead, and somebody when the lead is out."""


@dataclass(frozen=True)
class Leader:
    """One of our leaders at a school: their roles there, and how their training stands."""

    person_id: int
    name: str
    title: str
    roles: tuple[SafeguardingRole, ...]
    training: Training
    leaves_on: date | None

    @property
    def needs_training(self) -> bool:
        """Whether they hold the role without the training that goes with it (R-DSL-06)."""
        return bool(self.roles) and not self.training.counts


@dataclass(frozen=True)
class DslCover:
    school: School
    leaders: list[Leader]
    on: date

    @property
    def trained(self) -> list[Leader]:
        return [one for one in self.leaders if one.training.counts]

    @property
    def leaving(self) -> list[Leader]:
        return [one for one in self.trained if one.leaves_on]

    @property
    def sure(self) -> list[Leader]:
        """Trained and verified, staying, and not due for a refresh soon."""
        return [
            one
            for one in self.trained
            if one.training.standing == Standing.CURRENT
            and not (one.leaves_on or one.training.review_until)
        ]

    @property
    def state(self) -> str:
        """none, thin or enough."""
        if not self.trained:
            return "none"
        return "enough" if len(self.sure) >= ENOUGH else "thin"

    @property
    def said(self) -> str:
        """Three trained, earliest due 3 May 2027, one is leaving: thin."""
        if not self.leaders:
            return "None of our leaders is here now."
        if not self.trained:
            return "None of our leaders here is trained now."
        earliest = min(one.training.until for one in self.trained if one.training.until)
        said = f"{words.in_words(len(self.trained)).capitalize()} trained"
        said += f", earliest due {words.plain_day(earliest)}"
        if self.leaving:
            leaving = len(self.leaving)
            said += f", {words.in_words(leaving)} {'is' if leaving == 1 else 'are'} leaving"
        return f"{said}: {self.state}."


def cover_of(school: School, today: date) -> DslCover:
    """Our leaders placed at a school today, or with a safeguarding role there. Four queries."""
    placed = {
        one.participation.person_id: one
        for one in Placement.objects.held_on(today)
        .filter(school=school)
        .select_related("participation__person")
    }
    held: dict[int, list[SafeguardingRole]] = {}
    for role in (
        SafeguardingRole.objects.filter(school=school)
        .not_over_on(today)
        .select_related("person")
        .order_by("starts_on", "pk")
    ):
        held.setdefault(role.person_id, []).append(role)
    people = {pk: one.participation.person for pk, one in placed.items()}
    people |= {pk: roles[0].person for pk, roles in held.items()}
    stand = trainings(people.keys(), today, rules_known())
    leaders = [
        Leader(
            pk,
            person.name,
            placed[pk].get_role_title_display() if pk in placed else "",
            tuple(held.get(pk, ())),
            stand[pk],
            _leaves_on(placed.get(pk), today),
        )
        for pk, person in people.items()
    ]
    return DslCover(school, sorted(leaders, key=lambda one: one.name), today)


def _leaves_on(placement: Placement | None, today: date) -> date | None:
    """The last day of a placement that ends soon; None for anybody else."""
    if placement is None or placement.ends_on > today + LEAVES_SOON:
        return None
    return placement.ends_on


@dataclass(frozen=True)
class Entry:
    """A line of the inspection pack (R-DSL-10): these seven facts, and no others."""

    leader: str
    role: str
    course: str
    provider: str
    completed_on: str
    valid_until: str
    verifier: str


@dataclass(frozen=True)
class Pack:
    """What a school shows an inspector, and the certificates behind it."""

    cover: DslCover
    entries: list[Entry]
    certificates: list[Certificate]


def pack_of(school: School, today: date) -> Pack:
    """One line per leader, by the certificate that counts; without one it says so."""
    cover = cover_of(school, today)
    numbers = [one.training.certificate.pk for one in cover.leaders if one.training.certificate]
    certificates = {
        one.pk: one
        for one in Certificate.objects.filter(pk__in=numbers).select_related(
            "person", "reviewed_by"
        )
    }
    entries = [_entry(one, certificates) for one in cover.leaders]
    return Pack(cover, entries, list(certificates.values()))


def _entry(leader: Leader, certificates: dict[int, Certificate]) -> Entry:
    role = ", ".join(one.get_role_display() for one in leader.roles) or "No safeguarding role"
    held = leader.training.certificate
    if held is None or leader.training.until is None:
        return Entry(leader.name, role, "No record", "", "", "", "")
    certificate = certificates[held.pk]
    verifier = certificate.reviewed_by
    return Entry(
        leader.name,
        role,
        certificate.title,
        certificate.provider,
        words.plain_day(certificate.completed_on),
        words.plain_day(leader.training.until),
        verifier.name if verifier else "In review, not verified yet",
    )
