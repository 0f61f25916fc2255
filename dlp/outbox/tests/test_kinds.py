"""What a kind of letter says of itself."""

from __future__ import annotations

import pytest

from dlp.outbox import kinds
from dlp.outbox.kinds import Priority, Topic
from dlp.outbox.tests.factories import make_kind

NEWS = Topic("news", "News")


@pytest.mark.parametrize(
    "fields",
    [
        {"priority": Priority.CANCELLATION},
        {"priority": Priority.UPDATE},
        {"priority": Priority.SECURITY},
        {"secret": True},
    ],
)
def test_what_people_must_know_cannot_be_given_a_topic_to_mute(fields):
    with pytest.raises(ValueError, match="must know"):
        make_kind(topic=NEWS, **fields)


def test_reminders_are_a_topic_that_people_can_mute():
    assert kinds.get("training.session_reminder").topic
    assert "Reminders of sessions" in [topic.label for topic in kinds.topics()]


def test_codes_changes_and_cancellations_cannot_be_muted():
    for name in ("signin.code", "signin.notice", "training.session_changed",
                 "training.session_cancelled", "cohorts.welcome"):  # fmt: skip
        assert kinds.get(name).topic is None


def test_every_kind_says_in_sentences_what_it_is_for():
    for kind in kinds.all_kinds():
        assert kind.purpose.endswith(".")
        assert kind.too_late.endswith(".")
        assert kind.audience[0].isupper()
