"""Supervision groups: who may lead whom, and what members see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.permissions import PROGRAMME_LEAD
from cohorts.tests.factories import make_participation, make_person, make_staff
from dlp.errors import Refused
from placements.tests.factories import make_contact, make_placement, make_school
from training.models import Booking, Kind, Session
from training.operations import groups
from training.tests.factories import make_booking, make_group, make_member, make_past, make_session

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def test_who_leads_the_programme_supervises_nobody():
    with pytest.raises(Refused, match="leads the programme"):
        groups.create_group(
            name="Thursday",
            supervisor=make_staff("Sol Lead", PROGRAMME_LEAD),
            starts_on=today(),
        )


def test_a_supervisor_with_a_role_at_a_members_school_is_refused():
    school, member = make_school("Harbour Lane"), make_participation()
    make_placement(member, school)
    supervisor = make_person("Ruth Adeyemi")
    make_contact(school, supervisor)
    group = make_group(supervisor=supervisor)

    with pytest.raises(Refused, match="has a role at Harbour Lane"):
        groups.add_member(group, member.person, starts_on=today())


def test_a_new_supervisor_is_held_against_every_member():
    school, member = make_school("Harbour Lane"), make_participation()
    make_placement(member, school)
    group = make_group(members=[member.person])
    other = make_person()
    make_contact(school, other)

    with pytest.raises(Refused, match="has a role at Harbour Lane"):
        groups.edit_group(group, name=group.name, supervisor=other, starts_on=group.starts_on)


def test_a_supervisor_is_no_member_of_their_own_group():
    group = make_group()

    with pytest.raises(Refused, match="cannot be a member"):
        groups.add_member(group, group.supervisor, starts_on=today())


def test_nobody_is_in_a_group_twice_at_a_time():
    group = make_group()
    person = groups.add_member(group, make_person(), starts_on=today()).person

    with pytest.raises(Refused, match="in the group already"):
        groups.add_member(group, person, starts_on=today())


def test_who_joins_is_asked_to_the_sessions_to_come():
    group = make_group()
    ahead = make_session(kind=Kind.SUPERVISION, group=group)
    past = make_past(kind=Kind.SUPERVISION, group=group)

    person = groups.add_member(group, make_person(), starts_on=today()).person

    assert ahead.bookings.filter(person=person).exists()
    assert not past.bookings.exists()


def test_who_leaves_is_taken_off_the_sessions_after():
    group = make_group()
    member = make_member(group)
    near = make_session(kind=Kind.SUPERVISION, group=group, starts_on=today() + timedelta(days=3))
    far = make_session(kind=Kind.SUPERVISION, group=group, starts_on=today() + timedelta(days=30))
    for session in (near, far):
        make_booking(session, member.person)

    groups.end_member(member, ends_on=today() + timedelta(days=7))

    assert near.bookings.get().state == Booking.State.INVITED
    assert far.bookings.get().state == Booking.State.WITHDRAWN


def test_nobody_leaves_before_they_joined():
    member = make_member(make_group())

    with pytest.raises(Refused, match="They joined on .* Choose that day or later"):
        groups.end_member(member, ends_on=member.starts_on - timedelta(days=1))


def test_members_see_each_others_names_on_their_session(client, percy: Person):
    group = make_group(members=[percy])
    session = make_session(kind=Kind.SUPERVISION, group=group)
    other = make_person("Rosa Delgado")
    for person in (percy, other):
        make_booking(session, person)
    client.force_login(percy)

    assert "Rosa Delgado" in client.get(session.get_absolute_url()).content.decode()


def test_a_stranger_is_not_told_that_the_group_exists(client, olive: Person):
    client.force_login(olive)

    assert client.get(make_group().get_absolute_url()).status_code == 404


def test_who_has_left_no_longer_sees_the_group(client, percy: Person):
    group = make_group()
    member = make_member(group, percy)
    member.ends_on = today() - timedelta(days=1)
    member.save()
    client.force_login(percy)

    assert client.get(group.get_absolute_url()).status_code == 404


def test_a_supervisor_plans_no_groups(client, ruth: Person):
    group = make_group(supervisor=ruth)
    client.force_login(ruth)

    assert client.get(group.get_absolute_url()).status_code == 200
    assert client.get(reverse("training:group_edit", args=[group.pk])).status_code == 404
    assert client.post(reverse("training:group_add"), {}).status_code == 404


def test_staff_start_a_group_and_add_a_member(client, lena: Person):
    ruth, ada = make_person("Ruth Adeyemi"), make_person("Ada Fenwick")
    client.force_login(lena)

    client.post(
        reverse("training:group_add"),
        {"name": "Thursday", "supervisor": "Ruth Adeyemi", "starts_on": "2026-11-01"},
    )
    group = ruth.supervised_groups.get()
    client.post(
        reverse("training:member_add", args=[group.pk]),
        {"person": ada.email, "starts_on": "2026-11-01"},
    )
    member = group.members.get()
    wrong = client.post(reverse("training:member_end", args=[member.pk]), {"ends_on": "2026-10-01"})
    client.post(reverse("training:member_end", args=[member.pk]), {"ends_on": "2026-12-01"})

    member.refresh_from_db()
    assert "They joined on 1 November 2026" in str(wrong.context["form"].errors)
    assert (member.person, f"{member.ends_on}") == (ada, "2026-12-01")


def test_a_conflict_is_said_at_its_field(client, lena: Person):
    school, member = make_school("Harbour Lane"), make_participation(make_person("Ada Fenwick"))
    make_placement(member, school)
    supervisor = make_person()
    make_contact(school, supervisor)
    group = make_group(supervisor=supervisor)
    client.force_login(lena)

    answer = client.post(
        reverse("training:member_add", args=[group.pk]),
        {"person": "Ada Fenwick", "starts_on": "2026-11-01"},
    )

    assert "has a role at Harbour Lane" in str(answer.context["form"].errors["person"])
    assert not Session.objects.exists()
