"""Taking an import back: what it made goes where nothing has happened since, the rest stays with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.imports.reverting import parts_of, revert_people
from cohorts.models import (
    Completion,
    ImportRun,
    Participation,
    ParticipationChange,
    Person,
    PlanItem,
)
from cohorts.operations import participations
from cohorts.operations.people import edit_person, invite_person
from cohorts.operations.plans import plan_for_new_cohorts
from cohorts.permissions import PROGRAMME_LEAD
from cohorts.tests.factories import make_person, make_staff
from dlp.errors import Refused
from training.tests.factories import make_booking, make_session

pytestmark = pytest.mark.django_db
TWO = "Name,E-mail\nAda Fenwick,ada@example.org\nTom Okafor,tom@example.org\n"


@pytest.fixture
def run(door):
    door.bring_in(TWO)
    return ImportRun.objects.get()


def person(name="Ada Fenwick"):
    return Person.objects.get_queryset().filter(full_name=name).first()


def kept(run):
    run.refresh_from_db()
    return {row["name"]: row["kept"] for row in run.rows}


def test_people_whom_a_file_added_go_and_who_took_them_back_is_kept(run, lena):
    revert_people(run, by=lena)

    assert person() is None
    assert person("Tom Okafor") is None
    assert not Participation.objects.exists()
    run.refresh_from_db()
    assert (run.state, run.reverted_by) == ("reverted", lena)
    assert run.reverted_at is not None
    assert kept(run) == {"Ada Fenwick": [], "Tom Okafor": []}


def test_the_history_tables_keep_what_stood_there(run, lena):
    events = Person._meta.get_field("events").related_model
    pk = person().pk

    revert_people(run, by=lena)

    assert events.objects.filter(pgh_obj_id=pk).count() == 1


def test_the_same_file_can_come_in_again_afterwards(run, lena, door):
    revert_people(run, by=lena)

    assert set(door.bring_in(TWO)) == {"Ada Fenwick", "Tom Okafor"}


def test_somebody_we_knew_leaves_the_cohort_by_changes_that_undo_and_keeps_their_record(door, lena):
    ada = make_person("Ada Fenwick", email="ada@example.org")
    door.bring_in("Name,E-mail,TRN,Phone\nAda Fenwick,ada@example.org,1234567,07700 900123\n")
    ada.refresh_from_db()
    assert ada.trn == "1234567"
    edit_person(ada, by=lena, email=ada.email, phone="07700 900999")

    revert_people(ImportRun.objects.get(), by=lena)

    ada.refresh_from_db()
    assert (ada.trn, ada.phone) == (None, "07700 900999")
    assert "1234567" not in ada.search_text
    time = ada.participations.get()
    assert time.state == "declined"
    assert time.changes.filter(undoes__isnull=False, by=lena).count() == time.changes.count() / 2
    assert participations.add_to_cohort(ada, door.cohort, by=lena).state == "active"


def since(run):
    """Ada's part, now that something has happened."""
    return {part.name: part.why for part in parts_of(run)}["Ada Fenwick"]


def test_whoever_was_asked_to_a_session_stays(run, lena):
    make_booking(make_session(state="published"), person())

    revert_people(run, by=lena)

    assert person() is not None
    assert person("Tom Okafor") is None
    assert "They were asked to a session since." in kept(run)["Ada Fenwick"]
    assert kept(run)["Tom Okafor"] == []


def test_whoever_was_invited_stays(run):
    invite_person(person())

    assert "They were invited since." in since(run)


def test_whoever_has_signed_in_stays(run):
    Person.objects.get_queryset().filter(pk=person().pk).update(last_login=timezone.now())

    assert since(run) == ["They have signed in since."]


def test_whoever_was_changed_stays(run, lena):
    edit_person(person(), by=lena, email="ada@example.org", known_as="Addie")

    assert since(run) == ["Their details were changed since."]


def test_whose_time_has_gone_on_stays(run, lena):
    participations.defer(person().participations.get(), by=lena, reason="other")

    assert "More has been recorded of their time in the cohort since." in since(run)


def test_whoever_is_named_anywhere_stays_though_no_app_said_so(run, lena, door):
    ada = person()
    door.cohort.coordinator = ada
    door.cohort.save()

    revert_people(run, by=lena)

    assert kept(run)["Ada Fenwick"] == ["There are cohorts that name them."]


def test_a_second_press_changes_nothing(run, lena, door):
    first = revert_people(run, by=lena).reverted_at
    door.bring_in(TWO)

    again = revert_people(run, by=make_person(is_staff=True))

    assert (again.reverted_at, again.reverted_by) == (first, lena)
    assert person() is not None


def test_where_nothing_can_be_taken_back_nothing_is(run, lena):
    for name in ("Ada Fenwick", "Tom Okafor"):
        make_booking(make_session(state="published"), person(name))

    with pytest.raises(Refused, match="Nothing of it can be taken back"):
        revert_people(run, by=lena)

    run.refresh_from_db()
    assert run.state == "applied"


