"""Pages about schools and placements: who sees what, and what is said when it goes wrong."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.models import ImportRun, Participation
from cohorts.permissions import READ_ONLY
from cohorts.tests.factories import make_participation, make_staff
from placements import gias
from placements.gias.progress import Progress
from placements.models import Opening, Partnership, Placement, School
from placements.operations.gias import carry_on
from placements.operations.schools import add_former_name
from placements.tests.factories import (
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db
SMALL = Path(gias.__file__).parent / "small.csv"


@pytest.fixture(autouse=True)
def kept_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def arts(marcus) -> School:
    """Marcus's school, a partner."""
    school = School.objects.get(name="The ArtsXchange")
    make_partnership(school)
    return school


@pytest.fixture
def placed(arts, percy) -> Placement:
    return make_placement(Participation.objects.get(person=percy), arts)


# The list


def test_the_list_finds_a_school_by_its_former_name_and_keeps_its_filters(client, lena, arts):
    add_former_name(arts, name="WAC Arts College")
    make_school("Harbour Lane PRU")
    client.force_login(lena)
    url = reverse("placements:schools")

    page = client.get(url, {"q": "wac arts", "setting": "alternative_provision"}).content.decode()
    assert "The ArtsXchange" in page
    assert "Harbour Lane" not in page
    assert 'value="wac arts"' in page
    assert (
        "No school is like that"
        in client.get(url, {"q": "wac", "region": "london"}).content.decode()
    )


def test_the_list_shows_open_schools_and_closed_ones_when_asked(client, lena):
    make_school("Closed Lane", status="closed")
    client.force_login(lena)
    url = reverse("placements:schools")

    assert "Closed Lane" not in client.get(url).content.decode()
    assert "Closed Lane" in client.get(url, {"status": "closed"}).content.decode()


def test_words_typed_wrong_are_said_to_be_near(client, lena, arts):
    client.force_login(lena)

    page = client.get(reverse("placements:schools"), {"q": "artsxchnage"}).content.decode()
    assert "These come near" in page
    assert "The ArtsXchange" in page


def test_filters_that_mean_nothing_filter_nothing(client, lena, arts):
    client.force_login(lena)

    page = client.get(
        reverse("placements:schools"), {"q": "x" * 200, "region": "mars", "page": "z"}
    )
    assert "The ArtsXchange" in page.content.decode()


def test_partners_can_be_shown_alone(client, lena, arts):
    make_school("Harbour Lane PRU")
    client.force_login(lena)

    page = client.get(reverse("placements:schools"), {"partnership": "partner"}).content.decode()
    assert "The ArtsXchange" in page
    assert "Harbour Lane" not in page


def test_the_export_holds_what_is_shown_and_no_formula(client, lena):
    make_school("=cmd|calc", town="Leeds")
    make_school("Harbour Lane PRU", town="York")
    client.force_login(lena)

    answer = client.get(reverse("placements:schools_export"), {"q": "leeds"})
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row["Name"] for row in rows] == ["'=cmd|calc"]


