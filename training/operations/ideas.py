"""Ideas for twilights. They change through this module only."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from dlp.outbox.operations import enqueue
from training.models import Session, Stage, TwilightIdea
from training.operations import presenters, sessions

IDEA_ANSWER = "training.idea_answer"
SUBJECT = "idea"


class IdeaFields(TypedDict, total=False):
    """The content of an idea; a draft needs only the title."""

    title: str
    what_changed: str
    who_it_helps: str
    strand: str


@transaction.atomic
def begin_idea(*, by: Person, **fields: Unpack[IdeaFields]) -> TwilightIdea:
    """Save somebody's idea as a draft that only they see."""
    idea = TwilightIdea(proposed_by=by, **fields)
    _check(idea)
    idea.save()
    return idea


@transaction.atomic
def change_idea(idea: TwilightIdea, **fields: Unpack[IdeaFields]) -> TwilightIdea:
    """Change an idea. Raises Refused once it was answered or withdrawn."""
    idea = _locked(idea)
    if not idea.is_open:
        raise Refused("This idea has been answered, so it can no longer change.")
    for name, value in fields.items():
        setattr(idea, name, value)
    _check(idea)
    idea.save(update_fields=[*fields])
    return idea


@transaction.atomic
def propose(idea: TwilightIdea) -> TwilightIdea:
    """Submit an idea to the programme team; a withdrawn one is submitted again.

    Repeating it changes nothing. Raises Refused if something is missing, and once it was answered.
    """
    idea = _locked(idea)
    if idea.state == Stage.PROPOSED:
        return idea
    if idea.state not in (Stage.DRAFT, Stage.WITHDRAWN):
        raise Refused("This idea has been answered already.")
    idea.state, idea.proposed_at = Stage.PROPOSED, timezone.now()
    _check(idea)
    idea.save(update_fields=["state", "proposed_at"])
    return idea


@transaction.atomic
def withdraw_idea(idea: TwilightIdea) -> TwilightIdea:
    """Withdraw an idea; its author keeps it.

    Repeating it changes nothing. Raises Refused once it is planned.
    """
    idea = _locked(idea)
    if idea.state == Stage.WITHDRAWN:
        return idea
    if idea.session is not None:
        raise Refused("A session is planned for it. Tell the programme team that you cannot.")
    if idea.state == Stage.DECLINED:
        raise Refused("This idea has been answered already.")
    idea.state, idea.decided_at, idea.decided_by = Stage.WITHDRAWN, None, None
    idea.save(update_fields=["state", "decided_at", "decided_by"])
    return idea


@transaction.atomic
def accept(idea: TwilightIdea, *, by: Person, answer: str = "") -> TwilightIdea:
    """Accept an idea; one letter says so.

    Repeating it changes nothing. Raises Refused unless it was submitted and not answered.
    """
    return _decide(idea, Stage.ACCEPTED, by=by, answer=answer)


@transaction.atomic
def decline(idea: TwilightIdea, *, by: Person, answer: str) -> TwilightIdea:
    """Decline an idea for this time, and why; one letter says so.

    Repeating it changes nothing. Raises Refused as accept does.
    """
    return _decide(idea, Stage.DECLINED, by=by, answer=answer)


@transaction.atomic
def schedule(idea: TwilightIdea, **fields: Unpack[sessions.SessionFields]) -> Session:
    """Plan a session for an idea as a draft, with its author as presenter.

    It replaces a cancelled session. Raises Refused unless the idea was accepted, while another
    session is planned for it, and as create_session does.
    """
    idea = _locked(idea)
    if idea.state != Stage.ACCEPTED:
        raise Refused("Accept the idea first.")
    planned = idea.session
    if planned is not None and planned.state != Session.State.CANCELLED:
        raise Refused("A session is planned for this idea already.")
    session = sessions.create_session(**fields)
    idea.session = session
    idea.save(update_fields=["session"])
    if idea.proposed_by.is_active:
        presenters.ask(session, person=idea.proposed_by)
    return session


def _decide(idea: TwilightIdea, state: Stage, *, by: Person, answer: str) -> TwilightIdea:
    idea = _locked(idea)
    if idea.state == state:
        return idea
    if idea.state != Stage.PROPOSED:
        raise Refused(
            f"This idea is {idea.get_state_display().lower()}, so it waits for no answer."
        )
    idea.state, idea.answer = state, answer
    idea.decided_at, idea.decided_by = timezone.now(), by
    idea.save(update_fields=["state", "answer", "decided_at", "decided_by"])
    enqueue(
        IDEA_ANSWER,
        person=idea.proposed_by,
        subject_kind=SUBJECT,
        subject_id=idea.pk,
        lead=state,
        revision=int(idea.proposed_at.timestamp()) if idea.proposed_at else 0,
    )
    return idea


def _locked(idea: TwilightIdea) -> TwilightIdea:
    found: Any = TwilightIdea.objects.select_for_update(of=("self",))
    locked: TwilightIdea = found.select_related("session", "proposed_by").get(pk=idea.pk)
    return locked


def _check(idea: TwilightIdea) -> None:
    try:
        idea.validate_constraints()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
