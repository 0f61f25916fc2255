"""What the desk says about letters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from dlp.outbox.attention import lines
from dlp.outbox.delivery import claims
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import make_message, make_reader

pytestmark = pytest.mark.django_db


def give_up(message: Message) -> None:
    claims.claim()
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.DEAD, lease_token=None, lease_until=None
    )


def test_letters_that_were_given_up_wait_until_they_are_of_no_more_use():
    lena, today = make_reader("lena@example.org", is_staff=True), timezone.localdate()
    assert lines(lena, today) == []

    message = make_message()
    give_up(message)

    (line,) = lines(lena, today)
    assert line.title == "1 letter may not have arrived"
    assert line.url == "/messages/?show=ours"
    assert lines(make_reader("olive@example.org"), today) == []

    Message.objects.filter(pk=message.pk).update(
        due_at=Now() - timedelta(hours=2), not_after=Now() - timedelta(hours=1)
    )
    assert lines(lena, today) == []
