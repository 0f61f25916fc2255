"""A host closes mid-placement: what follows it, and what goes on there (R-SCH-05)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.tests.factories import make_person, make_staff
from dlp.errors import Refused
from placements.attention import lines
from placements.models import Partnership, Placement, School, SchoolLink, SchoolProfile
from placements.operations.successions import carry_partnership_over, follow, succession_of
from placements.tests.factories import (
    make_contact,
    make_partnership,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db
CLOSED_ON = date(2026, 8, 31)


def make_closed_host(*names: str) -> Placement:
    """Somebody at WAC Arts College, which has closed since; these schools follow it."""
    placement = make_placement(school=make_school("WAC Arts College"))
    placement.ends_on = timezone.localdate() + timedelta(days=90)
    placement.save()
    School.objects.filter(pk=placement.school_id).update(status="closed", closed_on=CLOSED_ON)
    for name in names:
        after = make_school(name)
        SchoolLink.objects.create(school=placement.school, other=after, kind="successor")
        SchoolLink.objects.create(school=after, other=placement.school, kind="predecessor")
    placement.refresh_from_db()
    return placement


def test_a_conversion_is_offered_on_desk_and_pages_and_moves_the_placement_as_it_was(client):
    lena = make_staff("Lena Hart")
    placement = make_closed_host("The ArtsXchange")
    school = placement.school
    (line,) = [one for one in lines(lena, timezone.localdate()) if "closed" in one.title]
    assert line.detail.endswith("It became The ArtsXchange: move the placement there.")

    client.force_login(lena)
    button = reverse("placements:placement_follow", args=[placement.pk])
    for page in (school, placement):
        text = client.get(page.get_absolute_url()).content.decode()
        assert "on 1 September 2026" in text
        assert button in text
    client.post(button)

    moved = Placement.objects.get()
    assert (moved.school.name, moved.state) == ("The ArtsXchange", placement.state)
    assert (moved.host_name, moved.ends_on) == ("WAC Arts College", placement.ends_on)
    step = moved.changes.get()
    assert (step.moved_from, step.by, step.effective_on) == (school, lena, date(2026, 9, 1))
    text = client.get(moved.get_absolute_url()).content.decode()
    assert "Moved on from WAC Arts College, which closed" in text
    assert button not in text
    for place in (school, moved.school):
        told = client.get(reverse("home:school_timeline", args=[place.pk])).content.decode()
        assert "moved from WAC Arts College to The ArtsXchange" in told
    assert not [one for one in lines(lena, timezone.localdate()) if "closed" in one.title]


def test_the_partnership_is_drafted_anew_and_whoever_signed_in_still_does():
    placement = make_closed_host("The ArtsXchange")
    school, until = placement.school, timezone.localdate() + timedelta(days=365)
    partnership = make_partnership(school, ends_on=until)
    marcus = make_person("Marcus Bell")
    make_contact(school, marcus)
    SchoolProfile.objects.create(school=school, confirmed_on=CLOSED_ON, confirmed_by=marcus)

    draft = carry_partnership_over(school)

    partnership.refresh_from_db()
    assert (partnership.state, partnership.ends_on) == ("ended", CLOSED_ON)
    assert draft == Partnership.objects.get(school__name="The ArtsXchange")
    assert (draft.state, draft.starts_on, draft.ends_on) == ("draft", date(2026, 9, 1), until)
    assert SchoolProfile.objects.get().school == draft.school
    assert [one.name for one in School.objects.led_by(marcus)] == ["The ArtsXchange"]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ((), "GIAS names no school that follows WAC Arts College"),
        (("Arts East", "Arts West"), "Arts East and Arts West follow WAC Arts College"),
    ],
)
def test_none_or_several_that_follow_are_chosen_by_hand(names, sentence):
    placement = make_closed_host(*names)

    assert succession_of(placement.school).successor is None
    with pytest.raises(Refused, match=sentence):
        follow(placement)


def test_what_is_over_stays_where_it_was_and_nothing_leaves_a_school_that_is_yet_to_close():
    over = make_closed_host("The ArtsXchange")
    Placement.objects.update(state="completed")
    with pytest.raises(Refused, match="This placement is completed, so it stays with WAC"):
        follow(over)

    Placement.objects.update(state="active")
    School.objects.filter(pk=over.school_id).update(status="closing")
    over.school.refresh_from_db()
    assert not succession_of(over.school).has_closed
    with pytest.raises(Refused, match="is open, so nothing moves"):
        follow(over)


def test_two_hosts_that_merge_go_on_at_one_school_with_one_draft_of_an_agreement():
    first, second = make_closed_host("The ArtsXchange"), make_closed_host()
    after = School.objects.get(name="The ArtsXchange")
    SchoolLink.objects.create(school=second.school, other=after, kind="successor")
    for one in (first, second):
        make_partnership(one.school)
        follow(one)
        carry_partnership_over(one.school)

    assert {one.school for one in Placement.objects.all()} == {after}
    assert [one.state for one in after.partnerships.all()] == ["draft"]
