"""Merging two records of a person: bookings, supervision groups, certificates and more."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from dlp import merging
from dlp.audit.sealed import look_as
from dlp.merging import Handler, Pair
from training.models import (
    Acknowledgement,
    Booking,
    Certificate,
    Feedback,
    GroupMember,
    Need,
    Presenter,
    RegisterTap,
    Session,
)

State = Booking.State


def join_bookings(pair: Pair) -> None:
    """Of two bookings for one session the fuller one stays.

    Locks the sessions in order of their keys.
    """
    theirs = Booking.objects.filter(person=pair.gone)
    sessions = list(
        Session.objects.filter(pk__in=theirs.values("session"))
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    kept = {
        one.session_id: one
        for one in Booking.objects.filter(person=pair.kept, session__in=sessions)
    }
    for booking in theirs.order_by("session", "pk"):
        other = kept.get(booking.session_id)
        if other is not None and fullness(other) >= fullness(booking):
            hand_over(booking, other)
            booking.delete()
            continue
        if other is not None:
            hand_over(other, booking)
            other.delete()
        booking.person = pair.kept
        booking.save(update_fields=["person"])


def hand_over(gone: Booking, kept: Booking) -> None:
    """Move what belongs to a removed booking to the remaining one: taps, catching up, feedback.

    Taps and feedback are never altered, so they are written anew.
    """
    taps = list(gone.taps.all())
    for tap in taps:
        tap.pk, tap.booking = None, kept
    RegisterTap.objects.bulk_create(taps, ignore_conflicts=True)
    said = Feedback.objects.filter(booking=gone).first()
    if said and not Feedback.objects.filter(booking=kept).exists():
        said.delete()
        said.booking = kept
        said.save(force_insert=True)
    makes_up = gone.makes_up_id
    if makes_up and makes_up != kept.pk and kept.makes_up_id is None:
        Booking.objects.filter(pk=gone.pk).update(makes_up=None)
        Booking.objects.filter(pk=kept.pk).update(makes_up=makes_up)
        kept.makes_up_id = makes_up
    if not Booking.objects.filter(makes_up=kept).exists():
        Booking.objects.filter(makes_up=gone).exclude(pk=kept.pk).update(makes_up=kept)


def fullness(booking: Booking) -> tuple[bool, ...]:
    """How much is known about a booking: a mark, an answer, that it was not removed."""
    return (
        bool(booking.attendance),
        booking.replied_at is not None,
        booking.state != State.WITHDRAWN,
        booking.state == State.COMING,
        booking.state == State.OFFERED,
        booking.state == State.WAITING,
    )


def join_memberships(pair: Pair) -> None:
    """Overlapping times in one group become one, from the first day to the last."""
    for theirs in GroupMember.objects.filter(person=pair.gone).order_by("starts_on", "pk"):
        met = list(
            GroupMember.objects.filter(
                Q(ends_on=None) | Q(ends_on__gte=theirs.starts_on),
                person=pair.kept,
                group=theirs.group_id,
                starts_on__lte=theirs.ends_on or date.max,
            ).order_by("starts_on", "pk")
        )
        if not met:
            theirs.person = pair.kept
            theirs.save(update_fields=["person"])
            continue
        times = [theirs, *met]
        first = min(one.starts_on for one in times)
        ends = [one.ends_on for one in times]
        last = None if None in ends else max(day for day in ends if day is not None)
        for one in (theirs, *met[1:]):
            one.delete()
        met[0].starts_on, met[0].ends_on = first, last
        met[0].save(update_fields=["starts_on", "ends_on"])


def keep_needs(pair: Pair) -> None:
    """Move the sealed note about needs; if both records have one, the remaining record's stays."""
    look_as(pair.gone)
    theirs = Need.objects.filter(person=pair.gone).first()
    if theirs is None:
        return
    Need.objects.filter(person=pair.gone).delete()
    look_as(pair.kept)
    if not Need.objects.filter(person=pair.kept).exists():
        theirs.person = pair.kept
        theirs.save(force_insert=True)


