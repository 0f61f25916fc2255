"""Places at sessions that are on offer to somebody: first on every home."""

from __future__ import annotations

from typing import NamedTuple

from cohorts.models import Person
from training.claims import Claim, offers_to
from training.models import Session


class Offer(NamedTuple):
    session: Session
    claim: Claim


def part(person: Person) -> list[Offer]:
    return [
        Offer(one.session, Claim("offered", until=one.offer_ends_at)) for one in offers_to(person)
    ]
