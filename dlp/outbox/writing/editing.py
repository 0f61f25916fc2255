"""Editing the wording of a kind of letter, and trying it on real people before it is used."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from dlp.outbox import kinds
from dlp.outbox.models import KindText
from dlp.outbox.writing.wording import Sample, Wording, Words
from dlp.text import without_keys

logger = logging.getLogger(__name__)

WHERE_IT_LEADS = re.compile(r'href="[^"]*"')


@transaction.atomic
def put_into_words(kind: kinds.Kind, wording: Wording, said: Words) -> None:
    """Use this wording for letters not written yet. The default wording is not stored."""
    if said == wording.default:
        KindText.objects.filter(kind=kind.name).delete()
        return
    KindText.objects.update_or_create(
        kind=kind.name, defaults={"subject": said.subject, "body": said.body}
    )


@transaction.atomic
def go_back_to_default(kind: kinds.Kind) -> None:
    KindText.objects.filter(kind=kind.name).delete()


@dataclass(frozen=True)
class Trial:
    """A letter to a real person that is never sent, with dead links; or why there is none."""

    who: str
    name: str = ""
    note: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""


def trials(kind: kinds.Kind, wording: Wording, said: Words, *, nonce: str) -> Iterator[Trial]:
    """The letter in these words to each of the sample people.

    `nonce` is the page's, so that the style of the letter in its frame is allowed.
    """
    for sample in wording.samples():
        if sample.message is not None:
            sample.message.kind = kind.name
        yield _trial(wording, said, sample, nonce)


def _trial(wording: Wording, said: Words, sample: Sample, nonce: str) -> Trial:
    if sample.message is None or sample.message.person is None:
        return Trial(sample.who, note=sample.note)
    name = sample.message.person.name
    try:
        with transaction.atomic():
            letter = kinds.ask(lambda message: wording.write(message, said), sample.message)
    except kinds.Unwritten as error:
        logger.error("A trial of words failed. %s", error)
        return Trial(sample.who, name, str(error))
    return Trial(
        sample.who,
        name,
        sample.note,
        letter.subject,
        without_keys(letter.text),
        WHERE_IT_LEADS.sub('href="#"', letter.html).replace("<style>", f'<style nonce="{nonce}">'),
    )
