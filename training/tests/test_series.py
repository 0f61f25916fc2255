"""Several sessions at once, in wall time."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_person
from dlp.calendar import half_term_starts
from dlp.errors import Refused
from dlp.outbox.models import Message
from training import repeats
from training.models import Booking, Kind, Mode, Series, Session
from training.operations import series
from training.tests.factories import make_group

pytestmark = pytest.mark.django_db


def plan(days: list[date], **fields: object):
    return series.create_series(
        days=days,
        **{
            "kind": Kind.TWILIGHT,
            "title": "Reading",
            "mode": Mode.ONLINE,
            "starts_on": days[0] if days else date(2027, 1, 7),
            "starts_time": time(16),
            "ends_time": time(18),
            **fields,
        },
    )


def test_a_weekly_series_keeps_its_wall_time_when_the_clocks_go_back():
    _, made = plan(repeats.weekly(date(2026, 10, 15), 3))

    assert [session.starts_at.isoformat() for session in made] == [
        "2026-10-15T15:00:00+00:00",
        "2026-10-22T15:00:00+00:00",
        "2026-10-29T16:00:00+00:00",
    ]


def test_fortnightly_is_every_other_week():
    assert repeats.weekly(date(2026, 10, 15), 3, every=2) == [
        date(2026, 10, 15),
        date(2026, 10, 29),
        date(2026, 11, 12),
    ]


def test_once_a_half_term_is_the_same_week_and_weekday_of_each():
    assert repeats.half_termly(date(2026, 9, 17), 6) == [
        date(2026, 9, 17),
        date(2026, 11, 19),
        date(2027, 1, 21),
        date(2027, 3, 11),
        date(2027, 4, 29),
        date(2027, 6, 24),
    ]


@pytest.mark.parametrize("first", [date(2026, 10, 28), date(2027, 8, 20), date(2026, 12, 17)])
def test_half_terms_go_on_from_any_day(first: date):
    days = repeats.half_termly(first, 7)

    assert days == sorted(set(days))
    assert days[0] == first
    assert {day.weekday() for day in days} == {first.weekday()}


def test_usual_half_terms_begin_when_schools_do():
    assert half_term_starts(2026) == [
        date(2026, 8, 31),
        date(2026, 11, 2),
        date(2027, 1, 4),
        date(2027, 2, 22),
        date(2027, 4, 12),
        date(2027, 6, 7),
    ]


def test_a_series_is_kept_whole_or_not_at_all():
    with pytest.raises(Refused, match="28 March 2027"):
        plan(repeats.weekly(date(2027, 3, 14), 4), starts_time=time(1, 30), ends_time=time(4))

    assert not Session.objects.exists()


def test_a_series_of_drafts_sends_nothing():
    plan(repeats.weekly(date(2027, 1, 7), 3))

    assert {session.state for session in Session.objects.all()} == {"draft"}
    assert not Message.objects.exists()


def test_a_groups_series_is_published_and_its_members_invited():
    members = [make_person(), make_person()]
    group = make_group(members=members)

    planned, _ = plan(
        repeats.half_termly(date(2027, 1, 14), 4),
        kind=Kind.SUPERVISION,
        group=group,
        mode=Mode.ONLINE,
    )
    series.publish_series(planned)

    assert Session.objects.published().filter(group=group).count() == 4
    assert Booking.objects.filter(person__in=members).count() == 8


def test_chosen_dates_are_typed_one_a_line(client, lena: Person):
    client.force_login(lena)
    page = f"{reverse('training:series_add')}?kind=twilight"
    typed = {
        "title": "Reading",
        "pattern": "chosen",
        "starts_time": "16:00",
        "ends_time": "18:00",
        "mode": "online",
        "chosen": "14/1/2027\n2027-02-04\n",
    }

    wrong = client.post(page, {**typed, "chosen": "14/1/2027\n32/1/2027"})
    client.post(page, typed)

    assert "“32/1/2027” is no date" in str(wrong.context["form"].errors["chosen"])
    assert [session.starts_on for session in Session.objects.all()] == [
        date(2027, 1, 14),
        date(2027, 2, 4),
    ]


def test_a_series_is_published_in_one_step(client, lena: Person):
    made, _ = plan(repeats.weekly(date(2027, 1, 7), 3))
    client.force_login(lena)

    client.post(reverse("training:series_publish", args=[made.pk]))

    assert Session.objects.published().count() == 3


def test_one_of_a_series_changes_or_it_and_those_after_it(client, lena: Person):
    year = timezone.localdate().year + 2
    made, (first, second, third) = plan(repeats.weekly(date(year, 1, 11), 3))
    client.force_login(lena)
    page = reverse("training:session_edit", args=[second.pk])
    typed = {
        "title": "Calm starts",
        "starts_on": f"19/1/{year}",
        "starts_time": "16:30",
        "ends_time": "18:00",
        "mode": "online",
    }

    client.post(page, typed)
    assert times(made) == ["01-11 16:00", "01-19 16:30", "01-25 16:00"]

    client.post(page, {**typed, "starts_on": f"20/1/{year}", "following": "yes"})
    assert times(made) == ["01-11 16:00", "01-20 16:30", "01-26 16:30"]
    assert Session.objects.get(pk=third.pk).title == "Calm starts"
    assert Session.objects.get(pk=first.pk).title != "Calm starts"
    assert b"those after it" not in client.get(page.replace(str(second.pk), str(third.pk))).content


def times(made: Series) -> list[str]:
    return [
        f"{one.starts_on:%m-%d} {one.starts_time:%H:%M}" for one in made.sessions.order_by("pk")
    ]