def test_what_was_never_brought_in_is_not_taken_back(door, lena):
    run = door.choose(TWO).context["run"]

    with pytest.raises(Refused, match="nothing to take back"):
        revert_people(run, by=lena)


def test_no_other_change_can_be_deleted_while_an_import_is_taken_back(run, lena):
    """The lock on the changes is lifted for a moment, and is there again."""
    revert_people(run, by=lena)
    later = participations.add_to_cohort(make_person(), run.cohort, by=lena)

    with pytest.raises(Exception, match="Cannot update or delete"):
        ParticipationChange.objects.filter(participation=later).delete()


def test_more_people_take_no_more_queries(door, lena):
    def queries(count):
        names = (f"L{count} {n},l{count}x{n}@example.org" for n in range(count))
        door.bring_in("\n".join(["Name,E-mail", *names]))
        run = ImportRun.objects.latest("pk")
        with CaptureQueriesContext(connection) as captured:
            revert_people(run, by=lena)
        return len(captured)

    assert queries(2) == queries(40)


def test_the_database_finds_by_index_what_refers_to_a_row_that_goes():
    """Else each person taken back takes one look through every letter ever written."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT key.conrelid::regclass || ' ' || named.attname FROM pg_constraint key
            JOIN pg_attribute named ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'f' AND NOT EXISTS (
                SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1] AND (
                    indpred IS NULL
                    OR pg_get_expr(indpred, indrelid) = format('(%I IS NOT NULL)', named.attname)
                )
            )
            """
        )
        assert cursor.fetchall() == []


def test_from_the_page_to_what_stayed(run, door):
    make_booking(make_session(state="published"), person())
    address = reverse("cohorts:import_revert", args=[run.pk])

    page = door.client.get(reverse("cohorts:import_run", args=[run.pk])).content.decode()
    assert address in page
    page = door.client.get(address).content.decode()
    assert "Take 1 row back" in page
    assert "They were asked to a session since." in page
    assert person("Tom Okafor") is not None
    page = door.client.post(address, follow=True).content.decode()

    assert "Was taken back." in page
    assert "Stays. They were asked to a session since." in page
    assert "by Lena" in page
    assert address not in page


def test_earlier_files_are_found_where_another_is_chosen(run, door):
    page = door.client.get(reverse("cohorts:import_people", args=[door.cohort.pk])).content.decode()

    assert "Files brought in before" in page
    assert reverse("cohorts:import_run", args=[run.pk]) in page


def test_an_import_of_today_can_be_taken_back_only_while_its_rows_are_kept(run, lena):
    ImportRun.objects.filter(pk=run.pk).update(rows=[], notes=[], columns=[])

    with pytest.raises(Refused, match="kept no longer"):
        revert_people(run, by=lena)


def test_five_hundred_people_get_their_plans_in_forty_queries(lena, door):
    door.cohort.plan_template = plan_for_new_cohorts()
    door.cohort.save()
    rows = (f"Leader {n},l{n}@example.org,{1_000_000 + n},Deferred,{door.cohort.starts_on + timedelta(days=3)}" for n in range(500))  # fmt: skip
    content = "\n".join(["Name,E-mail,TRN,Status,Since", *rows])

    with CaptureQueriesContext(connection) as captured:
        run = door.choose(content).context["run"]
        door.client.post(reverse("cohorts:import_confirm", args=[run.pk]))

    assert len(captured) <= 40
    assert Participation.objects.filter(state="deferred").count() == 500
    to_do = door.cohort.plan_template.items.count()
    assert to_do > 30
    assert PlanItem.objects.count() == 500 * to_do


def test_leaders_of_former_years_come_in_as_completed_by_a_programme_lead_and_go_again(
    door, client
):
    last = door.cohort.starts_on + timedelta(days=50)
    page = door.choose(f"Name,Status,Last day\nAda Fenwick,Graduated,{last}\nTom Okafor,active,\n")
    run = page.context["run"]
    for said in ("1 of them has completed", "joins 2024 Cohort as completed."):
        assert said in page.content.decode()
    confirm = reverse("cohorts:import_confirm", args=[run.pk])
    refused = client.post(confirm, follow=True).content.decode()
    assert "Only a programme lead brings in people who have completed: Ada Fenwick." in refused
    assert not Participation.objects.exists()

    lead = make_staff("Nora Quist", PROGRAMME_LEAD)
    client.force_login(lead)
    client.post(confirm)

    held = Participation.objects.get(person=person())
    assert (held.state, held.held_to) == ("completed", last)
    completion = Completion.objects.get(change__participation=held)
    assert (completion.change.by, completion.is_override) == (lead, True)
    assert completion.override_reason == "Brought in from a file that says they completed."
    connection.check_constraints()

    run.refresh_from_db()
    revert_people(run, by=lead)
    assert not Completion.objects.exists()
    assert person() is None
