"""Timeline events of a person: their letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.functions import JSONObject
from django.urls import reverse

from dlp import timeline
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.plans import leads
from dlp.timeline import Event, Source

if TYPE_CHECKING:
    from cohorts.models import Person


def letters(viewer: Person, about: Person) -> list[Source]:
    """Letters that the relay has, for staff; never a secret one."""
    if not viewer.is_staff:
        return []
    rows = (
        Message.objects.visible_to(viewer)
        .filter(person=about, state=Message.State.SENT)
        .exclude(is_secret=True)
    )
    told = JSONObject(kind="kind", lead="lead", pk="pk")
    return [Source(rows, "accepted_at", told, _letter)]


def _letter(one: Any) -> Event:
    lead = leads.in_words(one.lead)
    said = f"Letter sent: {kinds.label(one.kind)}{f', {lead}' if lead else ''}."
    return Event(said, url=reverse("outbox:message", args=[one.pk]))


def register() -> None:
    timeline.register("letters", "Letters", letters)
