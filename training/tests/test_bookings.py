"""Who is asked to a session, and what becomes of their answers."""

from __future__ import annotations

import threading
from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.tests.factories import make_cohort, make_participation, make_person
from dlp.errors import Refused
from placements.tests.factories import make_contact
from training.models import Booking, Guests, Kind, Session
from training.operations import bookings, sessions
from training.tests.factories import (
    make_booking,
    make_group,
    make_member,
    make_past,
    make_running,
    make_session,
    make_venue,
)

State = Booking.State


@pytest.mark.django_db
def test_a_cohort_sends_those_it_expects_and_not_the_deferred():
    cohort = make_cohort()
    coming = make_participation(cohort=cohort).person
    for state in ("deferred", "withdrawn", "offered"):
        make_participation(cohort=cohort, state=state)
    make_participation(make_person(is_active=False), cohort)
    session = make_session()

    bookings.invite_cohort(session, cohort)

    assert [booking.person for booking in session.bookings.all()] == [coming]


@pytest.mark.django_db
def test_inviting_again_asks_only_who_joined_since():
    cohort, session = make_cohort(), make_session()
    make_participation(cohort=cohort)
    bookings.invite_cohort(session, cohort)
    late = make_participation(cohort=cohort).person

    new = bookings.invite_cohort(session, cohort)

    assert [booking.person for booking in new] == [late]


@pytest.mark.django_db
def test_a_group_sends_its_members_of_the_day_and_not_the_deferred():
    group = make_group()
    member = make_member(group).person
    deferred = make_participation(state=Participation.State.DEFERRED).person
    make_member(group, deferred)
    past = make_member(group)
    past.ends_on = timezone.localdate()
    past.save()
    session = make_session(kind=Kind.SUPERVISION, group=group)

    bookings.invite_group(session)

    assert [booking.person for booking in session.bookings.all()] == [member]


@pytest.mark.django_db
def test_somebody_who_was_taken_off_can_be_asked_again():
    booking = make_booking(state=State.COMING)
    bookings.withdraw_booking(booking)

    again = bookings.invite_person(booking.session, booking.person)

    assert (again.pk, again.state, again.replied_at) == (booking.pk, State.INVITED, None)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_past, make_running])
def test_nobody_is_invited_to_what_has_begun(make):
    with pytest.raises(Refused, match="has begun"):
        bookings.invite_person(make(), make_person())


@pytest.mark.django_db
def test_nobody_is_invited_to_what_does_not_go_ahead(lena: Person):
    session = sessions.cancel(make_session(), by=lena)

    with pytest.raises(Refused, match="does not go ahead"):
        bookings.invite_person(session, make_person())


@pytest.mark.django_db
def test_a_deactivated_person_is_not_invited():
    with pytest.raises(Refused, match="deactivated"):
        bookings.invite_person(make_session(), make_person(is_active=False))


@pytest.mark.django_db
def test_nobody_is_on_a_session_twice():
    booking = make_booking()

    with pytest.raises(IntegrityError, match="booking_once_a_session"):
        make_booking(booking.session, booking.person)


@pytest.mark.django_db
def test_the_same_answer_again_changes_nothing():
    booking = make_booking()

    first = bookings.reply(booking, coming=True, via="portal").booking
    second = bookings.reply(booking, coming=True, via="letter").booking

    assert second.state == State.COMING
    assert (second.replied_at, second.replied_via) == (first.replied_at, "portal")


@pytest.mark.django_db
def test_a_reason_is_kept_until_somebody_is_coming_after_all():
    booking = make_booking()

    no = bookings.reply(booking, coming=False, via="portal", reason="A governors’ meeting").booking
    assert no.reply_reason == "A governors’ meeting"

    yes = bookings.reply(booking, coming=True, via="portal").booking
    assert (yes.state, yes.reply_reason) == (State.COMING, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "words"),
    [("cancelled", "is cancelled"), ("postponed", "is postponed"), ("draft", "not published")],
)
def test_what_does_not_go_ahead_takes_no_answer(state: str, words: str):
    with pytest.raises(Refused, match=words):
        bookings.reply(make_booking(make_session(state=state)), coming=True, via="portal")


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_past, make_running])
def test_what_has_begun_takes_no_answer(make):
    with pytest.raises(Refused, match="has begun"):
        bookings.reply(make_booking(make()), coming=False, via="portal")


