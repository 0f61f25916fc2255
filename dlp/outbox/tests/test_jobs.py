"""Work that is done once a day, however often and from however many places it is rung for."""

from __future__ import annotations

import threading
from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from dlp.calendar import LONDON, instant
from dlp.outbox import tasks
from dlp.outbox.models import JobRun, Message
from dlp.outbox.tests.factories import make_message
from dlp.outbox.watch import jobs
from dlp.outbox.watch.jobs import once_a_day

AT_ALL_HOURS = time(0)


def at(monkeypatch, moment) -> None:
    """Let the database's clock say so."""
    monkeypatch.setattr(jobs, "database_now", lambda: moment)


@pytest.mark.django_db
def test_job_is_done_once_a_day_at_night(monkeypatch):
    night = instant(date(2026, 11, 25), time(2, 29))
    done = []

    def job() -> dict[str, int]:
        done.append(1)
        return {"made": len(done)}

    for minutes in (0, 1, 16, 60 * 20):
        at(monkeypatch, night + timedelta(minutes=minutes))
        once_a_day("count", job)
    assert (len(done), JobRun.objects.get().result) == (1, {"made": 1})

    at(monkeypatch, night + timedelta(days=1, minutes=1))
    assert once_a_day("count", job) is not None
    assert once_a_day("another", job) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_night_on_which_the_clocks_change_has_one_run(monkeypatch, day):
    for hours in range(23):
        at(monkeypatch, instant(day, time(0, 15)) + timedelta(hours=hours))
        once_a_day("count", dict)

    assert list(JobRun.objects.values_list("local_date", flat=True)) == [day]


@pytest.mark.django_db
def test_job_that_breaks_off_has_not_run(monkeypatch):
    def breaks() -> dict[str, int]:
        make_message()
        raise RuntimeError("The lamp went out.")

    with pytest.raises(RuntimeError):
        once_a_day("count", breaks, after=AT_ALL_HOURS)

    assert not Message.objects.exists()
    assert once_a_day("count", dict, after=AT_ALL_HOURS) is not None


@pytest.mark.django_db
def test_database_keeps_a_second_run_out():
    now = timezone.now()
    row = {"name": "count", "local_date": now.date(), "started_at": now, "ended_at": now}
    JobRun.objects.create(**row)

    with pytest.raises(IntegrityError, match="job_once_a_day"), transaction.atomic():
        JobRun.objects.create(**row)


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_two_who_ring_at_once_do_it_once():
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> dict[str, int]:
        begun.set()
        assert may_end.wait(20)
        return {}

    def first() -> None:
        try:
            once_a_day("count", slow, after=AT_ALL_HOURS)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(20)
    second = once_a_day("count", dict, after=AT_ALL_HOURS)
    may_end.set()
    thread.join()

    assert second is None
    assert JobRun.objects.count() == 1


@pytest.mark.django_db
def test_nightly_look_says_what_does_not_hold(monkeypatch, caplog):
    at(monkeypatch, timezone.now().astimezone(LONDON).replace(hour=4))
    message = make_message()
    Message.objects.filter(pk=message.pk).update(attempts=3)

    tasks.check_invariants()

    assert JobRun.objects.get().result["broken"] == {"I7": 1}
    assert "I7" in caplog.text
    tasks.check_invariants()
    assert JobRun.objects.count() == 1
