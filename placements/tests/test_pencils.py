"""Pencils and the pages on which they are made: what staff think of, and nobody else learns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.permissions import READ_ONLY
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.errors import Refused
from dlp.home.tests.asking import page, queries, status, without_values
from placements.models import Opening, Pencil, Placement, Post
from placements.operations.conflicts import note_conflict
from placements.operations.pencils import pencil, propose_pencilled, rub_out
from placements.operations.travel import say_minutes
from placements.tests.factories import (
    make_contact,
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db
WHY = "She knows the school well and asked for it herself."
DAY = timedelta(days=1)


@pytest.fixture
def cohort():
    return make_cohort("2027 Cohort", starts_on=timezone.localdate() + 100 * DAY)


@pytest.fixture
def opening(cohort) -> Opening:
    """A post at a school nine kilometres from Ada's home."""
    school = make_school("Harbour Lane", easting=539_000, northing=180_000, hosts_at_once=9)
    make_partnership(school)
    return make_opening(school, cohort, phase_served="secondary")


@pytest.fixture
def ada(cohort):
    return of(cohort, "Ada Fenwick")


def of(cohort, name, **said):
    """Somebody in the cohort who lives at a round number."""
    person = make_person(name)
    known = {
        "home_sector": "SE15 3", "home_easting": 530_000, "home_northing": 180_000,
        "travels_by": "car", "longest_journey": 45, "phase": "secondary", **said,
    }  # fmt: skip
    Person.objects.filter(pk=person.pk).update(**known)
    person.refresh_from_db()
    return make_participation(person, cohort, state="accepted")


def press(client, who, name, *args, **typed) -> str:
    client.force_login(who)
    return client.post(reverse(name, args=args), typed, follow=True).content.decode()


def test_from_the_list_to_a_pencil_to_a_proposal(client, lena, opening, ada, cohort):
    placed = make_placement(of(cohort, "Bo Placed"), starts_on=cohort.starts_on)
    shown = page(client, lena, "placements:opening", opening.pk)
    assert "9 km, about 25 minutes by car, within the 45 they can make" in shown
    assert placed.participation.person.name not in shown
    assert "; 1 has one." in shown

    until = timezone.localdate() + 7 * DAY
    typed = {"expires_on": until, "note": "Ask Grace first"}
    shown = press(client, lena, "placements:pencil", opening.pk, ada.pk, **typed)
    assert "Pencilled by Lena Hart until" in shown
    assert "“Ask Grace first”" in page(client, lena, "placements:openings_for", ada.pk)

    shown = press(client, lena, "placements:pencil_propose", Pencil.objects.get().pk)
    placement = Placement.objects.get(opening=opening)
    assert (placement.state, placement.participation) == ("proposed", ada)
    assert Pencil.objects.get().placement == placement
    assert "Nobody is pencilled for it." in shown


def test_a_pencil_goes_by_itself_and_can_be_made_again(lena, opening, ada, time_machine):
    first = pencil(opening, ada, by=lena)
    assert first.expires_on == timezone.localdate() + 14 * DAY
    assert pencil(opening, ada, by=lena, note="Still").pk == first.pk

    time_machine.move_to(timezone.now() + 15 * DAY)

    assert not Pencil.objects.standing_on(timezone.localdate()).exists()
    assert pencil(opening, ada, by=lena).pk != first.pk
    with pytest.raises(Refused, match="90 days at most"):
        pencil(opening, ada, by=lena, expires_on=timezone.localdate() - DAY)


def test_two_of_the_staff_see_each_others_pencils_and_one_proposal_ends_both(
    client, lena, opening, ada, cohort
):
    grace = make_staff("Grace Whitlock")
    mine, hers = pencil(opening, ada, by=lena), pencil(opening, ada, by=grace)
    pencil(opening, of(cohort, "Kofi Mensah"), by=grace)
    shown = page(client, lena, "placements:opening", opening.pk)
    assert "Pencilled by Lena Hart" in shown
    assert "Pencilled by Grace Whitlock" in shown
    assert "Two people are pencilled for one place." in shown

    propose_pencilled(hers, by=grace)

    with pytest.raises(Refused, match="a moment ago"):
        propose_pencilled(mine, by=lena)
    assert Pencil.objects.standing_on(timezone.localdate()).count() == 1


def test_what_speaks_against_it_asks_for_a_reason_that_the_placement_keeps(
    client, lena, opening, ada
):
    Post.objects.create(
        person=ada.person, school=opening.school, title="Head of Year", starts_on="2020-09-01"
    )
    until = {"expires_on": timezone.localdate()}
    pair = ("placements:pencil", opening.pk, ada.pk)
    shown = press(client, lena, *pair, **until, override_reason="Because")
    assert "Works here: Head of Year. Say in at least 20 letters" in shown
    assert "Because" in shown

    press(client, lena, *pair, **until, override_reason=WHY)
    change = propose_pencilled(Pencil.objects.get(), by=lena).changes.get()

    assert (change.lacking, change.override_reason) == ("Works here: Head of Year", WHY)


