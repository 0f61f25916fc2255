"""Bringing people into a cohort from a file."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.imports.people import apply_people, choose, preview_people
from cohorts.imports.saving import save_all
from cohorts.models import ImportRun, Participation, Person
from cohorts.operations import participations
from cohorts.operations.people import deactivate_person
from cohorts.tests.factories import make_cohort, make_participation, make_person
from dlp.errors import Refused

TEN = "\n".join(
    ["Name,Known as,E-mail,TRN", *(f"Leader Number{n},,leader{n}@example.org,10000{n:02}" for n in range(10))]
)  # fmt: skip


def a_file(text, encoding="utf-8", name="people.csv"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return SimpleUploadedFile(name, content, content_type="text/csv")


@pytest.fixture
def preview(cohort, lena):
    def run(text, **kwargs):
        return preview_people(a_file(text, **kwargs), cohort, by=lena)

    return run


def states(run):
    return [row["state"] for row in run.rows]


def only_row(run):
    assert len(run.rows) == 1
    return run.rows[0]


def test_ten_people_come_in_and_start(preview, lena, cohort):
    run = preview(TEN)
    assert states(run) == ["new"] * 10
    assert not Participation.objects.exists()

    apply_people(run, by=lena)

    held = Participation.objects.filter(cohort=cohort, state="active")
    assert held.count() == 10
    assert Person.objects.get(email="leader3@example.org").search_text.startswith("leader number3")
    assert not Person.objects.get(email="leader3@example.org").has_usable_password()
    assert held[0].changes.count() == 2


def test_history_is_kept_of_everyone_brought_in(preview, lena):
    apply_people(preview(TEN), by=lena)

    assert Person.objects.get(email="leader1@example.org").events.count() == 1


def test_the_same_file_again_changes_nothing(preview, lena):
    apply_people(preview(TEN), by=lena)

    again = preview(TEN)

    assert states(again) == ["unchanged"] * 10
    assert again.good_count == 0
    before = Person.objects.count(), Participation.objects.count()
    apply_people(again, by=lena)
    assert (Person.objects.count(), Participation.objects.count()) == before


def test_a_second_press_changes_nothing(preview, lena):
    run = preview(TEN)

    apply_people(run, by=lena)
    apply_people(run, by=lena)

    assert Participation.objects.count() == 10


def test_nothing_personal_is_kept_in_the_run_after_it_was_done(preview, lena):
    run = apply_people(preview(TEN), by=lena)

    assert all(row["data"] == {} for row in run.rows)
    assert all(row["person"] for row in run.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_as_spreadsheets_write_them(preview, encoding, delimiter):
    text = (
        delimiter.join(["FULL NAME", "e-mail"]) + "\r\n" + delimiter.join(["Zoë Müller", "Z@x.org"])
    )

    row = only_row(preview(text, encoding=encoding))

    assert (row["state"], row["name"], row["data"]["email"]) == ("new", "Zoë Müller", "z@x.org")


def test_first_and_last_name_may_have_columns_of_their_own(preview):
    row = only_row(preview("First name;Surname;Mobile\nAda;Fenwick;'07700 900123\n"))

    assert row["data"] == {"full_name": "Ada Fenwick", "phone": "07700 900123"}


def test_columns_that_mean_nothing_are_named(preview):
    assert preview("Name,Shoe size\nAda,38").ignored_columns == ["Shoe size"]


def test_blank_rows_are_passed_over_and_line_numbers_stay_true(preview):
    run = preview("Name,E-mail\n\nAda,ada@example.org\n,,\n ,bert@example.org\n")

    assert [(row["line"], row["state"]) for row in run.rows] == [(3, "new"), (5, "error")]
    assert "name is missing" in run.rows[1]["message"]


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\n\n\n", "The file is empty"),
        (b"Name,E-mail\n", "a header and no rows"),
        (b"E-mail,Phone\na@example.org,1\n", "no column for the name"),
        (b"First name\nAda\n", "no column for the name"),
        (PNG, "cannot be read as a table"),
        (b"PK\x03\x04abc", "cannot be read as an Excel workbook"),
        ("Name,E-mail\nAda,a@example.org\n".encode("utf-16-le"), "cannot be read as a table"),
        (b"Name,Mail,E-mail\nAda,a@example.org,b@example.org\n", "both columns for the e-mail"),
        (b'Name,E-mail\n"Ada,a@example.org\nBert,b@example.org\n', "never closed"),
        (b'Name,E-mail\nBert,b@example.org\n"Ada,a@example.org', "opened on line 3 is never closed"),
        (b"Name\nBert\n" + b"x" * 200_000, "line 3 is longer than 131,072 characters"),
        (b"Name," + b",".join(b"c%d" % n for n in range(60)) + b"\nAda\n", "more than 50 columns"),
        (b"Name\n" + b"Ada\n" * 10_000, "more than 5,000 rows"),
        (b"Name\n" + b"x" * 6 * 1024 * 1024, "5 MB is the most"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(preview, content, sentence):
    with pytest.raises(Refused, match=sentence):
        preview(content)

    assert not ImportRun.objects.exists()
    assert Person.objects.filter(is_staff=False).count() == 0


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("=HYPERLINK(1),a@example.org,,", "is a formula"),
        ("@SUM(A1),a@example.org,,", "is a formula"),
        ("Ada,not an address,,", "is not an e-mail address"),
        ("Ada,a@example.org,12,", "seven figures"),
        ("Ada,a@example.org,0000000,", "seven figures"),
        ("Ada,a@example.org,,31/02/2026", "is not a date"),
        ("Ada,a@example.org,,1/1/7000", "is not a date"),
        ("Ada,a@example.org,,2001-01-01", "outside the cohort"),
        (f"{'x' * 201},a@example.org,,", "longer than 200 characters"),
        (f"{'x' * 2001},a@example.org,,", "longer than 2,000 characters"),
        (",a@example.org,,", "name is missing"),
    ],
)
def test_a_row_that_cannot_be_used_says_why_and_where(preview, row, sentence):
    run = preview(f"Name,E-mail,TRN,Start date\nBert Alm,bert@example.org,,\n{row}\n")

    assert states(run) == ["new", "error"]
    assert run.rows[1]["line"] == 3
    assert sentence in run.rows[1]["message"]


@pytest.mark.parametrize(
    ("second", "what"),
    [
        ("Ada F,ADA@example.org,", "address"),
        ("A. Fenwick,other@example.org,1234567", "TRN"),
    ],
)
def test_a_person_twice_in_the_file_is_reported_on_the_later_line(preview, second, what):
    run = preview(f"Name,E-mail,TRN\nAda Fenwick,ada@example.org,1234567\n{second}\n")

    assert states(run) == ["new", "error"]
    assert f"the person of line 2 again: the {what} is the same" in run.rows[1]["message"]


def test_somebody_we_know_is_recognised_by_address_or_number(preview, lena):
    by_mail = make_person("Ada Fenwick", email="ada@example.org")
    by_number = make_person("Tom Okafor", email=None, trn="0012345")

    run = preview("Name,Email,TRN,Pronouns\nA Fenwick,ADA@example.org,,she\nT,tom@x.org,12345,\n")
    apply_people(run, by=lena)

    assert states(run) == ["matches", "matches"]
    by_mail.refresh_from_db()
    by_number.refresh_from_db()
    assert (by_mail.full_name, by_mail.pronouns) == ("Ada Fenwick", "she")
    assert by_number.email == "tom@x.org"
    assert by_mail.participations.count() == by_number.participations.count() == 1


def test_what_is_known_is_never_written_over(preview, lena):
    ada = make_person("Ada Fenwick", email="ada@example.org", phone="1")

    apply_people(preview("Name,Email,Phone\nAda Fenwick,ada@example.org,2\n"), by=lena)

    ada.refresh_from_db()
    assert ada.phone == "1"


def test_an_address_of_one_and_a_number_of_another_is_reported(preview):
    make_person("Ada Fenwick", email="ada@example.org")
    make_person("Tom Okafor", trn="1234567")

    row = only_row(preview("Name,Email,TRN\nAda,ada@example.org,1234567\n"))

    assert row["message"].startswith("The address is Ada Fenwick’s and the TRN is Tom Okafor’s.")


def test_a_namesake_without_address_or_number_is_reported(preview):
    make_person("Ada Fenwick")

    row = only_row(preview("Name\nada fenwick\n"))

    assert "Somebody of this name is here already" in row["message"]


def test_a_name_alone_is_recognised_when_it_comes_again(preview, lena):
    apply_people(preview("Name\nAda Fenwick\n"), by=lena)

    assert states(preview("Name\nAda Fenwick\n")) == ["unchanged"]


def test_someone_in_another_cohort_is_reported(preview):
    make_participation(
        make_person("Ada Fenwick", email="ada@example.org"), make_cohort("2025 Cohort")
    )

    row = only_row(preview("Name,Email\nAda,ada@example.org\n"))

    assert "is in 2025 Cohort already. Transfer them" in row["message"]


def test_someone_deactivated_is_reported(preview, lena):
    deactivate_person(make_person("Ada Fenwick", email="ada@example.org"), by=lena)

    assert "was deactivated" in only_row(preview("Name,Email\nAda,ada@example.org\n"))["message"]


def test_a_start_date_of_ones_own(preview, lena, cohort):
    today = timezone.localdate()
    text = f"Name,Start date\nAda,{today:%d/%m/%Y}\nTom,{today + timedelta(days=30)}\n"

    apply_people(preview(text), by=lena)

    ada, tom = (Participation.objects.get(person__full_name=name) for name in ("Ada", "Tom"))
    assert (ada.state, ada.starts_on) == ("active", today)
    assert tom.state == "accepted"
    assert tom.changes.last().effective_on == today + timedelta(days=30)


def test_people_for_a_cohort_to_come_wait_for_it(lena):
    coming = make_cohort(starts_on=timezone.localdate() + timedelta(days=90))

    apply_people(preview_people(a_file("Name\nAda\n"), coming, by=lena), by=lena)

    held = Participation.objects.get()
    assert (held.state, held.starts_on) == ("accepted", coming.starts_on)


def test_good_rows_come_in_and_wrong_ones_wait(preview, lena):
    run = preview("Name,E-mail\nAda,ada@example.org\nTom,nonsense\n")

    apply_people(run, by=lena)

    assert Participation.objects.count() == 1


def test_a_world_that_changed_meanwhile_is_looked_at_again(preview, lena):
    run = preview("Name,E-mail\nAda,ada@example.org\nTom,tom@example.org\n")
    make_participation(make_person("Tom", email="tom@example.org"), make_cohort("Other"))

    with pytest.raises(Refused, match="changed since you looked: line 3, Tom"):
        apply_people(run, by=lena)

    assert not Person.objects.filter(email="ada@example.org").exists()
    assert states(choose(run, {})) == ["new", "error"]


def meanwhile(monkeypatch, change):
    """Let somebody else do this once the rows were judged and before anything is written."""

    def save(*args, **kwargs):
        change()
        return save_all(*args, **kwargs)

    monkeypatch.setattr("cohorts.imports.people.save_all", save)


def test_filling_in_writes_what_is_filled_and_nothing_else(preview, lena, monkeypatch):
    ada = make_person("Ada Fenwick", email="ada@example.org")
    run = preview("Name,E-mail,TRN\nAda Fenwick,ada@example.org,1234567\n")
    meanwhile(monkeypatch, lambda: Person.objects.filter(pk=ada.pk).update(phone="07700 900123"))

    apply_people(run, by=lena)

    ada.refresh_from_db()
    assert (ada.trn, ada.phone) == ("1234567", "07700 900123")


def test_what_is_filled_in_is_found(preview, lena):
    make_person("Ada Fenwick", email="ada@example.org")
    make_person("Tom Okafor", email="tom@example.org")

    apply_people(
        preview("Name,E-mail,TRN,Known as\nAda,ada@example.org,1234567,\nTom,tom@example.org,,Tee"),
        by=lena,
    )

    found = [Person.objects.matching(words).get().full_name for words in ("1234567", "tee")]
    assert found == ["Ada Fenwick", "Tom Okafor"]


def test_an_address_given_to_someone_else_meanwhile_is_said(preview, lena, monkeypatch):
    make_person("Ada Fenwick", email=None, trn="1234567")
    run = preview("Name,E-mail,TRN\nAda Fenwick,ada@example.org,1234567\n")
    meanwhile(monkeypatch, lambda: make_person("Another", email="ada@example.org"))

    with pytest.raises(Refused, match="has just been given to someone else"):
        apply_people(run, by=lena)

    assert not Participation.objects.exists()


def test_whoever_is_meant_is_locked_until_all_is_written(preview, lena):
    make_person("Ada Fenwick", email="ada@example.org")
    run = preview("Name,E-mail\nAda Fenwick,ada@example.org\n")

    with CaptureQueriesContext(connection) as captured:
        apply_people(run, by=lena)

    locks = [one["sql"] for one in captured if "FOR UPDATE" in one["sql"]]
    assert any('FROM "cohorts_person"' in sql for sql in locks)


def test_a_refused_file_is_logged_by_whom_and_why_without_its_words(preview, lena, cohort, caplog):
    with caplog.at_level("INFO"), pytest.raises(Refused):
        preview(b"PK\x03\x04Ada Fenwick")

    assert f"of person {lena.pk} for cohort {cohort.pk} was refused: BadZipFile." in caplog.text
    assert "Fenwick" not in caplog.text


def test_what_the_import_writes_is_what_the_operations_would(preview, lena, cohort):
    apply_people(preview("Name\nAda\n"), by=lena)
    by_hand = participations.add_to_cohort(make_person("Tom"), cohort, by=lena)

    brought = Participation.objects.get(person__full_name="Ada")
    for name in ("state", "starts_on", "held_to", "expected_end_on"):
        assert getattr(brought, name) == getattr(by_hand, name)
    said = [list(p.changes.values_list("kind", "effective_on")) for p in (brought, by_hand)]
    assert said[0] == said[1]


def many(count):
    rows = (f"Leader {n},leader{n}@example.org,{1_000_000 + n}" for n in range(count))
    return "\n".join(["Name,E-mail,TRN", *rows])


def test_five_hundred_people_take_few_queries(preview, lena):
    half_known = [make_person(email=f"leader{n}@example.org") for n in range(0, 20)]

    with CaptureQueriesContext(connection) as captured:
        apply_people(preview(many(500)), by=lena)

    assert len(captured) <= 40
    assert Participation.objects.count() == 500
    assert half_known[0].participations.count() == 1


def test_five_thousand_rows_come_in(preview, lena):
    apply_people(preview(many(5_000)), by=lena)

    assert Participation.objects.count() == 5_000


def upload(client, cohort, content, name="people.csv"):
    url = reverse("cohorts:import_people", args=[cohort.pk])
    return client.post(url, {"file": a_file(content, name=name)}, follow=True)


def test_from_the_file_to_the_result_through_the_pages(client, lena, cohort):
    client.force_login(lena)

    page = upload(client, cohort, TEN).content.decode()
    assert "10 people to bring in" in page
    run = ImportRun.objects.get()
    page = client.post(reverse("cohorts:import_confirm", args=[run.pk]), follow=True)

    assert "The file was brought into 2026 Cohort" in page.content.decode()
    assert cohort.participations.count() == 10


@pytest.mark.parametrize("content", [b"", PNG, b"Name\n"])
def test_a_refused_file_is_explained_at_the_form(client, lena, cohort, content):
    client.force_login(lena)

    response = upload(client, cohort, content)

    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert "put right" in response.content.decode()


def test_no_file_at_all_is_explained(client, lena, cohort):
    client.force_login(lena)

    page = client.post(reverse("cohorts:import_people", args=[cohort.pk]))

    assert "Choose a file." in page.content.decode()


def test_the_preview_page_takes_no_more_queries_for_more_rows(client, lena, cohort, preview):
    client.force_login(lena)

    def queries(run):
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("cohorts:import_run", args=[run.pk]))
        return len(captured)

    assert queries(preview(many(1))) == queries(preview(many(300))) <= 12


def test_participants_are_not_told_of_imports(client, percy, preview):
    run = preview("Name\nAda\n")
    client.force_login(percy)

    assert client.get(reverse("cohorts:import_run", args=[run.pk])).status_code == 404
    assert client.post(reverse("cohorts:import_confirm", args=[run.pk])).status_code == 404


def test_dates_of_a_spreadsheet_are_read_day_first(preview, cohort):
    day = cohort.starts_on + timedelta(days=20)
    serial = (day - date(1899, 12, 30)).days

    run = preview(f"Name,Start date\nAda,{serial}\nTom,{day:%d.%m.%Y}\nUma,{day} 00:00:00\n")

    assert {row["data"]["starts_on"] for row in run.rows} == {day.isoformat()}
