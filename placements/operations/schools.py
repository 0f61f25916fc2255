"""Staff's changes to schools: correcting facts, adding an internal AP, a former name, a contact."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from cohorts.models.people import normal_email
from dlp.errors import Refused
from dlp.words import plain_day
from placements import reminders
from placements.models import School, SchoolContact, SchoolName, Setting
from placements.operations.handovers import open_handover

EDITABLE_FIELDS = (
    "name", "kind_label", "setting", "status", "phase_name", "low_age", "high_age", "street",
    "town", "postcode", "website", "phone", "head_name", "hosts_at_once",
)  # fmt: skip
OWN_FIELDS = frozenset({"kind_label", "hosts_at_once"})
"""Fields that GIAS does not have, so that imports cannot overwrite them."""


@transaction.atomic
def edit_school(school: School, *, values: dict[str, Any]) -> School:
    """Correct facts about a school; from now on imports leave the corrected ones alone.

    A new name keeps the old one as a former name. Equal values change nothing.
    """
    school = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    changed = [
        name for name in EDITABLE_FIELDS if name in values and getattr(school, name) != values[name]
    ]
    if not changed:
        return school
    if "name" in changed:
        SchoolName.objects.get_or_create(
            school=school, name=school.name, defaults={"held_to": timezone.localdate()}
        )
    for name in changed:
        setattr(school, name, values[name])
    if school.urn:
        school.edited_fields = sorted({*school.edited_fields, *changed} - OWN_FIELDS)
    school.save(update_fields=[*changed, "edited_fields"])
    return school


@transaction.atomic
def follow_gias_again(school: School) -> School:
    """Let the next import overwrite what staff corrected here."""
    school = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    school.edited_fields = []
    school.gias_changed_on = None
    school.save(update_fields=["edited_fields", "gias_changed_on"])
    return school


@transaction.atomic
def add_internal_ap(
    parent: School, *, name: str, kind_label: str = "", phone: str = "", head_name: str = ""
) -> School:
    """Add a provision inside a school, without a URN, at the school's address (R-SCH-01).

    Raises Refused if the school is itself an internal AP, or closed.
    """
    if parent.setting == Setting.INTERNAL_AP:
        raise Refused("An internal AP belongs to a school, not to another internal AP.")
    if parent.status == School.Status.CLOSED:
        raise Refused(f"{parent} is closed. Choose a school that is open.")
    place = (
        "local_authority_id", "trust_id", "region", "street", "town", "postcode", "easting",
        "northing", "latitude", "longitude", "phase_name",
    )  # fmt: skip
    return School.objects.create(
        parent=parent,
        name=name,
        kind_label=kind_label,
        setting=Setting.INTERNAL_AP,
        phone=phone or parent.phone,
        head_name=head_name,
        **{field: getattr(parent, field) for field in place},
    )


@transaction.atomic
def add_former_name(school: School, *, name: str, held_to: date | None = None) -> SchoolName:
    """Record a former name of a school, so that search finds it by that too.

    Raises Refused if it is the current name, or recorded already.
    """
    school = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    if name.casefold() == school.name.casefold():
        raise Refused(f"{school} is what the school is called now.")
    if school.former_names.filter(name__iexact=name).exists():
        raise Refused("This former name is here already.")
    former = SchoolName.objects.create(school=school, name=name, held_to=held_to)
    refresh_search_text(school)
    return former


def refresh_search_text(school: School) -> None:
    """Recompute `search_text`, by which search finds the school."""
    school.save(update_fields=["search_text"])


@transaction.atomic
def add_contact(
    school: School,
    *,
    role: str,
    name: str,
    email: str = "",
    phone: str = "",
    starts_on: date | None = None,
    signs_in: bool = False,
) -> SchoolContact:
    """Record who does what at a school. `signs_in` makes them a person who may sign in for it.

    Sends nothing; the invitation is a separate step. Raises Refused if somebody without an address
    is to sign in, or has this role already.
    """
    contact = SchoolContact(
        school=school, role=role, name=name, email=email, phone=phone, starts_on=starts_on
    )
    if signs_in:
        contact.person = _person_of(contact)
    contact.save()
    reminders.plan_at(school.pk)
    return contact


@transaction.atomic
def let_sign_in(contact: SchoolContact) -> SchoolContact:
    """Let a contact sign in for the school, as the person with that address if there is one.

    Raises Refused if the contact has no address, or has ended.
    """
    contact = SchoolContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if contact.person_id:
        return contact
    if contact.ends_on and contact.ends_on < timezone.localdate():
        raise Refused(f"{contact.who} has been no contact since {plain_day(contact.ends_on)}.")
    contact.person = _person_of(contact)
    contact.save(update_fields=["person"])
    reminders.plan_at(contact.school_id)
    return contact


def _person_of(contact: SchoolContact) -> Person:
    address = normal_email(contact.email)
    if address is None:
        raise Refused("Somebody who signs in needs an e-mail address: the code goes there.")
    person = Person.objects.filter(email=address).first()
    if person is None:
        return Person.objects.create_user(
            email=address, full_name=contact.name, phone=contact.phone
        )
    same = contact.school.contacts.filter(person=person, role=contact.role, ends_on=None)
    if same.exclude(pk=contact.pk).exists():
        raise Refused("This person has this role at the school already.")
    return person


@transaction.atomic
def end_contact(contact: SchoolContact, *, ends_on: date) -> SchoolContact:
    """End somebody's role at a school after a day; from then on they no longer see it.

    If they were a lead, it opens the handover to their successor. Raises Refused if they began
    after that day.
    """
    contact = SchoolContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if contact.starts_on and ends_on < contact.starts_on:
        raise Refused(
            f"This role began on {plain_day(contact.starts_on)}. Choose that day or later."
        )
    contact.ends_on = ends_on
    contact.save(update_fields=["ends_on"])
    open_handover(contact)
    reminders.plan_at(contact.school_id)
    return contact


@transaction.atomic
def edit_contact(contact: SchoolContact, *, values: dict[str, Any]) -> SchoolContact:
    """Correct a role and contact details; those who sign in have name and address as a person.

    Raises Refused if the role would end before it began, or the person has it already.
    """
    contact = SchoolContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    for name, value in values.items():
        setattr(contact, name, value)
    if contact.starts_on and contact.ends_on and contact.ends_on < contact.starts_on:
        raise Refused(f"This role ended on {plain_day(contact.ends_on)}. Choose an earlier day.")
    same = contact.school.contacts.filter(person=contact.person_id, role=contact.role, ends_on=None)
    if contact.person_id and same.exclude(pk=contact.pk).exists():
        raise Refused("This person has this role at the school already.")
    contact.save(update_fields=[*values])
    reminders.plan_at(contact.school_id)
    return contact


def note_bounce(person_id: int | None, address: str) -> None:
    """Record for every contact with this address that it takes no letters (messages.md R21)."""
    known = SchoolContact.objects.filter(person=None, email__iexact=address)
    known.update(bounced_email=address.lower())


@transaction.atomic
def say_letters(contact: SchoolContact, *, arrive: bool) -> SchoolContact:
    """Record whether letters to a contact arrive, as staff know it.

    Raises Refused for a contact who signs in, whose address is on their own page, and without an
    address.
    """
    contact = SchoolContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if contact.person_id:
        raise Refused(f"{contact.who} signs in: say it of their address on their own page.")
    if not contact.email:
        raise Refused(f"No address of {contact.who} is known.")
    contact.bounced_email = "" if arrive else contact.email.lower()
    contact.save(update_fields=["bounced_email"])
    return contact
