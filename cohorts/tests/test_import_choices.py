"""Rows that could mean more than one person, rows left out, and how people stand by a file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from cohorts.imports.people import apply_people, choose
from cohorts.imports.statuses import SAID, state_of
from cohorts.models import ImportRun, Participation, Person
from cohorts.tests.factories import make_participation, make_person
from cohorts.tests.people_files import table_of

pytestmark = pytest.mark.django_db
ADA = "Name,E-mail\nAda Fenwick,new@example.org\n"


def rows_of(run):
    run.refresh_from_db()
    return {row["line"]: row for row in run.rows}


def press(door, run, address="cohorts:import_choose", **said):
    """Send the form of the rows as the page holds it, but for what is `said`."""
    page = door.client.get(
        reverse("cohorts:import_run", args=[run.pk]), {"state": said.get("state", "")}
    )
    sent: dict[str, object] = {"line": []}
    for entry in page.context["entries"]:
        if entry.options:
            sent["line"].append(entry.line)
            sent[f"asks-{entry.line}"] = 1
            sent |= {f"who-{entry.line}": one.value for one in entry.options if one.is_chosen}
        elif entry.can_be_left:
            sent["line"].append(entry.line)
            if entry.is_taken:
                sent[f"take-{entry.line}"] = "on"
    sent |= said
    sent = {name: value for name, value in sent.items() if value is not None}
    return door.client.post(reverse(address, args=[run.pk]), sent, follow=True)


# Whom a row means


def test_a_namesake_with_another_address_is_shown_beside_what_the_file_says(door):
    make_participation(
        make_person("Ada Fenwick", email="old@example.org", phone="07700"), door.cohort
    )

    answer = door.choose(ADA)
    page = answer.content.decode()

    (entry,) = answer.context["entries"]
    assert (entry.state, entry.state_label) == ("ambiguous", "To decide")
    assert ("E-mail", "new@example.org") in entry.says
    this, new, out = entry.options
    assert (this.label, new.label, out.label) == (
        "This is Ada Fenwick", "Somebody new", "Leave this row out",
    )  # fmt: skip
    assert {("E-mail", "old@example.org"), ("Telephone", "07700")} < set(this.facts)
    assert ("Cohort", "2024 Cohort, active") in this.facts
    assert "1 row waits for you to say who is meant" in page
    assert not any(option.is_chosen for option in entry.options)


def test_nobody_is_saved_before_somebody_said_who_is_meant(door):
    make_person("Ada Fenwick", email="old@example.org")
    run = door.choose(ADA).context["run"]

    page = press(door, run, "cohorts:import_confirm")

    assert not Participation.objects.exists()
    assert "0 saved" in page.content.decode()
    assert "1 not saved" in page.content.decode()
    assert "Nobody chose who is meant." in table_of(door.left_out(run))[1][-1]


def test_the_person_who_was_chosen_joins_and_keeps_what_we_know(door):
    ada = make_person("Ada Fenwick", email="old@example.org")
    run = door.choose("Name,E-mail,Phone\nAda Fenwick,new@example.org,07700 900123\n").context[
        "run"
    ]

    press(door, run, "cohorts:import_confirm", **{"who-2": f"person:{ada.pk}"})

    ada.refresh_from_db()
    assert (ada.email, ada.phone) == ("old@example.org", "07700 900123")
    assert ada.participations.get().cohort == door.cohort
    assert Person.objects.get_queryset().filter(full_name="Ada Fenwick").count() == 1


def test_somebody_new_is_added_beside_their_namesake(door):
    make_person("Ada Fenwick", email="old@example.org")
    run = door.choose(ADA).context["run"]

    press(door, run, "cohorts:import_confirm", **{"who-2": "new"})

    assert Participation.objects.get().person.email == "new@example.org"


def test_an_address_of_one_and_a_number_of_another_is_one_of_the_two(door):
    ada = make_person("Ada Fenwick", email="ada@example.org")
    tom = make_person("Tom Okafor", trn="1234567", email=None)
    run = door.choose("Name,Email,TRN\nAda,ada@example.org,1234567\n").context["run"]
    assert rows_of(run)[2]["candidates"] == [ada.pk, tom.pk]
    assert not rows_of(run)[2]["may_be_new"]

    press(door, run, "cohorts:import_confirm", **{"who-2": f"person:{tom.pk}"})

    tom.refresh_from_db()
    assert tom.participations.exists()
    assert tom.email is None  # it is Ada's


def test_whoever_differs_by_number_is_somebody_else_without_being_asked(door):
    make_person("Ada Fenwick", email="old@example.org", trn="7654321")

    run = door.choose("Name,E-mail,TRN\nAda Fenwick,new@example.org,1234567\n").context["run"]

    assert rows_of(run)[2]["state"] == "new"


def test_two_rows_cannot_mean_one_person(door):
    ada = make_person("Ada Fenwick", email="old@example.org")
    run = door.choose(f"{ADA}A. Fenwick,old@example.org\n").context["run"]

    press(door, run, **{"who-2": f"person:{ada.pk}"})

    rows = rows_of(run)
    assert (rows[2]["state"], rows[3]["state"]) == ("ambiguous", "matches")
    assert "whom line 3 means already" in rows[2]["message"]


def test_two_rows_of_one_name_are_two_people_once_somebody_says_so(door):
    run = door.choose("Name,E-mail\nAda,a@example.org\nAda,b@example.org\n").context["run"]
    assert [row["state"] for row in run.rows] == ["ambiguous"] * 2

    press(door, run, "cohorts:import_confirm", **{"who-2": "new", "who-3": "new"})

    assert Participation.objects.count() == 2


def test_of_two_rows_of_one_name_one_can_be_left_out(door):
    run = door.choose("Name,E-mail\nAda,a@example.org\nAda,b@example.org\n").context["run"]

    press(door, run, **{"who-3": "out"})
    assert rows_of(run)[2]["state"] == "new"
    press(door, run, "cohorts:import_confirm")

    assert Participation.objects.get().person.email == "a@example.org"


@pytest.mark.parametrize("choice", ["person:999999", "person:x", "nonsense", "new", "<b>"])
def test_a_choice_that_a_row_does_not_offer_is_passed_over(door, choice):
    make_person("Ada Fenwick", email="ada@example.org", trn="7654321")
    run = door.choose("Name,Email,TRN\nAda,ada@example.org,1234567\n").context["run"]

    press(door, run, **{"who-2": choice})

    assert (rows_of(run)[2]["state"], rows_of(run)[2]["choice"]) == ("ambiguous", "")


def test_a_chosen_person_who_was_deactivated_meanwhile_is_asked_about_again(door, lena):
    ada = make_person("Ada Fenwick", email="old@example.org")
    run = door.choose(ADA).context["run"]
    choose(run, {2: f"person:{ada.pk}"})
    Person.objects.get_queryset().filter(pk=ada.pk).update(is_active=False)

    page = press(door, run, "cohorts:import_confirm")

    assert "Something has changed since you looked" in page.content.decode()
    assert "was deactivated" in rows_of(run)[2]["message"]
    assert not Participation.objects.exists()


# Some rows and not others


def many(count):
    return "\n".join(["Name,E-mail", *(f"Leader {n},l{n}@example.org" for n in range(count))])


def test_rows_left_out_stay_out_and_come_back_as_a_file(door):
    run = door.choose(many(3)).context["run"]

    page = press(door, run, "cohorts:import_confirm", **{"take-3": None})

    assert "2 saved" in page.content.decode()
    assert "1 not saved" in page.content.decode()
    (_, left) = table_of(door.left_out(run))
    assert left == ["3", "Leader 1", "l1@example.org", "You left this row out."]
    assert sorted(p.person.full_name for p in Participation.objects.all()) == [
        "Leader 0",
        "Leader 2",
    ]


def test_what_is_chosen_on_one_page_is_kept_on_the_others(door):
    run = door.choose(many(150)).context["run"]

    page = press(door, run, to_page="2", **{"take-5": None})
    assert page.context["page"].number == 2
    page = press(door, run, to_page="1")

    (entry,) = [entry for entry in page.context["entries"] if entry.line == 5]
    assert not entry.is_taken
    assert rows_of(run)[140]["choice"] == ""
    assert "149 people to bring in" in page.content.decode()


def test_a_whole_state_is_left_out_and_taken_again_on_all_its_pages(door):
    make_person("Leader 0", email="l0@example.org")
    run = door.choose(many(250)).context["run"]

    press(door, run, state="new", whole="out")
    run.refresh_from_db()
    assert run.counts == {"matches": 1, "out": 249}
    press(door, run, state="out", whole="")

    run.refresh_from_db()
    assert run.counts == {"matches": 1, "new": 249}


def test_choices_survive_a_world_that_changed_meanwhile(door):
    run = door.choose(many(3)).context["run"]
    make_person("Leader 2", email="l2@example.org")

    page = press(door, run, "cohorts:import_confirm", **{"take-3": None})

    assert "Something has changed since you looked: line 4" in page.content.decode()
    assert not Participation.objects.exists()
    assert rows_of(run)[3]["choice"] == "out"
    assert rows_of(run)[4]["state"] == "matches"


def test_somebody_whose_row_would_fill_in_less_now_is_looked_at_again(door, lena):
    ada = make_person("Ada Fenwick", email="ada@example.org")
    run = door.choose("Name,E-mail,TRN\nAda Fenwick,ada@example.org,1234567\n").context["run"]
    Person.objects.get_queryset().filter(pk=ada.pk).update(trn="1234567")

    page = press(door, run, "cohorts:import_confirm")

    assert "Something has changed since you looked" in page.content.decode()
    assert choose(run, {}).rows[0]["message"].endswith("Joins 2024 Cohort.")


def test_a_page_of_five_thousand_rows_is_bounded(door):
    run = door.choose(many(5_000)).context["run"]

    page = door.client.get(reverse("cohorts:import_run", args=[run.pk]))

    assert len(page.context["entries"]) == 100
    assert len(page.content) < 150_000
    for said in ("5,000 people to bring in", "All 5,000<", "New 5,000<", "5,000 rows"):
        assert said in page.content.decode()


def test_after_it_was_brought_in_choosing_changes_nothing(door):
    run = door.choose(many(2)).context["run"]
    press(door, run, "cohorts:import_confirm")
    before = rows_of(run)

    door.client.post(reverse("cohorts:import_choose", args=[run.pk]), {"line": 2})

    assert rows_of(run) == before


# How people stand


def days(cohort, **after):
    return {name: cohort.starts_on + timedelta(days=number) for name, number in after.items()}


@pytest.mark.parametrize(
    ("said", "state", "starts", "ends"),
    [
        ("Offered,,,", "offered", 0, None),
        ("ACCEPTED ,,,", "accepted", 0, None),
        ("Currently active,{d10},,", "active", 10, None),
        ("on hold,{d10},{d40},", "deferred", 10, None),
        ("Left,{d10},,{d40}", "withdrawn", 10, 40),
        ("Withdrew,{d10},{d41},", "withdrawn", 10, 40),
        ("Turned down,,,", "declined", 0, None),
        (",{d10},,", "active", 10, None),
    ],
)
def test_people_stand_as_the_file_says(door, said, state, starts, ends):
    day = {f"d{n}": door.cohort.starts_on + timedelta(days=n) for n in (10, 40, 41, 400)}
    header = "Name,Status,First day,Since,Last day\n"

    ada = door.bring_in(f"{header}Ada,{said.format(**day)}\n")["Ada"]

    first = door.cohort.starts_on
    assert (ada.state, ada.starts_on) == (state, first + timedelta(days=starts))
    assert ada.held_to == (None if ends is None else first + timedelta(days=ends))
    for change in ada.changes.filter(kind__in=["deferred", "withdrawn"]):
        assert (change.reason, "from a file" in change.note_private) == ("other", True)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Nonsense,,,", "“Nonsense” is no status that we know. Write offered"),
        ("Transferred,,,", "A transfer cannot come from a file"),
        ("Deferred,,,", "not since when"),
        ("Withdrawn,,,", "not when"),
        ("Completed,,,", "not when"),
        ("Active,,,{past}", "has no last day yet"),
        (",,,{past}", "Somebody without a status has no last day yet"),
        (",,{past},", "since when, and not what"),
        ("Completed,{later},,{past}", "comes before the first"),
        ("Withdrawn,{later},,{past}", "comes before the first"),
        ("Completed,,,{future}", "is to come"),
        ("Deferred,,{future},", "is to come"),
        ("Active,{future},,", "the first day is to come"),
        ("Active,1/1/2001,,", "outside the cohort"),
    ],
)
def test_what_cannot_be_true_is_refused_at_the_row(client, lena, said, sentence):
    from cohorts.tests.factories import make_cohort
    from cohorts.tests.people_files import Door

    client.force_login(lena)
    cohort = make_cohort("2024 Cohort")
    today = timezone.localdate()
    day = {
        "past": cohort.starts_on + timedelta(days=5),
        "later": cohort.starts_on + timedelta(days=20),
        "future": today + timedelta(days=30),
    }
    header = "Name,Status,First day,Since,Last day\n"

    wrong = Door(client, cohort).mistakes(f"{header}Ada,{said.format(**day)}\n")

    assert sentence in wrong[2]


@given(st.sampled_from([(state, phrase) for state, all_ in SAID.items() for phrase in all_ if state != "transferred"]), st.sampled_from([str.upper, str.title, str.lower, "  {} ".format, "{}.".format, "{}!".format]))  # fmt: skip
def test_status_words_are_understood_as_people_write_them(said, written):
    state, phrase = said

    assert state_of(written(phrase)) == state


# What leaves comes in again

SHOWN = [
    "Name",
    "Known as",
    "E-mail",
    "Telephone",
    "TRN",
    "State",
    "First day",
    "Since",
    "Last day",
]


def standing():
    """How somebody may stand in a cohort of 2024 that the file brings in as a table of text."""
    name = st.text(st.sampled_from("Aä Zé'’-oß"), min_size=1, max_size=8).map(
        lambda s: f"Q{s.strip()}w"
    )
    return st.tuples(name, st.sampled_from(["offered", "accepted", "active", "deferred", "withdrawn"]), st.integers(0, 300), st.integers(0, 90))  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(people=st.lists(standing(), min_size=1, max_size=5))
def test_what_leaves_as_a_file_comes_in_as_the_same(django_db_blocker, people):
    from django.db import transaction
    from django.test import Client

    from cohorts.tests.factories import make_cohort, make_staff
    from cohorts.tests.people_files import Door
    from dlp.tests.people import FrontDoorClient

    with transaction.atomic():
        client: Client = FrontDoorClient()
        client.force_login(make_staff("Lena Coordinator"))
        span = {"starts_on": date(2024, 9, 1), "ends_on": date(2026, 8, 31)}
        first, second = make_cohort("2024 Cohort", **span), make_cohort("Another", **span)
        for name, state, start, length in people:
            began = first.starts_on + timedelta(days=start)
            make_participation(
                make_person(name, phone="07700 900123"), first, state=state,
                starts_on=began, changed_on=began + timedelta(days=length),
            )  # fmt: skip

        def exported(cohort):
            address = reverse("cohorts:people_export")
            answer = client.get(address, {"cohort": cohort.pk})
            header, *rows = table_of(b"".join(answer.streaming_content))
            return b"".join(client.get(address, {"cohort": cohort.pk}).streaming_content), [
                {title: row[header.index(title)] for title in SHOWN} for row in rows
            ]

        file, before = exported(first)
        Participation.objects.filter(cohort=first).update(cohort=second)
        Participation.objects.filter(cohort=second).update(
            starts_on=date(2001, 1, 1), held_to=date(2001, 1, 1), state="withdrawn"
        )
        run = Door(client, first).choose(file).context["run"]
        apply_people(run, by=make_staff())

        assert exported(first)[1] == before
        again = Door(client, first).choose(file).context["run"]
        assert {row["state"] for row in again.rows} == {"unchanged"}
        transaction.set_rollback(True)


def test_the_run_says_how_many_of_each_there_are(door):
    make_person("Leader 0", email="other@example.org")
    run = door.choose(many(3)).context["run"]

    assert ImportRun.objects.get(pk=run.pk).counts == {"ambiguous": 1, "new": 2}
    assert (run.good_count, run.undecided_count, run.unsaved_count) == (2, 1, 1)
