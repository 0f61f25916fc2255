"""The letters to presenters: whether they will present, and the answer to an idea."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from dlp.http import addresses
from dlp.outbox import kinds, names
from dlp.outbox.kinds import Kind, NotWanted, Priority
from dlp.outbox.models import Message
from dlp.outbox.names import Name, Naming
from dlp.outbox.writing.wording import Draft, Sample, Wording
from dlp.signin import links
from training.letters import wordings
from training.letters.sessions import (
    ONCE_BEGUN,
    called_off,
    entry,
    place_of,
    reply_to_of,
    title_of,
    when_of,
)
from training.models import Presenter, Session, Stage, TwilightIdea
from training.names import name_of
from training.operations import ideas, presenters

REPLY = "training.presenter"
READ_FOR = timedelta(days=60)
"""How long after the session a presenter from outside can read its feedback."""
WOULD_YOU = "Would you present this? Please say whether you can."
THANKS = "Thank you for presenting. This is how it stands now."


def presenter_token(presenter: Presenter) -> str:
    """A signed token to answer for one presenter until the session, then to read its feedback."""
    lasts = max(presenter.session.ends_at - timezone.now(), timedelta()) + READ_FOR
    return links.make(REPLY, lasts, presenter=presenter.pk)


def presenting(message: Message) -> Draft:
    """Asks, thanks, or says that it is cancelled; with a calendar entry once it is certain."""
    presenter = presenter_of(message)
    session = presenter.session
    is_off = session.state in Session.CALLED_OFF
    has_said = presenter.answer == Presenter.Answer.YES
    off = called_off(session)
    said = THANKS if has_said else WOULD_YOU
    values = {
        "first_name": presenter.first_name,
        "title": title_of(session),
        "when": when_of(session),
        "place": place_of(session),
        "how_it_stands": f"{off['what_now']} {off['reason']}".strip() if is_off else said,
    }
    answer = reverse("training:presenter_reply", args=[presenter_token(presenter)])
    facts = {**values, "summary": session.summary, "is_off": is_off, "answer_path": answer}
    is_sure = has_said and session.state != Session.State.DRAFT
    return Draft(
        "training/presenting",
        values,
        {**facts, "has_said": has_said},
        calendar=entry(session, presenter.person or presenter) if is_sure else None,
        reply_to=reply_to_of(session),
    )


def still_presents(message: Message) -> bool:
    presenter = presenter_of(message)
    session = presenter.session
    if session.revision != message.revision:
        raise NotWanted("The session has changed since.", state=Message.State.SUPERSEDED)
    if message.lead != presenters.lead_of(presenter, session):
        raise NotWanted("They have answered since, or the session stands otherwise.")
    is_reached = presenter.person is None or presenter.person.is_active
    return presenter.answer != Presenter.Answer.NO and not session.has_begun and is_reached


def idea_answered(message: Message) -> Draft:
    idea = _idea(message)
    yes = "We would like it to be told at a twilight, and plan a date with you."
    no = "We cannot plan it this time."
    outcome = yes if idea.state == Stage.ACCEPTED else no
    values = {
        "first_name": idea.proposed_by.first_name,
        "title": idea.title,
        "outcome": f"{outcome} {idea.answer}".strip(),
    }
    return Draft("training/idea_answer", values, {**values, "page_path": idea.get_absolute_url()})


def still_answered(message: Message) -> bool:
    if _idea(message).state != message.lead:
        raise NotWanted("The answer has changed since.")
    return True


def presenter_of(message: Message) -> Presenter:
    found = Presenter.objects.select_related("person", "session__venue", "session__group")
    return found.get(pk=message.subject_id)


def _idea(message: Message) -> TwilightIdea:
    return TwilightIdea.objects.select_related("proposed_by").get(pk=message.subject_id)


def presenters_asked() -> list[Sample]:
    """The next three who are asked to present."""
    ahead = Presenter.objects.standing().filter(session__starts_at__gt=timezone.now())
    rows = ahead.select_related("person", "session").order_by("session__starts_at", "pk")[:3]
    found = [
        Sample(one.who, Message(subject_kind=presenters.SUBJECT, subject_id=one.pk)) for one in rows
    ]
    return found or [Sample("Nobody", None, "Nobody is asked to present.")]


def ideas_answered() -> list[Sample]:
    answered = TwilightIdea.objects.filter(state__in=[Stage.ACCEPTED, Stage.DECLINED])
    rows = answered.select_related("proposed_by").order_by("-decided_at", "-pk")[:3]
    found = [
        Sample(one.proposed_by.name, Message(subject_kind=ideas.SUBJECT, subject_id=one.pk))
        for one in rows
    ]
    return found or [Sample("Nobody", None, "No idea was answered yet.")]


def named_presenters(viewer: Person, pks: Collection[int]) -> dict[int, Name]:
    """The session that each is asked to present at."""
    rows = Presenter.objects.visible_to(viewer).filter(pk__in=pks)
    told = rows.values_list("pk", "session", "session__title", "session__starts_at")
    return {pk: name_of(session, title, starts_at) for pk, session, title, starts_at in told}


def named_ideas(viewer: Person, pks: Collection[int]) -> dict[int, Name]:
    rows = TwilightIdea.objects.visible_to(viewer).filter(pk__in=pks).values_list("pk", "title")
    return {pk: Name(f"“{title}”", addresses("training:idea")(pk)) for pk, title in rows}


def _with_words(found: Any, column: str, said: str) -> Any:
    for word in said.split():
        found = found.filter(**{f"{column}__icontains": word})
    return found


def matching_presenters(viewer: Person, said: str) -> Any:
    return _with_words(Presenter.objects.visible_to(viewer), "session__title", said)


def matching_ideas(viewer: Person, said: str) -> Any:
    return _with_words(TwilightIdea.objects.visible_to(viewer), "title", said)


def register() -> None:
    names.register(presenters.SUBJECT, Naming(named_presenters, matching_presenters))
    names.register(ideas.SUBJECT, Naming(named_ideas, matching_ideas))
    kinds.register(
        Kind(
            name=presenters.PRESENTER,
            label="Presenting at a session",
            purpose="Asks whether somebody presents, and tells them what becomes of the session.",
            audience="Whoever is asked to present, from outside too",
            too_late=ONCE_BEGUN,
            render=Wording(
                wordings.PRESENTING,
                (*wordings.ABOUT_EVERY_SESSION, wordings.HOW_IT_STANDS),
                presenting,
                presenters_asked,
            ),
            priority=Priority.PERSONAL,
            holds_link=True,
            lock_subject=kinds.share_lock(Presenter),
            is_wanted=still_presents,
        )
    )
    kinds.register(
        Kind(
            name=ideas.IDEA_ANSWER,
            label="Answer to an idea for a twilight",
            purpose="Says whether an idea will be told at a twilight.",
            audience="Whoever proposed the idea",
            too_late="Three days after the answer.",
            render=Wording(
                wordings.IDEA_ANSWER,
                (wordings.FIRST_NAME, wordings.IDEA_TITLE, wordings.OUTCOME),
                idea_answered,
                ideas_answered,
            ),
            priority=Priority.PERSONAL,
            lock_subject=kinds.share_lock(TwilightIdea),
            is_wanted=still_answered,
        )
    )