def test_more_schools_take_no_more_queries(client, lena, arts):
    client.force_login(lena)
    client.get(reverse("placements:schools"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("placements:schools"))
        return len(captured)

    for_one = queries()
    for _ in range(60):
        make_partnership(make_school())
    assert queries() == for_one
    assert for_one <= 12


def test_the_list_is_for_staff(client, marcus, arts):
    client.force_login(marcus)

    assert client.get(reverse("placements:schools")).status_code == 403


# The GIAS file


def test_a_gias_file_is_read_shown_then_brought_in(client, lena):
    client.force_login(lena)
    upload = SimpleUploadedFile("gias.csv", SMALL.read_bytes())
    answer = client.post(reverse("placements:gias_import"), {"file": upload}, follow=True)
    assert "It waits for its turn" in answer.content.decode()  # nobody is at work here

    run = ImportRun.objects.get()
    url, watching = reverse("placements:gias_run", args=[run.pk]), {"HX-Request": "true"}
    with Progress(run.pk, [io.BytesIO(b"a line\n" * 4)]) as tell:
        tell(1)
        work = client.get(url, headers=watching).content.decode()
    assert '<progress max="100" value="25"' in work
    assert "<html" not in work

    carry_on()
    assert client.get(url, headers=watching).headers["HX-Refresh"] == "true"
    assert "139 schools are new." in client.get(url).content.decode()
    assert not School.objects.exists()

    client.post(reverse("placements:gias_confirm", args=[run.pk]))
    assert "It waits for its turn" in client.get(url).content.decode()
    carry_on()
    assert "What was brought in" in client.get(url).content.decode()
    assert School.objects.count() == 139


def test_a_file_that_could_not_be_read_says_why_and_offers_it_again(client, lena):
    client.force_login(lena)
    run = ImportRun.objects.create(
        kind="schools", state="stopped", file_name="gias.csv", notes=["It has no rows."]
    )
    page = client.get(reverse("placements:gias_run", args=[run.pk])).content.decode()
    assert "It has no rows." in page
    assert reverse("placements:gias_again", args=[run.pk]) in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This cannot be read as a table"),
        (b"Name,Town\nA,B\n", "The file has no column for the URN"),
    ],
)
def test_a_wrong_file_is_answered_at_its_place(client, lena, content, sentence):
    client.force_login(lena)
    upload = SimpleUploadedFile("picture.png", content)
    page = client.post(reverse("placements:gias_import"), {"file": upload}).content.decode()

    assert sentence in page
    assert 'id="id_file_error"' in page


def test_read_only_staff_look_and_bring_in_nothing(client, lena):
    client.force_login(make_staff("Nora Reed", READ_ONLY))

    assert client.get(reverse("placements:schools")).status_code == 200
    assert client.get(reverse("placements:gias_import")).status_code == 403


# What staff do


def test_a_school_becomes_a_partner_with_a_lead_who_may_sign_in(client, lena):
    school = make_school()
    client.force_login(lena)
    client.post(
        reverse("placements:partnership_add", args=[school.pk]),
        {
            "starts_on": "2026-09-01",
            "lead_name": "Sana Malik",
            "lead_email": "sana@example.org",
            "lead_role": "host_lead",
            "signed": "on",
        },
    )

    assert Partnership.objects.get().state == Partnership.State.ACTIVE
    assert school.contacts.get().person.email == "sana@example.org"


def test_what_was_typed_stays_when_it_is_refused(client, lena, arts):
    client.force_login(lena)
    page = client.post(
        reverse("placements:partnership_add", args=[arts.pk]),
        {"starts_on": "2026-09-01", "lead_name": "Sana Malik", "lead_role": "host_lead"},
    ).content.decode()

    assert "This school has a partnership already" in page
    assert 'value="Sana Malik"' in page


def test_somebody_is_placed_from_those_of_the_cohort(client, lena, percy, cohort, arts):
    opening = make_opening(arts, cohort)
    left = make_participation(cohort=cohort, state="withdrawn")
    client.force_login(lena)
    url = reverse("placements:place", args=[opening.pk])

    page = client.get(url).content.decode()
    assert "Percy Adeyemi" in page
    assert str(left.person) not in page

    answer = client.post(url, {"participation": percy.participations.get().pk})
    placement = Placement.objects.get(opening=opening)
    assert answer.url == placement.get_absolute_url()
    assert placement.state == Placement.State.CONFIRMED
    assert placement.changes.first().by == lena
    assert Opening.objects.get().state == Opening.State.FILLED


def test_a_proposal_is_written_down_and_offered_from_its_page(client, lena, percy, cohort, arts):
    opening = make_opening(arts, cohort)
    client.force_login(lena)
    typed = {"participation": percy.participations.get().pk, "is_thought": "on"}
    answer = client.post(reverse("placements:place", args=[opening.pk]), typed)

    placement = Placement.objects.get(opening=opening)
    assert placement.state == Placement.State.PROPOSED
    assert "Offer it to both" in client.get(answer.url).content.decode()


