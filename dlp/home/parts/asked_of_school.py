"""What school leads are asked about the school: its facts, its agreement, a handover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from dlp import words
from placements.models import Handover, Partnership, SchoolContact
from placements.models.partnerships import EXPIRING_FOR

HANDED_OVER_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Asked:
    """One question; with `confirm_url` it can be answered on the spot."""

    title: str
    said: str
    url: str
    action: str
    confirm_url: str = ""


def with_what_is_asked(
    roles: QuerySet[SchoolContact], today: date
) -> QuerySet[SchoolContact, SchoolContact]:
    """Annotate roles with what `asked_of` needs: facts, end of agreement, handover."""
    school = OuterRef("school")
    following = Partnership.objects.filter(school=OuterRef("school"), starts_on__gt=today)
    ending = (
        Partnership.objects.covering(today)
        .filter(school=school, ends_on__lte=today + EXPIRING_FOR)
        .exclude(school__in=following.exclude(state=Partnership.State.ENDED).values("school"))
    )
    recent = Handover.objects.filter(school=school, opened_on__gte=today - HANDED_OVER_FOR)
    return roles.select_related("school__profile").annotate(
        agreement_ends_on=Subquery(ending.values("ends_on")[:1]),
        recent_handover=Subquery(recent.exclude(contact_left=OuterRef("pk")).values("pk")[:1]),
    )


def asked_of(roles: Iterable[SchoolContact], hosts: set[int], today: date) -> list[Asked]:
    """The questions for these roles, once per school; about a profile only if somebody is placed."""
    schools = {one.school_id: one for one in roles}
    return [asked for role in schools.values() for asked in _of(role, hosts, today)]


def _of(role: SchoolContact, hosts: set[int], today: date) -> Iterator[Asked]:
    school = role.school
    page = reverse("home:our_school", args=[school.pk])
    profile = getattr(school, "profile", None)
    if profile is None and school.pk in hosts:
        yield Asked(
            f"What should a leader know on day one at {school}?",
            "Where to report, who meets them, parking, lunch: a few lines are enough.",
            reverse("placements:profile_edit", args=[school.pk]),
            "Write it down",
        )
    elif profile is not None and profile.is_old(today):
        yield Asked(
            f"Is what we know of {school} still true?",
            f"Last confirmed on {words.plain_day(profile.confirmed_on)}.",
            page,
            "Look at it",
            reverse("placements:profile_confirm", args=[school.pk]),
        )
    if handover := role.recent_handover:  # type: ignore[attr-defined]
        yield Asked(
            f"A handover at {school}",
            "Who is placed with you, what was agreed and what comes next, on one page.",
            reverse("home:handover", args=[handover]),
            "Read it",
        )
    if ends_on := role.agreement_ends_on:  # type: ignore[attr-defined]
        yield Asked(
            f"Our agreement for {school} ends",
            f"On {words.plain_day(ends_on)}, {words.from_today(ends_on, today=today)}. "
            f"We will be in touch about the next one.",
            page,
            "Look at it",
        )
