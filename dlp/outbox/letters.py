"""The outbox's own letter: a message from staff to a list of people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils import timezone

from dlp.http import addresses
from dlp.outbox import kinds, names
from dlp.outbox.kinds import Kind, Letter, NotWanted, Priority
from dlp.outbox.mailing import audiences
from dlp.outbox.models import Mailing, Message, MutedTopic
from dlp.outbox.names import Name, Naming
from dlp.outbox.writing.rendering import as_header
from dlp.outbox.writing.wording import Draft, Placeholder, Wording, Words

if TYPE_CHECKING:
    from cohorts.models import Person

MAILING = "staff.mailing"
SUBJECT = "mailing"
MUTED = "They switched messages from the team off."
TOPIC = kinds.Topic("mailings", "Messages from the programme team")
PLACEHOLDERS = (
    Placeholder("first_name", "What they are called", "Ada"),
    Placeholder("name", "Their name", "Ada Fenwick"),
    Placeholder("sender", "Who sends it", "Grace Whitlock"),
)


def wording(sender: Person, said: Words | None = None) -> Wording:
    """The wording of a message; replies go to its sender's own address."""

    def draft(message: Message) -> Draft:
        person = message.person
        assert person is not None  # noqa: S101  a mailing goes to people alone
        return Draft(
            "outbox/mailing",
            {"first_name": person.first_name, "name": person.name, "sender": sender.name},
            {"person": person, "sender": sender.name},
            reply_to=as_header(sender.name, sender.email) if sender.email else "",
        )

    return Wording(said or Words("", ""), PLACEHOLDERS, draft, samples=list)


def letter_to(person: Person, sender: Person, said: Words) -> Letter:
    return wording(sender, said).write(Message(kind=MAILING, person=person), said)


def render(message: Message) -> Letter:
    mailing = Mailing.objects.select_related("sent_by").get(pk=message.subject_id)
    person, sender = message.person, mailing.sent_by
    assert person is not None  # noqa: S101  a mailing goes to people alone
    assert sender is not None  # noqa: S101  it has been sent
    return letter_to(person, sender, Words(mailing.subject, mailing.body))


def still_wanted(message: Message) -> bool:
    if not Mailing.objects.filter(pk=message.subject_id, state=Mailing.State.SENT).exists():
        raise NotWanted("The message was called off.")
    return True


def named(viewer: Person, pks: Collection[int]) -> dict[int, Name]:
    page_of = addresses("outbox:mailing")
    rows = Mailing.objects.visible_to(viewer).filter(pk__in=pks).values_list("pk", "subject")
    return {pk: Name(f"“{subject}”", page_of(pk)) for pk, subject in rows}


def matching(viewer: Person, said: str) -> QuerySet[Mailing]:
    found = Mailing.objects.visible_to(viewer)
    for word in said.split():
        found = found.filter(subject__icontains=word)
    return found


def muted(asked: QueryDict) -> Exists:
    """Who has muted messages from the team."""
    mutes = MutedTopic.objects.in_force(timezone.localdate()).filter(topic=TOPIC.name)
    return Exists(mutes.filter(person=OuterRef("pk")))


def register() -> None:
    names.register(SUBJECT, Naming(named, matching))
    audiences.spare(MUTED, muted)
    kinds.register(
        Kind(
            name=MAILING,
            label="Message from the team",
            purpose="Says what staff wrote to everybody on a list.",
            audience="People whom staff chose from a list",
            too_late="A week after it was to leave.",
            topic=TOPIC,
            render=render,
            priority=Priority.BULK,
            holds_link=True,
            lock_subject=kinds.share_lock(Mailing),
            is_wanted=still_wanted,
            useful_for=timedelta(days=7),
        )
    )
