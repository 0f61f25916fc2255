"""Whose lines the desk shows, and who answers for staff who are away."""

from datetime import date, timedelta
from email.utils import getaddresses

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cohorts.answering import reply_to
from cohorts.models import Cohort, Person
from cohorts.permissions import PROGRAMME_LEAD, READ_ONLY
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.attention import Line
from dlp.errors import Refused
from dlp.home import covers
from dlp.home.models import Cover
from dlp.home.operations.covers import end_cover, set_cover
from dlp.home.tests.asking import page, queries, status

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def make_cover(person: Person, covered_by: Person, first: int = 0, last: int = 6) -> Cover:
    """From so many days from today to so many."""
    day = timedelta(days=1)
    return Cover.objects.create(
        person=person,
        covered_by=covered_by,
        starts_on=today() + first * day,
        ends_on=today() + last * day,
    )


def coordinated_by(person: Person | None, name: str = "") -> Cohort:
    """A cohort of one who was to have started yesterday: one line waits about it."""
    cohort = make_cohort(name)
    cohort.coordinator = person
    cohort.save(update_fields=["coordinator"])
    leader = make_person(f"Leader of {cohort}")
    make_participation(leader, cohort, state="accepted", starts_on=today() - timedelta(days=1))
    return cohort


@pytest.fixture
def grace(db) -> Person:
    return make_staff("Grace Mbeki")


@pytest.fixture
def sol(db) -> Person:
    return make_staff("Sol Lead", PROGRAMME_LEAD)


def lines(client, person: Person, **query: str) -> str:
    text = page(client, person, "home:desk", **query)
    return text[text.index('id="attention"') : text.index("</section>")]


def about(cohort: Cohort) -> str:
    return f"Leader of {cohort} has not been recorded as started"


# Whose lines


def test_the_desk_shows_ones_own_lines_and_nobodys_and_everybodys_when_asked(client, lena, tom):
    mine, his, nobodys = coordinated_by(lena), coordinated_by(tom), coordinated_by(None)

    said = lines(client, lena)
    everybodys = lines(client, lena, whose="all")

    assert about(mine) in said
    assert about(nobodys) in said
    assert about(his) not in said
    assert 'href="/desk/?whose=all"' in said
    assert about(his) in everybodys
    assert "for Tom Reed" in everybodys


def test_choosing_everybodys_lines_is_kept_while_filtering(client, lena, tom):
    coordinated_by(lena)
    his = coordinated_by(tom)

    said = lines(client, lena, whose="all", area="People")

    assert about(his) in said
    assert 'href="/desk/?area=People&amp;whose=all" aria-current="true"' in said


def test_who_coordinates_nothing_sees_everybodys(client, sol, lena, tom):
    hers, his = coordinated_by(lena), coordinated_by(tom)

    said = lines(client, sol)

    assert about(hers) in said
    assert about(his) in said
    assert "whose=all" not in said


def test_a_programme_without_coordinators_has_nothing_to_choose(client, lena):
    cohort = coordinated_by(None)

    said = lines(client, lena)

    assert about(cohort) in said
    assert "Everybody’s" not in said
    assert "for " not in said.split("Who is away")[1].split("</ul>")[0].replace("for them", "")


def test_lines_of_whoever_left_are_everybodys_and_say_so(client, lena, tom):
    coordinated_by(lena)
    his = coordinated_by(tom)
    tom.is_active = False
    tom.save()

    said = lines(client, lena)

    assert about(his) in said
    assert "for Tom Reed, who no longer works here" in said


# Who answers


def test_lines_of_whoever_is_away_reach_their_cover_from_the_first_day_to_the_last(
    client, lena, tom, time_machine
):
    hers = coordinated_by(lena)
    coordinated_by(tom)
    make_cover(lena, tom, first=1, last=3)
    reached = []

    for day in range(5):
        time_machine.move_to(timezone.now().replace(hour=9) + timedelta(days=min(day, 1)))
        reached.append(about(hers) in lines(client, tom))

    assert reached == [False, True, True, True, False]


def test_a_covered_line_says_for_whom_it_is_and_stays_with_its_owner(client, lena, tom):
    hers = coordinated_by(lena)
    coordinated_by(tom)
    make_cover(lena, tom)

    assert about(hers) in lines(client, lena)
    assert "for Lena Hart" in lines(client, tom)
    assert "for Lena Hart" not in lines(client, lena)


