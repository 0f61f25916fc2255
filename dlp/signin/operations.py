"""Changing how one signs in."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from dlp.errors import Refused
from dlp.outbox import reaching
from dlp.outbox.operations import enqueue
from dlp.signin.letters import NOTICE

if TYPE_CHECKING:
    from cohorts.models import Person

log = logging.getLogger("dlp.signin")

NOTED_AT = "last_use_noted_at"
NOTED_EVERY = timedelta(minutes=10)


@transaction.atomic
def change_address(person: Person, new: str, *, by: Person) -> Person:
    """Change the address with which a person signs in and gets letters.

    Sets Person.email, drops allauth's rows about the old address, ends all sessions of the person
    and writes to both addresses. The same address again changes nothing and writes to nobody.
    Raises Refused if the address is invalid or somebody else's.
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
    reaching.write_again(person, by=by)
    log.info("address of person %s changed by person %s", person.pk, by.pk)
    return person


@transaction.atomic
def end_sessions(person: Person) -> int:
    """Sign a person out everywhere; return how many browsers that was."""
    sessions = list(UserSession.objects.filter(user_id=person.pk))
    for session in sessions:
        session.end()
    return len(sessions)


def sessions_of(person: Person) -> QuerySet:
    """The browsers in which a person signed in, including expired ones."""
    sessions: QuerySet = UserSession.objects.filter(user_id=person.pk)
    return sessions


def end_session(session: UserSession, *, using: str | None) -> None:
    """Sign one browser out; `using` is the key of the current session.

    Raises Refused if that is the same one: signing out here is another button.
    """
    if session.session_key == using:
        raise Refused("This is the browser you are using. Sign out instead.")
    session.end()
    log.info("session %s of person %s ended by its owner", session.pk, session.user_id)


def session_count(person: Person) -> int:
    """In how many browsers a person is signed in."""
    return len(UserSession.objects.purge_and_list(person))


def note_use(request: HttpRequest) -> None:
    """Record when this browser was last used, at most once in ten minutes.

    Writing to a session would extend it, so its expiry is kept: counted from the sign-in.
    """
    records = get_authentication_records(request, request.user)
    began = records[0]["at"] if records else time.time()
    noted = request.session.get(NOTED_AT, records[-1]["at"] if records else 0.0)
    if time.time() - noted < NOTED_EVERY.total_seconds():
        return
    request.session[NOTED_AT] = time.time()
    request.session.set_expiry(
        datetime.fromtimestamp(began, UTC) + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    )
    used = UserSession.objects.filter(session_key=request.session.session_key)
    used.update(last_seen_at=timezone.now())
