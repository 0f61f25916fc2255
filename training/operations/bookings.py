"""Who is invited to a session, and their answers. Bookings change through this module only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from cohorts.models import Cohort, Participation, Person
from dlp import words
from dlp.errors import Refused
from training import clashes, reminders, requirements, waiting
from training.models import Booking, GroupMember, Guests, Session
from training.operations import waiting as settling

State = Booking.State


class Reply(NamedTuple):
    """A booking after an answer, and their other sessions shortly before or after."""

    booking: Booking
    near: list[Session]
    adds_reason: bool = False
    """Whether only the reason of a known answer is new."""
    was: str = ""
    """Their state before."""


@transaction.atomic
def invite_cohort(session: Session, cohort: Cohort) -> list[Booking]:
    """Invite everybody the cohort expects on that day: not the deferred, nor those who left.

    Repeating it invites only those who joined since. Returns the new bookings. Raises Refused if
    the session is cancelled or has begun.
    """
    session = _locked(session)
    session.cohorts.add(cohort)
    return _invite(session, expected_of(cohort, session))


@transaction.atomic
def invite_group(session: Session) -> list[Booking]:
    """Invite the members of the session's supervision group, as invite_cohort does.

    Raises Refused if the session is for no group.
    """
    session = _locked(session)
    if session.group_id is None:
        raise Refused("This session is for no supervision group.")
    return _invite(session, members_on(session))


@transaction.atomic
def invite_guests(session: Session, guests: Guests) -> list[Booking]:
    """Invite all alumni, or all school leads, as invite_cohort does.

    Raises Refused for supervision, which is for its group alone.
    """
    session = _locked(session)
    if session.group_id is not None:
        raise Refused("Supervision is for its group alone.")
    return _invite(session, guests.people)


@transaction.atomic
def invite_person(session: Session, person: Person) -> Booking:
    """Invite one person. Somebody who was removed is invited again; repeating it changes nothing.

    Raises Refused if the session is cancelled or has begun, and if the person is deactivated.
    """
    session = _locked(session)
    if not person.is_active:
        raise Refused(f"{person.name} is deactivated. Reactivate them first.")
    _invite(session, [person])
    return session.bookings.select_related("person").get(person=person)


@transaction.atomic
def invite_to_all(sessions: Iterable[Session], person: Person) -> list[Booking]:
    """Invite one person to all of these sessions, or to none: raises Refused as invite_person does."""
    in_turn = sorted(sessions, key=lambda session: session.pk)
    return [invite_person(session, person) for session in in_turn]


@transaction.atomic
def reply(booking: Booking, *, coming: bool, via: str, reason: str = "") -> Reply:
    """Record whether somebody is coming. The same answer again changes nothing.

    It also takes or declines an offered place; a place given up is offered to the waiting list. The
    session is locked, so that only one of two people takes the last place. Raises Refused if the
    session is cancelled, postponed or has begun, if no place is left, if they are busy with another
    session at that time, and if the booking was removed.
    """
    session = _locked(booking.session)
    moved = settling.settle(session)
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    _check_open(session, booking)
    wanted, was = State.COMING if coming else State.NOT_COMING, booking.state
    adds_reason = booking.state == wanted and not coming and reason != booking.reply_reason
    near = _check_free(session, booking, via=via) if coming else []
    if booking.state != wanted or adds_reason:
        if coming:
            _check_room(session, booking)
        _answer(booking, wanted, via=via, reason="" if coming else reason)
        moved = True
        settling.settle(session)
        requirements.report(Booking.objects.filter(pk=booking.pk))
    if moved:
        reminders.plan(session)
    booking.session = session
    return Reply(booking, near, adds_reason, was)


@transaction.atomic
def sign_up(session: Session, person: Person, *, via: str) -> Reply:
    """Give somebody who signs up a place, or if there is none a place on the waiting list.

    Locks the session: of two who want the last place one gets it, and the other waits. Repeating it
    changes nothing; somebody with an offer takes it, and somebody who had left joins again. Raises
    Refused as reply does, if the session is not open to them, and once the list has closed.
    """
    session = _locked(session)
    moved = settling.settle(session)
    booking = session.bookings.select_for_update(of=("self",)).filter(person=person).first()
    booking = booking or Booking(session=session, person=person)
    _check_open(session, booking)
    if booking.pk is None and not Session.objects.open_to(person).filter(pk=session.pk).exists():
        raise Refused("This session is by invitation. Ask the programme team if you may come.")
    near = _check_free(session, booking, via=via)
    if booking.state not in (State.COMING, State.WAITING):
        has_place = booking.state == State.OFFERED or not waiting.is_full(session)
        if not has_place and not waiting.is_open(session):
            raise Refused(_taken(session, booking))
        _ask_for_place(booking, has_place=has_place, via=via)
        moved = True
        requirements.report(Booking.objects.filter(pk=booking.pk))
    if moved:
        reminders.plan(session)
    booking.session = session
    return Reply(booking, near)


def _ask_for_place(booking: Booking, *, has_place: bool, via: str) -> None:
    """Take a place, or join the end of the list.

    Somebody who had an offer keeps the time at which they joined the list.
    """
    if booking.state != State.OFFERED:
        booking.signed_up_at = timezone.now()
    _answer(booking, State.COMING if has_place else State.WAITING, via=via)


def _answer(booking: Booking, state: Booking.State, *, via: str, reason: str = "") -> None:
    booking.state = state
    booking.reply_reason = reason
    booking.replied_at = timezone.now()
    booking.replied_via = via
    booking.offer_ends_at = None
    booking.save()


@transaction.atomic
def withdraw_booking(booking: Booking) -> Booking:
    """Remove somebody from a session; they get no more letters about it.

    Repeating it changes nothing. Raises Refused once the session has begun.
    """
    session = _locked(booking.session)
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if booking.state == State.WITHDRAWN:
        return booking
    if session.starts_at <= timezone.now():
        raise Refused("This session has begun. Mark the register instead.")
    booking.state, booking.offer_ends_at = State.WITHDRAWN, None
    booking.save(update_fields=["state", "offer_ends_at"])
    settling.settle(session)
    reminders.plan(session)
    requirements.report(Booking.objects.filter(pk=booking.pk))
    return booking


def expected_of(cohort: Cohort, session: Session) -> list[Person]:
    """The people of a cohort expected at a session: accepted or active, and reachable."""
    held = Participation.objects.expected().filter(
        cohort=cohort, starts_on__lte=session.ends_on, person__is_active=True
    )
    return [each.person for each in held.select_related("person").order_by("person__search_text")]


def members_on(session: Session) -> list[Person]:
    """The members of its group on the session's day; people who are away are left out."""
    members = GroupMember.objects.current_on(session.starts_on).filter(
        group=session.group_id, person__is_active=True
    )
    away = Participation.objects.away().values("person")
    return [
        member.person
        for member in members.exclude(person__in=away)
        .select_related("person")
        .order_by("person__search_text")
    ]


