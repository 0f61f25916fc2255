"""The waiting list: places asked for, offered, taken, declined and left to whoever comes first."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.operations.people import forget_bounce, note_bounce
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.errors import Refused
from dlp.outbox.models import Message
from placements.tests.factories import make_contact
from training import reminders, waiting
from training.letters.sessions import reply_token
from training.models import Booking, Session, SignUp
from training.operations import bookings, sessions
from training.operations import waiting as settling
from training.tests.factories import make_session

State = Booking.State
CALLED_OFF = "training.session_cancelled"


def full_session(places: int = 1, *, waiting_for_it: int = 3) -> tuple[Session, list[Booking]]:
    """A twilight with every place taken by people who signed up, and a line behind them."""
    session = make_session(sign_up=SignUp.PROGRAMME, capacity=places)
    people = [make_participation().person for _ in range(places + waiting_for_it)]
    asked = [bookings.sign_up(session, person, via="portal").booking for person in people]
    return session, asked


def states(asked: list[Booking]) -> list[str]:
    return [Booking.objects.get(pk=one.pk).state for one in asked]


def letters(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).exclude(state="cancelled").order_by("created_at"))


@pytest.mark.django_db
def test_a_place_given_up_goes_down_the_line_until_somebody_takes_it():
    _, (inside, first, second, third) = full_session()
    assert states([inside, first, second, third]) == ["coming", "waiting", "waiting", "waiting"]

    bookings.reply(inside, coming=False, via="letter")
    assert states([first, second]) == ["offered", "waiting"]
    first.refresh_from_db()
    assert first.offer_ends_at is not None
    assert timedelta(hours=47) < first.offer_ends_at - timezone.now() <= timedelta(hours=48)

    bookings.reply(first, coming=False, via="letter")
    assert states([first, second, third]) == ["not_coming", "offered", "waiting"]
    bookings.reply(second, coming=True, via="letter")
    assert states([second, third]) == ["coming", "waiting"]
    assert [one.person for one in letters(reminders.OFFER)] == []
    assert second.person in [one.person for one in letters(reminders.PLACE)]


@pytest.mark.django_db
def test_whoever_lets_an_offer_pass_leaves_the_list_and_the_next_is_offered_the_place():
    _, (inside, first, second, _) = full_session()
    bookings.reply(inside, coming=False, via="portal")

    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        assert settling.settle_all() == 1
        assert settling.settle_all() == 0
        assert states([first, second]) == ["lapsed", "offered"]
        with pytest.raises(Refused, match="Your offer has ended, and all places are taken"):
            bookings.reply(first, coming=True, via="letter")
        bookings.sign_up(first.session, first.person, via="portal")
        assert states([first]) == ["waiting"]


@pytest.mark.django_db
def test_near_the_day_nobody_is_offered_a_place_and_all_who_wait_are_told_once():
    session, (inside, first, second, third) = full_session()
    bookings.reply(inside, coming=False, via="portal")  # an offer that the day before cuts short
    closes = waiting.closes_at(session)

    with time_machine.travel(closes - timedelta(hours=1)):
        bookings.reply(first, coming=False, via="portal")
        second.refresh_from_db()
        assert (second.state, second.offer_ends_at) == (State.OFFERED, closes)

    with time_machine.travel(closes + timedelta(minutes=1)):
        settling.settle_all()
        assert states([second, third]) == ["waiting", "waiting"]
        assert {one.person for one in letters(reminders.FREE)} == {second.person, third.person}
        session.refresh_from_db()
        assert "whoever comes first" in waiting.why_nobody(session)

        bookings.reply(third, coming=True, via="letter")  # first come
        with pytest.raises(Refused, match="All places are taken"):
            bookings.reply(second, coming=True, via="letter")
        bookings.reply(third, coming=False, via="letter")
        assert len(Message.objects.filter(kind=reminders.FREE)) == 2
        bookings.reply(second, coming=True, via="letter")
        with pytest.raises(Refused, match="whoever comes first has it"):
            bookings.sign_up(session, make_participation().person, via="portal")


@pytest.mark.django_db
def test_places_taken_away_leave_everybody_theirs_and_places_added_are_offered(lena: Person):
    session, asked = full_session(3)
    *inside, first, second, third = asked

    session = sessions.edit_session(session, by=lena, capacity=1)
    assert states(inside) == ["coming"] * 3
    assert [one.pk for one in waiting.beyond(session)] == [inside[2].pk, inside[1].pk]
    assert "2 people have a place more than there are" in waiting.why_nobody(session)

    bookings.reply(inside[0], coming=False, via="portal")
    assert states([first]) == ["waiting"]
    sessions.edit_session(session, by=lena, capacity=4)
    assert states([first, second, third]) == ["offered", "offered", "waiting"]
    assert "All 4 places are taken, 2 of them offered" in waiting.why_nobody(
        Session.objects.get(pk=session.pk)
    )


@pytest.mark.django_db
def test_a_session_called_off_tells_all_in_line_and_sends_them_nothing_further(lena: Person):
    session, (inside, *line) = full_session(waiting_for_it=4)
    bookings.reply(inside, coming=False, via="portal")
    assert states(line) == ["offered", "waiting", "waiting", "waiting"]

    sessions.cancel(session, by=lena, reason="Snow")

    told = {one.person for one in letters(CALLED_OFF)}
    assert {one.person for one in line} <= told
    open_ones = Message.objects.filter(subject_id=session.pk).open()
    assert set(open_ones.values_list("kind", flat=True)) <= {CALLED_OFF}
    assert settling.settle_all() == 0
    sessions.reinstate(session)
    assert states(line) == ["offered", "waiting", "waiting", "waiting"]


@pytest.mark.django_db
def test_whoever_is_away_is_passed_over_and_keeps_their_turn():
    _, (inside, first, second, _) = full_session()
    Participation.objects.filter(person=first.person).update(state="deferred")

    bookings.reply(inside, coming=False, via="portal")
    assert states([first, second]) == ["waiting", "offered"]
    Participation.objects.filter(person=first.person).update(state="active")
    Participation.objects.filter(person=second.person).update(state="deferred")
    settling.settle_all()

    assert states([first, second]) == ["offered", "waiting"]


@pytest.mark.django_db
def test_whoever_no_letter_reaches_is_passed_over_and_keeps_their_turn():
    _, (inside, first, second, third) = full_session()
    note_bounce(first.person_id, first.person.email)
    Person.objects.get_queryset().filter(pk=second.person_id).update(email=None)

    bookings.reply(inside, coming=False, via="portal")
    assert states([first, second, third]) == ["waiting", "waiting", "offered"]
    forget_bounce(first.person, by=make_staff())
    bookings.reply(third, coming=False, via="portal")

    assert states([first, second]) == ["offered", "waiting"]


@pytest.mark.django_db
def test_only_those_it_is_open_to_sign_up_and_asking_twice_is_asking_once():
    cohort = make_cohort()
    theirs, other = make_participation(cohort=cohort).person, make_participation().person
    alumna = make_participation(state="completed").person
    lead = make_contact(person=make_person()).person
    everybody = [theirs, other, alumna, lead, make_person()]

    def let_in(sign_up: str) -> list[bool]:
        session = make_session(sign_up=sign_up, cohorts=[cohort])
        return [Session.objects.open_to(one).filter(pk=session.pk).exists() for one in everybody]

    assert let_in(SignUp.INVITED) == [False] * 5
    assert let_in(SignUp.COHORTS) == [True, False, False, False, False]
    assert let_in(SignUp.PROGRAMME) == [True, True, False, False, False]
    assert let_in(SignUp.COMMUNITY) == [True, True, True, True, False]
    session = make_session(sign_up=SignUp.PROGRAMME)
    first = bookings.sign_up(session, theirs, via="portal").booking
    assert bookings.sign_up(session, theirs, via="portal").booking.pk == first.pk
    with pytest.raises(Refused, match="by invitation"):
        bookings.sign_up(session, alumna, via="portal")


@pytest.mark.django_db
def test_the_link_of_an_offer_shows_it_and_takes_or_lets_go_of_it_by_a_button(client):
    _, (inside, first, second, _) = full_session()
    bookings.reply(inside, coming=False, via="portal")
    first.refresh_from_db()
    offer = letters(reminders.OFFER)[0]
    address = reverse("training:letter_reply", args=[reply_token(first)])

    page = client.get(address).content.decode()
    assert "Take the place" in page
    assert "Let it go" in page
    assert states([first]) == ["offered"]
    assert offer.not_after == first.offer_ends_at

    page = client.post(address, {"answer": "no"}, follow=True).content.decode()
    assert "is offered to whoever waits next" in page
    assert states([first, second]) == ["not_coming", "offered"]


def ask_at_once(session: Session, people: list[Person]) -> None:
    """Each asks for a place in a thread and a connection of their own, all at the same moment."""
    together = threading.Barrier(len(people))

    def ask(person: Person) -> None:
        together.wait(timeout=10)
        try:
            bookings.sign_up(session, person, via="portal")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "control without the lock"])
def test_of_two_who_ask_for_the_last_place_at_once_one_has_it_and_one_waits(
    monkeypatch, is_locked: bool
):
    session = make_session(sign_up=SignUp.PROGRAMME, capacity=1)
    people = [make_participation().person for _ in range(2)]
    both_have_counted = threading.Barrier(2)
    count = waiting.is_full

    def counted(asked: Session) -> bool:
        is_full = count(asked)
        both_have_counted.wait(timeout=10)
        return is_full

    if not is_locked:
        monkeypatch.setattr(bookings, "_locked", lambda one: Session.objects.get(pk=one.pk))
        monkeypatch.setattr(waiting, "is_full", counted)

    ask_at_once(session, people)

    expected = ["coming", "waiting"] if is_locked else ["coming", "coming"]
    assert sorted(session.bookings.values_list("state", flat=True)) == expected
