"""Fills a scratch database to a number of people, with everything else in proportion.

The same at every run on the same day. The first hundred people are the cast: their pages are
measured, so at every size these show the same amount, and only their surroundings grow.
"""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from cohorts.models import Cohort, Person
from cohorts.permissions import COORDINATOR
from dlp.bench.filling import history, hosting, meetings, people, plans
from dlp.bench.filling.rows import Rows
from dlp.bench.filling.scene import Scene

TEAM = 2
"""The coordinator and the facilitator, beside the people who are counted."""
CAST = 100 + TEAM
FULL = 240
USUAL = 15


def fill(size: int) -> None:
    """Bring the database to `size` people and the team; existing rows stay."""
    now = timezone.now()
    have = Person.objects.get_queryset().count()
    number = max(Cohort.objects.count() - people.EARLIER, 0)
    rows = Rows()
    with transaction.atomic():
        if not have:
            hosting.add_listed_schools(rows, timezone.localdate(now))
        while have < size + TEAM:
            after = min(have + people_in(number, size), size + TEAM)
            add_cohort(Scene(rows, number, now), range(have, after))
            have, number = after, number + 1
        rows.save()
        staff = Person.objects.get_queryset().filter(is_staff=True)
        Group.objects.get(name=COORDINATOR).user_set.set(staff)
        plans.write()
        history.write()


def people_in(number: int, size: int) -> int:
    """How many stand around a cohort: the cast, then one full cohort if there is room, then fifteen."""
    if number == 0:
        return CAST
    return FULL if number == 1 and size >= CAST + 4 * FULL else USUAL


def add_cohort(scene: Scene, numbers: range) -> None:
    """A cohort with everybody and everything around it, added to the rows to be saved."""
    known = people.add_people(scene, numbers)
    if scene.is_cast:
        people.add_earlier_cohorts(scene)
    scene.rows.save()  # a letter names its recipient by number
    participations = people.add_participations(scene, known)
    hosting.add_placements(scene, known, participations)
    meetings.add_meetings(scene, known)


def settle() -> None:
    """Leave the database as autovacuum would have by now."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
