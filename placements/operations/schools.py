"""What staff do with schools: correct a fact, add an internal AP, a former name, a contact."""

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
"""Fields that GIAS does not know, so that an edit needs no protection from it."""


@transaction.atomic
def edit_school(school: School, *, values: dict[str, Any]) -> School:
    """Correct facts about a school; those that GIAS tells are left alone by imports from now on.

    A new name keeps the one before as a former name. Values that differ in nothing change nothing.
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
    """Let the next import write over what staff edited here."""
    school = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
    school.edited_fields = []
    school.gias_changed_on = None
    school.save(update_fields=["edited_fields", "gias_changed_on"])
    return school


@transaction.atomic
def add_internal_ap(
    parent: School, *, name: str, kind_label: str = "", phone: str = "", head_name: str = ""
) -> School:
    """Add a provision inside a school: no URN of its own, and found where its school is (R-SCH-01).

    Raises Refused where the school is itself an internal AP, or closed.
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
    """Write down a name the school had before, so that search finds it by that name too.

    Raises Refused where it is the school's name now, or is here already.
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
    """Make search find the school by what is true of it now."""
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
    """Write down who does what at a school. `signs_in` makes them a person who may sign in for it.

    Nobody is written to; the invitation is a step of its own.
    Raises Refused where somebody is to sign in without an address, or has this role already.
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
    """Make a contact a person who may sign in for the school; the one we know by that address, if any.

    Raises Refused where the contact has no address, or has ended.
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
    """Say that somebody's role at a school ended, or will; after that day they see it no more.

    Where they led there, it begins the handover to whoever follows. Raises Refused where it began after that day.
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
    """Correct a role and how to reach somebody; who signs in has name and address as a person.

    Raises Refused where the role would end before it began, or the person has it already.
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
    """Remember of every contact with this address that it takes no letters (messages.md R21)."""
    known = SchoolContact.objects.filter(person=None, email__iexact=address)
    known.update(bounced_email=address.lower())


@transaction.atomic
def say_letters(contact: SchoolContact, *, arrive: bool) -> SchoolContact:
    """Whether letters to a contact arrive, as staff know it from their own mailbox or by telephone.

    Raises Refused for somebody who signs in, whose address is on their own page, and where there is
    no address.
    """
    contact = SchoolContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if contact.person_id:
        raise Refused(f"{contact.who} signs in: say it of their address on their own page.")
    if not contact.email:
        raise Refused(f"No address of {contact.who} is known.")
    contact.bounced_email = "" if arrive else contact.email.lower()
    contact.save(update_fields=["bounced_email"])
    return contact
