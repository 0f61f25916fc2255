"""Questions whose SQL is kept answer as their queryset would."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from cohorts.tests.factories import make_person
from dlp.prepared import ANOTHER_TIME, SOME_DAY, SOME_TIME, SOMETHING, Prepared
from training.models import Session
from training.tests.factories import make_booking, make_session, make_venue

pytestmark = pytest.mark.django_db
COUNTS = ("coming_count", "unanswered_count", "came_count")


def test_models_come_with_all_that_is_fetched_beside_them(django_assert_num_queries):
    sessions = Session.objects.select_related("venue", "group").with_counts()
    asked = Prepared(sessions.filter(pk=SOMETHING).prefetch_related("facilitators"))
    for number in range(2):
        session = make_session(venue=make_venue(f"Harbour {number}"))
        session.facilitators.add(leader := make_person())
        make_booking(session)

        with django_assert_num_queries(2):
            found = asked.one_or_404({SOMETHING: session.pk})
            venue, group, leaders = found.venue, found.group, list(found.facilitators.all())

        meant = sessions.get(pk=session.pk)
        assert (found, venue, group, leaders) == (session, session.venue, None, [leader])
        assert [getattr(found, name) for name in COUNTS] == [
            getattr(meant, name) for name in COUNTS
        ]
        assert (found.starts_at, found.ics_uid) == (session.starts_at, session.ics_uid)
        found.save()  # as any other does


def test_a_stand_in_is_whatever_is_put_instead_of_it():
    now, today = timezone.now(), timezone.localdate()
    early, late, _ = [make_session(starts_on=today + timedelta(days=n)) for n in (2, 9, 30)]
    between = Prepared(
        Session.objects.filter(
            pk__in=[SOMETHING],
            starts_on__gte=SOME_DAY,
            starts_at__gt=SOME_TIME,
            starts_at__lt=ANOTHER_TIME,
        ).order_by("starts_at")
    )
    instead = {SOMETHING: [early.pk, late.pk], SOME_DAY: today, SOME_TIME: now}

    assert between.models(instead | {ANOTHER_TIME: now + timedelta(days=5)}) == [early]
    assert between.models(instead | {ANOTHER_TIME: now + timedelta(days=20)}) == [early, late]
    assert between.models(instead | {SOME_DAY: late.starts_on, ANOTHER_TIME: late.ends_at}) == [
        late
    ]


def test_what_is_not_there_is_not_found():
    asked = Prepared(Session.objects.filter(pk=SOMETHING))

    with pytest.raises(Http404):
        asked.one_or_404({SOMETHING: 0})
