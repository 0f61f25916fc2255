"""Merging two records of a person: their participations and what belongs to people."""

from __future__ import annotations

from datetime import date

from cohorts.models import NotDuplicate, Participation
from cohorts.operations import duplicates
from dlp import merging, words
from dlp.merging import Handler, Pair, drop

ONLY_ADDED = "Rows are only added; they are read with those of the record that stays."


def times_that_meet(pair: Pair) -> list[str]:
    """Problems where the two records are in cohorts on the same days."""
    theirs = [
        list(
            Participation.objects.filter(person=person)
            .exclude(state__in=(Participation.State.OFFERED, Participation.State.DECLINED))
            .select_related("cohort")
            .order_by("starts_on", "pk")
        )
        for person in pair
    ]
    return [
        f"{pair.kept} is in {one.cohort} {_from_to(one)} and {pair.gone} in {other.cohort} "
        f"{_from_to(other)}: nobody is in two on one day. Put one of them right before."
        for one in theirs[0]
        for other in theirs[1]
        if one.starts_on <= _last(other) and other.starts_on <= _last(one)
    ]


def _last(time: Participation) -> date:
    return time.held_to or date.max


def _from_to(time: Participation) -> str:
    until = f" to {words.plain_day(time.held_to)}" if time.held_to else ""
    return f"from {words.plain_day(time.starts_on)}{until}"


def keep_found_apart(pair: Pair) -> None:
    """Carry over the pairs that staff have said are two different people."""
    for column in ("first", "second"):
        for said in NotDuplicate.objects.filter(**{column: pair.gone}).select_related():
            other = said.second if column == "first" else said.first
            said.delete()
            if other.pk != pair.kept.pk:
                duplicates.say_two_people(pair.kept, other, by=said.by)


def register() -> None:
    merging.register(
        Handler("cohorts.Person.merged_into"),
        drop("cohorts.Person_groups.person"),
        drop("cohorts.Person_user_permissions.person"),
        Handler("cohorts.Cohort.coordinator", "cohort they coordinate", "cohorts they coordinate"),
        Handler(
            "cohorts.Participation.person",
            "time in a cohort",
            "times in cohorts",
            problems=times_that_meet,
        ),
        Handler("cohorts.Correction.person", stays=ONLY_ADDED),
        Handler("cohorts.PersonMerge.kept", stays=ONLY_ADDED),
        Handler("cohorts.PersonMerge.gone", stays=ONLY_ADDED),
        drop("cohorts.Likeness.first"),
        drop("cohorts.Likeness.second"),
        Handler("cohorts.NotDuplicate.first", move=keep_found_apart),
        Handler("cohorts.NotDuplicate.second", move=keep_found_apart),
    )
