"""Merging two records of a person: their letters, and what they chose about letters.

No letter is sent twice and none is lost (R8, D25): each gets the key that the planner will look
for. If both records have a letter with that key, the one that has left counts, else the waiting
one, else the remaining record's own; the other keeps its old key and waits no more.
"""

from __future__ import annotations

from django.db.models import Q
from django.db.models.functions import Now

from dlp import merging
from dlp.merging import Handler, Pair
from dlp.outbox.models import FeedToken, Message, MutedTopic
from dlp.outbox.models.states import State
from dlp.outbox.operations import close, of_person

TOGETHER = "Two records became one, and the other letter about this counts."
ROWS_A_STATEMENT = 500


def join_letters(pair: Pair) -> None:
    """Move the letters of one record to the other. Letters claimed but not begun are released."""
    theirs = Message.objects.filter(
        Q(person=pair.gone) | Q(subject_kind="person", subject_id=pair.gone.pk)
    )
    theirs.lock()
    theirs.open().filter(state=State.CLAIMED).update(
        state=State.RETRY, lease_token=None, lease_until=None, updated_at=Now()
    )
    letters = {_key(one.dedupe_key, pair): one for one in theirs.defer("frozen", "context")}
    rivals = Message.objects.filter(dedupe_key__in=letters).order_by("pk")
    rivals.lock()
    for rival in rivals.defer("frozen", "context"):
        _let_one_count(rival, letters.pop(rival.dedupe_key), pair)
    for key, letter in letters.items():
        _readdress(letter, pair)
        letter.dedupe_key = key
    Message.objects.bulk_update(
        letters.values(),
        ["dedupe_key", "person", "recipient", "subject_id"],
        batch_size=ROWS_A_STATEMENT,
    )


def _key(key: str, pair: Pair) -> str:
    old, new = of_person(pair.gone.pk), of_person(pair.kept.pk)
    return "|".join(new if part == old else part for part in key.split("|"))


def _readdress(letter: Message, pair: Pair) -> None:
    if letter.person_id == pair.gone.pk:
        letter.person_id = pair.kept.pk
        letter.recipient = of_person(pair.kept.pk)
    if letter.subject_kind == "person" and letter.subject_id == pair.gone.pk:
        letter.subject_id = pair.kept.pk


def _let_one_count(rival: Message, letter: Message, pair: Pair) -> None:
    """Of two letters that say the same, give the key to the one that counts and end the other."""
    key, spare = rival.dedupe_key, letter.dedupe_key
    wins = _weight(letter) > _weight(rival)
    loser = rival if wins else letter
    close(Message.objects.filter(pk=loser.pk).open(), State.CANCELLED, TOGETHER)
    if wins:
        _rename(letter, f"{spare}|merging")
        _rename(rival, spare)
        _rename(letter, key)
    _readdress(letter, pair)
    letter.save(update_fields=["person", "recipient", "subject_id"])


def _weight(letter: Message) -> int:
    """A letter that may have arrived counts most, then one that waits."""
    return 2 if letter.may_have_arrived else int(letter.is_open)


def _rename(letter: Message, key: str) -> None:
    letter.dedupe_key = key
    letter.save(update_fields=["dedupe_key"])


def join_muting(pair: Pair) -> None:
    """A topic muted in either record is muted; if in both, as the remaining record says."""
    known = MutedTopic.objects.filter(person=pair.kept).values_list("topic", flat=True)
    theirs = MutedTopic.objects.filter(person=pair.gone)
    theirs.filter(topic__in=list(known)).delete()
    theirs.update(person=pair.kept)


def join_calendars(pair: Pair) -> None:
    """A person has one calendar address: the remaining record's, else the other's."""
    theirs = FeedToken.objects.filter(person=pair.gone)
    if FeedToken.objects.filter(person=pair.kept).exists():
        theirs.delete()
    else:
        theirs.update(person=pair.kept)


def register() -> None:
    merging.register(
        Handler("outbox.Message.person", "letter", "letters", join_letters),
        Handler("outbox.MutedTopic.person", move=join_muting),
        Handler("outbox.FeedToken.person", move=join_calendars),
    )
