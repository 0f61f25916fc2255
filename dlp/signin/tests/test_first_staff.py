"""The first person on a real deployment, and what each group may do in the admin."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from cohorts.models import Person
from cohorts.permissions import (
    COORDINATOR,
    DATA_PROTECTION_LEAD,
    PROGRAMME_LEAD,
    READ_ONLY,
    SAFEGUARDING_LEAD,
    can_change_programme,
)
from cohorts.tests.factories import make_person, make_staff

pytestmark = pytest.mark.django_db
EVERY_GROUP = [PROGRAMME_LEAD, COORDINATOR, SAFEGUARDING_LEAD, DATA_PROTECTION_LEAD, READ_ONLY]


def test_the_first_person_is_made_and_told_what_to_do_next(capsys):
    call_command("first_staff", "Lena@Example.org", name="Lena  Hart")
    person = Person.objects.get()
    told = capsys.readouterr().out

    assert (person.email, person.full_name) == ("lena@example.org", "Lena Hart")
    assert person.is_staff
    assert can_change_programme(person)
    assert not person.has_usable_password()
    assert "http://localhost:8000/account/login/" in told
    assert "recovery codes" in told


def test_the_same_command_twice_makes_one_person():
    for _ in range(2):
        call_command("first_staff", "lena@example.org", name="Lena Hart")

    assert Person.objects.count() == 1


def test_it_makes_no_second_staff_person():
    make_staff("Lena Hart", PROGRAMME_LEAD)
    with pytest.raises(CommandError, match="Ask one of them"):
        call_command("first_staff", "mallory@example.org", name="Mallory")

    assert not Person.objects.filter(email="mallory@example.org").exists()


@pytest.mark.parametrize(("email", "name"), [("nobody", "Lena"), ("lena@example.org", "  ")])
def test_what_makes_no_person_is_refused_in_a_sentence(email, name):
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("first_staff", email, name=name)

    assert not Person.objects.exists()


@pytest.mark.parametrize("name", EVERY_GROUP)
def test_every_group_is_there_after_migrate(name):
    assert Group.objects.filter(name=name).count() == 1


@pytest.mark.parametrize("name", EVERY_GROUP)
def test_only_leads_and_coordinators_change_things_in_the_admin(name):
    person = make_staff("Somebody", name)

    assert person.has_perm("cohorts.view_person")
    assert person.has_perm("cohorts.change_person") is (name in (PROGRAMME_LEAD, COORDINATOR))
    assert not person.has_perm("cohorts.delete_person")
    assert not person.has_perm("cohorts.change_personevent")


def test_nobody_without_a_group_may_look():
    assert not make_person(is_staff=True).has_perm("cohorts.view_person")


def test_migrating_again_changes_no_group():
    from django.apps import apps
    from django.db.models.signals import post_migrate

    before = {group.name: set(group.permissions.all()) for group in Group.objects.all()}
    config = apps.get_app_config("cohorts")
    post_migrate.send(
        sender=config, app_config=config, verbosity=0, interactive=False, using="default"
    )

    assert {group.name: set(group.permissions.all()) for group in Group.objects.all()} == before
