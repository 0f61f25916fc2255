"""A small programme with one person in every role, for the matrix and the sweeps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.urls import reverse

from cohorts.models import ImportRun, Person
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.outbox.operations import enqueue
from dlp.signin import links
from dlp.tests.people import FrontDoorClient
from dlp.tests.permissions import STAFF
from dlp.tests.routes import Route
from placements.tests.factories import (
    make_contact,
    make_opening,
    make_partnership,
    make_placement,
    make_school,
)
from training.models import GroupMember, Series, SupervisionGroup
from training.tests.factories import make_booking, make_course, make_session, make_venue

NOWHERE = 99_999_999


@dataclass
class World:
    """People by role, their clients, and whose number stands in an address."""

    people: dict[str, Person]
    things: dict[str, Any]
    clients: dict[str, FrontDoorClient] = field(default_factory=dict)

    def address(self, route: Route, *, nowhere: bool = False) -> str | None:
        """The address of a route for Percy's things, or for none; None if there is no such thing."""
        if route.name in UNREACHABLE:
            return UNREACHABLE[route.name]
        values = {}
        for name in route.arguments:
            value = no_such(route, name) if nowhere else self.value(route, name)
            if value is None:
                return None
            values[name] = value
        return reverse(route.name, kwargs=values)

    def value(self, route: Route, name: str) -> Any:
        if name in self.things:
            return self.things[name]
        if route.name.startswith("admin:"):
            return self.in_admin(route)
        exact = self.things.get(route.name)
        found = exact if exact is not None else self.things.get(route.path.partition("/<")[0])
        return getattr(found, "pk", found)

    def in_admin(self, route: Route) -> Any:
        """The first row of the model that a page of the admin is about."""
        from django.contrib import admin

        for model in admin.site._registry:
            options = model._meta
            if re.match(rf"admin:{options.app_label}_{options.model_name}_\w+$", route.name):
                first = model._default_manager.order_by("pk").first()
                return first.pk if first else None
        return NOWHERE


def no_such(route: Route, name: str) -> Any:
    """A value for an address's argument that nothing has."""
    if f"<uuid:{name}>" in route.path:
        return UUID(int=NOWHERE)
    return "x" if name == "token" else NOWHERE


# Patterns whose address cannot be made from their name.
UNREACHABLE = {
    "account_closed": "/account/signup/",
    "account_sign_in": "/account/login/",
    "admin:unnamed": "/admin/nowhere/",
    "admin:app_list": "/admin/cohorts/",
    "admin:view_on_site": f"/admin/r/{NOWHERE}/{NOWHERE}/",
    "account_confirm_email": "/account/confirm-email/x/",
    "account_reset_password_from_key": "/account/password/reset/key/1-x/",
}


def make_world() -> World:
    percy = make_person("Percy Adeyemi", email="percy@example.org")
    cohort = make_cohort("2026 Cohort")
    participation = make_participation(percy, cohort)
    olive = make_person("Olive Tran", email="olive@example.org")
    make_participation(olive, make_cohort("Another Cohort"))
    marcus, nadia = make_person("Marcus Bell"), make_person("Nadia Khan")
    school, elsewhere = make_school("The ArtsXchange"), make_school("Moorside Bank School")
    contact = make_contact(school, marcus)
    make_contact(elsewhere, nadia)
    ruth = make_person("Ruth Adler")
    group = SupervisionGroup.objects.create(
        name="Ruth's group", supervisor=ruth, cohort=cohort, starts_on=cohort.starts_on
    )
    member = GroupMember.objects.create(group=group, person=percy, starts_on=cohort.starts_on)
    session = make_session(cohorts=[cohort], course=make_course(), venue=make_venue())
    people = {
        "participant": percy,
        "other participant": olive,
        "school lead": marcus,
        "other school lead": nadia,
        "supervisor": ruth,
        "deactivated": make_person("Dan Gone", is_active=False),
        "staff without second factor": make_staff("Sam New", "Coordinator"),
        **{role: make_staff(role.title(), role.capitalize()) for role in STAFF},
    }
    things = {
        "people": percy,
        "imports": ImportRun.objects.create(
            kind="people", file_name="people.csv", file_sha256="0" * 64, cohort=cohort
        ),
        "schools/import": ImportRun.objects.create(
            kind="schools", file_name="gias.csv", file_sha256="1" * 64
        ),
        "sessions/series": Series.objects.create(title="Twilights", kind="twilight"),
        "cohorts": cohort,
        "participations": participation,
        "changes": participation.changes.first(),
        "schools": school,
        "contacts": contact,
        "partnerships": make_partnership(school),
        "openings": make_opening(school, cohort),
        "placements": make_placement(participation, school),
        "sessions": session,
        "bookings": make_booking(session, percy),
        "supervision": group,
        "supervision/members": member,
        "messages": enqueue("signin.notice", person=percy, lead="other"),
        "token": links.make("invitation", timedelta(days=7), person=percy.pk),
    }
    world = World(people, things)
    sign_everybody_in(world)
    assert Group.objects.count() == len(STAFF)
    return world


def sign_everybody_in(world: World) -> None:
    world.clients["anonymous"] = FrontDoorClient(headers={"host": "localhost"})
    for role, person in world.people.items():
        client = FrontDoorClient(headers={"host": "localhost"})
        client.raise_request_exception = False
        client.force_login(person, second_factor_shown=role != "staff without second factor")
        world.clients[role] = client
