"""The pages about people, through the front door."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.operations import participations
from cohorts.permissions import READ_ONLY
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp import words

State = Participation.State


def people(client, viewer, **query):
    client.force_login(viewer)
    return client.get(reverse("cohorts:people"), query)


def names(response):
    return [entry.name for entry in response.context["entries"]]


def test_staff_see_everyone_in_order_of_name(client, lena, percy, olive):
    assert names(people(client, lena)) == ["Lena Hart", "Olive Tran", "Percy Adeyemi"]


def test_participants_do_not_see_the_list(client, percy):
    assert people(client, percy).status_code == 403


def test_search_minds_neither_case_nor_marks(client, lena):
    make_person("Łukasz Wójcik")

    assert names(people(client, lena, q="lukasz WOJ")) == ["Łukasz Wójcik"]


def test_filters_narrow_the_list_and_survive_in_the_address(client, lena, percy, cohort):
    away = make_participation(make_person("Ada Fenwick"), cohort, state=State.DEFERRED)
    make_participation(state=State.DEFERRED)

    response = people(client, lena, cohort=cohort.pk, state="deferred")

    assert names(response) == ["Ada Fenwick"]
    assert f"?cohort={cohort.pk}&amp;state=deferred" in response.content.decode()
    assert away.person.get_absolute_url() == response.context["entries"][0].url


def test_roles_follow_from_facts(client, lena, percy):
    make_participation(make_person("Yusuf Hale"), state=State.COMPLETED)
    make_person("Ruth Adler")

    assert names(people(client, lena, role="participant")) == ["Percy Adeyemi"]
    assert names(people(client, lena, role="alumni")) == ["Yusuf Hale"]
    assert names(people(client, lena, role="staff")) == ["Lena Hart"]
    assert names(people(client, lena, role="other")) == ["Ruth Adler"]


def test_a_role_and_a_state_narrow_together(client, lena, percy):
    make_participation(make_person("Ada Fenwick"), state=State.DEFERRED)
    make_participation(make_person("Yusuf Hale"), state=State.COMPLETED)

    assert names(people(client, lena, role="participant", state="deferred")) == ["Ada Fenwick"]
    assert names(people(client, lena, role="participant", state="completed")) == []
    assert names(people(client, lena, role="alumni", state="completed")) == ["Yusuf Hale"]


def test_a_filter_that_means_nothing_is_ignored(client, lena):
    assert people(client, lena, cohort="x", state="nonsense", page="99").status_code == 200


def test_more_people_take_no_more_queries(client, lena, cohort):
    client.force_login(lena)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("cohorts:people"))
        return len(captured)

    make_participation(cohort=cohort)
    for_one = queries()
    for _ in range(60):
        make_participation(cohort=cohort)

    assert queries() == for_one <= 12


def test_an_empty_answer_says_what_to_do(client, lena):
    response = people(client, lena, q="nobody at all")

    assert "Nobody answers to this" in response.content.decode()


def exported(client, **query):
    response = client.get(reverse("cohorts:people_export"), query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_export_holds_what_is_filtered_and_nothing_that_runs(client, lena, cohort):
    make_participation(make_person("=HYPERLINK(1)", phone="+44 7700 900123"), cohort)
    make_person("Somebody Else")
    client.force_login(lena)

    rows = exported(client, cohort=cohort.pk)

    assert [row["Name"] for row in rows] == ["'=HYPERLINK(1)"]
    assert rows[0]["Telephone"] == "'+44 7700 900123"
    assert (rows[0]["Cohort"], rows[0]["State"]) == ("2026 Cohort", "Active")


def test_an_export_counts_reads_and_is_noted_at_any_size(client, lena, cohort):
    for _ in range(20):
        make_participation(cohort=cohort)
    client.force_login(lena)

    with CaptureQueriesContext(connection) as captured:
        assert len(exported(client)) == 21

    assert len([q for q in captured if 'FROM "cohorts_person"' in q["sql"]]) <= 3


@pytest.fixture
def iris(db):
    """Iris may read and change nothing."""
    return make_staff("Iris Page", READ_ONLY)


PAGES = ["person_edit", "join"]
BUTTONS = ["person_invite", "person_deactivate", "person_reactivate"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_change_are_for_those_who_change(client, name, lena, iris, percy, olive):
    url = reverse(f"cohorts:{name}", args=[percy.pk])
    answers = {}
    for who in (lena, iris, percy, olive):
        client.force_login(who)
        answers[who.full_name] = client.get(url).status_code

    assert list(answers.values()) == [200, 403, 403, 404]


@pytest.mark.parametrize("name", BUTTONS)
def test_buttons_are_for_those_who_change_and_do_nothing_on_get(client, name, iris, lena, percy):
    url = reverse(f"cohorts:{name}", args=[percy.pk])
    client.force_login(iris)
    assert client.post(url).status_code == 403
    client.force_login(lena)
    assert client.get(url).status_code == 405

    percy.refresh_from_db()
    assert (percy.is_active, percy.invited_at) == (True, None)


def test_adding_a_person_writes_to_nobody(client, lena):
    client.force_login(lena)

    client.post(
        reverse("cohorts:person_add"),
        {"full_name": "  Ada   Fenwick ", "email": "Ada@Example.ORG", "trn": "12345"},
    )

    ada = Person.objects.get(email="ada@example.org")
    assert (ada.full_name, ada.trn, ada.invited_at) == ("Ada Fenwick", "0012345", None)
    assert not ada.has_usable_password()


def test_an_address_that_is_taken_is_said_at_its_place_and_nothing_typed_is_lost(
    client, lena, percy
):
    client.force_login(lena)

    page = client.post(
        reverse("cohorts:person_add"), {"full_name": "Ada Fenwick", "email": "PERCY@example.org"}
    ).content.decode()

    assert "Somebody with this address is here already" in page
    assert 'value="Ada Fenwick"' in page
    assert Person.objects.filter(full_name="Ada Fenwick").count() == 0


def test_a_person_may_have_no_address(client, lena):
    client.force_login(lena)
    for name in ("Ada Fenwick", "Tom Okafor"):
        client.post(reverse("cohorts:person_add"), {"full_name": name, "email": "", "trn": ""})

    assert Person.objects.filter(email=None).count() == 2


def test_another_address_ends_sessions_and_tells_both(client, lena, percy):
    from dlp.outbox.models import Message

    Person.objects.filter(pk=percy.pk).update(invited_at=timezone.now())
    client.force_login(lena)

    client.post(
        reverse("cohorts:person_edit", args=[percy.pk]),
        {"full_name": "Percy Adeyemi", "email": "percy.new@example.org", "known_as": "Perce"},
    )

    percy.refresh_from_db()
    assert (percy.email, percy.known_as) == ("percy.new@example.org", "Perce")
    assert Message.objects.filter(kind="signin.notice").count() == 2


def test_people_change_their_own_details_and_no_more(client, percy):
    client.force_login(percy)

    client.post(
        reverse("cohorts:my_details"),
        {"known_as": "Perce", "pronouns": "he/him", "phone": "1", "full_name": "Other", "trn": "1"},
    )

    percy.refresh_from_db()
    assert (percy.known_as, percy.pronouns, percy.phone) == ("Perce", "he/him", "1")
    assert (percy.full_name, percy.trn) == ("Percy Adeyemi", None)


def test_joining_two_cohorts_is_refused_on_the_page(client, lena, percy):
    other = make_cohort("Other Cohort")
    client.force_login(lena)

    page = client.post(
        reverse("cohorts:join", args=[percy.pk]), {"cohort": other.pk, "starts_on": "2026-11-30"}
    ).content.decode()

    assert "Percy Adeyemi is in 2026 Cohort already" in page
    assert 'value="2026-11-30"' in page


def step(client, participation, verb, **data):
    url = reverse(f"cohorts:participation_{verb}", args=[participation.pk])
    return client.post(url, data)


def test_a_deferral_is_recorded_with_its_reason(client, lena, percy):
    time = percy.participations.get()
    client.force_login(lena)
    day = timezone.localdate()

    step(client, time, "defer", reason="bereavement", on=day, review_on=day + timedelta(days=30))

    time.refresh_from_db()
    change = time.changes.last()
    assert (time.state, change.by, change.reason) == (State.DEFERRED, lena, "bereavement")


def test_the_days_of_a_deferral_are_shown_and_moved(client, lena, percy):
    time = percy.participations.get()
    client.force_login(lena)
    day = timezone.localdate()
    step(client, time, "defer", reason="other", on=day, review_on=day + timedelta(days=30))
    address = reverse("cohorts:participation_review", args=[time.pk])
    asked = client.get(address).content.decode()
    back_on, review_on = day + timedelta(days=200), day + timedelta(days=60)

    step(client, time, "review", expected_return_on=back_on, review_on=review_on)

    person = client.get(percy.get_absolute_url()).content.decode()
    of_cohort = client.get(time.cohort.get_absolute_url()).content.decode()
    assert f'value="{day + timedelta(days=30)}"' in asked
    assert address in person
    for shown in (back_on, review_on):
        assert f"{words.plain_day(shown)}," in person
        assert words.short_day(shown) in of_cohort


def test_a_day_to_look_again_in_the_past_comes_back_with_what_was_typed(client, lena, percy):
    time = percy.participations.get()
    client.force_login(lena)
    step(client, time, "defer", reason="other", on=timezone.localdate())
    yesterday = timezone.localdate() - timedelta(days=1)

    page = step(client, time, "review", review_on=yesterday, note="Rang them").content.decode()

    assert "cannot be in the past" in page
    assert "Rang them" in page


def test_a_deferral_without_a_reason_comes_back_with_what_was_typed(client, lena, percy):
    time = percy.participations.get()
    client.force_login(lena)

    page = step(client, time, "defer", on="2026-11-20", note="By telephone").content.decode()

    assert "Choose the reason." in page
    assert "By telephone" in page
    time.refresh_from_db()
    assert time.state == State.ACTIVE


def test_a_step_that_does_not_fit_is_refused_in_place(client, lena, percy):
    client.force_login(lena)

    response = step(client, percy.participations.get(), "resume", on=timezone.localdate())

    assert response.status_code == 200
    assert "Percy Adeyemi is active on" in response.content.decode()


def test_those_who_are_in_no_cohort_are_listed_as_what_they_are(client, lena):
    make_person("Marcus Bell")
    client.force_login(lena)

    page = client.get(reverse("cohorts:people")).content.decode()

    assert "Programme staff</span></td>" in page
    assert "In no cohort</span></td>" in page
    assert ">None<" not in page


def test_every_step_has_a_page(client, lena, percy):
    from cohorts.views.participations import STEPS

    client.force_login(lena)
    for verb in STEPS:
        url = reverse(f"cohorts:participation_{verb}", args=[percy.participations.get().pk])
        assert client.get(url).status_code == 200, verb


def test_strangers_are_not_told_of_a_participation(client, olive, percy):
    client.force_login(olive)

    response = step(client, percy.participations.get(), "withdraw", reason="other")

    assert response.status_code == 404


def test_undoing_brings_a_person_back(client, lena, percy):
    client.force_login(lena)
    time = percy.participations.get()
    step(client, time, "withdraw", reason="other", on=timezone.localdate())

    client.post(reverse("cohorts:change_undo", args=[time.changes.last().pk]))

    time.refresh_from_db()
    assert time.state == State.ACTIVE


def test_a_first_step_by_mistake_is_undone_from_the_page_and_one_of_a_transfer_where_it_began(
    client, lena, percy
):
    client.force_login(lena)
    wrong = make_participation(make_person(), percy.participations.get().cohort, state="offered")
    page = client.get(wrong.person.get_absolute_url()).content.decode()
    undo = reverse("cohorts:change_undo", args=[wrong.changes.get().pk])
    assert undo in page
    client.post(undo)
    wrong.refresh_from_db()
    assert wrong.state == State.DECLINED

    moved = make_participation(make_person(), make_cohort(), state="accepted")
    new = participations.transfer(moved, by=lena, to=make_cohort())
    came_with = reverse("cohorts:change_undo", args=[new.changes.first().pk])
    page = client.get(new.person.get_absolute_url()).content.decode()
    assert came_with not in page
    assert (
        "Undo that, in the cohort they came from"
        in client.post(came_with, follow=True).content.decode()
    )
    new.refresh_from_db()
    assert new.state == State.ACCEPTED


def test_the_filter_offers_the_latest_cohorts_and_the_one_chosen(client, lena):
    cohorts = [make_cohort(starts_on=date(2000 + year, 9, 1)) for year in range(25)]

    offered = people(client, lena).context["form"].fields["cohort"].queryset
    with_first = people(client, lena, cohort=cohorts[0].pk).context["form"]

    assert list(offered) == cohorts[:4:-1]
    assert list(with_first.fields["cohort"].queryset) == [*cohorts[:4:-1], cohorts[0]]
    assert with_first.cleaned_data["cohort"] == cohorts[0]
