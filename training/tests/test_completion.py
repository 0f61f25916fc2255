"""What completing the programme takes, and who may let somebody complete all the same (R-PRG-05)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.completion import criteria, verdict_of, verdicts
from cohorts.models import Completion, Participation, ParticipationChange
from cohorts.operations import participations as operations
from cohorts.operations.requirements import waive
from cohorts.permissions import PROGRAMME_LEAD
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_plan_item,
    make_staff,
)
from dlp.errors import Refused
from placements.models import Placement, Post, UnknownDestination
from placements.tests.factories import make_placement, make_school
from training.models import Booking, Certificate, Kind
from training.tests.factories import make_booking, make_certificate, make_session

FIRST, LAST = date(2024, 9, 1), date(2026, 8, 31)
WHY = "The certificate came by post and is in the folder."
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _september():
    with time_machine.travel("2026-09-15 10:00:00+00:00", tick=True):
        yield


@pytest.fixture
def ada(lena):
    cohort = make_cohort("2024 Cohort", starts_on=FIRST)
    return make_participation(make_person("Ada Fenwick"), cohort)


@pytest.fixture
def lead():
    return make_staff("Nadia Cole", PROGRAMME_LEAD)


def attended(participation, day, *, kind=Kind.TWILIGHT, mark="present"):
    """They were marked in the register of a session on this day."""
    session = make_session(kind=kind, starts_on=day)
    booking = make_booking(session, participation.person, state=Booking.State.COMING)
    Booking.objects.filter(pk=booking.pk).update(
        attendance=mark, marked_at="2026-09-01T10:00Z", marked_by=participation.person
    )


def certified(participation, day, **fields):
    """A certificate of theirs that was accepted, of training completed on this day."""
    return make_certificate(participation.person, day, by=make_staff("Ivy Checks"), **fields)


def fulfil(participation):
    """Everything that completing takes."""
    make_placement(
        participation,
        make_school("Hill Top School"),
        ends_on=LAST,
        state=Placement.State.COMPLETED,
    )
    attended(participation, date(2025, 11, 12), kind=Kind.DSL_TRAINING)
    certified(participation, date(2025, 11, 12))
    Post.objects.create(
        person=participation.person,
        employer_name="Hackney College",
        title="SENCO",
        starts_on="2026-09-01",
    )


def said(participation, key, on=None):
    """What is said of one criterion, and whether it is met."""
    verdict = verdict_of(participation, on)
    one = next(one for one in verdict.answers if one.key == key)
    return one.is_met, one.words


def test_everything_met_is_ready(ada):
    fulfil(ada)

    verdict = verdict_of(ada)

    assert verdict.on == LAST
    assert verdict.is_ready, verdict.words
    assert verdict.words == f"{len(criteria())} of {len(criteria())}."


def test_what_is_lacking_is_said_in_one_line(ada):
    fulfil(ada)
    Certificate.objects.all().delete()

    number = len(criteria())
    assert verdict_of(ada).words == (
        f"{number - 1} of {number}: no current DSL certificate on 31 August 2026."
    )


# Each criterion, on both sides of its edge


def test_a_placement_that_goes_on_after_the_day_is_not_over(ada):
    assert said(ada, "placement") == (False, "No placement.")
    placed = make_placement(ada, make_school("Hill Top School"), ends_on=LAST)

    assert said(ada, "placement") == (True, "Placement at Hill Top School until 31 August 2026.")
    assert said(ada, "placement", LAST - timedelta(days=1)) == (
        False,
        "Placement at Hill Top School goes on until 31 August 2026.",
    )
    Placement.objects.filter(pk=placed.pk).update(state="ended_early", ends_on="2026-03-27")
    assert said(ada, "placement") == (
        True,
        "Placement at Hill Top School ended early, on 27 March 2026.",
    )


@pytest.mark.parametrize("state", ["proposed", "offered", "declined", "withdrawn"])
def test_a_placement_that_never_stood_does_not_count(ada, state):
    make_placement(ada, ends_on=LAST, state=state)

    assert said(ada, "placement") == (False, "No placement.")


def test_dsl_training_counts_through_the_day_two_years_later(ada):
    certified(ada, date(2024, 9, 5))

    assert said(ada, "dsl", date(2026, 9, 5)) == (
        True,
        "DSL certificate current until 5 September 2026.",
    )
    assert said(ada, "dsl", date(2026, 9, 6)) == (
        False,
        "No current DSL certificate on 6 September 2026: it counted until 5 September 2026.",
    )
    assert said(ada, "dsl", date(2024, 9, 4))[0] is False


def test_dsl_training_on_a_leap_day_counts_to_28_february(ada):
    certified(ada, date(2024, 2, 29), state="superseded")

    assert said(ada, "dsl", date(2026, 2, 28))[0] is True
    assert said(ada, "dsl", date(2026, 3, 1))[0] is False


def test_a_certificate_in_review_counts_for_two_weeks_and_a_rejected_one_never(ada):
    waiting = make_certificate(ada.person, date(2025, 11, 12), submitted_at="2026-08-20T10:00Z")

    assert said(ada, "dsl") == (
        True,
        "DSL certificate current until 12 November 2027, in review.",
    )
    assert said(ada, "dsl", date(2026, 9, 4))[0] is False
    waiting.delete()
    certified(ada, date(2025, 11, 12), state="rejected", note="It is somebody else’s.")
    assert said(ada, "dsl") == (False, "No current DSL certificate on 31 August 2026.")


def test_attendance_is_met_from_four_in_five(ada, settings):
    for day in range(4):
        attended(ada, date(2025, 10, 1 + day))
    attended(ada, date(2025, 11, 1), mark="absent")
    assert said(ada, "attendance") == (True, "Came to 4 of 5 sessions, 80 %.")

    settings.COMPLETION_ATTENDANCE = 90
    verdict = verdict_of(ada)
    found = next(one for one in verdict.answers if one.key == "attendance")

    assert found.words == "Came to 4 of 5 sessions, 80 %, where 90 % is asked."
    assert found.advice == "Come to the next five, and you are there."
    settings.COMPLETION_ATTENDANCE = 100
    assert said(ada, "attendance")[0] is False


def test_sessions_before_their_time_do_not_count(ada):
    attended(ada, FIRST - timedelta(days=1), mark="absent")
    attended(ada, FIRST)

    assert said(ada, "attendance") == (True, "Came to 1 of 1 session, 100 %.")


def test_a_transfer_keeps_what_was_done_before(ada, lead):
    attended(ada, date(2025, 10, 1))
    to = make_cohort("2025 Cohort", starts_on=date(2025, 9, 1))
    moved = operations.transfer(ada, by=lead, to=to, on=date(2026, 9, 1))

    assert said(moved, "attendance")[0] is True


def test_a_destination_is_a_post_after_the_last_day_or_that_none_is_known(ada):
    earlier = {"person": ada.person, "employer_name": "Hackney College", "title": "Teacher"}
    Post.objects.create(starts_on="2020-09-01", **earlier)
    Post.objects.create(starts_on="2025-01-01", ends_on=LAST, **earlier)
    assert said(ada, "destination") == (False, "No destination recorded.")

    UnknownDestination.objects.create(participation=ada, said_by=ada.person)
    assert said(ada, "destination") == (True, "Destination recorded as not known.")

    Post.objects.create(starts_on="2026-09-01", **earlier)
    assert said(ada, "destination") == (True, "Next post: Teacher, Hackney College.")


def test_the_final_review_is_asked_where_it_is_in_the_plan(ada, lena):
    assert said(ada, "review") == (True, "No final review: it is not in their plan.")

    review = make_plan_item(ada, "review-final")
    assert said(ada, "review") == (False, "Final review is not done.")

    waive(review, reason="The school closed in July.", by=lena)
    assert said(ada, "review") == (True, "Final review is done.")


def test_any_number_of_people_is_one_query(ada):
    for _ in range(4):
        fulfil(make_participation(cohort=ada.cohort))

    keys = list(Participation.objects.values_list("pk", flat=True))

    with CaptureQueriesContext(connection) as captured:
        found = verdicts(keys)

    assert len(captured) == 1
    assert sorted(verdict.is_ready for verdict in found.values()) == [False, *[True] * 4]


# Completing


def test_completing_keeps_how_it_stood(ada, lena):
    fulfil(ada)

    done = operations.complete(ada, by=lena, on=LAST)

    kept = Completion.objects.get(change__participation=ada)
    assert done.state == "completed"
    assert (kept.met, kept.total, kept.override_reason) == (len(criteria()), len(criteria()), "")
    assert {one["words"] for one in kept.answers} >= {"Next post: SENCO, Hackney College."}


def test_a_coordinator_cannot_complete_what_is_lacking(ada, lena):
    with pytest.raises(Refused, match=r"no placement; .*Only a programme lead"):
        operations.complete(ada, by=lena, on=LAST, override=WHY)

    ada.refresh_from_db()
    assert ada.state == "active"
    assert not ada.changes.filter(kind="completed").exists()


@pytest.mark.parametrize("reason", ["", "  ", "It is fine.", " " * 30 + "It is fine."])
def test_a_programme_lead_gives_a_reason_of_twenty_letters(ada, lead, reason):
    with pytest.raises(Refused, match="a reason of at least 20 letters"):
        operations.complete(ada, by=lead, on=LAST, override=reason)


def test_a_programme_lead_may_record_it_all_the_same(ada, lead):
    operations.complete(ada, by=lead, on=LAST, override=WHY)

    kept = Completion.objects.get(change__participation=ada)
    assert (kept.override_reason, kept.change.by) == (WHY, lead)
    lacking = {one["key"] for one in kept.lacking}
    assert lacking == {"placement", "dsl", "attendance", "destination"}
    assert kept.met == kept.total - len(lacking)


def test_a_reason_that_is_not_needed_is_not_kept(ada, lead):
    fulfil(ada)

    operations.complete(ada, by=lead, on=LAST, override=WHY)

    assert Completion.objects.get().override_reason == ""


def test_completing_again_after_an_undo_has_a_reference_of_its_own(ada, lena):
    fulfil(ada)
    operations.complete(ada, by=lena, on=LAST)
    operations.undo(ada.changes.get(kind="completed"), by=lena)
    assert not Completion.objects.in_force_on(date.today()).exists()

    operations.complete(ada, by=lena, on=LAST)

    references = set(Completion.objects.values_list("reference", flat=True))
    assert len(references) == 2
    assert Completion.objects.in_force_on(date.today()).count() == 1


@transaction.atomic
def write_a_bare_change(participation):
    ParticipationChange.objects.create(
        participation=participation, kind="completed", effective_on=LAST
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a transaction


def test_the_database_lets_nobody_complete_without_it(ada):
    with pytest.raises(IntegrityError, match="a completion keeps what it took"):
        write_a_bare_change(ada)


@pytest.mark.parametrize(
    ("met", "total", "reason", "constraint"),
    [
        (4, 5, "", "completion_gives_its_reason"),
        (4, 5, "It is fine.", "completion_gives_its_reason"),
        (4, 5, " " * 30, "completion_gives_its_reason"),
        (5, 5, WHY, "completion_gives_its_reason"),
        (6, 5, WHY, "completion_counts_in_order"),
    ],
)
def test_the_database_holds_the_reason(ada, met, total, reason, constraint):
    change = ada.changes.last()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Completion.objects.create(
            change=change, answers=[], met=met, total=total, override_reason=reason
        )


def test_what_was_kept_is_never_altered(ada, lead):
    operations.complete(ada, by=lead, on=LAST, override=WHY)

    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        Completion.objects.update(override_reason=WHY * 2)


# The page


def ask_to_complete(client, participation, **typed):
    address = reverse("cohorts:participation_complete", args=[participation.pk])
    return client.post(address, typed) if typed else client.get(address)


def test_the_page_says_what_is_lacking_before_anybody_presses(client, ada, lena):
    client.force_login(lena)

    page = ask_to_complete(client, ada).text

    assert "What completing takes, on 31 August 2026" in page
    assert "No current DSL certificate on 31 August 2026." in page
    assert "Only a programme lead can record the completion all the same" in page
    assert "Why they complete all the same" not in page


def test_a_programme_lead_is_asked_why_and_loses_nothing_typed(client, ada, lead):
    client.force_login(lead)
    assert "Why they complete all the same" in ask_to_complete(client, ada).text

    page = ask_to_complete(client, ada, on="2026-08-30", override="Too short.").text
    assert "Write at least 20 letters" in page
    assert "Too short." in page
    assert "What completing takes, on 30 August 2026" in page

    answer = ask_to_complete(client, ada, on="2026-08-31", override=WHY)
    assert answer.status_code == 302
    ada.refresh_from_db()
    assert (ada.state, ada.held_to) == ("completed", LAST)


def test_nobody_who_is_ready_is_asked_why(client, ada, lead):
    fulfil(ada)
    client.force_login(lead)

    assert "Why they complete all the same" not in ask_to_complete(client, ada).text
    assert ask_to_complete(client, ada, on="2026-08-31").status_code == 302