def test_what_cannot_be_is_not_pencilled_and_what_was_says_so(client, lena, opening, ada, cohort):
    one = pencil(opening, ada, by=lena)
    note_conflict(ada.person, opening.school, by=lena, note="Her sister is the head.")
    for operation in (
        lambda: pencil(opening, ada, by=lena),
        lambda: propose_pencilled(one, by=lena),
    ):
        with pytest.raises(Refused, match="A conflict of interest"):
            operation()
    assert "It cannot be" in page(client, lena, "placements:opening", opening.pk)

    Opening.objects.filter(pk=opening.pk).update(state="withdrawn")
    shown = page(client, lena, "placements:opening", opening.pk)
    assert "Nobody can go there now. The opening is withdrawn. Rub out whom you pencilled" in shown
    shown = press(client, lena, "placements:pencil_rub_out", one.pk)
    assert "Ada Fenwick is rubbed out." in shown
    assert rub_out(one, by=lena).rubbed_out_by == lena


def test_a_figure_of_the_staff_counts_until_they_move(client, lena, opening, ada):
    shown = press(
        client, lena, "placements:journey", ada.pk, opening.school_id, mode="car", minutes="50"
    )
    assert "50 minutes by car (says Lena Hart," in shown
    assert "over the 45 they can make" in shown

    Person.objects.filter(pk=ada.person_id).update(home_sector="N1 1")
    assert "about 25 minutes" in page(client, lena, "placements:openings_for", ada.pk)
    say_minutes(ada.person, opening.school, mode="car", minutes=None, by=lena)
    assert not ada.person.travel_times.exists()


def test_a_conflict_is_written_down_by_the_school_as_it_is_called(client, lena, opening, ada):
    make_school("Harbour Lane")
    name = ("placements:conflict_add", ada.pk)
    assert "Several schools are called" in press(client, lena, *name, school="harbour lane")
    assert "No school of ours" in press(client, lena, *name, school="Nowhere", note="Why")

    shown = press(client, lena, *name, school=str(opening.school.urn), note="Her sister leads it.")
    assert "A conflict of interest, written down by Lena Hart" in shown
    assert "Her sister" not in shown
    press(client, lena, "placements:conflict_end", ada.person.conflicts.get().pk)
    assert "It cannot be" not in page(client, lena, "placements:openings_for", ada.pk)


def test_nobody_but_the_staff_learns_of_it(client, lena, opening, ada):
    marcus = make_person("Marcus Bell")
    make_contact(opening.school, marcus)
    pencil(opening, ada, by=lena, note="Zytoplasmic")
    note_conflict(ada.person, make_school("Zytolane"), by=lena, note="Zytoplasmic")
    say_minutes(ada.person, opening.school, mode="car", minutes=33, by=lena)

    for who in (marcus, ada.person):
        assert status(client, who, "placements:opening", opening.pk) == 404
        assert status(client, who, "placements:openings_for", ada.pk) == 404
        seen = [page(client, who, "home:home"), page(client, who, "signin:account")]
        if who == ada.person:
            seen.append(page(client, who, "home:timeline", who.pk))
            seen.append(page(client, who, "home:two_years", who.pk))
        else:
            assert "Ada" not in "".join(seen)
        for text in seen:
            assert "Zyto" not in text
            assert "pencil" not in text.lower()
    reader = make_staff("Rita Only", READ_ONLY)
    assert "Propose" not in page(client, reader, "placements:opening", opening.pk)


def test_many_people_and_many_openings_cost_no_more(client, lena, cohort, opening, ada):
    def cost(name, pk):
        asked = queries(client, lena, name, pk)
        assert len(asked) <= 12, "\n".join(asked)
        texts = [without_values(sql) for sql in asked]
        assert all(texts.count(text) <= 2 for text in texts)
        return len(asked)

    pencil(opening, ada, by=lena)
    pages = (("placements:opening", opening.pk), ("placements:openings_for", ada.pk))
    before = [cost(*one) for one in pages]
    for number in range(30):
        one = of(cohort, f"Person {number}")
        school = make_school(easting=530_000 + number * 900, northing=180_000, hosts_at_once=2)
        pencil(make_opening(school, cohort), one, by=lena, override_reason=WHY)
        Post.objects.create(person=one.person, school=school, title="T", starts_on="2020-09-01")

    assert [cost(*one) for one in pages] == before


def test_staff_read_of_pencils_in_a_story(client, lena, opening, ada):
    rub_out(pencil(opening, ada, by=lena), by=lena)
    shown = page(client, lena, "home:timeline", ada.person_id)

    assert "Pencilled for a post at Harbour Lane, until" in shown
    assert "Pencil for a post at Harbour Lane rubbed out." in shown
