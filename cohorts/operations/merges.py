"""Merging two records of one person. Each app's `merging.py` says what happens to its rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pghistory
from django.db import transaction
from django.utils import timezone

from cohorts.models import Person, PersonMerge
from cohorts.operations import reporters
from cohorts.permissions import can_merge
from dlp import merging, words
from dlp.errors import Refused
from dlp.files import erase_after
from dlp.merging import Pair
from dlp.outbox.operations import enqueue
from dlp.outbox.plans import sweeping
from dlp.signin.letters import NOTICE
from dlp.signin.operations import change_address, end_sessions

LOOKED_AT_AGAIN = timedelta(days=1)
PLAIN = (
    "full_name", "known_as", "pronouns", "phone", "trn", "phase", "subject", "strand", "travels_by",
    "longest_journey", "biography",
)  # fmt: skip
CHOSEN = (*PLAIN, "email", "home_sector", "photo")
"""Fields of a person that can be taken from either record."""
ALONG = {"home_sector": ("home_easting", "home_northing"), "email": ("bounced_email",)}
"""Fields that go with another: the map position with a home, the bounce with an address."""


def differing(pair: Pair) -> list[str]:
    """The fields in which the two records differ, in the order in which they are asked."""
    return [name for name in CHOSEN if said(pair.kept, name) != said(pair.gone, name)]


def said(person: Person, name: str) -> str:
    """The value of a field as text; empty for none."""
    return str(getattr(person, name) or "")


def problems(pair: Pair) -> list[str]:
    """Why these two records cannot be merged, a sentence for each reason."""
    kept, gone = pair
    if kept.pk == gone.pk:
        return ["That is one record. Choose two."]
    own = []
    if kept.merged_into_id is not None:
        own.append(f"{kept} was made part of another record. Open that one.")
    if gone.merged_into_id is not None:
        own.append(f"{gone} is part of another record already.")
    if gone.is_staff:
        own.append(
            f"{gone} is programme staff. Keep that record, or take their access away before."
        )
    if kept.died_on != gone.died_on:
        own.append(
            f"It is recorded that {kept} {_lives(kept)}, and that {gone} {_lives(gone)}. Make the two "
            f"records say the same before."
        )
    return own + merging.problems(pair)


def _lives(person: Person) -> str:
    return f"died on {words.plain_day(person.died_on)}" if person.died_on else "is alive"


@transaction.atomic
def merge_people(
    kept: Person, gone: Person, *, by: Person, taken: Collection[str] = ()
) -> PersonMerge:
    """Move everything of one record to another, and leave a shell that redirects there.

    `taken` names the fields that the remaining record takes over. Both are signed out, and an
    address that no longer signs in gets a letter. Pressed again, nothing happens twice. Raises
    Refused for anybody but a programme lead, and with the sentences of `problems`.
    """
    if not can_merge(by):
        raise Refused("Only a programme lead makes two records one.")
    pair = _locked(kept, gone)
    if pair.gone.merged_into_id == pair.kept.pk:
        merging.move_all(pair)
        return pair.gone.merge
    if found := problems(pair):
        raise Refused(" ".join(found))
    moved = {one.column: one.number for one in merging.moving(pair)}
    taken = [name for name in CHOSEN if name in taken]
    merging.move_all(pair)
    _become_one(pair, taken, by=by)
    sweeping.plan_for(pair.kept)
    reporters.report_anew({pair.kept.pk})
    return PersonMerge.objects.create(
        kept=pair.kept, gone=pair.gone, by=by, taken=taken, moved=moved
    )


def gather_stragglers() -> int:
    """Move rows that were written for a record while it was being merged.

    Looks at the merges of the last day; returns how many. Safe to run any number of times.
    """
    shells = Person.everyone.filter(merge__at__gte=timezone.now() - LOOKED_AT_AGAIN)
    pairs = [(one.merged_into, one) for one in shells.select_related("merged_into", "merge")]
    for kept, shell in pairs:
        if kept is not None:
            with pghistory.context(user=shell.merge.by_id), transaction.atomic():
                merging.move_all(_locked(kept, shell))
                reporters.report_anew({kept.pk})
    return len(pairs)


def _locked(kept: Person, gone: Person) -> Pair:
    """Both, locked in order of their keys; rows that refer to them can still be added meanwhile."""
    rows = Person.everyone.filter(pk__in=(kept.pk, gone.pk)).order_by("pk")
    found = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
    return Pair(found[kept.pk], found[gone.pk])


def _become_one(pair: Pair, taken: Collection[str], *, by: Person) -> None:
    """Give the remaining record the chosen values, then empty the other."""
    kept, gone = pair
    names = {*taken, *(name for one in taken for name in ALONG.get(one, ()))} - {"email"}
    values = {name: getattr(gone, name) for name in names - {"photo"}}
    own_photo, their_photo = kept.photo.name or "", gone.photo.name or ""
    address, other = _addresses(pair, takes_email="email" in taken)
    _empty(gone, into=kept)
    for name, value in values.items():
        setattr(kept, name, value)
    kept.photo = their_photo if "photo" in taken else own_photo
    kept.added_at = min(kept.added_at, gone.added_at)
    kept.invited_at = min(filter(None, (kept.invited_at, gone.invited_at)), default=None)
    kept.last_login = max(filter(None, (kept.last_login, gone.last_login)), default=None)
    kept.save()
    erase_after(own_photo if "photo" in taken else their_photo)
    _sign_in_with(kept, address, other, by=by)


def _addresses(pair: Pair, *, takes_email: bool) -> tuple[str | None, str | None]:
    """The address to sign in with from now on, and the other one, which gets a letter."""
    kept, gone = pair.kept.email, pair.gone.email
    return (gone, kept) if takes_email else (kept, gone)


def _sign_in_with(kept: Person, address: str | None, other: str | None, *, by: Person) -> None:
    """End every session, and write to the new address and the one that was given up."""
    end_sessions(kept)
    if address and kept.email and address != kept.email:
        change_address(kept, address, by=by)
        return
    if address != kept.email:
        kept.email = address
        kept.save(update_fields=["email"])
    if address and other:
        enqueue(NOTICE, address=other, lead="merged")


def _empty(gone: Person, *, into: Person) -> None:
    """Leave the shell: the name it had, and the record it leads to."""
    end_sessions(gone)
    for name in {*CHOSEN, *(name for along in ALONG.values() for name in along)} - {"full_name"}:
        setattr(gone, name, None if Person._meta.get_field(name).null else "")
    gone.is_active = gone.is_in_directory = False
    gone.merged_into = into
    gone.save()
