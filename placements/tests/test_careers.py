"""Careers: posts before, placements, posts after, in one story that people and staff write down."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from cohorts.tests.factories import make_cohort, make_participation
from dlp.home.tests.asking import page, queries
from placements.careers.drawing import draw, lanes_of, years_of
from placements.careers.steps import Step, npq_due_on
from placements.models import Post
from placements.names import HostName
from placements.operations.schools import add_former_name
from placements.tests.factories import make_placement, make_school

TODAY = date(2026, 11, 26)


def a_step(first: int, last: int | None, **changed) -> Step:
    """From a September to an August."""
    ends_on = date(last, 8, 31) if last else None
    step = Step(
        "SENCO", HostName("Hill Top", ""), None, date(first, 9, 1), ends_on, "", False, 1, ()
    )
    return step._replace(**changed)


def test_overlapping_posts_are_drawn_one_under_the_other():
    steps = [a_step(2015, 2018), a_step(2018, 2020), a_step(2019, None), a_step(2020, None)]
    drawing = draw(steps, "Ada Fenwick", TODAY)

    assert lanes_of(steps, TODAY) == [0, 0, 1, 0]
    assert [bar.y for bar in drawing.bars] == [6, 6, 32, 6]
    assert drawing.bars[0].x == 8
    assert drawing.now == drawing.bars[-1].x + drawing.bars[-1].width == 320
    assert "SENCO at Hill Top, from 1 September 2020" in drawing.description
    assert draw(steps[:1], "Ada Fenwick", TODAY) is None


def test_no_more_than_five_years_are_named():
    assert years_of(date(2015, 9, 1), TODAY) == [2016, 2019, 2022, 2025]
    assert years_of(date(2026, 9, 1), TODAY) == []


@pytest.mark.parametrize(
    ("post", "due_on"),
    [
        (Post(level="senco", starts_on=date(2026, 9, 1)), date(2029, 9, 1)),
        (
            Post(title="Assistant Headteacher and SENDCO", starts_on=date(2024, 9, 1)),
            date(2027, 9, 1),
        ),
        (Post(level="senco", starts_on=date(2026, 9, 1), has_senco_award=True), None),
        (Post(level="senco", starts_on=date(2024, 8, 31)), None),
        (Post(level="senco", starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31)), None),
        (Post(title="Second in Science", starts_on=date(2026, 9, 1)), None),
    ],
)
def test_a_senco_is_told_when_the_npq_is_due(post, due_on):
    assert npq_due_on(post) == due_on


@pytest.mark.django_db
def test_ada_writes_down_her_career_and_staff_put_it_right(client, lena, olive):
    ada = make_participation(cohort=make_cohort(starts_on=date(2019, 4, 23))).person
    wac, woodside = make_school("WAC Arts College"), make_school("Mulberry Academy Woodside")
    placement = make_placement(ada.participations.get(), wac)
    type(wac).objects.filter(pk=wac.pk).update(name="The ArtsXchange")
    add = reverse("placements:post_add", args=[ada.pk])
    client.force_login(ada)
    shown = client.post(add, {"title": "Head of Maths"}).content.decode()
    assert "Name the school or the employer." in shown
    assert "Give the first day of the post." in shown
    assert 'value="Head of Maths"' in shown

    before = {
        "title": "Head of Maths", "employer": "Hackney Council", "level": "middle_leader",
        "starts_on": "2016-09-01", "ends_on": "2019-03-31",
    }  # fmt: skip
    after = {
        "title": "Assistant Headteacher and SENCO", "employer": "mulberry academy woodside",
        "level": "assistant_headteacher", "starts_on": "2026-09-01", "is_slt": "on",
    }  # fmt: skip
    client.post(add, before)
    shown = client.post(add, after, follow=True).content.decode()
    told = [
        "Head of Maths", "Hackney Council", "Associate Leader", "WAC Arts College (now The ArtsX",
        "Assistant Headteacher and SENCO", "Mulberry Academy Woodside",
        "On the senior leadership team. They said it. The NPQ for SENCOs is due by 1 September 2029",
    ]  # fmt: skip
    places = [shown.index(said, shown.index("One by one")) for said in told]
    assert places == sorted(places)
    assert reverse("home:placement", args=[placement.pk]) in shown

    post = Post.objects.get(school=woodside)
    edit = reverse("placements:post_edit", args=[post.pk])
    assert client.get(edit).content.decode().count("Who said it") == 0
    client.force_login(olive)
    assert client.get(edit).status_code == 404
    client.force_login(lena)
    right = {**after, "employer": woodside.name, "has_senco_award": "on", "source": "host"}
    assert (
        "NPQ" not in client.post(edit, right, follow=True).content.decode().split("One by one")[1]
    )
    post.refresh_from_db()
    assert (post.source, post.school) == ("host", woodside)
    assert "Mulberry Academy Woodside" in page(client, lena, "home:person", ada.pk)

    client.post(reverse("placements:post_remove", args=[post.pk]))
    assert not Post.objects.filter(pk=post.pk).exists()
    assert len(queries(client, lena, "placements:career", ada.pk)) <= 8


@pytest.mark.django_db
def test_an_employer_is_found_by_the_name_it_had(client, lena, percy):
    school = make_school("The ArtsXchange")
    add_former_name(school, name="WAC Arts College")
    client.force_login(lena)
    typed = {"title": "Teacher", "employer": "wac arts  college", "starts_on": "2018-09-01"}
    client.post(reverse("placements:post_add", args=[percy.pk]), {**typed, "source": "import"})

    assert Post.objects.get(person=percy, title="Teacher").school == school
