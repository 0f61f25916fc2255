"""Whoever leaves is taken off what lies ahead, and whoever is back after all has it again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts.models import Participation
from cohorts.operations import participations
from cohorts.operations.deaths import record_death
from cohorts.operations.people import reactivate_person
from cohorts.operations.settling import apply_due_changes
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp import news
from training.attention import lines
from training.models import Booking, Kind, SignUp
from training.news import bookings as of_bookings
from training.operations import bookings, groups
from training.tests.factories import make_booking, make_group, make_past, make_session

State = Booking.State
pytestmark = pytest.mark.django_db


def states(*asked):
    return [Booking.objects.get(pk=one.pk).state for one in asked]


def leave(held, lena, on=None):
    return participations.withdraw(held, by=lena, reason="left_profession", on=on)


@pytest.fixture
def after(django_capture_on_commit_callbacks):
    """What is done once the change is committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_place_goes_down_the_line_and_comes_back_as_far_as_it_can(lena, after):
    held, other = make_participation(), make_participation()
    full = make_session(sign_up=SignUp.PROGRAMME, capacity=1)
    place, behind = (
        bookings.sign_up(full, one.person, via="portal").booking for one in (held, other)
    )
    roomy, past = make_session(), make_past()
    coming = make_booking(roomy, held.person, state="coming")
    asked = make_booking(make_session(), held.person)
    cannot = make_booking(make_session(), held.person, state="not_coming")
    was_there = make_booking(past, held.person, state="coming")
    by_hand = make_booking(make_session(), held.person, state="coming")
    bookings.withdraw_booking(by_hand)
    theirs = (place, coming, asked, cannot, was_there, by_hand)

    with after():
        leave(held, lena)

    gone, stays = State.WITHDRAWN, State.COMING
    assert states(*theirs) == [gone, gone, gone, "not_coming", stays, gone]
    assert states(behind) == ["offered"]
    told = of_bookings.for_staff(make_staff(), timezone.now() - timedelta(hours=1))[1].rows
    assert set(told.filter(state=gone).values_list("pgh_obj", flat=True)) == {by_hand.pk}
    history = news.events_of(Booking).filter(pgh_obj=place).order_by("pgh_id")
    assert list(history.values_list("state", flat=True)) == ["coming", "withdrawn"]

    with after():
        participations.undo(held.changes.get(kind="withdrawn"), by=lena)

    assert states(*theirs) == ["waiting", stays, "invited", "not_coming", stays, gone]
    bookings.reply(behind, coming=False, via="portal")
    assert states(place) == ["offered"]


def test_a_withdrawal_ahead_takes_nothing_before_its_day(lena, after):
    held, today = make_participation(), timezone.localdate()
    booking = make_booking(make_session(), held.person, state="coming")

    with after():
        leave(held, lena, on=today + timedelta(days=1))
    assert states(booking) == ["coming"]

    with after():
        apply_due_changes(today + timedelta(days=1))
    assert states(booking) == ["withdrawn"]


def test_whoever_has_died_is_expected_nowhere_participant_or_not(lena, after):
    guest = make_person()
    booking = make_booking(make_session(), guest)

    with after():
        record_death(guest, on=timezone.localdate(), by=lena)
    assert states(booking) == ["withdrawn"]

    with after():
        reactivate_person(guest, by=lena)
    assert states(booking) == ["invited"]


def test_who_is_deferred_keeps_their_place_and_who_came_back_and_completed_is_written_to(
    lena, after
):
    held = make_participation()
    booking = make_booking(make_session(), held.person, state="coming")
    with after():
        participations.defer(held, by=lena, reason="other")
    assert states(booking) == ["coming"]

    today = timezone.localdate()
    early = make_cohort(starts_on=today - timedelta(days=2000))
    late = make_cohort(starts_on=today - timedelta(days=900))
    alumna = make_participation(
        cohort=early, state="withdrawn", changed_on=today - timedelta(days=1900)
    )
    assert Participation.objects.away().filter(person=alumna.person).exists()
    make_participation(
        alumna.person, late, state="completed", changed_on=today - timedelta(days=100)
    )
    assert not Participation.objects.away().filter(person=alumna.person).exists()


def test_whoever_moves_to_another_cohort_goes_to_its_sessions_and_is_told_of_by_the_desk(
    client, lena, after
):
    held, new = make_participation(), make_cohort("London Cohort")
    theirs, shared, open_to_all = make_session(), make_session(), make_session()
    for session, cohorts in ((theirs, [held.cohort]), (shared, [held.cohort, new])):
        session.cohorts.set(cohorts)
    places = [
        make_booking(one, held.person, state="coming") for one in (theirs, shared, open_to_all)
    ]
    ahead = make_session(title="Reading fluency")
    ahead.cohorts.add(new)
    make_booking(ahead, make_participation(cohort=new).person)

    with after():
        moved = participations.transfer(held, by=lena, to=new)

    assert states(*places) == ["withdrawn", "coming", "coming"]
    told = {one.title: one for one in lines(lena, timezone.localdate())}
    line = told[f"Not asked to 1 session: {held.person.name}"]
    client.force_login(lena)
    page = client.get(line.url)
    assert list(page.context["form"].fields["sessions"].queryset) == [ahead]
    assert "Choose at least one session." in client.post(line.url).content.decode()
    client.post(line.url, {"sessions": [ahead.pk]})
    assert Booking.objects.get(person=held.person, session=ahead).state == "invited"
    nothing_left = client.get(line.url).content.decode()
    assert "is asked to everything" in nothing_left
    assert "Ask them" not in nothing_left
    assert "Go back" in nothing_left

    bookings.invite_person(theirs, held.person)
    with after():
        participations.defer(moved, by=lena, reason="other")
        participations.resume(moved, by=lena)
    assert states(*places) == ["invited", "coming", "coming"]


def test_a_transfer_undone_gives_back_what_was_for_the_cohort_they_left(lena, after):
    held = make_participation()
    session = make_session()
    session.cohorts.add(held.cohort)
    place = make_booking(session, held.person, state="coming")

    with after():
        participations.transfer(held, by=lena, to=make_cohort())
    assert states(place) == ["withdrawn"]
    with after():
        participations.undo(held.changes.get(kind="transferred"), by=lena)
    assert states(place) == ["coming"]


def test_a_member_who_left_the_programme_stays_in_their_group_until_staff_end_it(lena, after):
    left, lost, stays = make_participation(), make_participation(), make_participation()
    group = make_group(members=[left.person, lost.person, stays.person])
    make_booking(make_session(kind=Kind.SUPERVISION, group=group))
    with after():
        leave(left, lena)
        record_death(lost.person, on=timezone.localdate(), by=lena)

    def waiting():
        return [one for one in lines(lena, timezone.localdate()) if one.key.startswith("member-")]

    first, second = waiting()
    assert {first.title, second.title} == {
        f"{one.person} is still in {group}" for one in (left, lost)
    }
    for member in group.members.filter(person__in=[left.person, lost.person]):
        groups.end_member(member, ends_on=timezone.localdate() - timedelta(days=1))
    assert waiting() == []
