"""What goes wrong between a plan and a letter, and what people get all the same (messages.md 3, D19-D32)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, time, timedelta
from email.message import EmailMessage

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from icalendar import Calendar

from cohorts.models import Person
from cohorts.operations import people
from cohorts.tests.factories import make_person
from dlp import words
from dlp.outbox import bounces
from dlp.outbox.delivery import claims, relays, sending
from dlp.outbox.models import LeadPolicy, Message, QuietHours, SweepDay
from dlp.outbox.plans import sweeping
from dlp.outbox.plans.leads import Policy
from dlp.outbox.plans.planning import Changes
from dlp.outbox.tests.factories import deliver
from dlp.outbox.watch import invariants
from dlp.signin.operations import change_address
from training import reminders
from training.models import Kind, Session
from training.operations import bookings, sessions
from training.reminders import CANCELLED, CHANGED, INVITATION, REMINDER
from training.tests.factories import make_booking, make_session
from training.tests.test_letters_machine import CLOCK
from training.tests.test_reminders import invited, letters, tell

pytestmark = pytest.mark.django_db

State = Message.State


class Interrupted(relays.LocalMailboxRelay):
    """The mailbox, while somebody does something just after the address or just before the text."""

    def __init__(self, *, after_address: Callable = bool, before_text: Callable = bool) -> None:
        super().__init__()
        self._after_address, self._before_text = after_address, before_text

    def address(self, sender: str, recipient: str) -> None:
        super().address(sender, recipient)
        self._after_address()

    def hand_over(self, content: bytes) -> int:
        self._before_text()
        return super().hand_over(content)


def make_due(session: Session, kind: str, lead: str = "") -> None:
    """As if the time of what is planned had come."""
    found = Message.objects.about("session", session.pk).filter(kind=kind, lead=lead)
    found.filter(state=State.PLANNED).update(due_at=Now(), next_attempt_at=Now())


def reminded(settings, **fields) -> Session:
    """A session of which one person has been told, and whose first reminder is due now."""
    session, _ = invited(**fields)
    deliver(settings)
    make_due(session, REMINDER, "7d")
    return session


def moved(session: Session, by: Person, *, hour: int = 15) -> Callable[[], Session]:
    def move() -> Session:
        at, until = time(hour), time(hour + 2)
        return sessions.edit_session(session, by=by, starts_time=at, ends_time=until)

    return move


def event(letter: EmailMessage):
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    (found,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
    return found


def kinds_sent(session: Session) -> list[str]:
    sent = Message.objects.about("session", session.pk).filter(state=State.SENT)
    return list(sent.order_by("accepted_at").values_list("kind", flat=True))


@pytest.mark.parametrize("is_moved", [True, False])
def test_reminder_that_a_sender_holds_does_not_leave_once_the_session_moved(
    lena, settings, is_moved
):
    """D19."""
    session = reminded(settings)
    held = claims.claim()
    if is_moved:
        moved(session, lena)()

    sending._send(held, held.messages[0], relays.LocalMailboxRelay())

    assert kinds_sent(session) == ([INVITATION] if is_moved else [INVITATION, REMINDER])
    make_due(session, CHANGED)
    deliver(settings)
    assert kinds_sent(session).count(CHANGED) == is_moved


@pytest.mark.parametrize("is_moved", [True, False])
def test_move_just_before_the_text_sends_the_old_once_and_then_the_news(lena, settings, is_moved):
    """D20: the reminder was past recall; the calendar entry of the news overrules it."""
    session = reminded(settings)
    held = claims.claim()
    move = moved(session, lena) if is_moved else bool

    sending._send(held, held.messages[0], Interrupted(before_text=move))
    make_due(session, CHANGED)
    news = deliver(settings)

    assert kinds_sent(session) == [INVITATION, REMINDER, *[CHANGED] * is_moved]
    assert [event(letter)["SEQUENCE"] for letter in news] == [1] * is_moved
    assert [event(letter).decoded("DTSTART").hour for letter in news] == [15] * is_moved


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_cancelling_after_the_address_stops_the_reminder_and_tells_who_was_told(
    lena, settings, is_cancelled
):
    """D21."""
    session = reminded(settings)
    stranger = make_person()
    held = claims.claim()

    def cancel() -> None:
        make_booking(session, stranger)
        if is_cancelled:
            sessions.cancel(session, by=lena)

    sending._send(held, held.messages[0], Interrupted(after_address=cancel))
    deliver(settings)

    assert kinds_sent(session) == [INVITATION, CANCELLED if is_cancelled else REMINDER]
    assert not Message.objects.filter(person=stranger).exists()


def test_moved_twenty_times_in_a_minute_is_told_once_with_the_time_that_holds(lena, settings):
    """D22: the news waits two minutes for another change."""
    session = reminded(settings)
    before = timezone.now()
    for hour in [*range(1, 20), 13]:
        moved(session, lena, hour=hour)()
        deliver(settings)

    news = Message.objects.get(kind=CHANGED, state=State.PLANNED)
    assert timedelta(minutes=1) < news.due_at - before < timedelta(minutes=3)
    make_due(session, CHANGED)
    (letter,) = deliver(settings)
    assert event(letter).decoded("DTSTART").hour == 13
    assert event(letter)["SEQUENCE"] == 20


def test_moves_further_apart_are_each_told(lena, settings):
    """D22's control."""
    session = reminded(settings)
    for hour in (13, 15):
        moved(session, lena, hour=hour)()
        make_due(session, CHANGED)
        deliver(settings)

    assert kinds_sent(session).count(CHANGED) == 2


