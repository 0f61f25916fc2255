"""Merging two records of a person: roles at schools, and careers."""

from __future__ import annotations

from dlp import merging
from dlp.merging import Handler, Pair
from placements.models import ConflictOfInterest, SafeguardingRole, SchoolContact, TravelTime


def join_roles(pair: Pair) -> None:
    """A role that both hold at a school today becomes one, from the earlier day; others move."""
    for role in SchoolContact.objects.filter(person=pair.gone).order_by("pk"):
        same = SchoolContact.objects.filter(
            person=pair.kept, school=role.school_id, role=role.role, ends_on=None
        ).first()
        if same is None or role.ends_on is not None:
            role.person = pair.kept
            role.save(update_fields=["person"])
            continue
        known = [day for day in (same.starts_on, role.starts_on) if day is not None]
        same.starts_on = min(known) if len(known) == len((same, role)) else None
        same.save(update_fields=["starts_on"])
        role.delete()


def join_journeys(pair: Pair) -> None:
    """Of two times for the same journey the later is kept."""
    for said in TravelTime.objects.filter(person=pair.gone).order_by("pk"):
        journey = TravelTime.objects.filter(school=said.school_id, mode=said.mode)
        same = journey.filter(person=pair.kept).first()
        if same is not None and same.said_on >= said.said_on:
            said.delete()
            continue
        if same is not None:
            same.delete()
        said.person = pair.kept
        said.save(update_fields=["person"])


def join_conflicts(pair: Pair) -> None:
    """A conflict that both have with a school becomes one, with both reasons."""
    theirs = ConflictOfInterest.objects.in_force().filter(person=pair.gone)
    same = ConflictOfInterest.objects.in_force().filter(
        person=pair.kept, school__in=theirs.values("school")
    )
    for one in list(same):
        twin = theirs.get(school=one.school_id)
        one.note_private = "\n".join(filter(None, (one.note_private, twin.note_private)))
        one.save(update_fields=["note_private"])
        twin.delete()
    ConflictOfInterest.objects.filter(person=pair.gone).update(person=pair.kept)


def join_safeguarding_roles(pair: Pair) -> None:
    """Overlapping roles at one school become one, from the first day to the last."""
    for theirs in SafeguardingRole.objects.filter(person=pair.gone).order_by("starts_on", "pk"):
        met = SafeguardingRole.objects.filter(person=pair.kept, school=theirs.school_id)
        times = [
            one
            for one in met.not_over_on(theirs.starts_on)
            if theirs.ends_on is None or one.starts_on <= theirs.ends_on
        ]
        ends = [one.ends_on for one in (theirs, *times)]
        theirs.starts_on = min(one.starts_on for one in (theirs, *times))
        theirs.ends_on = None if None in ends else max(day for day in ends if day is not None)
        for one in times:
            one.delete()
        theirs.person = pair.kept
        theirs.save(update_fields=["person", "starts_on", "ends_on"])


def register() -> None:
    merging.register(
        Handler(
            "placements.SchoolContact.person", "role at a school", "roles at schools", join_roles
        ),
        Handler("placements.Post.person", "post", "posts"),
        Handler(
            "placements.TravelTime.person",
            "time to travel",
            "times to travel",
            join_journeys,
        ),
        Handler(
            "placements.ConflictOfInterest.person",
            "conflict of interest",
            "conflicts of interest",
            join_conflicts,
        ),
        Handler(
            "placements.SafeguardingRole.person",
            "safeguarding role at a school",
            "safeguarding roles at schools",
            join_safeguarding_roles,
        ),
        Handler("placements.UnknownDestination.said_by"),
        Handler("placements.Check.confirmed_by"),
        Handler("placements.Review.written_by"),
        Handler("placements.Review.settled_by"),
    )
