"""What the demonstration tells on a day in November: built once, then read from all sides."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import connection, transaction

from cohorts.models import Cohort, ImportRun, Participation, ParticipationChange, Person, PlanItem
from cohorts.operations.folding import Family, refold
from cohorts.planning.moves import moves_of
from cohorts.planning.progress import progress_of
from dlp import attention
from dlp.calendar import is_working_day
from dlp.home import demo
from dlp.home.demo.diary import DAYS, Entry, diary
from dlp.home.demo.leaders import cohort_plans
from dlp.home.models import Look
from dlp.home.tests.test_demo import MORNING, TODAY, is_event, our_models
from dlp.outbox.models import Message
from dlp.outbox.watch import invariants
from dlp.tests import shown
from dlp.tests.test_shown import FIVE, answers
from placements.models import Check, Opening, Partnership, Placement, PlacementChange, Post, School
from placements.operations.moving import STEPS
from training import requirements
from training.models import Booking, Kind, Mode, Series, Session, SupervisionGroup

RECRUITING = date(2018, 9, 1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programme")]


@pytest.fixture(scope="module")
def programme(django_db_setup, django_db_blocker):
    """Built once for this module, in a transaction around those of its tests; then rolled back.

    References are checked here and now: the end of each test would check them all again.
    """
    with (
        django_db_blocker.unblock(),
        time_machine.travel(MORNING, tick=False),
        transaction.atomic(),
    ):
        demo.build(TODAY)
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


# What it tells


def test_it_is_the_whole_programme_since_the_pioneers():
    cohorts = Cohort.objects.order_by("starts_on")
    sizes = [cohort.participations.count() for cohort in cohorts]

    assert [cohort.name for cohort in cohorts] == ["Pioneer Cohort"] + [
        f"{year} Cohort" for year in range(2020, 2028)
    ]
    assert sizes == [10, 8, 10, 12, 10, 10, 9, 8, 6]
    assert [cohort.target_size for cohort in cohorts] == [*sizes[:-1], 8]
    assert Participation.objects.values("person").distinct().count() == 83
    assert cohorts[0].is_pioneer
    assert cohorts[0].starts_on == date(2019, 4, 23)


def test_in_every_cohort_something_did_not_go_as_planned():
    for cohort in Cohort.objects.filter(starts_on__lte=TODAY):
        changes = ParticipationChange.objects.filter(participation__cohort=cohort)
        kinds = Counter(changes.values_list("kind", flat=True))
        ended = Placement.objects.filter(
            participation__cohort=cohort, state="ended_early", continued_by=None
        ).exclude(participation__state="withdrawn")
        moved = Placement.objects.filter(participation__cohort=cohort, continues__isnull=False)

        assert (kinds["deferred"], ended.count(), moved.count()) == (1, 1, 1), cohort
        assert kinds["withdrawn"] == (0 if cohort.is_pioneer else 1), cohort


def test_a_deferral_runs_in_both_cohorts_of_today_and_all_others_came_back():
    away = Participation.objects.filter(state="deferred")

    assert sorted(away.values_list("cohort__name", flat=True)) == ["2025 Cohort", "2026 Cohort"]
    late = Participation.objects.filter(
        cohort__starts_on__lt=date(2024, 1, 1), changes__kind="deferred"
    )
    assert {one.state for one in late} == {"completed"}
    assert all(one.held_to > one.cohort.ends_on for one in late.select_related("cohort"))


def test_partners_widen_from_ap_to_special_schools_to_internal_ap():
    settings = {
        cohort.starts_on.year: set(
            Placement.objects.filter(participation__cohort=cohort).values_list(
                "host_setting", flat=True
            )
        )
        for cohort in Cohort.objects.all()
    }

    assert settings[2019] == settings[2020] == {"alternative_provision"}
    assert settings[2021] == settings[2022] == {"alternative_provision", "special"}
    assert all("internal_ap" in settings[year] for year in range(2023, 2027))
    hosts = School.objects.filter(placements__isnull=False)
    assert not hosts.filter(setting="mainstream").exists()
    assert hosts.values("region").distinct().count() == 9


def test_ada_went_the_way_that_the_programme_tells():
    ada = Person.objects.matching("ada fenwick").get()
    placement = Placement.objects.get(participation__person=ada)
    before, after = Post.objects.filter(person=ada).order_by("starts_on")

    assert placement.participation.cohort.is_pioneer
    assert (placement.host_name, placement.school.name) == ("WAC Arts College", "The ArtsXchange")
    assert placement.get_role_title_display() == "Associate Leader"
    assert before.title == "Head of Mathematics"
    assert (after.title, after.school.urn) == ("Assistant Headteacher and SENCO", 137745)
    assert School.objects.matching("wac arts").get().urn == 141164


def test_people_meet_at_the_farm_then_at_the_college_and_online_in_between():
    residentials = Session.objects.filter(kind=Kind.RESIDENTIAL).order_by("starts_on")
    venues = {
        one.starts_on.year: one.venue_name for one in residentials if one.mode == Mode.IN_PERSON
    }
    apart = Session.objects.filter(starts_on__range=(date(2020, 4, 1), date(2021, 7, 1)))

    assert venues == {2019: "Jamie’s Farm"} | dict.fromkeys(
        range(2021, 2029), "The Northern College"
    )
    assert apart.filter(kind=Kind.RESIDENTIAL).count() == 1
    assert apart.count() > 40
    assert set(apart.values_list("mode", flat=True)) == {Mode.ONLINE}


def test_what_was_called_otherwise_then_is_called_so_still():
    names = Session.objects.filter(venue__school__urn=141164).values_list("venue_name", flat=True)

    assert set(names) == {"WAC Arts College", "The ArtsXchange"}


def test_careers_lead_on_to_every_senior_post():
    titles = set(Post.objects.filter(ends_on=None).values_list("title", flat=True))

    assert {"Assistant Headteacher", "SENCO", "Deputy Headteacher", "Headteacher"} <= titles


def test_posts_for_next_september_wait_for_somebody():
    ahead = Opening.objects.filter(starts_on=date(2027, 9, 1)).order_by("pk")
    states = {
        name: [one.state for one in ahead.filter(cohort__name=name)]
        for name in ("2026 Cohort", "2027 Cohort")
    }

    assert states["2026 Cohort"] == ["open", "open", "draft"]
    assert states["2027 Cohort"] == [*["open"] * 4, "withdrawn"]
    assert not Placement.objects.filter(opening__in=ahead).exists()


def test_every_placement_took_legal_steps_on_its_own_days():
    ways = {(str(origin), str(step.to)) for step in STEPS.values() for origin in step.origins}
    for placement in Placement.objects.held().prefetch_related("changes"):
        changes = sorted(placement.changes.all(), key=lambda one: one.pk)
        begun, last = changes[1], changes[-1]

        assert {(a.state, b.state) for a, b in pairwise(changes)} <= ways, placement
        assert (begun.state, begun.effective_on) == ("active", placement.starts_on), placement
        assert last.state == placement.state, placement
        if last.state in ("completed", "ended_early"):
            assert last.effective_on == placement.ends_on, placement
        if last.state == "ended_early":
            assert last.ends_on_before > placement.ends_on, placement


def test_every_placement_lies_within_its_time_and_an_agreement():
    for placement in Placement.objects.select_related("participation", "opening", "school"):
        time = placement.participation
        agreed = Partnership.objects.filter(
            school=placement.school, starts_on__lte=placement.starts_on
        )

        assert placement.opening.school_id == placement.school_id
        assert placement.opening.cohort_id == time.cohort_id
        assert time.starts_on <= placement.starts_on
        assert placement.ends_on <= (time.held_to or time.expected_end_on), placement
        assert agreed.exists(), placement


def test_a_transfer_goes_on_at_another_host_on_the_next_day():
    for placement in Placement.objects.filter(continues__isnull=False).select_related("continues"):
        before = placement.continues

        assert before.school_id != placement.school_id
        assert before.participation_id == placement.participation_id
        assert before.ends_on + timedelta(days=1) == placement.starts_on


def test_nobody_is_invited_to_what_they_are_not_there_for():
    for time in Participation.objects.exclude(held_to=None):
        beyond = Booking.objects.filter(person=time.person_id).exclude(
            session__starts_on__range=(time.starts_on, time.held_to)
        )
        assert not beyond.exists(), time


def test_nobody_is_at_two_sessions_at_one_time():
    attended = Booking.objects.values_list(
        "person__full_name", "session__starts_at", "session__ends_at", "session__title"
    )
    led = Session.objects.values_list("facilitators__full_name", "starts_at", "ends_at", "title")

    for times in (sorted(attended), sorted(led)):
        assert [
            (one, other)
            for one, other in pairwise(times)
            if one[0] == other[0] and other[1] < one[2]
        ] == []


def test_cohorts_name_every_region_in_which_their_leaders_were_placed():
    for cohort in Cohort.objects.all():
        placed = Placement.objects.held().filter(participation__cohort=cohort)

        assert set(placed.values_list("school__region", flat=True)) == set(cohort.regions), cohort


def test_every_session_but_supervision_says_what_it_is():
    for session in Session.objects.exclude(kind=Kind.SUPERVISION):
        assert session.summary.endswith("."), session
    assert set(Session.objects.filter(kind=Kind.SUPERVISION).values_list("summary", flat=True)) == {
        ""
    }


def test_reasons_for_not_coming_fit_the_session():
    given = set(
        Booking.objects.exclude(reply_reason="").values_list("session__kind", "reply_reason")
    )
    kinds = {kind for kind, _ in given}

    assert {Kind.TRAINING_DAY, Kind.TWILIGHT, Kind.SUPERVISION} <= kinds
    assert {kind for kind, why in given if "evening" in why} == {Kind.TWILIGHT}
    assert {kind for kind, why in given if "hour" in why} == {Kind.SUPERVISION}
    assert not any(word in why.lower() for _, why in given for word in ("unwell", "ill", "child"))


def test_deferrals_are_looked_at_and_end_on_working_days():
    deferred = ParticipationChange.objects.filter(kind="deferred")
    days = [
        day
        for pair in deferred.values_list("review_on", "expected_return_on")
        for day in pair
        if day
    ]

    assert len(days) > 8
    assert all(is_working_day(day) for day in days)


def test_its_letters_keep_to_what_is_promised_of_letters():
    of_the_clock = {
        "I2",
        "I9",
    }  # what is due follows the real day, and the demonstration has its own

    assert not {finding.name for finding in invariants.broken()} - of_the_clock


def test_every_row_keeps_the_rules():
    for model in our_models():
        for row in model._default_manager.all()[:60]:
            row.validate_constraints()


# When people meet, on every day of a year and a half


A_YEAR_AND_A_HALF = [date(2026, 9, 1) + timedelta(days=days) for days in range(0, 550, 6)]


@pytest.fixture(scope="module")
def diaries() -> dict[date, list[Entry]]:
    return {day: diary(cohort_plans(day), day) for day in [TODAY, *A_YEAR_AND_A_HALF]}


def test_what_is_taught_has_its_day_and_leaders_are_never_asked_to_two(diaries):
    for today, entries in diaries.items():
        taught = [one for one in entries if one.kind != Kind.SUPERVISION]
        for one, other in pairwise(taught):
            assert one.ends_on < other.day, (today, one, other)
        days = {one.day for one in taught}
        supervision = [one for one in entries if one.kind == Kind.SUPERVISION]
        assert not days & {one.day for one in supervision}, today
        hours = Counter((one.day, one.starts) for one in supervision)
        assert max(hours.values()) == 1, today


def test_days_that_build_on_each_other_come_in_their_order_a_week_apart(diaries):
    order = [title for _, _, title in DAYS]
    for today, entries in diaries.items():
        for plan in cohort_plans(today):
            mine = [one for one in entries if one.years == (plan.year,) and one.title in order]

            assert [one.title for one in mine] == order, (today, plan.name)
            assert all(one.day + timedelta(days=7) <= two.day for one, two in pairwise(mine))


def test_people_meet_in_term(diaries):
    holidays = [
        *((date(2025, 10, 27), date(2025, 10, 31)), (date(2026, 2, 16), date(2026, 2, 20))),
        *((date(2026, 5, 25), date(2026, 5, 29)), (date(2026, 7, 24), date(2026, 9, 1))),
        *((date(2026, 10, 26), date(2026, 10, 30)), (date(2026, 12, 19), date(2027, 1, 3))),
        *((date(2027, 2, 15), date(2027, 2, 19)), (date(2027, 3, 29), date(2027, 4, 9))),
        *((date(2027, 5, 31), date(2027, 6, 4)), (date(2027, 7, 24), date(2027, 9, 1))),
    ]
    for today, entries in diaries.items():
        for one in entries:
            assert is_working_day(one.day), (today, one)
            assert not any(first <= one.day <= last for first, last in holidays), (today, one)


def test_sessions_are_for_cohorts_that_run_then(diaries):
    for today, entries in diaries.items():
        ends = {plan.year: plan.ends_on for plan in cohort_plans(today)}
        for one in entries:
            assert all(one.day <= ends[year] for year in one.years), (today, one)


# What people see of it


def test_a_handful_of_things_waits_for_the_coordinator():
    lena = Person.objects.matching("lena hart").get()

    assert 7 <= len(attention.lines_for(lena, TODAY)) <= 24


def test_somebody_came_late_and_waits_to_be_asked_to_what_the_others_were():
    sam = Participation.objects.get(person__full_name="Samuel Birch")
    ahead = Booking.objects.filter(session__starts_on__gte=TODAY, session__cohorts=sam.cohort)
    asked_to = ahead.order_by().values_list("session__kind", flat=True).distinct()

    assert sam.starts_on == Placement.objects.get(participation=sam).starts_on == date(2026, 11, 5)
    assert set(asked_to.filter(person=sam.person)) == {Kind.SUPERVISION}
    assert len(asked_to) > 3


def test_each_group_meets_in_a_series():
    groups = SupervisionGroup.objects.values_list("pk", flat=True)
    planned = (
        Session.objects.exclude(series=None).order_by().values_list("group", "series").distinct()
    )

    assert len(planned) == len(groups) == Series.objects.count() > 20


def test_it_has_each_of_the_five_pages_that_pictures_are_taken_of(client):
    assert answers(client, shown.of_demonstration()) == dict.fromkeys(FIVE, 200)


def test_whoever_signs_in_has_looked_three_days_ago():
    looked = Look.objects.filter(person__full_name="Lena Hart").values_list("looked_at", flat=True)

    assert [TODAY - moment.date() for moment in looked] == [timedelta(days=3)]


def test_nothing_of_the_past_looks_as_if_it_changed_just_now():
    moments = [
        (model._meta.model_name, moment)
        for model in our_models(with_events=True)
        if is_event(model)
        for moment in model._default_manager.values_list("pgh_created_at", flat=True)
    ]
    lately = Counter(name for name, at in moments if MORNING - at < timedelta(days=3))

    assert len(moments) > 5_000
    assert max(at for _, at in moments).date() < TODAY
    assert min(at for _, at in moments).date() > RECRUITING
    told_of_answers = {"requirementattemptevent", "planitemevent"}
    assert set(lately) == {"bookingevent", "sessionevent", "clashevent", *told_of_answers}
    assert lately["sessionevent"] == 1
    assert 3 <= lately["bookingevent"] <= 12
    assert all(lately[name] <= lately["bookingevent"] for name in told_of_answers)


def test_schools_were_brought_in_before_anybody_came():
    brought = ImportRun.objects.get()

    assert brought.applied_at <= Person.objects.get_queryset().earliest("added_at").added_at


def test_history_tells_each_step_at_its_time():
    booking = Booking.objects.filter(attendance="present").latest("marked_at")
    invited, answered, marked = booking.events.order_by("pgh_id")

    assert [one.pgh_label for one in (invited, answered, marked)] == ["insert", "update", "update"]
    assert (invited.state, invited.replied_at, invited.attendance) == ("invited", None, "")
    assert (answered.state, answered.attendance) == ("coming", "")
    assert marked.attendance == "present"
    assert [one.pgh_created_at for one in (invited, answered, marked)] == [
        booking.booked_at,
        booking.replied_at,
        booking.marked_at,
    ]


def test_one_session_to_come_was_moved_by_an_hour_and_people_were_told():
    session = Session.objects.get(revision=2)
    before, after = session.events.order_by("pgh_id")
    told_of = Message.objects.about("session", session.pk).filter(kind="training.session_changed")

    assert after.starts_at - before.starts_at == timedelta(hours=1)
    assert after.starts_at == session.starts_at
    assert told_of.count() == session.bookings.live().count() > 0


def test_letters_went_out_lately_and_wait_to_go():
    sent = Message.objects.filter(state="sent")

    assert set(sent.values_list("kind", flat=True)) >= {
        "training.invitation",
        "training.session_reminder",
    }
    assert set(sent.values_list("frozen", flat=True)) == {None}
    to_many = Message.objects.filter(kind="staff.mailing")
    assert set(to_many.values_list("state", flat=True)) == {"sent", "dead"}
    waiting = Message.objects.filter(state="planned")
    assert waiting.count() > 20
    assert not waiting.filter(due_at__lt=MORNING - timedelta(hours=9)).exists()


def test_bethan_is_in_her_second_year_with_marcus():
    leader = next(row for row in demo.sign_ins() if "second year" in row.what)
    placement = Placement.objects.held_on(TODAY).get(participation__person__email=leader.email)

    assert leader.name == "Bethan Price"
    assert placement.school.name == "The ArtsXchange"
    assert placement.school.contacts.get().person.full_name == "Marcus Bell"


def test_everybody_has_a_plan_and_stands_in_it_as_the_registers_say():
    everybody = Participation.objects.values_list("pk", flat=True)
    standing = progress_of(everybody, TODAY)
    states = set(PlanItem.objects.order_by().values_list("state", flat=True).distinct())

    assert set(standing) == set(everybody)
    assert refold(everybody, Family.of(everybody)) == 0
    assert states == set(PlanItem.State)
    assert requirements.sweep() == 0
    completed = Participation.objects.filter(state="completed").values_list("pk", flat=True)
    done = [one.is_done for pk in completed for one in standing[pk].values()]
    assert all(done)


def test_whoever_came_back_reads_which_days_moved_and_how_far():
    back = Participation.objects.filter(changes__kind="resumed").distinct()
    returns = [one for participation in back for one in moves_of(participation)]

    assert len(returns) == back.count() > 0
    for one in returns:
        away = (one.back_on - one.away_on).days
        assert len(one.moved) > 4
        assert any(move.days == away for move in one.moved)


def test_first_days_were_checked_and_one_offer_waits_for_the_school():
    required = Check.objects.filter(is_required=True)
    begun = Placement.objects.held()

    assert not Check.objects.outstanding().exists()
    assert set(required.values_list("placement", flat=True)) == {one.pk for one in begun}
    [change] = PlacementChange.objects.exclude(override_reason="")
    assert (change.state, change.by.name) == ("active", "Grace Whitlock")
    [offered] = Placement.objects.filter(state="offered")
    assert list(offered.acceptances.standing().values_list("side", flat=True)) == ["leader"]
