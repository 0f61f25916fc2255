"""The letter to presenters once enough people have said how a session was."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from dlp.outbox import kinds
from dlp.outbox.kinds import Kind, NotWanted, Priority
from dlp.outbox.models import Message
from dlp.outbox.writing.wording import Draft, Sample, Wording
from training.letters import wordings
from training.letters.presenters import presenter_of, presenter_token
from training.letters.sessions import title_of, when_of
from training.models import Presenter
from training.operations.presenters import FEEDBACK, SUBJECT


def feedback(message: Message) -> Draft:
    """Where they read it; nothing of what was said."""
    presenter = presenter_of(message)
    values = {
        "first_name": presenter.first_name,
        "title": title_of(presenter.session),
        "when": when_of(presenter.session),
    }
    page = reverse("training:presenter_reply", args=[presenter_token(presenter)])
    return Draft("training/feedback", values, {**values, "page_path": page})


def still_reads(message: Message) -> bool:
    """Whether they presented as far as we know, and may be written to."""
    presenter = presenter_of(message)
    if presenter.answer == Presenter.Answer.NO:
        raise NotWanted("They did not present.")
    return presenter.person is None or presenter.person.is_active


def people_who_presented() -> list[Sample]:
    """The latest three who presented."""
    past = Presenter.objects.standing().filter(session__ends_at__lt=timezone.now())
    rows = past.select_related("person", "session").order_by("-session__ends_at", "pk")[:3]
    found = [Sample(one.who, Message(subject_kind=SUBJECT, subject_id=one.pk)) for one in rows]
    return found or [Sample("Nobody", None, "Nobody has presented yet.")]


def register() -> None:
    kinds.register(
        Kind(
            name=FEEDBACK,
            label="What people said of a session",
            purpose="Says that five people have given feedback, and where to read it.",
            audience="Whoever presented, from outside too",
            too_late="Three days after the fifth has answered.",
            render=Wording(
                wordings.FEEDBACK,
                (wordings.FIRST_NAME, wordings.TITLE, wordings.WHEN),
                feedback,
                people_who_presented,
            ),
            priority=Priority.PERSONAL,
            holds_link=True,
            lock_subject=kinds.share_lock(Presenter),
            is_wanted=still_reads,
        )
    )
