"""Issuing certificates for the training we deliver ourselves, from its register."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from training.models import Booking, Certificate, GuidanceEdition, Kind, Mode, Session
from training.operations.certificates import bring_into_line, tell

PROVIDER = "The Difference Leadership Programme"
MODES = {
    Mode.IN_PERSON: Certificate.Mode.IN_PERSON,
    Mode.ONLINE: Certificate.Mode.ONLINE,
    Mode.HYBRID: Certificate.Mode.BLENDED,
}
INITIAL, REFRESHER = Certificate.Kind.INITIAL, Certificate.Kind.REFRESHER
HALF_AN_HOUR = 30


class Issued(NamedTuple):
    """How many certificates were issued, and how many withdrawn since the register changed."""

    made: int
    taken_back: int

    @property
    def is_nothing(self) -> bool:
        return not (self.made or self.taken_back)


@transaction.atomic
def issue(session: Session, *, by: Person) -> Issued:
    """Issue certificates to everybody who came to DSL training; withdraw those of others.

    Each of them gets a letter. Repeating it changes nothing. Issuing vouches for attendance, so nobody can issue their own:
    somebody else does. Raises Refused for another kind of session, and while the register is open.
    """
    session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if session.kind != Kind.DSL_TRAINING:
        raise Refused("Only DSL training gives a certificate.")
    if session.register_closed_at is None:
        raise Refused("Close the register first: certificates go to those who came.")
    attended = session.bookings.filter(attendance__in=Booking.CAME).exclude(person=by)
    came = set(attended.values_list("person", flat=True))
    standing = Certificate.objects.filter(session=session).exclude(state=Certificate.State.REJECTED)
    has_one = set(standing.values_list("person", flat=True))
    made = _give(session, sorted(came - has_one), by=by)
    astray = list(standing.exclude(person__in=came).exclude(person=by))
    _take_back(astray, by=by)
    bring_into_line(sorted(came | has_one))
    changed = Certificate.objects.filter(pk__in=[one.pk for one in (*made, *astray)])
    for certificate in changed.select_related("person"):
        tell(certificate)
    return Issued(len(made), len(astray))


def _give(session: Session, people: list[int], *, by: Person) -> list[Certificate]:
    """A refresher for those who have a certificate of DSL training, else an initial one."""
    trained = Certificate.objects.of_dsl().verified().filter(person__in=people)
    known = set(trained.values_list("person", flat=True))
    edition = GuidanceEdition.objects.in_force_on(session.ends_on)
    return Certificate.objects.bulk_create(
        certificate_of(
            session, person, edition=edition, by=by, kind=REFRESHER if person in known else INITIAL
        )
        for person in people
    )


def _take_back(certificates: list[Certificate], *, by: Person) -> None:
    Certificate.objects.filter(pk__in=[one.pk for one in certificates]).update(
        state=Certificate.State.REJECTED,
        note="The register does not say any more that you came.",
        reviewed_by=by,
        reviewed_at=timezone.now(),
        superseded_at=None,
    )


def certificate_of(
    session: Session, person: int, *, edition: GuidanceEdition | None, by: Person, kind: str
) -> Certificate:
    """The certificate of somebody who came to a session, not saved."""
    return Certificate(
        person_id=person,
        kind=kind,
        title=session.title,
        provider=PROVIDER,
        mode=MODES[Mode(session.mode)],
        hours=hours_of(session),
        completed_on=session.ends_on,
        edition=edition,
        session=session,
        state=Certificate.State.ACCEPTED,
        reviewed_by=by,
        reviewed_at=timezone.now(),
    )


def hours_of(session: Session) -> Decimal:
    """Hours to the half, as a certificate says them: 6 or 7.5. Nights between days do not count."""
    on_one_day = wall_minutes(session.starts_time, session.ends_time)
    days = (session.ends_on - session.starts_on).days + 1
    return Decimal(max(1, round(days * on_one_day / HALF_AN_HOUR))) / 2


def wall_minutes(starts: time, ends: time) -> int:
    return (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
