"""Confirmed facts, and the reason that staff give for correcting one."""

from __future__ import annotations

from typing import Any

from cohorts.models import Correction, Person
from cohorts.models.people import normal_name
from dlp import words
from dlp.errors import Refused

Fact = Correction.Fact


def confirmed(person: Person) -> frozenset[str]:
    """The facts that count as confirmed.

    Name and address once somebody has signed in with them, a TRN once it is set.
    """
    by_them = {Fact.FULL_NAME, Fact.EMAIL} if person.last_login is not None else set()
    return frozenset(by_them | ({Fact.TRN} if person.trn else set()))


def corrected(person: Person, **said: Any) -> list[Fact]:
    """The confirmed facts that these values would change, spacing in names aside."""
    said = said | (
        {Fact.FULL_NAME: normal_name(said[Fact.FULL_NAME])} if "full_name" in said else {}
    )
    stand = confirmed(person)
    return [
        fact
        for fact in Fact
        if fact in stand
        and fact in said
        and (said[fact] or None) != (getattr(person, fact) or None)
    ]


def asked_for(facts: list[Fact]) -> str:
    """The sentence that asks for a reason."""
    named = words.joined([_said(fact) for fact in facts])
    return f"Say why you change the {named}: it stood as confirmed."


def note(person: Person, facts: list[Fact], *, reason: str, by: Person, **said: Any) -> None:
    """Record each corrected fact with the reason, before the person is changed.

    Raises Refused if there is no reason.
    """
    if facts and not reason.strip():
        raise Refused(asked_for(facts))
    Correction.objects.bulk_create(
        Correction(
            person=person,
            fact=fact,
            was="" if fact in Correction.UNTOLD else getattr(person, fact) or "",
            became="" if fact in Correction.UNTOLD else said[fact] or "",
            reason=reason.strip(),
            by=by,
        )
        for fact in facts
    )


def _said(fact: Fact) -> str:
    label = str(fact.label)
    return label[0].lower() + label[1:]