def test_a_cover_who_is_away_is_covered_in_turn(client, lena, tom, grace):
    hers = coordinated_by(lena)
    coordinated_by(tom)
    coordinated_by(grace)
    make_cover(lena, tom)

    assert about(hers) not in lines(client, grace)

    make_cover(tom, grace)

    assert about(hers) in lines(client, grace)
    assert about(hers) in lines(client, tom)


def test_people_who_cover_each_other_lose_nothing(client, lena, tom, grace):
    hers = coordinated_by(lena)
    coordinated_by(grace)
    make_cover(lena, tom)
    make_cover(tom, lena)

    said = lines(client, grace)

    assert about(hers) in said
    assert "for Lena Hart, who is away without cover" in said


@pytest.mark.parametrize("lost", ["is_active", "is_staff"])
def test_lines_fall_back_to_everybody_when_the_cover_no_longer_works_here(
    client, lena, tom, grace, lost
):
    hers = coordinated_by(lena)
    coordinated_by(grace)
    make_cover(lena, tom)
    setattr(tom, lost, False)
    tom.save()

    said = lines(client, grace)

    assert about(hers) in said
    assert "for Lena Hart, who is away without cover" in said


def test_a_line_of_several_people_is_for_each_of_them(lena, tom, grace):
    line = Line("a", "due", "A session", "", "/", "Look", "Training", (lena.pk, tom.pk))

    team = covers.team(today())

    assert team.is_for(lena.pk, line)
    assert team.is_for(tom.pk, line)
    assert not team.is_for(grace.pk, line)
    assert team.for_whom(grace.pk, line) == "for Lena Hart and Tom Reed"


def test_both_read_of_the_cover_on_their_desk(client, lena, tom, grace, time_machine):
    time_machine.move_to("2026-11-30T09:00Z")
    make_cover(lena, tom, last=5)
    make_cover(tom, grace, first=3, last=4)

    assert "You cover Lena Hart until 5 December 2026." in lines(client, tom)
    assert "Tom Reed covers you until 5 December 2026." in lines(client, lena)
    assert "Grace Mbeki covers you 3 to 4 December 2026." in lines(client, tom)
    assert "You cover Tom Reed 3 to 4 December 2026." in lines(client, grace)


@pytest.mark.parametrize("number", [1, 40])
def test_covers_cost_the_desk_one_question(client, lena, tom, number):
    for _ in range(number):
        away = make_staff()
        coordinated_by(away)
        make_cover(away, lena)

    asked = queries(client, lena, "home:desk")

    assert sum('FROM "home_cover"' in sql for sql in asked) == 1
    assert len(asked) <= 12


def test_replies_to_letters_reach_whoever_answers_on_the_day(lena, tom, grace, time_machine):
    time_machine.move_to("2026-11-30T09:00Z")
    make_cover(lena, tom, first=1, last=3)
    make_cover(tom, grace, first=3, last=3)
    reached = []

    for day in range(5):
        time_machine.move_to(f"{date(2026, 11, 30) + timedelta(days=day)}T09:00Z")
        reached.append([name for name, _ in getaddresses([reply_to(lena)])])

    assert reached == [
        ["Lena Hart"],
        ["Lena Hart", "Tom Reed"],
        ["Lena Hart", "Tom Reed"],
        ["Lena Hart", "Tom Reed", "Grace Mbeki"],
        ["Lena Hart"],
    ]


def test_replies_reach_the_programme_where_nobody_answers(lena, tom):
    make_cover(lena, tom)
    tom.is_active = False
    tom.save()

    assert [reply_to(lena), reply_to(tom), reply_to(None)] == ["", "", ""]


def test_the_page_says_from_when_nobody_answers(client, lena, tom, time_machine):
    time_machine.move_to("2026-11-30T09:00Z")
    make_cover(lena, tom, last=5)
    assert "Nobody who works here answers" not in page(client, lena, "home:covers")

    make_cover(tom, lena, first=3, last=9)

    said = page(client, lena, "home:covers")
    assert said.count("Nobody who works here answers from Thu 3 December 2026") == 2


# Setting and ending one


def typed(covered_by: Person, first: int = 0, last: int = 6, **more: object) -> dict[str, object]:
    day = timedelta(days=1)
    return {
        "covered_by": covered_by.pk,
        "starts_on": today() + first * day,
        "ends_on": today() + last * day,
        **more,
    }


def test_staff_set_their_own_cover_and_nobody_elses(client, lena, tom, grace):
    client.force_login(lena)

    client.post(reverse("home:covers"), typed(tom, person=grace.pk))

    cover = Cover.objects.get()
    assert (cover.person, cover.covered_by) == (lena, tom)
    assert "Tom Reed covers Lena Hart" in page(client, lena, "home:covers")


