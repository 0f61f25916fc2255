"""Planning a session: what it refuses, what it asks, and what counts as a change."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_person
from dlp.errors import Refused
from training.advice import warnings
from training.models import Kind, Mode, Phase, Session
from training.operations import bookings, registers, sessions
from training.tests.factories import (
    make_booking,
    make_group,
    make_past,
    make_running,
    make_session,
    make_venue,
)

pytestmark = pytest.mark.django_db

SPRING_GAP = date(2027, 3, 28)
AUTUMN_HOUR = date(2027, 10, 31)


def typed(**changes: object) -> dict[str, object]:
    """A twilight as somebody types it."""
    return {
        "title": "Reading fluency",
        "starts_on": "2027-01-14",
        "starts_time": "16:00",
        "ends_time": "18:00",
        "mode": "online",
        "facilitators": "",
        **changes,
    }


def add(client, person: Person, kind: str = "twilight", **changes: object):
    client.force_login(person)
    return client.post(f"{reverse('training:session_add')}?kind={kind}", typed(**changes))


def test_a_session_starts_as_a_draft(client, lena: Person):
    add(client, lena)

    session = Session.objects.get()
    assert (session.state, session.title) == ("draft", "Reading fluency")


def test_a_twilight_is_from_four_to_six_unless_somebody_says_otherwise(client, lena: Person):
    client.force_login(lena)

    form = client.get(reverse("training:session_add"), {"kind": "twilight"}).context["form"]

    assert (form["starts_time"].initial, form["ends_time"].initial) == (time(16), time(18))


def test_a_session_that_ends_before_it_starts_is_refused_at_its_place(client, lena: Person):
    answer = add(client, lena, ends_time="15:00", title="What I typed")

    assert answer.context["form"].errors == {"ends_time": ["The session must end after it starts."]}
    assert 'value="What I typed"' in answer.content.decode()
    assert not Session.objects.exists()


def test_a_session_longer_than_a_month_is_refused_at_its_place(client, lena: Person):
    first = timezone.localdate() + timedelta(days=30)
    days = {"starts_on": first, "ends_on": first + timedelta(days=32)}
    answer = add(client, lena, kind="residential", **days)

    (sentence,) = answer.context["form"].errors["ends_on"]
    assert sentence == "A session lasts 31 days at most. Plan a series instead."
    assert not Session.objects.exists()


def test_no_session_is_longer_than_a_month_whoever_writes_it():
    session = make_session()

    with pytest.raises(IntegrityError, match="session_within_a_month"):
        Session.objects.filter(pk=session.pk).update(ends_at=session.starts_at + timedelta(days=32))


def test_what_runs_is_still_to_come_and_what_ended_is_not():
    running, ahead, over = make_running(), make_session(), make_past()

    assert list(Session.objects.to_come(timezone.now())) == [running, ahead]
    assert over.ends_at < timezone.now()


def test_a_time_that_the_clocks_skip_is_refused_at_its_field(client, lena: Person):
    answer = add(client, lena, starts_on="2027-03-28", starts_time="01:30", ends_time="04:00")

    (sentence,) = answer.context["form"].errors["starts_time"]
    assert "28 March 2027" in sentence
    assert "does not happen" in sentence
    assert not Session.objects.exists()


def test_a_time_that_happens_twice_is_asked_about_and_nothing_is_lost(client, lena: Person):
    night = {"starts_on": "2027-10-31", "starts_time": "01:30", "ends_time": "04:00"}

    asked = add(client, lena, **night, title="Night walk")

    page = asked.content.decode()
    assert "before the clocks go back" in page
    assert 'value="Night walk"' in page
    assert list(asked.context["form"].errors) == ["in_second_hour"]

    add(client, lena, **night, title="Night walk", in_second_hour="True")
    session = Session.objects.get()
    assert session.starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


@pytest.mark.parametrize(("answer", "hour"), [(False, 0), (True, 1)])
def test_each_answer_means_another_hour(answer: bool, hour: int):
    session = sessions.create_session(
        kind=Kind.TWILIGHT,
        title="Night walk",
        starts_on=AUTUMN_HOUR,
        starts_time=time(1, 30),
        ends_time=time(4),
        mode=Mode.ONLINE,
        in_second_hour=answer,
    )

    assert session.starts_at.hour == hour


@pytest.mark.parametrize(
    ("day", "words"), [(SPRING_GAP, "does not happen"), (AUTUMN_HOUR, "twice")]
)
def test_the_operation_refuses_what_the_form_would(day: date, words: str):
    with pytest.raises(Refused, match=words):
        sessions.create_session(
            kind=Kind.TWILIGHT,
            title="Night walk",
            starts_on=day,
            starts_time=time(1, 30),
            ends_time=time(4),
            mode=Mode.ONLINE,
        )


def test_no_session_ends_before_it_starts_whoever_writes_it():
    with pytest.raises(IntegrityError, match="session_ends_after_it_starts"):
        make_session(starts_time=time(18), ends_time=time(16))


def test_supervision_has_a_group_and_is_led_by_its_supervisor():
    group = make_group()

    session = sessions.create_session(
        kind=Kind.SUPERVISION,
        title="Supervision",
        group=group,
        starts_on=date(2027, 1, 14),
        starts_time=time(16),
        ends_time=time(17),
        mode=Mode.ONLINE,
    )

    assert list(session.facilitators.all()) == [group.supervisor]


def test_supervision_without_a_group_is_refused():
    with pytest.raises(Refused, match="Choose the group"):
        sessions.create_session(
            kind=Kind.SUPERVISION,
            title="Supervision",
            starts_on=date(2027, 1, 14),
            starts_time=time(16),
            ends_time=time(17),
            mode=Mode.ONLINE,
        )


@pytest.mark.parametrize(
    "change",
    [
        {"starts_time": time(15)},
        {"ends_time": time(19)},
        {"mode": Mode.ONLINE},
        {"join_link": "https://meet.example.org/x"},
        {"starts_on": date(2027, 5, 6), "ends_on": date(2027, 5, 6)},
    ],
)
def test_a_change_that_matters_raises_what_people_were_told(lena: Person, change: dict):
    session = make_session()

    changed = sessions.edit_session(session, by=lena, **change)

    assert (changed.revision, changed.ics_sequence) == (2, 1)


def test_another_place_or_leader_matters_too(lena: Person):
    session = make_session()

    sessions.edit_session(session, by=lena, venue=make_venue())
    changed = sessions.edit_session(session, by=lena, facilitators=[make_person()])

    assert changed.revision == 3


@pytest.mark.parametrize(
    "change", [{"title": "Another"}, {"summary": "Bring a pen"}, {"capacity": 9}]
)
def test_a_change_that_does_not_matter_tells_nobody(lena: Person, change: dict):
    changed = sessions.edit_session(make_session(), by=lena, **change)

    assert (changed.revision, changed.ics_sequence) == (1, 0)


def test_a_past_session_keeps_the_name_that_its_venue_had(lena: Person):
    venue = make_venue("Jamie’s Farm")
    past, ahead = make_past(venue=venue), make_session(venue=venue)
    venue.name = "The Northern College"
    venue.save()

    sessions.rename_venue(venue)
    sessions.edit_session(past, by=lena, summary="It rained.")

    past.refresh_from_db()
    ahead.refresh_from_db()
    assert (past.venue_name, ahead.venue_name) == ("Jamie’s Farm", "The Northern College")


def test_a_session_in_person_without_a_venue_is_not_published():
    session = make_session(state=Session.State.DRAFT)
    Session.objects.filter(pk=session.pk).update(venue=None)

    with pytest.raises(Refused, match="Choose where"):
        sessions.publish(session)


def test_a_past_session_is_not_published_cancelled_or_moved(lena: Person):
    past = make_past()

    with pytest.raises(Refused, match="is over"):
        sessions.cancel(past, by=lena)
    with pytest.raises(Refused, match="is over"):
        sessions.edit_session(past, by=lena, ends_on=past.ends_on + timedelta(days=1))
    with pytest.raises(Refused, match="in the past"):
        sessions.publish(make_past(state=Session.State.DRAFT))


def test_cancelling_twice_is_cancelling_once(lena: Person):
    session = make_session()

    first = sessions.cancel(session, by=lena, reason="The hall is flooded.")
    second = sessions.cancel(session, by=lena, reason="")

    assert first.revision == second.revision == 2
    assert second.cancelled_reason == "The hall is flooded."


def test_a_cancelled_session_goes_ahead_again_as_something_new_to_say(lena: Person):
    session = sessions.cancel(make_session(), by=lena)

    again = sessions.reinstate(session)

    assert (again.state, again.revision, again.ics_sequence) == ("published", 3, 2)


def test_a_cancelled_session_is_reinstated_before_it_is_changed(lena: Person):
    session = sessions.cancel(make_session(), by=lena)

    with pytest.raises(Refused, match="Reinstate it first"):
        sessions.edit_session(session, by=lena, title="Another")


def test_what_a_session_looks_like_follows_from_clock_bookings_and_register(lena: Person):
    full = make_session(capacity=1)
    make_booking(full, state="coming")
    done = registers.close_register(make_past(), by=lena)

    assert make_session().phase == Phase.PUBLISHED
    assert make_running().phase == Phase.RUNNING
    assert make_past().phase == Phase.REGISTER_DUE
    assert done.phase == Phase.DONE
    assert Session.objects.with_counts().get(pk=full.pk).phase == Phase.FULL


@pytest.mark.parametrize("closed", [True, False])
def test_query_and_property_agree_on_a_register_that_is_due(lena: Person, closed: bool):
    session = make_past()
    if closed:
        session = registers.close_register(session, by=lena)

    due = Session.objects.register_due(timezone.now()).contains(session)

    assert due == (session.phase == Phase.REGISTER_DUE)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts_on": date(2026, 12, 28)}, "bank holiday"),
        ({"starts_on": date(2027, 1, 16)}, "Saturday"),
        ({"starts_time": time(15, 30)}, "before 15:45"),
        ({"ends_time": time(19)}, "after 18:30"),
    ],
)
def test_an_odd_time_is_warned_of_and_not_refused(changes: dict, words: str):
    usual = {
        "kind": Kind.TWILIGHT,
        "starts_on": date(2027, 1, 14),
        "starts_time": time(16),
        "ends_time": time(18),
        **changes,
    }

    (sentence,) = warnings(**usual, ends_on=usual["starts_on"])

    assert words in sentence


def test_the_usual_twilight_is_warned_of_nothing():
    day = date(2027, 1, 14)

    assert not warnings(
        kind=Kind.TWILIGHT, starts_on=day, starts_time=time(16), ends_on=day, ends_time=time(18)
    )


def test_a_residential_over_a_weekend_is_as_usual():
    assert not warnings(
        kind=Kind.RESIDENTIAL,
        starts_on=date(2027, 7, 9),
        starts_time=time(17),
        ends_on=date(2027, 7, 11),
        ends_time=time(14),
    )


def test_whoever_leads_is_named_by_name_or_address_and_a_stranger_is_not_made_up(
    client, lena: Person
):
    bethan = make_person("Bethan Price", email="bethan@example.org")
    make_person("Sam Lee", email="sam1@example.org")
    make_person("Sam Lee", email="sam2@example.org")

    nobody = add(client, lena, facilitators="Bethan Prize")
    several = add(client, lena, facilitators="Sam Lee")
    add(client, lena, facilitators="bethan price\nsam2@example.org")

    assert "Nobody here goes by “Bethan Prize”" in str(nobody.context["form"].errors)
    assert "2 people are called “Sam Lee”" in str(several.context["form"].errors)
    leaders = Session.objects.get().facilitators.all()
    assert {person.email for person in leaders} == {bethan.email, "sam2@example.org"}


def test_the_form_of_a_change_holds_what_is_kept(client, lena: Person):
    session = make_session(facilitators=[make_person("Bethan Price", email="b@example.org")])
    client.force_login(lena)
    page = reverse("training:session_edit", args=[session.pk])

    form = client.get(page).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    client.post(page, {name: value for name, value in sent.items() if value is not None})

    session.refresh_from_db()
    assert session.revision == 1
    assert session.facilitators.get().name == "Bethan Price"


@pytest.mark.parametrize("name", ["session_publish", "session_reinstate"])
def test_a_change_of_state_is_never_made_by_looking(client, lena: Person, name: str):
    client.force_login(lena)

    assert client.get(reverse(f"training:{name}", args=[make_session().pk])).status_code == 405


def test_who_may_only_read_changes_nothing(client, percy: Person):
    from cohorts.tests.factories import make_staff

    session = make_session()
    make_booking(session, percy)
    reader = make_staff("Rita Read", "Read only")
    cancel = reverse("training:session_cancel", args=[session.pk])

    client.force_login(reader)
    assert client.get(session.get_absolute_url()).status_code == 200
    assert client.post(cancel).status_code == 403
    client.force_login(percy)
    assert client.post(cancel).status_code == 404
    session.refresh_from_db()
    assert session.state == "published"


def test_the_link_to_join_is_shown_to_who_is_coming_a_day_before(client, percy: Person):
    soon = timezone.now() + timedelta(hours=20)
    link = "https://meet.example.org/secret"
    first, last = timezone.localtime(soon), timezone.localtime(soon + timedelta(hours=1))
    session = make_session(
        mode=Mode.ONLINE,
        join_link=link,
        starts_on=first.date(),
        starts_time=first.time(),
        ends_on=last.date(),
        ends_time=last.time(),
    )
    later = make_session(mode=Mode.ONLINE, join_link=link)
    booking = make_booking(session, percy)
    make_booking(later, percy, state="coming")
    client.force_login(percy)

    assert link not in client.get(session.get_absolute_url()).content.decode()
    booking.state, booking.replied_at, booking.replied_via = "coming", timezone.now(), "portal"
    booking.save()
    assert link in client.get(session.get_absolute_url()).content.decode()
    assert link not in client.get(later.get_absolute_url()).content.decode()


def test_the_sessions_somebody_leads_are_those_they_hold_and_those_they_supervise(ruth: Person):
    group = make_group(supervisor=ruth)
    both = make_session(kind=Kind.SUPERVISION, group=group, facilitators=[ruth])
    supervised = make_session(kind=Kind.SUPERVISION, group=group, state="draft")
    held = make_session(facilitators=[ruth, make_person()])
    make_booking(make_session(facilitators=[make_person()]), ruth)

    found = Session.objects.led_by(ruth)

    assert sorted(found, key=lambda one: one.pk) == [both, supervised, held]
    assert " OR " not in str(found.query)


def test_what_has_begun_is_neither_postponed_nor_left():
    session = make_running()
    booking = make_booking(session)

    with pytest.raises(Refused, match="can no longer be postponed"):
        sessions.postpone(session, reason="The hall is closed")
    with pytest.raises(Refused, match="Mark the register instead"):
        bookings.withdraw_booking(booking)