def _locked(session: Session) -> Session:
    return (
        Session.objects.select_for_update(of=("self",))
        .select_related("venue", "group__supervisor")
        .get(pk=session.pk)
    )


def _invite(session: Session, people: Iterable[Person]) -> list[Booking]:
    """Book those who are not on the session yet, in two queries for any number."""
    if session.state in (Session.State.CANCELLED, Session.State.POSTPONED):
        raise Refused("This session does not go ahead, so nobody can be invited to it.")
    if session.starts_at <= timezone.now():
        raise Refused("This session has begun. Nobody can be invited to it any more.")
    wanted = {person.pk: person for person in people}
    there = {
        booking.person_id: booking for booking in session.bookings.filter(person__in=wanted.keys())
    }
    again = [booking for booking in there.values() if booking.state == State.WITHDRAWN]
    for booking in again:
        booking.state = State.INVITED
        booking.replied_at, booking.replied_via, booking.reply_reason = None, "", ""
        booking.signed_up_at = None
    Booking.objects.bulk_update(
        again, ["state", "replied_at", "replied_via", "reply_reason", "signed_up_at"]
    )
    new = Booking.objects.bulk_create(
        Booking(session=session, person=person) for pk, person in wanted.items() if pk not in there
    )
    asked = [*again, *new]
    if asked:
        reminders.plan(session)
        requirements.report(Booking.objects.filter(pk__in=[one.pk for one in asked]))
    return asked


def _check_open(session: Session, booking: Booking) -> None:
    if session.state == Session.State.CANCELLED:
        raise Refused("This session is cancelled. There is nothing to answer.")
    if session.state == Session.State.POSTPONED:
        raise Refused("This session is postponed. We will ask you again when it has a new date.")
    if session.state == Session.State.DRAFT:
        raise Refused("This session is not published yet.")
    if session.starts_at <= timezone.now():
        raise Refused("This session has begun, so your answer can no longer change.")
    if booking.state == State.WITHDRAWN:
        raise Refused("You were taken off this session. Ask the programme team if that is wrong.")


def _check_free(session: Session, booking: Booking, *, via: str) -> list[Session]:
    """Their sessions shortly before or after; refused if one is at the same time."""
    found = clashes.around(session, booking.person_id)
    if found.same and booking.state != State.COMING:
        due = words.joined([clashes.says(one, via=via) for one in found.same])
        raise Refused(
            f"You are due somewhere else at that time: {due}. Say there that you cannot come, then "
            "answer here again; or ask the programme team."
        )
    return found.near


def _check_room(session: Session, booking: Booking) -> None:
    if booking.state != State.OFFERED and waiting.is_full(session):
        raise Refused(_taken(session, booking))


def _taken(session: Session, booking: Booking) -> str:
    """That no place is left, and what they can do instead."""
    if booking.state == State.LAPSED:
        return (
            "Your offer has ended, and all places are taken. You can join the waiting list again."
        )
    if waiting.is_open(session):
        return "All places are taken. You can join the waiting list."
    return "All places are taken. If one becomes free, whoever comes first has it."
