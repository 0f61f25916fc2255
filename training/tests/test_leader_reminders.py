"""What those who lead a session are told of it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_person
from dlp.outbox import kinds
from dlp.outbox.kinds import Letter, NotWanted
from dlp.outbox.models import Message
from dlp.outbox.plans import sweeping
from training import reminders
from training.leader_reminders import BRIEFING, LEADING, LEADING_CANCELLED, LEADING_CHANGED
from training.models import Session
from training.operations import sessions
from training.tests.factories import make_booking, make_group, make_session
from training.tests.test_reminders import tell

pytestmark = pytest.mark.django_db

THURSDAY = date(2035, 11, 15)


@pytest.fixture
def sunita():
    return make_person("Sunita Patel")


def led_by(leader: Person, **fields: object) -> Session:
    session = make_session("Calm starts", starts_on=THURSDAY, facilitators=[leader], **fields)
    reminders.plan(session)
    return session


def letters(session: Session, *states: str) -> list[str]:
    found = Message.objects.about("session", session.pk).filter(state__in=states or ["planned"])
    return sorted(found.values_list("kind", flat=True))


def written(session: Session, kind: str) -> Letter:
    message = Message.objects.about("session", session.pk).filter(kind=kind).latest("revision")
    return kinds.get(kind).render(message)


def test_whoever_leads_is_told_at_once_and_briefed_the_day_before(sunita):
    session = led_by(sunita)

    assert letters(session) == [BRIEFING, LEADING]
    briefing = Message.objects.get(kind=BRIEFING)
    assert timezone.localtime(briefing.due_at).isoformat()[:16] == "2035-11-14T16:00"
    assert briefing.person == sunita


def test_briefing_before_a_monday_comes_on_the_friday(sunita):
    session = make_session("Calm starts", starts_on=date(2035, 11, 19), facilitators=[sunita])
    reminders.plan(session)

    due_at = timezone.localtime(Message.objects.get(kind=BRIEFING).due_at)
    assert due_at.isoformat()[:16] == "2035-11-16T16:00"


def test_supervisor_leads_the_sessions_of_their_group(sunita):
    group = make_group(supervisor=sunita)
    session = make_session(kind="supervision", group=group, starts_on=THURSDAY)
    reminders.plan(session)

    assert letters(session) == [BRIEFING, LEADING]


def test_draft_tells_its_leaders_nothing(sunita):
    session = led_by(sunita, state=Session.State.DRAFT)

    assert letters(session) == []


def test_leader_hears_of_a_new_time_once_however_often_it_moves(sunita, lena):
    session = led_by(sunita)
    tell(session, LEADING)

    for hour in (15, 14, 13):
        session = sessions.edit_session(session, by=lena, starts_time=time(hour))

    assert letters(session) == [BRIEFING, LEADING_CHANGED]
    assert "13:00" in written(session, LEADING_CHANGED).text
    assert letters(session, "sent") == [LEADING]


def test_leader_who_was_told_hears_that_it_is_off_and_whoever_was_not_does_not(sunita, lena):
    session = led_by(sunita)
    tell(session, LEADING)
    session.facilitators.add(make_person("Imran Sheikh"))

    session = sessions.cancel(session, by=lena, reason="The hall is flooded.")

    off = Message.objects.get(kind=LEADING_CANCELLED)
    assert (off.person, letters(session)) == (sunita, [LEADING_CANCELLED])
    assert "The hall is flooded." in written(session, LEADING_CANCELLED).text
    assert written(session, LEADING_CANCELLED).calendar.method == "CANCEL"


def test_whoever_no_longer_leads_gets_nothing_more(sunita, lena):
    session = led_by(sunita)

    sessions.edit_session(session, by=lena, facilitators=[])

    gone = Message.objects.filter(person=sunita)
    assert set(gone.values_list("state", flat=True)) <= {"cancelled", "superseded"}


def test_briefing_names_who_comes_who_is_new_who_cannot_and_who_has_not_said(sunita):
    session = led_by(sunita)
    ada, bo = make_person("Ada Fenwick"), make_person("Bo Lin")
    earlier = make_session("Before", starts_on=date(2026, 10, 1))
    make_booking(earlier, ada, attendance="present")
    for person in (ada, bo):
        make_booking(session, person, state="coming")
    make_booking(session, make_person("Cy Dent"), state="not_coming", reply_reason="At a hearing")
    make_booking(session, make_person("Di Evans"))
    make_booking(session, make_person("Ed Frost"), state="withdrawn")

    letter = written(session, BRIEFING)

    assert "2 are coming, 1 cannot come and 1 has not said." in letter.text
    for words in ("  Ada Fenwick\n", "  Bo Lin (first session)\n", "Cy Dent: At a hearing"):
        assert words in letter.text
    assert "Have not said:\n  Di Evans" in letter.text
    assert "Ed Frost" not in letter.text
    assert "Bo Lin (first session)" in letter.html


def test_briefing_about_supervision_holds_numbers_and_no_name(sunita):
    session = make_session(
        "Group A", kind="supervision", group=make_group(supervisor=sunita), starts_on=THURSDAY
    )
    make_booking(session, make_person("Ada Fenwick"), state="not_coming", reply_reason="Unwell")
    reminders.plan(session)

    letter = written(session, BRIEFING)

    assert "Nobody is coming and 1 cannot come." in letter.text
    assert letter.subject.endswith("you lead: Meeting")
    for secret in ("Ada", "Unwell", "Group A", "upervision"):
        assert secret not in letter.text + letter.html + letter.subject


def test_one_briefing_a_day_a_later_change_is_told_by_itself(sunita, lena):
    session = led_by(sunita)
    tell(session, LEADING)
    tell(session, BRIEFING)

    session = sessions.edit_session(session, by=lena, starts_time=time(15))

    assert letters(session) == [LEADING_CHANGED]
    assert Message.objects.get(kind=BRIEFING, state="suppressed").state_reason == (
        "They were told before who comes."
    )
    sessions.edit_session(
        session, by=lena, starts_on=date(2035, 11, 22), ends_on=date(2035, 11, 22)
    )
    assert BRIEFING in letters(session)


def test_letter_to_somebody_who_has_stopped_leading_is_not_wanted(sunita):
    session = led_by(sunita)
    message = Message.objects.get(kind=LEADING)
    assert kinds.get(LEADING).is_wanted(message)

    session.facilitators.clear()

    assert not kinds.get(LEADING).is_wanted(message)
    Session.objects.update(revision=9)
    with pytest.raises(NotWanted, match="changed since"):
        kinds.get(LEADING).is_wanted(message)


def test_planning_again_changes_nothing(sunita):
    session = make_session(
        starts_on=timezone.localdate() + timedelta(days=30), facilitators=[sunita]
    )
    make_booking(session, make_person("Ada Fenwick"))
    reminders.plan(session)
    assert LEADING in letters(session)

    assert sweeping.rehearse() == (0, 0)