def lead_once(pair: Pair) -> None:
    """If both lead a session, they lead it once."""
    leading = Session.facilitators.through
    theirs = leading.objects.filter(person=pair.gone)
    known = set(leading.objects.filter(person=pair.kept).values_list("session", flat=True))
    missing = [
        leading(session_id=pk, person=pair.kept)
        for pk in theirs.values_list("session", flat=True)
        if pk not in known
    ]
    theirs.delete()
    leading.objects.bulk_create(missing)


def join_certificates(pair: Pair) -> None:
    """Of two certificates from the same session or file the remaining record's stays."""
    ours = Certificate.objects.filter(person=pair.kept).exclude(state=Certificate.State.REJECTED)
    for theirs in Certificate.objects.filter(person=pair.gone).order_by("pk"):
        same = ours.filter(session__isnull=False, session=theirs.session_id)
        if theirs.evidence_hash:
            same |= ours.filter(evidence_hash=theirs.evidence_hash)
        if theirs.state != Certificate.State.REJECTED and same.exists():
            theirs.delete()
            continue
        theirs.person = pair.kept
        theirs.save(update_fields=["person"])


def nobody_reviewed_their_own(pair: Pair) -> list[str]:
    """A problem where one record reviewed the other's certificate: the database forbids it."""
    both = [pair.kept, pair.gone]
    if not Certificate.objects.filter(person__in=both, reviewed_by__in=both).exists():
        return []
    return ["One of them reviewed a certificate of the other, so they cannot be one person."]


def read_once(pair: Pair) -> None:
    """Of two acknowledgements of an edition the earlier stays."""
    said = {one.edition_id: one for one in Acknowledgement.objects.filter(person=pair.kept)}
    for theirs in Acknowledgement.objects.filter(person=pair.gone).order_by("pk"):
        ours = said.get(theirs.edition_id)
        if ours is not None and ours.acknowledged_at <= theirs.acknowledged_at:
            theirs.delete()
            continue
        if ours is not None:
            ours.delete()
        theirs.person = pair.kept
        theirs.save(update_fields=["person"])


def present_once(pair: Pair) -> None:
    """Of two invitations to present at a session one stays; an answer counts more than none."""
    known = {one.session_id: one for one in Presenter.objects.filter(person=pair.kept)}
    for theirs in Presenter.objects.filter(person=pair.gone).order_by("pk"):
        other = known.get(theirs.session_id)
        if other is not None and (other.answered_at or not theirs.answered_at):
            theirs.delete()
            continue
        if other is not None:
            other.delete()
        theirs.person = pair.kept
        theirs.save(update_fields=["person"])


def register() -> None:
    merging.register(
        Handler(
            "training.Booking.person", "place at a session", "places at sessions", join_bookings
        ),
        Handler(
            "training.GroupMember.person",
            "time in a supervision group",
            "times in supervision groups",
            join_memberships,
        ),
        Handler(
            "training.Certificate.person",
            "safeguarding certificate",
            "safeguarding certificates",
            join_certificates,
            nobody_reviewed_their_own,
        ),
        Handler("training.Acknowledgement.person", move=read_once),
        Handler(
            "training.KnowledgeUpdate.person",
            "safeguarding update",
            "safeguarding updates",
        ),
        Handler(
            "training.SupervisionGroup.supervisor",
            "group they supervise",
            "groups they supervise",
        ),
        Handler("training.Need.person", move=keep_needs),
        Handler(
            "training.Session_facilitators.person",
            "session they lead",
            "sessions they lead",
            lead_once,
        ),
        Handler(
            "training.Presenter.person",
            "session they present at",
            "sessions they present at",
            present_once,
        ),
        Handler("training.TwilightIdea.proposed_by", "idea for a twilight", "ideas for twilights"),
    )