def test_days_in_two_schools_are_refused_at_their_field_and_nothing_typed_is_lost(
    client, lena, placed, arts, cohort
):
    opening = make_opening(arts, cohort)
    last = placed.ends_on
    Placement.objects.filter(pk=placed.pk).update(ends_on=last - timedelta(days=60))
    client.force_login(lena)
    url = reverse("placements:place", args=[opening.pk])
    typed = {
        "participation": placed.participation_id,
        "starts_on": (last - timedelta(days=90)).isoformat(),
        "ends_on": last.isoformat(),
    }

    form = client.post(url, typed).context["form"]
    assert list(form.errors) == ["starts_on"]
    (said,) = form.errors["starts_on"]
    assert said.startswith(f"{placed.participation.person} is placed at The ArtsXchange from ")
    assert {name: form[name].value() for name in typed} == {
        name: str(value) for name, value in typed.items()
    }
    assert Placement.objects.count() == 1

    after = typed | {"starts_on": (last - timedelta(days=59)).isoformat()}
    assert client.post(url, after).status_code == 302
    assert Placement.objects.filter(participation=placed.participation_id).count() == 2


def test_a_step_is_taken_with_one_button_and_refused_in_a_sentence(client, lena, placed):
    client.force_login(lena)
    client.post(reverse("placements:placement_pause", args=[placed.pk]))
    placed.refresh_from_db()
    assert placed.state == Placement.State.PAUSED

    answer = client.post(reverse("placements:placement_pause", args=[placed.pk]), follow=True)
    assert "This placement is paused, so it cannot be paused." in answer.content.decode()


def test_a_school_that_hosts_fewer_than_it_has_keeps_them_and_staff_are_told(client, lena, placed):
    make_placement(school=placed.school)
    client.force_login(lena)
    url = reverse("placements:school_edit", args=[placed.school_id])

    for most, is_told in ((2, False), (1, True)):
        form = client.get(url).context["form"]
        known = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        text = client.post(url, {**known, "hosts_at_once": most}, follow=True).content.decode()
        assert ("has or expects 2 leaders on one day already. They stay" in text) == is_told
    assert Placement.objects.held().count() == 2


def test_an_early_end_asks_for_its_day_and_who_decided(client, lena, placed):
    cohort, today = placed.participation.cohort, timezone.localdate()
    placed.opening = make_opening(
        placed.school, cohort, subjects="Maths", ends_on=today + timedelta(days=99)
    )
    placed.save()
    client.force_login(lena)
    url = reverse("placements:placement_end_early", args=[placed.pk])

    assert (
        "Choose who decided it."
        in client.post(url, {"last_day": today - timedelta(days=3)}).content.decode()
    )
    client.post(url, {"last_day": today - timedelta(days=3), "reason": "school"})
    placed.refresh_from_db()
    assert placed.state == Placement.State.ENDED_EARLY

    text = client.get(placed.get_absolute_url()).content.decode()
    another = f"{reverse('placements:opening_add', args=[placed.school_id])}?after={placed.pk}"
    assert f'href="{another}"' in text, "the days left are offered anew"
    form = client.get(another).context["form"]
    assert (form["subjects"].value(), form["cohort"].value()) == ("Maths", cohort.pk)
    assert (form["starts_on"].value(), form["ends_on"].value()) == (today, placed.opening.ends_on)


STEPS_ASKED = [
    "school_edit", "school_add", "name_add", "contact_add", "partnership_add", "opening_add",
]  # fmt: skip


@pytest.mark.parametrize("name", STEPS_ASKED)
def test_every_form_opens_for_staff_and_for_nobody_else(client, lena, marcus, olive, arts, name):
    url = reverse(f"placements:{name}", args=[arts.pk])

    for person, status in ((lena, 200), (marcus, 403), (olive, 404)):
        client.force_login(person)
        assert client.get(url).status_code == status