@pytest.mark.parametrize("days", [-3, 40])
def test_session_moved_to_the_past_reminds_nobody(lena, settings, days):
    """D23."""
    session = reminded(settings)
    other_day = timezone.localdate() + timedelta(days=days)

    sessions.edit_session(session, by=lena, starts_on=other_day, ends_on=other_day)

    assert bool(letters(session)) is (days > 0)
    assert sweeping.sweep() == 0
    make_due(session, CHANGED)
    assert len(deliver(settings)) == (days > 0)


def test_session_moved_far_ahead_is_planned_there_at_once(lena):
    """D23: beyond the sweep's horizon the change itself has planned."""
    session, _ = invited()
    far = timezone.localdate() + timedelta(days=200)

    far_session = sessions.edit_session(session, by=lena, starts_on=far, ends_on=far)

    two_hours = Message.objects.get(state=State.PLANNED, lead="2h")
    assert two_hours.due_at == far_session.starts_at - timedelta(hours=2)
    assert sweeping.sweep() == 0


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2027, 11, 1), ["2027-10-25T08:00", "2027-10-29T15:00", "2027-11-01T14:00"]),
        (date(2027, 3, 31), ["2027-03-24T09:00", "2027-03-30T15:00", "2027-03-31T13:00"]),
    ],
)
def test_reminders_on_both_sides_of_the_clocks_keep_the_time_on_the_wall(day, due):
    """D23 and D31, from the session to the letter: 09:00 and 16:00 in England, and two hours are two."""
    session = Session(starts_on=day, starts_time=time(16), ends_on=day, ends_time=time(18))
    session.set_instants()

    leads = Policy.now().leads_for(Kind.TWILIGHT, session.starts_at)

    assert [f"{lead.due_at:%Y-%m-%dT%H:%M}" for lead in leads] == due


@pytest.mark.parametrize(
    ("change", "sent_to"),
    [
        (lambda person, lena: None, ["percy@example.org"]),
        (
            lambda person, lena: change_address(person, "new@example.org", by=lena),
            ["new@example.org"],
        ),
        (lambda person, lena: people.deactivate_person(person, by=lena), []),
    ],
)
def test_address_is_looked_up_when_the_letter_leaves(lena, settings, change, sent_to):
    """D24."""
    session, person = make_session(), make_person("Percy Adeyemi", email="percy@example.org")
    bookings.invite_person(session, person)

    change(person, lena)

    received = [letter["To"] for letter in deliver(settings) if "Invitation" in letter["Subject"]]
    assert [address for to in received for address in [to.partition("<")[2][:-1]]] == sent_to
    assert sweeping.sweep() == 0


def test_who_may_be_written_to_again_is_planned_in_the_same_moment(lena):
    session, person = invited()
    waiting = letters(session)
    people.deactivate_person(person, by=lena)
    assert letters(session) == []

    people.reactivate_person(person, by=lena)

    assert letters(session) == waiting
    assert sweeping.sweep() == 0


@pytest.mark.parametrize(
    ("lose", "reason"),
    [
        (lambda one, by: people.note_bounce(one.pk, one.email), bounces.COME_BACK),
        (lambda one, by: people.edit_person(one, by=by, email=None), bounces.NO_ADDRESS),
    ],
)
def test_letters_stop_where_none_arrives_until_there_is_another_address(lena, lose, reason):
    """R8: what waits is called off with the reason, what would be planned is kept so, and all of it comes back."""
    session, person = invited()
    waiting = letters(session)
    lose(person, lena)
    later = make_session(starts_on=timezone.localdate() + timedelta(days=30))
    bookings.invite_person(later, person)

    for one in (session, later):
        assert letters(one) == []
        assert letters(one, State.CANCELLED) == waiting
    reasons = Message.objects.filter(person=person).values_list("state_reason", flat=True)
    assert set(reasons) == {reason}
    assert sweeping.sweep() == 0

    people.edit_person(person, by=lena, email="somewhere.else@example.org")

    for one in (session, later):
        assert letters(one) == waiting
    assert sweeping.sweep() == 0


