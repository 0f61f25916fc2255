"""The pages of a person, a cohort and a school, and search: for programme staff."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from cohorts.models import Participation, ParticipationChange
from cohorts.operations.participations import defer
from cohorts.permissions import PROGRAMME_LEAD, READ_ONLY
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_plan_item,
    make_staff,
)
from dlp.home.tests.asking import page, queries, status
from dlp.outbox import kinds
from dlp.outbox.operations import enqueue
from dlp.words import plain_day, short_day
from placements.models import Post, SchoolLink, SchoolName, Setting
from placements.tests.factories import (
    make_contact,
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)
from training.models import Booking
from training.tests.factories import make_booking, make_group, make_past, make_session

pytestmark = pytest.mark.django_db

LONG_NAME = "Bartholomew Featherstonehaugh-Cholmondeley-Worthington Smythe"


# A person


@pytest.mark.parametrize("name", ["percy", "olive", "marcus", "ruth"])
def test_nobody_but_staff_knows_of_a_persons_page(client, request, percy, name):
    assert status(client, request.getfixturevalue(name), "home:person", percy.pk) == 404


def test_person_nobody_has_is_the_same_404(client, lena):
    assert status(client, lena, "home:person", 999_999) == 404


def test_person_page_joins_what_the_apps_know(client, lena, percy):
    school = make_school("The ArtsXchange")
    make_placement(Participation.objects.get(person=percy), school)
    make_group("Thursday group", members=[percy])
    make_booking(make_past(title="Held last week"), percy, state="coming", attendance="present")
    make_booking(make_session("Coming soon"), percy)
    Post.objects.create(
        person=percy, school=school, title="Head of Year 9", starts_on=date(2020, 9, 1)
    )

    text = page(client, lena, "home:person", percy.pk)

    for words in ("2026 Cohort", "The ArtsXchange", "Thursday group", "Held last week"):
        assert words in text
    assert "Coming soon" in text
    assert "Head of Year 9" in text


def test_person_shows_what_they_were_sent_and_about_what_but_no_secret(client, lena, percy):
    session = make_session("Calling home", starts_on=timezone.localdate() + timedelta(days=3))
    enqueue(
        "signin.notice", person=percy, lead="other", subject_kind="session", subject_id=session.pk
    )
    enqueue("signin.code", person=percy, secret={"code": "417-209"})

    text = page(client, lena, "home:person", percy.pk)

    assert f"Calling home, {short_day(session.starts_at)}" in text
    assert session.get_absolute_url() in text
    assert f"/messages/?show=all&amp;person={percy.pk}" in text
    assert kinds.label("signin.code") not in text


def test_reason_for_leaving_is_read_by_two_roles_only(client, lena):
    person = make_participation(state="withdrawn").person
    ParticipationChange.objects.filter(kind="withdrawn").get()
    lead = make_staff("Grace Lead", PROGRAMME_LEAD)
    reason = ParticipationChange.objects.get(kind="withdrawn").get_reason_display().lower()

    assert reason in page(client, lead, "home:person", person.pk)
    assert reason not in page(client, lena, "home:person", person.pk)


def test_those_who_only_read_are_offered_nothing_to_press(client, percy):
    reader = make_staff("Ray Reader", READ_ONLY)

    text = page(client, reader, "home:person", percy.pk)

    assert "Withdraw" not in text
    assert f"/people/{percy.pk}/edit/" not in text


def test_person_with_two_hundred_bookings_asks_no_more(client, lena, percy):
    make_booking(make_session(), percy)
    few = queries(client, lena, "home:person", percy.pk)
    marked_by = make_person()
    for number in range(200):
        session = make_past(days=1 + number, title=f"Session {number}")
        make_booking(session, percy, state="coming", attendance="present", marked_by=marked_by)

    many = queries(client, lena, "home:person", percy.pk)

    assert len(many) == len(few) <= 11
    assert len(page(client, lena, "home:person", percy.pk).encode()) < 150_000


# A cohort


@pytest.mark.parametrize("name", ["percy", "olive", "marcus", "ruth"])
def test_nobody_but_staff_knows_of_a_cohorts_page(client, request, cohort, name):
    assert status(client, request.getfixturevalue(name), "home:cohort", cohort.pk) == 404


def test_empty_cohort_says_what_to_do_first(client, lena, cohort):
    text = page(client, lena, "home:cohort", cohort.pk)

    assert "Nobody is in this cohort yet" in text
    assert "No session is planned for this cohort." in text


def test_cohort_page_shows_people_schools_attendance_and_what_is_next(client, lena, cohort, percy):
    make_placement(Participation.objects.get(person=percy), make_school("The ArtsXchange"))
    past = make_past(title="Register open", cohorts=[cohort])
    make_booking(past, percy, state="coming", attendance="present")
    make_booking(make_session(cohorts=[cohort]), percy)

    text = page(client, lena, "home:cohort", cohort.pk)

    for words in ("Percy Adeyemi", "The ArtsXchange", "100 %", "1 session: 1 present; 1 to come"):
        assert words in text
    assert "Register missing: Register open" in text


def test_cohorts_attendance_is_of_its_own_people_alone(client, lena, cohort, percy):
    shared = make_past(days=0, cohorts=[cohort, make_cohort("Another Cohort")])
    make_booking(shared, percy, state="coming", attendance="present")
    make_booking(shared, make_person("Gus Guest"), state="coming", attendance="absent")

    text = page(client, lena, "home:cohort", cohort.pk)

    assert "<dt>attendance this term</dt><dd>100 %</dd>" in text
    assert "1 of 2 came." in text


def test_cohort_draws_what_it_held_and_what_it_has_ahead(client, lena, cohort):
    make_past(title="Held last week", cohorts=[cohort])
    make_session("Coming soon", cohorts=[cohort])
    make_session("Only a draft", cohorts=[cohort], state="draft")
    make_session("Another cohort's")

    text = page(client, lena, "home:cohort", cohort.pk)

    assert "3 months in, 21 to go. 1 of 2 sessions held." in text
    assert "<td>Held last week</td><td>Held</td>" in text
    assert "<td>Coming soon</td><td>Ahead</td>" in text
    for word in ("Only a draft", "Another cohort"):
        assert word not in text


@pytest.mark.parametrize(
    ("starts_in", "words"), [(120, "Begins in 4 months, on "), (-900, "Ended on ")]
)
def test_a_cohort_ahead_or_over_says_so(client, lena, starts_in, words):
    cohort = make_cohort(starts_on=timezone.localdate() + timedelta(days=starts_in))

    assert words in page(client, lena, "home:cohort", cohort.pk)


def test_a_finished_cohort_tells_where_people_led_and_how_many_completed(client, lena):
    first = timezone.localdate() - timedelta(days=1500)
    cohort = make_cohort(starts_on=first)
    done = make_participation(cohort=cohort, state="completed", changed_on=cohort.ends_on)
    make_participation(cohort=cohort, state="withdrawn", changed_on=first + timedelta(days=90))
    make_participation(cohort=cohort, state="declined")
    one_before = make_placement(done, ends_on=first + timedelta(days=300), state="ended_early")
    last = make_placement(done, starts_on=first + timedelta(days=301), state="completed")
    days_since = (timezone.localdate() - cohort.ends_on).days + 40
    held = make_past(days=days_since, cohorts=[cohort])
    make_booking(held, done.person, state="coming", attendance="late")

    text = page(client, lena, "home:cohort", cohort.pk)

    assert "<dt>completed, of 2 who began</dt><dd>1</dd>" in text
    assert last.school.name in text
    assert one_before.school.name not in text
    assert "1 session: 1 late" in text
    for word in ("in placement today", "None yet", "Nothing planned", "without a placement"):
        assert word not in text


def test_somebody_who_left_has_no_placement_and_none_to_wait_for(client, lena, cohort):
    left = make_participation(make_person("Lee Left"), cohort, state="withdrawn")
    make_participation(make_person("Nora New"), cohort)

    def told() -> dict[str, str]:
        text = page(client, lena, "home:cohort", cohort.pk)
        cells = re.findall(r'scope="row"><a[^>]*>(.*?)<.*?"Placement">(.*?)</td>', text, re.DOTALL)
        return {name: strip_tags(cell) for name, cell in cells}

    assert told() == {"Lee Left": "None", "Nora New": "None yetWhere could they go?"}

    ended = timezone.localdate() - timedelta(days=9)
    school = make_school("Hill Top School")
    make_placement(left, school, starts_on=left.starts_on, ends_on=ended, state="ended_early")

    assert told()["Lee Left"] == (f"Hill Top SchoolAssociate Leader, until {plain_day(ended)}")


def test_a_host_lead_has_a_page_about_what_they_do_here_and_no_leader(client, lena, marcus):
    text = page(client, lena, "home:person", marcus.pk)

    assert "What they do here" in text
    assert "Host lead" in text
    assert "The ArtsXchange" in text
    for heading in ("Placement</h2>", "Sessions</h2>", "Career</h2>", "Never placed"):
        assert heading not in text


def test_what_a_supervisor_and_a_facilitator_do_here_is_told(client, lena, ruth):
    make_session(facilitators=[ruth])

    text = page(client, lena, "home:person", ruth.pk)

    for word in ("Ruth&#x27;s group", "Supervises", "Leads sessions"):
        assert word in text


def test_somebody_who_does_nothing_here_is_said_to(client, lena):
    person = make_person("Nobody Yet")

    assert "They are in no cohort" in page(client, lena, "home:person", person.pk)


def test_cohort_says_who_has_no_placement(client, lena, cohort, percy):
    assert "1 leader without a placement" in page(client, lena, "home:cohort", cohort.pk)


def test_cohort_asks_once_how_long_its_deferred_are_away(client, lena, cohort):
    def away(name: str) -> None:
        participation = make_participation(make_person(name), cohort)
        back_on = timezone.localdate() + timedelta(days=90)
        defer(participation, by=lena, reason="other", expected_return_on=back_on)

    away("Dora Deferred")
    one = queries(client, lena, "home:cohort", cohort.pk)
    for name in ("Dilip Deferred", "Dai Deferred"):
        away(name)

    assert len(queries(client, lena, "home:cohort", cohort.pk)) == len(one) <= 10
    assert page(client, lena, "home:cohort", cohort.pk).count("Expected back") == 3


def test_cohort_of_two_hundred_is_paged_and_asks_no_more(client, lena, cohort, percy):
    session = make_session(cohorts=[cohort])
    make_booking(session, percy)
    few = queries(client, lena, "home:cohort", cohort.pk)
    school = make_school()
    pasts = [make_past(days=number, cohorts=[cohort]) for number in range(1, 13)]
    marker = make_person()
    bookings = []
    for number in range(200):
        person = make_person(f"{LONG_NAME} {number}")
        make_placement(make_participation(person, cohort), school)
        bookings += [
            Booking(
                session=past,
                person=person,
                state="coming",
                attendance="present",
                marked_at=timezone.now(),
                marked_by=marker,
            )
            for past in pasts
        ]
    Booking.objects.bulk_create(bookings)

    many = queries(client, lena, "home:cohort", cohort.pk)
    text = page(client, lena, "home:cohort", cohort.pk)

    assert len(many) == len(few) <= 11
    assert "201 in all" in text
    assert len(text.encode()) < 150_000
    assert "Percy Adeyemi" in page(client, lena, "home:cohort", cohort.pk, page="5")


# A school


@pytest.mark.parametrize("name", ["percy", "olive", "marcus", "ruth"])
def test_nobody_but_staff_knows_of_a_schools_page(client, request, name):
    assert status(client, request.getfixturevalue(name), "home:school", make_school().pk) == 404


def test_school_page_joins_names_contacts_partnership_posts_and_people(client, lena, percy):
    school = make_school("The ArtsXchange")
    SchoolName.objects.create(school=school, name="WAC Arts College", held_to=date(2026, 8, 31))
    make_contact(school, name="Marcus Bell", email="marcus@example.org")
    make_partnership(school)
    opening = make_opening(school, make_cohort("2027 Cohort"))
    make_placement(Participation.objects.get(person=percy), school)
    make_school("Inclusion base", urn=None, parent=school, setting=Setting.INTERNAL_AP)
    old = make_school("Old WAC")
    SchoolLink.objects.create(school=school, other=old, kind="predecessor")

    text = page(client, lena, "home:school", school.pk)

    for words in ("Was WAC Arts College until 31 August 2026", "Marcus Bell", "2027 Cohort"):
        assert words in text
    for words in ("Percy Adeyemi", "Inclusion base", "Old WAC", "Partner"):
        assert words in text
    assert f"/openings/{opening.pk}/place/" in text


def test_contact_who_never_signed_in_is_not_said_to(client, lena):
    school = make_school()
    marcus = make_person("Marcus Bell")
    make_contact(school, marcus)
    assert "Not invited" in page(client, lena, "home:school", school.pk)

    client.force_login(marcus)

    assert "Has signed in" in page(client, lena, "home:school", school.pk)


def test_facts_of_a_school_say_how_old_they_are(client, lena):
    school = make_school(gias_read_at=timezone.now(), pupils_count=84, edited_fields=["head_name"])

    text = page(client, lena, "home:school", school.pk)

    assert "From GIAS, read on" in text
    assert "Changed here and kept: head." in text


def test_school_with_two_hundred_placements_asks_no_more(client, lena):
    school = make_school()
    make_partnership(school)
    make_placement(school=school)
    few = queries(client, lena, "home:school", school.pk)
    cohort = make_cohort()
    for number in range(200):
        person = make_person(f"Leader {number}")
        make_placement(make_participation(person, cohort), school)

    many = queries(client, lena, "home:school", school.pk)

    assert len(many) == len(few) <= 12
    assert len(page(client, lena, "home:school", school.pk).encode()) < 150_000


# Search


def test_search_finds_a_school_by_its_former_name_and_says_so(client, lena):
    school = make_school("The ArtsXchange")
    SchoolName.objects.create(school=school, name="WAC Arts College")
    school.search_text = "the artsxchange wac arts college"
    school.save(update_fields=["search_text"])

    text = page(client, lena, "home:search", q="wac")

    assert "The ArtsXchange" in text
    assert "Was WAC Arts College." in text


def test_search_minds_neither_accents_nor_case(client, lena):
    make_person("Łukasz Święty")

    assert "Łukasz Święty" in page(client, lena, "home:search", q="SWIETY lukasz")


def test_participants_find_their_own_sessions_and_nobody(client, percy, olive):
    make_booking(make_session("Reading together"), percy)
    make_booking(make_session("Reading alone"), olive)
    make_school("Reading School")

    text = page(client, percy, "home:search", q="reading")
    people = page(client, percy, "home:search", q="olive")

    assert "Reading together" in text
    assert "Reading alone" not in text
    assert "Reading School" not in text
    assert "Nothing is called that" in people


@pytest.mark.parametrize("typed", ["", "   ", "%", "'; drop table", "x" * 500, "\x01"])
def test_odd_words_do_no_harm(client, lena, typed):
    page(client, lena, "home:search", q=typed)


def test_two_hundred_hits_ask_no_more_and_show_ten(client, lena):
    make_person("Robin Finch")
    few = queries(client, lena, "home:search", q="robin")
    for number in range(200):
        make_person(f"Robin Finch {number}")
        make_session(f"Robin {number}", starts_on=timezone.localdate() + timedelta(days=number))

    many = queries(client, lena, "home:search", q="robin")
    text = page(client, lena, "home:search", q="robin")

    assert len(many) == len(few) <= 11
    assert text.count('href="/people/') - text.count('href="/people/"') <= 12
    assert "All people for “robin”" in text


def test_a_cohort_says_how_far_everybodys_plan_is_and_chases_nobody_who_is_away(
    client, lena, percy, cohort
):
    yesterday = timezone.localdate() - timedelta(days=1)
    away = make_participation(make_person("Ada Fenwick"), cohort, state="deferred")
    for held in (percy.participations.get(), away):
        make_plan_item(held, due_on=yesterday)
        make_plan_item(held)
        make_plan_item(held, is_optional=True)
    make_participation(make_person("Bo Ek"), cohort)

    text = page(client, lena, "home:cohort", cohort.pk)

    assert text.count("0 of 2") == 2
    assert text.count("1 overdue") == 1
    assert '<td data-label="Plan"><span class="whole"><span class="soft">None</span>' in text
