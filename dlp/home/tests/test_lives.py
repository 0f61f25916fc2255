"""What a page shows of lives that do not run straight."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Participation
from cohorts.operations import participations as operations
from cohorts.tests.factories import complete_all_the_same
from placements.tests.factories import make_placement
from training.tests.factories import make_booking, make_group, make_past

State = Participation.State
DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


def test_a_leader_may_supervise_later(client, lena, percy, today):
    held = percy.participations.get()
    complete_all_the_same(held, on=today - DAY)
    make_group("Thursday group", supervisor=percy)
    client.force_login(percy)

    page = client.get(reverse("home:home")).content.decode()

    assert "Thursday group" in page
    assert client.get(reverse("home:timeline", args=[percy.pk])).status_code == 200


def test_who_is_away_keeps_what_is_theirs(client, lena, percy, today):
    held = percy.participations.get()
    mine = {
        "home:home": [],
        "home:timeline": [percy.pk],
        "home:placement": [make_placement(held).pk],
        "training:session": [make_booking(make_past(), percy).session_id],
        "training:calendar": [],
        "cohorts:my_details": [],
        "outbox:my_letters": [],
        "outbox:my_calendar": [],
        "signin:account": [],
    }
    operations.defer(held, by=lena, reason="parental_leave")
    client.force_login(percy)

    answers = {
        name: client.get(reverse(name, args=args)).status_code for name, args in mine.items()
    }

    assert answers == dict.fromkeys(mine, 200)


def test_a_change_ahead_is_read_on_its_day_before_anybody_has_written_it(
    client, lena, percy, today
):
    held = percy.participations.get()
    operations.defer(held, by=lena, reason="other", on=today + DAY)
    client.force_login(lena)

    with time_machine.travel(timezone.now() + DAY):
        page = client.get(reverse("home:person", args=[percy.pk])).content.decode()
        client.force_login(percy)
        own = client.get(reverse("home:home")).content.decode()

    held.refresh_from_db()
    assert held.state == State.ACTIVE
    assert '<span class="tag" data-state="due">Deferred</span>' in page
    assert reverse("cohorts:participation_resume", args=[held.pk]) in page
    assert "Your two years have been deferred" in own