@pytest.mark.parametrize(("ahead", "gone"), [("2 hours", 1), ("30 minutes", 0)])
def test_clock_of_the_database_that_jumps_ahead_and_back_doubles_nothing(settings, ahead, gone):
    """D32: what was due by the clock that was wrong has gone, once; nothing else has."""
    session, _ = invited()
    deliver(settings)
    Message.objects.filter(lead="7d").update(due_at=Now() + timedelta(hours=1))
    assert deliver(settings) == []

    with clock_ahead_by(ahead):
        Message.objects.filter(lead="7d").update(next_attempt_at=Now())
        assert len(deliver(settings)) == gone
    assert deliver(settings) == []

    assert kinds_sent(session) == [INVITATION, *[REMINDER] * gone]
    assert sweeping.sweep() == 1 - gone  # what waits gets back the time that it lost above
    assert [str(finding) for finding in invariants.broken()] == []


@contextmanager
def clock_ahead_by(interval: str) -> Iterator[None]:
    """The database's clock, within the transaction of a test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('clock.shift', %s, true)", [interval])
        cursor.execute(CLOCK)
        yield
        cursor.execute("SET LOCAL search_path = public")


@pytest.mark.parametrize("is_kept", [True, False])
def test_change_that_is_taken_back_planned_nothing(lena, settings, is_kept):
    """D26."""
    session = reminded(settings)
    before = letters(session)

    with transaction.atomic():
        moved(session, lena)()
        transaction.set_rollback(not is_kept)

    assert ((CHANGED, "") in letters(session)) is is_kept
    assert (letters(session) == before) is not is_kept


@pytest.mark.parametrize("is_forgotten", [True, False])
def test_sweep_makes_good_and_counts_what_a_change_forgot(monkeypatch, is_forgotten):
    """D27."""
    if is_forgotten:
        monkeypatch.setattr(reminders, "plan", lambda session: Changes())
    session, _ = invited()
    assert bool(letters(session)) is not is_forgotten

    repairs = sweeping.sweep()

    assert repairs == (4 if is_forgotten else 0)
    assert SweepDay.objects.get().repairs == repairs
    assert (INVITATION, "") in letters(session)


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_sweeping_and_planning_at_once_harms_nobody():
    """D28: sweeps, plans of everything and changes in parallel come to rest, and nobody is refused."""
    lena = make_person("Lena Hart")
    made = [make_session(starts_on=timezone.localdate() + timedelta(days=30)) for _ in range(12)]
    for session in made:
        for _ in range(4):
            make_booking(session)

    def in_a_thread(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connection.close()

    work = [sweeping.sweep, sweeping.sweep, sweeping.replan, *(moved(one, lena) for one in made)]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(in_a_thread, one) for one in work]:
            done.result()
    sweeping.sweep()

    assert sweeping.sweep() == 0
    planned = Message.objects.filter(state=State.PLANNED)
    assert planned.count() == 12 * 4 * 4
    assert set(planned.values_list("revision", flat=True)) == {2}


@pytest.mark.parametrize("is_late", [True, False])
def test_after_three_days_down_only_the_nearest_reminder_leaves(lena, settings, is_late):
    """D29: of three that were due, where staff gave them long to be of use."""
    for days in (5, 4, 3):
        LeadPolicy.objects.create(
            session_kind=Kind.TWILIGHT, days=days, at=time(9), useful_until=timedelta(days=1)
        )
    ahead = timezone.localdate() + timedelta(days=2 if is_late else 30)
    session = make_session(starts_on=ahead, starts_time=time(23), ends_time=time(23, 30))
    make_booking(session)
    reminders.plan_all([session], now=session.starts_at - timedelta(days=40))
    tell(session)
    subjects = [letter["Subject"] for letter in deliver(settings)]

    assert len(subjects) == is_late
    assert all(subject.startswith("In 2 days: ") for subject in subjects)


@pytest.mark.parametrize("day", [date(2027, 6, 24), date(2026, 10, 25), date(2027, 3, 28)])
@pytest.mark.parametrize(
    ("starts", "leaves"),
    [
        (time(9), "07:00"),  # two hours before is 07:00, which is day
        (time(8, 59), "07:00"),  # 06:59 is night, and 07:00 is soon enough
        (time(7, 10), "19:59"),  # 07:00 would be too late, so the evening before
        (time(22), "19:59"),  # 20:00 is night, and so is all that is left of the day
        (time(21, 59), "19:59"),
    ],
)
def test_reminders_leave_by_day(day, starts, leaves):
    """D30, on an ordinary day and on both days on which the clocks change."""
    session = Session(starts_on=day, starts_time=starts, ends_on=day, ends_time=time(23, 30))
    session.set_instants()

    lead = Policy.now().leads_for(Kind.TWILIGHT, session.starts_at)[-1]

    assert words.clock(lead.due_at) == leaves
    assert lead.due_at < lead.not_after


def test_quiet_hours_are_what_staff_set():
    QuietHours.objects.update(ends=time(9, 30))
    session, _ = invited(starts_time=time(11), ends_time=time(12))

    two_hours = Message.objects.get(lead="2h")
    assert two_hours.due_at == session.starts_at - timedelta(minutes=90)
