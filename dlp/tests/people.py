"""The named people, and a client that signs them in as the front door would. A pytest plugin.

Lena coordinates, Percy takes part, Olive takes part in another cohort, Marcus leads a school,
Ruth supervises.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.test import Client

from cohorts.models import Cohort, Participation, Person
from cohorts.permissions import COORDINATOR
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.signin import second_factor

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class FrontDoorClient(Client):
    """A client whose `force_login` leaves the session as signing in on screen leaves it.

    Those who need a second factor have one and have shown it, unless the test says otherwise.
    """

    def force_login(
        self, user: Person, backend: str | None = None, *, second_factor_shown: bool = True
    ) -> None:
        super().force_login(user, backend)
        session = self.session
        records: list[dict[str, Any]] = [{"method": "code", "at": time.time(), "email": user.email}]
        if second_factor_shown and second_factor.is_required_of(user):
            give_factor(user)
            records.append({"method": "mfa", "type": "totp", "at": time.time()})
        session["account_authentication_methods"] = records
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()


def give_factor(person: Person) -> Authenticator:
    """An authenticator app with a secret that tests know."""
    factor, _ = Authenticator.objects.get_or_create(
        user=person,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": get_adapter().encrypt(TOTP_SECRET)}},
    )
    return factor


@pytest.fixture
def client() -> FrontDoorClient:
    return FrontDoorClient(headers={"host": "localhost"})


@pytest.fixture
def cohort(db) -> Cohort:
    return make_cohort("2026 Cohort")


@pytest.fixture
def lena(db) -> Person:
    """Lena Hart, coordinator."""
    return make_staff("Lena Hart", COORDINATOR)


@pytest.fixture
def percy(cohort) -> Person:
    """Percy Adeyemi takes part in Lena's cohort."""
    return make_participant(make_person("Percy Adeyemi", email="percy@example.org"), cohort)


@pytest.fixture
def olive(db) -> Person:
    """Olive Tran takes part in another cohort."""
    return make_participant(make_person("Olive Tran", email="olive@example.org"), make_cohort())


@pytest.fixture
def marcus(db) -> Person:
    """Marcus Bell is host lead at a school."""
    from placements.tests.factories import make_contact, make_school

    person = make_person("Marcus Bell", email="marcus@example.org")
    make_contact(make_school("The ArtsXchange"), person)
    return person


@pytest.fixture
def ruth(cohort) -> Person:
    """Ruth Adler supervises a group."""
    from training.models import SupervisionGroup

    person = make_person("Ruth Adler", email="ruth@example.org")
    SupervisionGroup.objects.create(
        name="Ruth's group", supervisor=person, cohort=cohort, starts_on=cohort.starts_on
    )
    return person


def make_participant(person: Person, cohort: Cohort) -> Person:
    make_participation(person, cohort, state=Participation.State.ACTIVE)
    return person
