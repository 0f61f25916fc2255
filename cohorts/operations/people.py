"""Adding people, correcting their records, and opening or closing their sign-in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cohorts import places
from cohorts.letters import INVITATION
from cohorts.models import Person
from cohorts.models.people import normal_email
from cohorts.operations import corrections, reporters
from cohorts.permissions import can_manage_staff
from dlp import words
from dlp.errors import Refused
from dlp.outbox import bounces, reaching
from dlp.outbox.operations import cancel_for_person, enqueue
from dlp.outbox.plans import sweeping
from dlp.postcodes import sector_of
from dlp.signin.operations import change_address, end_sessions

BY_THEMSELVES = frozenset({"biography", "is_in_directory"})
OWN_DETAILS = BY_THEMSELVES | {
    "known_as", "pronouns", "phone", "home_postcode", "travels_by", "longest_journey", "phase",
    "subject", "strand",
}  # fmt: skip
DETAILS = OWN_DETAILS - BY_THEMSELVES | {"full_name", "trn"}
HOME = ("home_sector", "home_easting", "home_northing")
BETWEEN_INVITATIONS = timedelta(minutes=10)


@transaction.atomic
def add_person(*, full_name: str, email: str | None = None, **details: Any) -> Person:
    """Add somebody. They need no address, and get no letter."""
    _refuse_unknown(details, DETAILS)
    person = _with_details(Person(full_name=full_name, email=normal_email(email)), details)
    person.set_unusable_password()
    _refuse_what_breaks_a_rule(person)
    person.save()
    return person


@transaction.atomic
def edit_person(
    person: Person, *, by: Person, email: str | None = None, reason: str = "", **details: Any
) -> Person:
    """Correct somebody's record. Locks the person.

    A confirmed fact needs a reason, which stays in the history. A new address of somebody who was
    invited or has signed in ends their sessions, and both addresses get a letter; without an
    address they can no longer sign in.
    """
    _refuse_unknown(details, DETAILS)
    person = _locked(person)
    old, new = person.email, normal_email(email)
    said = {**details, "email": new}
    corrections.note(person, corrections.corrected(person, **said), reason=reason, by=by, **said)
    if new != old:
        _refuse_reaching_for_staff(person, by)
        person = _readdressed(person, new, by=by)
    person = _with_details(person, details)
    _refuse_what_breaks_a_rule(person)
    person.save(update_fields=["email", *_columns(details)])
    if new is None and old is not None:
        cancel_for_person(person, reason=bounces.NO_ADDRESS)
    elif new != old:
        reaching.write_again(person, by=by)
    return person


def _readdressed(person: Person, new: str | None, *, by: Person) -> Person:
    is_known_to_them = person.invited_at is not None or person.last_login is not None
    if new and person.email and is_known_to_them:
        changed: Person = change_address(person, new, by=by)
        return changed
    person.email = new
    end_sessions(person)
    return person


@transaction.atomic
def edit_own_details(person: Person, **details: Any) -> Person:
    """Let a person say how to address and reach them, and what others may read about them."""
    _refuse_unknown(details, OWN_DETAILS)
    person = _with_details(_locked(person), details)
    _refuse_what_breaks_a_rule(person)
    person.save(update_fields=_columns(details))
    return person


@transaction.atomic
def note_bounce(person_id: int | None, address: str) -> None:
    """Record that an address takes no letters, if still theirs, and cancel what waits (R8)."""
    if person_id is None:
        return
    theirs = Person.objects.get_queryset().filter(pk=person_id, email=address.lower())
    person = theirs.select_for_update(of=("self",)).first()
    if person is None:
        return
    person.bounced_email = address.lower()
    person.save(update_fields=["bounced_email"])
    cancel_for_person(person, reason=bounces.COME_BACK)


def out_of_reach(people: Collection[int]) -> dict[int, str]:
    """Those of these people whom no letter reaches, as far as we know, and why."""
    found = Person.objects.get_queryset().filter(pk__in=people).out_of_reach()
    addresses = dict(found.order_by().values_list("pk", "email"))
    return {
        pk: bounces.COME_BACK if address else bounces.NO_ADDRESS
        for pk, address in addresses.items()
    }


@transaction.atomic
def forget_bounce(person: Person, *, by: Person) -> Person:
    """Record that the address works again, and retry the letters that were refused."""
    person = _locked(person)
    person.bounced_email = ""
    person.save(update_fields=["bounced_email"])
    reaching.write_again(person, by=by)
    return person


@transaction.atomic
def invite_person(person: Person) -> Person:
    """Send the letter that says what this is and how to sign in. Locks the person.

    Its link works for seven days. Raises Refused without an address, for somebody deactivated, and
    within ten minutes of the last invitation.
    """
    person = _locked(person)
    if not person.is_active:
        raise Refused(f"{person} was deactivated. Reactivate them before you invite them.")
    if not person.email:
        raise Refused(f"{person} has no e-mail address. Add one before you invite them.")
    now = timezone.now()
    if person.invited_at is not None and now - person.invited_at < BETWEEN_INVITATIONS:
        raise Refused(
            f"{person} was invited at {words.clock(person.invited_at)}. "
            f"Wait ten minutes before you send another letter."
        )
    person.invited_at = now
    person.save(update_fields=["invited_at"])
    enqueue(
        INVITATION,
        person=person,
        subject_kind="person",
        subject_id=person.pk,
        revision=int(now.timestamp()),
    )
    return person


@transaction.atomic
def deactivate_person(person: Person, *, by: Person) -> Person:
    """Stop somebody from signing in and getting letters, at once. Their record stays.

    Raises Refused for oneself.
    """
    return close_sign_in(_locked(person), by=by, why="They were deactivated.")


def close_sign_in(person: Person, *, by: Person, why: str) -> Person:
    """End their sign-in and cancel letters that wait for them. The caller has locked them."""
    if person.pk == by.pk:
        raise Refused("You cannot deactivate yourself. Ask another member of the programme staff.")
    _refuse_reaching_for_staff(person, by)
    person.is_active = False
    person.save(update_fields=["is_active", "died_on"])
    cancel_for_person(person, reason=why)
    end_sessions(person)
    return person


@transaction.atomic
def reactivate_person(person: Person, *, by: Person) -> Person:
    """Let somebody sign in again, and plan the letters still to come. Locks the person.

    If their death was recorded, that was a mistake and is removed.
    """
    person = _locked(person)
    _refuse_reaching_for_staff(person, by)
    if not person.is_active:
        person.is_active, person.died_on = True, None
        person.save(update_fields=["is_active", "died_on"])
        sweeping.plan_for(person)
        reporters.report_anew({person.pk})
    return person


def _locked(person: Person) -> Person:
    return Person.objects.get_queryset().select_for_update(of=("self",)).get(pk=person.pk)


def _refuse_reaching_for_staff(person: Person, by: Person) -> None:
    if person.is_staff and not can_manage_staff(by):
        raise Refused(
            "Only a programme lead changes how programme staff sign in, and whether they can."
        )


def _with_details(person: Person, details: dict[str, Any]) -> Person:
    for name, value in details.items():
        if name == "home_postcode":
            _move_home(person, value)
        else:
            setattr(person, name, value)
    return person


def _move_home(person: Person, typed: str) -> None:
    """Store the sector of a postcode, and roughly where it lies if that is known.

    The stored sector, submitted again, changes nothing.
    """
    if typed == person.home_sector:
        return
    person.home_sector = sector_of(typed)
    place = places.located(person.home_sector) if typed else None
    person.home_easting, person.home_northing = place or (None, None)


def _columns(details: dict[str, Any]) -> list[str]:
    kept = [name for name in details if name != "home_postcode"]
    return [*kept, *HOME] if "home_postcode" in details else kept


def _refuse_unknown(details: dict[str, Any], known: frozenset[str]) -> None:
    unknown = details.keys() - known
    if unknown:
        raise TypeError(f"Nothing here changes {', '.join(sorted(unknown))}.")


def _refuse_what_breaks_a_rule(person: Person) -> None:
    person.tidy()
    try:
        person.clean_fields(exclude={"password"})
        person.validate_unique()
        person.validate_constraints()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


@transaction.atomic
def invite_everyone(people: QuerySet[Person]) -> int:
    """Invite those of these people who can be and have not been invited; return how many."""
    waiting = people.filter(is_active=True, invited_at=None, last_login=None).exclude(email=None)
    invited = [invite_person(person) for person in waiting.distinct()]
    return len(invited)
