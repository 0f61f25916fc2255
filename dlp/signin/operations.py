"""What people do about the way they sign in."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from dlp.errors import Refused
from dlp.outbox.operations import enqueue
from dlp.signin.letters import NOTICE

log = logging.getLogger("dlp.signin")


@transaction.atomic
def change_address(person: Any, new: str, *, by: Any) -> Any:
    """Give a person another address to sign in with and be written to.

    Sets Person.email, drops allauth's rows about the old one, ends every session of the person and
    writes to both addresses. The same address again changes nothing and writes to nobody.

    Raises Refused if the address is none, or is somebody else's.
    """
    people = get_user_model()._default_manager
    person = people.select_for_update(of=("self",)).get(pk=person.pk)
    new = new.strip().lower()
    old = person.email
    if new == old:
        return person
    try:
        validate_email(new)
    except ValidationError as error:
        raise Refused("Write an address such as name@school.org.") from error
    if people.filter(email=new).exclude(pk=person.pk).exists():
        raise Refused(
            "This address cannot be used here. Write to the programme team if it is yours."
        )

    person.email = new
    person.save(update_fields=["email"])
    EmailAddress.objects.filter(user_id=person.pk).delete()
    EmailAddress.objects.filter(email=new).delete()
    end_sessions(person)
    if old:
        enqueue(NOTICE, address=old, lead="address_left")
    enqueue(NOTICE, address=new, lead="address_new")
    log.info("address of person %s changed by person %s", person.pk, by.pk)
    return person


@transaction.atomic
def end_sessions(person: Any) -> int:
    """Sign a person out everywhere; return how many browsers that was."""
    sessions = list(UserSession.objects.filter(user_id=person.pk))
    for session in sessions:
        session.end()
    return len(sessions)


def session_count(person: Any) -> int:
    """In how many browsers a person is signed in."""
    return len(UserSession.objects.purge_and_list(person))
