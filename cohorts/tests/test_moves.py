"""What moved when somebody came back, read from the history of their plan."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from cohorts.models import PlanItem
from cohorts.operations.cohorts import add_cohort
from cohorts.operations.participations import add_to_cohort, defer, resume
from cohorts.operations.plans import pin
from cohorts.planning.moves import Move, Return, Snapshot, moves_of, rebase_of
from cohorts.tests.factories import make_participation, make_person, make_plan_item, make_staff

BACK = Return(date(2026, 9, 14), date(2026, 12, 7), date(2026, 12, 7))
LONG_AGO, ON_RETURN = (datetime(2026, month, 7, 12, tzinfo=UTC) for month in (1, 12))


def item(number: int, *days: date | None, is_pinned: bool = False) -> list[Snapshot]:
    """An item as it stood first, and after the return."""
    moments = (LONG_AGO, ON_RETURN)
    return [
        Snapshot(number, f"Item {number}", day, is_pinned, at)
        for day, at in zip(days, moments, strict=False)
    ]


def test_what_lay_ahead_moved_and_what_was_pinned_stayed():
    ahead = item(1, date(2026, 10, 1), date(2026, 12, 24))
    pinned = item(2, date(2026, 11, 2), date(2026, 11, 2), is_pinned=True)
    met = item(3, date(2026, 11, 9))
    behind = item(4, date(2026, 5, 4))
    undated = item(5, None, date(2026, 12, 9))

    found = rebase_of(BACK, [met, ahead, pinned, behind, undated])

    assert found.moved == [Move("Item 1", date(2026, 10, 1), date(2026, 12, 24))]
    assert found.moved[0].days == 84
    assert sorted(found.stayed) == ["Item 2", "Item 3"]


def test_a_day_set_by_hand_since_then_is_no_move():
    later = [
        *item(1, date(2026, 10, 1)),
        Snapshot(1, "Item 1", date(2027, 2, 1), True, ON_RETURN + timedelta(days=30)),
    ]

    assert rebase_of(BACK, [later]).moved == []


@pytest.mark.django_db
def test_the_history_of_the_items_says_what_a_return_moved():
    lena, today = make_staff(), timezone.localdate()
    cohort = add_cohort(name="Next", starts_on=today - timedelta(days=100))
    away = add_to_cohort(make_person(), cohort, by=lena)
    ahead = PlanItem.objects.filter(participation=away, due_on__gte=today - timedelta(days=28))
    number, last = ahead.count(), ahead.latest("due_on")
    pin(last, due_on=last.due_on, by=lena)

    defer(away, by=lena, reason="career_break", on=today - timedelta(days=28))
    resume(away, by=lena, on=today)

    (found,) = moves_of(away)
    assert found.back_on == today
    assert last.title in found.stayed
    assert len(found.moved) + len(found.stayed) == number
    assert found.moved
    assert all(move.days > 0 for move in found.moved)


@pytest.mark.django_db
def test_without_a_return_nothing_moved():
    one = make_participation(state="deferred")
    make_plan_item(one)

    assert moves_of(one) == []