@pytest.mark.django_db
def test_a_full_session_says_so_and_who_is_coming_may_say_it_again():
    session = make_session(capacity=1)
    inside = make_booking(session, state=State.COMING)

    with pytest.raises(Refused, match="All places are taken"):
        bookings.reply(make_booking(session), coming=True, via="portal")
    assert bookings.reply(inside, coming=True, via="portal").booking.state == State.COMING


@pytest.mark.django_db
def test_a_place_given_up_is_free_for_somebody_else():
    session = make_session(capacity=1)
    bookings.reply(make_booking(session, state=State.COMING), coming=False, via="letter")

    given = bookings.reply(make_booking(session), coming=True, via="portal")

    assert given.booking.state == State.COMING


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [bookings.reply, bookings.sign_up], ids=["reply", "sign up"])
def test_nobody_comes_to_two_sessions_at_one_time(answer):
    person = make_person()
    other = make_booking(make_session("Reading fluency"), person, state=State.COMING)
    booking = make_booking(make_session(), person)
    how = (
        {"booking": booking, "coming": True}
        if answer is bookings.reply
        else {"session": booking.session, "person": person}
    )

    with pytest.raises(Refused, match="at that time: Reading fluency, .*cannot come"):
        answer(**how, via="portal")

    bookings.reply(other, coming=False, via="portal")
    assert answer(**how, via="portal").booking.state == State.COMING


@pytest.mark.django_db
def test_whoever_leads_another_session_then_comes_to_none():
    person = make_person()
    make_session("Reading fluency", facilitators=[person])

    with pytest.raises(Refused, match="Reading fluency"):
        bookings.reply(make_booking(make_session(), person), coming=True, via="portal")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ends", "mode", "warned"),
    [
        (time(15, 30), "in_person", True),
        (time(16), "in_person", True),
        (time(15), "in_person", False),
        (time(15, 30), "online", False),
    ],
)
def test_another_place_shortly_before_is_pointed_out(client, percy: Person, ends, mode, warned):
    day = timezone.localdate() + timedelta(days=10)
    before = make_session(
        "Reading fluency", starts_on=day, starts_time=time(13), ends_time=ends, mode=mode
    )
    make_booking(before, percy, state=State.COMING)
    session = make_session(starts_on=day, venue=make_venue("The other hall"))
    booking = make_booking(session, percy)
    client.force_login(percy)

    page = client.post(
        reverse("training:reply", args=[session.pk]), {"answer": "yes"}, follow=True
    ).content.decode()

    booking.refresh_from_db()
    assert booking.state == State.COMING
    assert ("in another place: Reading fluency" in page) == warned


@pytest.mark.django_db
def test_an_answer_by_tap_gets_its_part_of_the_page_back(client, percy: Person):
    session = make_session()
    make_booking(session, percy)
    client.force_login(percy)

    answer = client.post(
        reverse("training:reply", args=[session.pk]),
        {"answer": "no"},
        headers={"hx-request": "true"},
    ).content.decode()

    assert "<html" not in answer
    assert "Why not, if you like" in answer
    assert "Your place is free" in answer


def tapped(client, session, **typed):
    return client.post(
        reverse("training:reply", args=[session.pk]), typed, headers={"hx-request": "true"}
    )


@pytest.mark.django_db
def test_a_reason_is_said_to_be_saved(client, percy: Person):
    session = make_session()
    booking = make_booking(session, percy)
    client.force_login(percy)
    tapped(client, session, answer="no", reason="")

    answer = tapped(client, session, answer="no", reason="A governors’ meeting").content.decode()

    booking.refresh_from_db()
    assert booking.reply_reason == "A governors’ meeting"
    assert "Your reason is saved." in answer
    assert "Saved. Whoever leads the session" in answer
    assert "Your place is free" not in answer


@pytest.mark.django_db
def test_an_answer_on_the_page_of_the_session_changes_what_its_head_says(client, percy: Person):
    session = make_session()
    make_booking(session, percy)
    client.force_login(percy)

    at_home = tapped(client, session, answer="yes", next="/").content.decode()
    on_it = tapped(client, session, answer="no", next=session.get_absolute_url()).content.decode()

    assert 'id="my-answer"' not in at_home
    assert "You are not coming" in on_it[on_it.index('<span id="my-answer" hx-swap-oob="true">') :]