def test_a_programme_lead_sets_the_cover_of_a_colleague(client, sol, lena, tom):
    client.force_login(sol)

    client.post(reverse("home:covers"), typed(tom, person=lena.pk))

    assert Cover.objects.get().person == lena


def test_who_reads_only_may_be_away_too(client, lena):
    reader = make_staff("Ray Reader", READ_ONLY)
    client.force_login(reader)

    client.post(reverse("home:covers"), typed(lena))

    assert Cover.objects.get().person == reader


def refusal(client, person: Person, data: dict[str, object]) -> str:
    client.force_login(person)
    answer = client.post(reverse("home:covers"), data)
    assert answer.status_code == 200
    return answer.content.decode()


def test_covers_that_cannot_be_are_refused_in_words(client, sol, lena, tom):
    own = {"person": lena.pk}
    make_cover(lena, tom, first=10, last=20)

    assert "cannot be before the first day" in refusal(client, sol, typed(tom, 3, 1, **own))
    assert "Nobody can cover for themselves" in refusal(client, sol, typed(lena, **own))
    assert "Tom Reed covers Lena Hart already" in refusal(client, sol, typed(tom, 20, 22, **own))
    assert "The last day is over already" in refusal(client, sol, typed(tom, -9, -1, **own))
    assert Cover.objects.count() == 1


def test_only_staff_who_work_here_cover(client, lena, percy):
    gone = make_staff("Dan Gone")
    gone.is_active = False
    gone.save()

    for one in (gone, percy):
        assert "Select a valid choice" in refusal(client, lena, typed(one))
        with pytest.raises(Refused, match="does not work here"):
            set_cover(lena, one, starts_on=today(), ends_on=today())


@pytest.mark.parametrize(
    ("first", "last", "own"),
    [(3, 1, False), (0, 1, True), (5, 9, False)],
    ids=["order", "oneself", "two at a time"],
)
def test_the_database_holds_the_rules_too(lena, tom, first, last, own):
    make_cover(lena, tom, first=4, last=6)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_cover(lena, lena if own else tom, first=first, last=last)


def test_a_cover_may_begin_the_day_after_another_ends(lena, tom, grace):
    make_cover(lena, tom, first=0, last=6)

    set_cover(lena, grace, starts_on=today() + timedelta(7), ends_on=today() + timedelta(9))

    assert Cover.objects.count() == 2


def test_a_cover_ended_early_ended_yesterday_and_one_called_off_is_gone(client, lena, tom):
    running, coming = make_cover(lena, tom, -3, 3), make_cover(lena, tom, 8, 9)
    client.force_login(lena)

    said = [
        client.post(reverse("home:cover_end", args=[one.pk]), follow=True).content.decode()
        for one in (running, coming)
    ]

    assert "Lena Hart answers for themselves again" in said[0]
    assert "The cover for Lena Hart is called off" in said[1]
    assert Cover.objects.get().ends_on == today() - timedelta(days=1)
    assert list(coming.events.model.objects.filter(pgh_label="delete").values_list("id")) == [
        (coming.pk,)
    ]
    with pytest.raises(Refused, match="over already"):
        end_cover(running)


def test_a_cover_that_somebody_else_just_called_off_is_over_already(lena, tom):
    cover = make_cover(lena, tom, 8, 9)
    end_cover(Cover.objects.get(pk=cover.pk))

    with pytest.raises(Refused, match="over already"):
        end_cover(cover)


def test_only_they_and_programme_leads_end_a_cover(client, lena, tom, sol, percy):
    cover = make_cover(lena, tom)
    answers = []
    for person in (percy, tom, sol):
        client.force_login(person)
        answers.append(client.post(reverse("home:cover_end", args=[cover.pk])).status_code)

    assert answers == [404, 403, 302]
    assert not Cover.objects.exists()


def test_cover_is_no_business_of_others(client, percy, marcus, ruth, lena, tom):
    cover = make_cover(lena, tom)

    assert [status(client, one, "home:covers") for one in (percy, marcus, ruth)] == [403] * 3
    assert not Cover.objects.visible_to(percy).filter(pk=cover.pk).exists()


def test_many_covers_ask_no_more(client, lena, tom):
    make_cover(lena, tom)
    few = queries(client, lena, "home:covers")
    for _ in range(30):
        make_cover(make_staff(), make_staff())

    assert len(queries(client, lena, "home:covers")) == len(few) <= 12
