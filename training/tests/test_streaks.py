"""Sessions missed in a row, on the desk and on the pages of a person and a cohort."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.operations import participations
from cohorts.tests.factories import make_cohort, make_participation, make_person
from training import streaks
from training.attention import lines
from training.models import Booking, Session
from training.operations import registers
from training.tests.factories import make_booking, make_past

pytestmark = pytest.mark.django_db


def attended(participation: Participation, *marks: str) -> list[Booking]:
    """One session a day with these marks, the last of them yesterday; an empty one is not marked."""
    days = range(len(marks), 0, -1)
    return [
        make_booking(
            make_past(title=f"{day} days ago", days=day), participation.person, attendance=mark
        )
        for day, mark in zip(days, marks, strict=True)
    ]


@pytest.mark.parametrize(
    ("marks", "missed"),
    [
        ("absent absent absent", 3),
        ("absent present absent absent absent absent", 4),
        ("absent absent excused absent", 1),
        ("absent absent absent excused", 0),
        ("absent absent absent online", 0),
        ("absent absent - absent", 3),
    ],
)
def test_a_row_is_of_absences_alone_and_ends_with_any_other_mark(marks: str, missed: int):
    ada = make_participation()
    attended(ada, *("" if mark == "-" else mark for mark in marks.split()))

    found = Person.objects.annotate(missed=streaks.missed_in_a_row("pk")).get(pk=ada.person_id)

    assert found.missed == missed
    in_a_row = streaks.missing(Participation.objects.get_queryset())
    assert list(in_a_row.values_list("pk", flat=True)) == ([ada.pk] if missed > 2 else [])


def test_three_in_a_row_are_told_on_the_desk_and_on_both_pages_until_they_come(
    client, lena: Person
):
    cohort = make_cohort()
    cohort.coordinator = lena
    cohort.save()
    ada = make_participation(make_person("Ada Fenwick"), cohort)
    away, gone = (make_participation(make_person(), cohort) for _ in range(2))
    missed = [attended(one, "absent", "absent", "absent") for one in (ada, away, gone)][0]
    participations.defer(away, by=lena, reason="other")
    participations.withdraw(gone, by=lena, reason="other")
    client.force_login(lena)

    def told() -> list[tuple[str, tuple[int, ...]]]:
        found = lines(lena, timezone.localdate())
        return [(line.title, line.owners) for line in found if line.key.startswith("missed:")]

    def pages() -> tuple[str, str]:
        return (
            client.get(reverse("home:person", args=[ada.person_id])).content.decode(),
            client.get(cohort.get_absolute_url()).content.decode(),
        )

    assert told() == [("Missed three in a row: Ada Fenwick", (lena.pk,))]
    of_person, of_cohort = pages()
    assert "They missed the last three in a row." in of_person
    assert "Missed three in a row: Ada Fenwick" in of_cohort
    assert "The last was 1 days ago, yesterday." in of_cohort

    registers.mark(missed[-1], "excused", by=lena, excuse="school")
    assert told() == []
    assert not any("in a row" in page.replace("so does", "") for page in pages())

    registers.mark(missed[-1], "absent", by=lena)
    Session.objects.filter(pk=missed[0].session_id).update(state="cancelled")
    assert told() == []
