"""Muting topics of letters and unmuting them: by the person alone, on a page or from a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.urls import reverse
from django.utils import timezone

from dlp.errors import Refused
from dlp.outbox import kinds
from dlp.outbox.kinds import Topic
from dlp.outbox.models import Message, MutedTopic
from dlp.signin import links

if TYPE_CHECKING:
    from cohorts.models import Person

PURPOSE = "outbox.stop"
LINK_LASTS = timedelta(days=400)
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Choice:
    """A topic as one person has it: muted or not, and until when; None is for good."""

    topic: Topic
    is_muted: bool
    until: date | None


def choices_of(person: Person) -> list[Choice]:
    """The topics this person gets or has muted, as of today."""
    choices = _as_it_stands(person, kinds.topics())
    return [one for one in choices if one.is_muted or one.topic.concerns(person)]


def choice_of(person: Person, topic: Topic) -> Choice:
    """One topic for this person, as of today."""
    return _as_it_stands(person, [topic])[0]


def _as_it_stands(person: Person, topics: list[Topic]) -> list[Choice]:
    mutes = MutedTopic.objects.filter(person=person).in_force(timezone.localdate())
    muted = dict(mutes.values_list("topic", "until"))
    return [Choice(topic, topic.name in muted, muted.get(topic.name)) for topic in topics]


@transaction.atomic
def mute(person: Person, topic: Topic, *, until: date | None) -> MutedTopic:
    """Send this person nothing on the topic up to and including `until`; None is for good.

    A waiting letter is checked when it is due, so muting that has ended by then does not stop it.
    Muting again replaces the last day. Raises Refused for a past day or one over a year ahead.
    """
    today = timezone.localdate()
    if until is not None and until < today:
        raise Refused("This day is over. Choose one that is still to come.")
    if until is not None and until > today + LONGEST:
        raise Refused("Choose a day within a year, or switch them off for good.")
    found, _ = MutedTopic.objects.select_for_update(of=("self",)).get_or_create(
        person=person, topic=topic.name, defaults={"until": until}
    )
    if found.until != until or found.until is not None and found.until < today:
        found.until, found.muted_at = until, timezone.now()
        found.save(update_fields=["until", "muted_at"])
    return found


@transaction.atomic
def unmute(person: Person, topic: Topic) -> None:
    """Send them again what becomes due from now on. Repeating it changes nothing."""
    for found in MutedTopic.objects.filter(person=person, topic=topic.name):
        found.delete()


def is_muted(topic: Topic | None) -> Exists | Value:
    """Whether each person of a query has this topic muted today, as an annotation."""
    if topic is None:
        return Value(False)
    mutes = MutedTopic.objects.in_force(timezone.localdate()).filter(topic=topic.name)
    return Exists(mutes.filter(person=OuterRef("pk")))


def stop_link(message: Message) -> str:
    """Where a letter's reader mutes its topic, signed in or not; empty if it has none (RFC 8058)."""
    topic = kinds.get(message.kind).topic
    if topic is None or message.person is None:
        return ""
    return stop_link_of(message.person, topic)


def stop_link_of(person: Person, topic: Topic) -> str:
    """Where one person mutes one topic: GET asks, POST does it."""
    token = links.make(PURPOSE, LINK_LASTS, person=person.pk, topic=topic.name)
    return links.absolute(reverse("outbox:stop", args=[token]))


def from_link(token: str) -> tuple[Person, Topic]:
    """The person and topic of a link. Raises LinkProblem if it is no longer valid."""
    ids = links.read(token, PURPOSE)
    person = get_user_model()._default_manager.filter(pk=ids["person"], is_active=True).first()
    topic = next((one for one in kinds.topics() if one.name == ids["topic"]), None)
    if person is None or topic is None:
        raise links.LinkProblem("There is nothing left for this link to stop.")
    return person, topic
