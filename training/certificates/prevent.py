"""Prevent training: a record of its own, with a refresh that is recommended and never asked for (R-DSL-07)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dlp import words
from training.certificates.rules import Rules, prevent_until
from training.models import Certificate


@dataclass(frozen=True)
class Prevent:
    """One kind of Prevent training, judged by the certificate that was verified last."""

    label: str
    until: date
    is_fresh: bool

    @property
    def standing(self) -> str:
        return "current" if self.is_fresh else "refresh_recommended"

    @property
    def said(self) -> str:
        when = words.plain_day(self.until)
        if self.is_fresh:
            return f"A refresh is recommended by {when}. It is not statutory."
        return f"A refresh has been recommended since {when}. It is not statutory."


def prevent_on(
    day: date, certificates: Iterable[Certificate], known: Sequence[Rules]
) -> list[Prevent]:
    """Awareness and leading, if held; certificates in review are left out."""
    verified = [one for one in certificates if one.state in Certificate.VERIFIED_STATES]
    found = []
    for kind in Certificate.PREVENT_KINDS:
        ends = [
            prevent_until(one.completed_on, known, one.says_until)
            for one in verified
            if one.kind == kind
        ]
        if ends:
            found.append(Prevent(kind.label, max(ends), max(ends) >= day))
    return found