@pytest.mark.django_db
def test_the_invitations_on_a_home_go_with_the_last_answer(client, percy: Person):
    make_booking(make_session(), percy, state=State.COMING)
    later = make_session("Ask the room", starts_on=timezone.localdate() + timedelta(days=20))
    make_booking(later, percy)
    client.force_login(percy)
    card = reverse("home:invitations")
    before = client.get(card).content.decode()

    answer = tapped(client, later, answer="no", next="/")

    assert "One invitation" in before
    assert 'hx-trigger="dlp-answered from:body"' in before
    assert "dlp-answered" in answer["HX-Trigger"]
    assert client.get(card).content.decode().strip() == ""


@pytest.mark.django_db
def test_nobody_answers_for_somebody_else(client, olive: Person, percy: Person):
    session = make_session()
    booking = make_booking(session, percy)
    make_booking(session, olive)
    client.force_login(olive)

    client.post(reverse("training:reply", args=[session.pk]), {"answer": "yes"})

    booking.refresh_from_db()
    assert booking.state == State.INVITED


@pytest.mark.django_db
def test_an_answer_leads_back_only_within_this_site(client, percy: Person):
    session = make_session()
    make_booking(session, percy)
    client.force_login(percy)

    answer = client.post(
        reverse("training:reply", args=[session.pk]),
        {"answer": "yes", "next": "https://elsewhere.example.com/"},
    )

    assert answer["Location"] == session.get_absolute_url()


@pytest.mark.django_db
def test_the_invite_page_says_who_is_left_out_and_why(client, lena: Person):
    cohort = make_cohort("2026 Cohort")
    make_participation(make_person("Ada Fenwick"), cohort)
    make_participation(make_person("Dominic Achebe"), cohort, state="deferred")
    session = make_session(cohorts=[cohort])
    client.force_login(lena)

    page = client.get(reverse("training:invite", args=[session.pk])).content.decode()

    assert "1 person would be asked" in page
    assert "Not asked, because they are deferred: Dominic Achebe" in page


@pytest.mark.django_db
def test_staff_invite_a_cohort_a_person_and_take_one_off(client, lena: Person):
    cohort, session = make_cohort(), make_session()
    first = make_participation(cohort=cohort).person
    second = make_person()
    client.force_login(lena)

    client.post(reverse("training:invite_cohort", args=[session.pk]), {"cohort": cohort.pk})
    client.post(reverse("training:invite_person", args=[session.pk]), {"person": second.pk})
    booking = session.bookings.get(person=first)
    client.post(reverse("training:booking_withdraw", args=[booking.pk]))

    assert [one.person for one in session.bookings.live()] == [second]


@pytest.mark.django_db
def test_alumni_and_school_leads_are_asked_as_a_whole_but_never_to_supervision(
    client, lena: Person
):
    alumna = make_participation(make_person("Ada Fenwick"), state="completed").person
    make_participation(make_person("Gone Since"), state="withdrawn")
    lead = make_contact(person=make_person("Marcus Bell")).person
    session = make_session()
    client.force_login(lena)
    url = reverse("training:invite_guests", args=[session.pk])

    page = client.get(reverse("training:invite", args=[session.pk])).content.decode()
    for guests in ("alumni", "alumni", "hosts"):
        client.post(url, {"guests": guests})

    assert "Ada Fenwick." in page
    assert "Gone Since" not in page
    assert {one.person for one in session.bookings.live()} == {alumna, lead}
    assert client.post(url, {"guests": "everybody"}).status_code == 404
    with pytest.raises(Refused, match="its group alone"):
        bookings.invite_guests(make_session(kind="supervision"), Guests.ALUMNI)


def take_at_once(session: Session, people: list[Booking]) -> list[str]:
    """Each takes a place in a thread and a connection of their own, all at the same moment."""
    together = threading.Barrier(len(people))
    said: list[str] = []

    def take(booking: Booking) -> None:
        together.wait(timeout=10)
        try:
            bookings.reply(booking, coming=True, via="portal")
            said.append("coming")
        except Refused as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[booking]) for booking in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return said


@pytest.mark.commits
@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_of_those_who_take_it_at_once():
    session = make_session(capacity=1)
    people = [make_booking(session) for _ in range(6)]

    said = take_at_once(session, people)

    assert said.count("coming") == 1
    assert sum("All places are taken" in sentence for sentence in said) == 5
    assert session.bookings.coming().count() == 1
