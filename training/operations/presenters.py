"""Presenters of a session and their answers. Presenters change through this module only.

Like people who come, they get a letter about every version of the session, until it begins or they
say no: that they are asked, that it is published, what changed, that it is cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from dlp.outbox.operations import enqueue
from dlp.outbox.plans.planning import CHANGES_SETTLE
from training.models import Presenter, Session

PRESENTER = "training.presenter"
FEEDBACK = "training.feedback"
SUBJECT = "presenter"
Answer = Presenter.Answer


@transaction.atomic
def ask(
    session: Session, *, person: Person | None = None, name: str = "", email: str = ""
) -> Presenter:
    """Ask somebody to present: a person we know, or a name and an address.

    Repeating it does nothing; somebody who said no is asked again. Raises Refused if the session is
    cancelled or has begun, and for an invalid address.
    """
    session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    _check_ahead(session)
    email = email.strip().lower()
    if person is None:
        _check_address(name, email)
        person = Person.objects.filter(email=email, is_active=True).first()
    whom = {"person": person} if person else {"person": None, "email": email}
    presenter = session.presenters.select_for_update(of=("self",)).filter(**whom).first()
    if presenter is None:
        named = {} if person else {"name": name.strip()}
        presenter = Presenter.objects.create(session=session, **whom, **named)
    elif presenter.answer == Answer.NO:
        presenter.answer, presenter.answered_at, presenter.reason = Answer.NONE, None, ""
        presenter.asked_at = timezone.now()
        presenter.save(update_fields=["answer", "answered_at", "reason", "asked_at"])
    _write_to([presenter], session)
    return presenter


@transaction.atomic
def answer(presenter: Presenter, *, yes: bool, reason: str = "") -> Presenter:
    """Record whether they will present. The same answer again changes nothing.

    Raises Refused if the session is cancelled or has begun.
    """
    session = Session.objects.select_for_update(of=("self",)).get(pk=presenter.session_id)
    presenter = Presenter.objects.select_for_update(of=("self",)).get(pk=presenter.pk)
    _check_ahead(session)
    wanted = Answer.YES if yes else Answer.NO
    if presenter.answer == wanted and (yes or reason == presenter.reason):
        return presenter
    presenter.answer, presenter.answered_at = wanted, timezone.now()
    presenter.reason = "" if yes else reason
    presenter.save(update_fields=["answer", "answered_at", "reason"])
    if yes:
        _write_to([presenter], session)
    return presenter


def tell(session: Session) -> None:
    """Write to the presenters how the session stands now, once for each version of it."""
    if session.has_begun:
        return
    _write_to(session.presenters.standing().select_related("person"), session)


def _write_to(presenters: Iterable[Presenter], session: Session) -> None:
    for presenter in presenters:
        if presenter.answer == Answer.YES and session.state == Session.State.DRAFT:
            continue  # they hear once it is published
        _enqueue(
            PRESENTER,
            presenter,
            lead=lead_of(presenter, session),
            revision=session.revision,
            due_at=None if presenter.answer == Answer.NONE else timezone.now() + CHANGES_SETTLE,
            not_after=session.starts_at,
        )


def tell_what_was_said(session: Session) -> None:
    """Write to the presenters, once, that they can read the feedback."""
    for presenter in session.presenters.standing().select_related("person"):
        _enqueue(FEEDBACK, presenter)


def _enqueue(kind: str, presenter: Presenter, **more: Any) -> None:
    is_ours = presenter.person is not None
    enqueue(
        kind,
        person=presenter.person,
        address="" if is_ours else presenter.email,
        recipient="" if is_ours else f"{SUBJECT}:{presenter.pk}",
        subject_kind=SUBJECT,
        subject_id=presenter.pk,
        **more,
    )


def lead_of(presenter: Presenter, session: Session) -> str:
    """What tells one letter from the next: how the session stands, and how often they were asked."""
    if presenter.answer == Answer.NONE and session.state not in Session.CALLED_OFF:
        return f"asked:{int(presenter.asked_at.timestamp())}"
    return session.state


def _check_ahead(session: Session) -> None:
    if session.state == Session.State.CANCELLED:
        raise Refused("This session is cancelled, so nobody presents at it.")
    if session.has_begun:
        raise Refused("This session has begun.")


def _check_address(name: str, email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("Give an e-mail address, such as ada@example.org.") from error
    if not name.strip() or not name.isprintable():
        raise Refused("Give their name, on one line.")
