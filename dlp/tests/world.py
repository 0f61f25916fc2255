"""A small programme with one person in every role, for the matrix and the sweeps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cohorts import photos
from cohorts.models import (
    Cohort,
    Correction,
    ImportRun,
    Likeness,
    NotDuplicate,
    Participation,
    Person,
    PersonMerge,
    RequirementAttempt,
)
from cohorts.operations.photos import set_photo
from cohorts.operations.requirements import Source, report_requirement
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_plan_item,
    make_staff,
    make_template,
    make_template_item,
)
from dlp.audit.models import AccessRecord, ExportRecord
from dlp.home.models import Cover, Look
from dlp.outbox import feeds, muting
from dlp.outbox.mailing.mailings import draft_mailing
from dlp.outbox.models import (
    Attempt,
    JobRun,
    KindText,
    LeadPolicy,
    Message,
    MutedTopic,
    Outage,
    RelayState,
    SenderRound,
    SweepDay,
)
from dlp.outbox.operations import enqueue
from dlp.outbox.writing.wording import Words
from dlp.signin import links
from dlp.tests.people import FrontDoorClient
from dlp.tests.permissions import STAFF
from dlp.tests.placed import placed
from dlp.tests.routes import Route
from dlp.tests.world_of_matching import thought_of
from dlp.tests.world_of_twilights import of_twilights
from placements.models import (
    Clash,
    ClosedDays,
    Handover,
    LocalAuthority,
    Placement,
    PlacementChange,
    SafeguardingRole,
    School,
    SchoolContact,
    SchoolLink,
    SchoolName,
    SchoolProfile,
    Trust,
    UnknownDestination,
)
from placements.tests.factories import (
    make_contact,
    make_opening,
    make_partnership,
    make_school,
)
from training.letters.sessions import REMINDERS, reply_token
from training.models import (
    Acknowledgement,
    Booking,
    Feedback,
    GroupMember,
    GuidanceEdition,
    KnowledgeUpdate,
    RegisterTap,
    Series,
    Session,
    SupervisionGroup,
    Venue,
    VenueOperator,
)
from training.tests.factories import (
    make_booking,
    make_certificate,
    make_course,
    make_past,
    make_running,
    make_session,
    make_venue,
)

NOWHERE = 99_999_999
# Whoever proved at the beginning who they are need not again, however long all of it takes.
UNHURRIED = {"ACCOUNT_REAUTHENTICATION_TIMEOUT": 86_400}
REGISTER = [
    f"training:register{step}" for step in ("", "_add", "_mark", "_rest", "_close", "_reopen")
]
WORDS = [f"admin:outbox_kindtext_{page}" for page in ("words", "default")]


class Walker(FrontDoorClient):
    """A client that keeps no cookie it is given and no template, so that thousands of requests are quick."""

    def request(self, **request: Any) -> HttpResponse:
        response: HttpResponse = self.handler(self._base_environ(**request))
        return response


@dataclass
class World:
    """People by role, their clients, whose number stands in an address, and what a form there says."""

    people: dict[str, Person]
    things: dict[str, Any]
    forms: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Walker] = field(default_factory=dict)

    def add(self, role: str, person: Person) -> None:
        """Somebody more, signed in."""
        client = Walker(headers={"host": "localhost"})
        client.force_login(person, second_factor_shown=role != "staff without second factor")
        self.clients[role] = client

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
        if route.name.startswith("admin:") and route.name not in self.things:
            return self.in_admin(route)
        exact = self.things.get(route.name)
        found = exact if exact is not None else self.things.get(route.path.partition("/<")[0])
        return found[name] if isinstance(found, dict) else getattr(found, "pk", found)

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
    return NOWHERE if f"<int:{name}>" in route.path else "x"


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
    percy = photographed(make_person("Percy Adeyemi", email="percy@example.org"))
    cohort = make_cohort("Percy’s Cohort")
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
    fiona, venue = make_person("Fiona Marsh"), make_venue()
    leading = {"cohorts": [cohort], "venue": venue, "facilitators": [fiona]}
    session = make_session(course=make_course(), **leading)
    running = make_running(**leading)
    booking = make_booking(session, percy)
    asked = attended(make_booking(running, percy), fiona)
    letter = enqueue("signin.notice", person=percy, lead="other")
    people = {
        "participant": percy,
        "other participant": olive,
        "school lead": marcus,
        "other school lead": nadia,
        "supervisor": ruth,
        "facilitator": fiona,
        "deactivated": make_person("Dan Gone", is_active=False),
        "staff without second factor": make_staff("Sam New", "Coordinator"),
        **{role: make_staff(role.title(), role.capitalize()) for role in STAFF},
    }
    things = {
        **of_people(percy, olive),
        "cover": cover_of(people["coordinator"], people["programme lead"]),
        **imports_of(cohort),
        "sessions/series": Series.objects.create(title="Twilights", kind="twilight"),
        "cohorts": cohort,
        **on_the_programme(participation, school),
        "changes": participation.changes.first(),
        "schools": school,
        **thought_of(make_opening(school, cohort), participation, people["coordinator"]),
        **told_by_the_school(contact),
        **placed(participation, school, elsewhere, marcus),
        "sessions": session,
        **taken(running, percy, fiona),
        "bookings": booking,
        "supervision": group,
        "supervision/members": member,
        **written(letter, cohort, people["coordinator"]),
        **dict.fromkeys(WORDS, "training.session_reminder"),
        **of_twilights(session, running, percy),
        **keys_and_links(people["deactivated"], booking),
    }
    add_what_only_the_admin_shows(percy, school, elsewhere, things["placements"], venue, letter)
    world = World(people, things, forms_of(booking, asked, cohort))
    sign_everybody_in(world)
    assert Group.objects.count() == len(STAFF)
    return world


def attended(booking: Booking, by: Person) -> Booking:
    """A place in a register that was tapped and cleared again, and one of long ago with what they said."""
    for mark in ("present", ""):
        RegisterTap.objects.create(booking=booking, mark=mark, at=timezone.now(), by=by)
    before = make_booking(make_past(days=9), booking.person, attendance="present", marked_by=by)
    Feedback.objects.create(booking=before, useful=Feedback.Useful.VERY)
    return booking


def taken(running: Session, person: Person, by: Person) -> dict[str, Session]:
    """The register of a session, and a session of the other day of which they have not said how it was."""
    held = make_past(days=2)
    make_booking(held, person, attendance="present", marked_by=by)
    return {**dict.fromkeys(REGISTER, running), "training:feedback": held}


def of_people(one: Person, other: Person) -> dict[str, Any]:
    """Somebody, one who may be the same, and one of whom somebody said that they are not."""
    twin = make_person("Percy Adeyemi-Cole")
    first, second = sorted((one, other), key=lambda person: person.pk)
    return {
        "people": one,
        "cohorts:merge": {"pk": one.pk, "other": twin.pk},
        "duplicates": Likeness.objects.create(first=one, second=twin, score=50, signs=["phone"]),
        "duplicates/said": NotDuplicate.objects.create(first=first, second=second, by=one),
    }


def shell_of(person: Person) -> Person:
    """A record that became part of somebody's."""
    shell = make_person("Percy Adeyemy", email=None, is_active=False)
    shell.merged_into = person
    shell.save()
    return shell


def photographed(person: Person) -> Person:
    drawn = BytesIO()
    Image.new("RGB", (40, 60), "teal").save(drawn, "PNG")
    return set_photo(person, photos.square(drawn, drawn.tell()))


def completed_before(said_by: Person) -> Participation:
    """An alumna who completed, and of whom nobody knows where she went."""
    completed = make_participation(make_person("Ada Fenwick"), state="completed")
    UnknownDestination.objects.create(participation=completed, said_by=said_by)
    return completed


def cover_of(away: Person, covered_by: Person) -> Cover:
    """A coordinator's cover of a week, and that they looked at their desk once."""
    today = timezone.localdate()
    Look.objects.create(person=away, looked_at=timezone.now())
    return Cover.objects.create(
        person=away, covered_by=covered_by, starts_on=today, ends_on=today + timedelta(days=6)
    )


def written(letter: Message, cohort: Cohort, by: Person) -> dict[str, Any]:
    """One letter, and what a coordinator means to write to a cohort."""
    said = Words("Bring your logbook", "Dear {first_name}, bring it.")
    draft = draft_mailing(said, audience="people", asked=f"cohort={cohort.pk}", by=by)
    return {"messages": letter, "messages/many": draft}


def on_the_programme(participation: Participation, school: School) -> dict[str, Any]:
    """Percy's time in his cohort, what a cell of its progress board leads to, and his certificate."""
    attempt = add_plan(participation).pk
    item = participation.plan_items.get()
    return {
        "participations": participation,
        "plan-items": item,
        **safeguarding(participation.person, school),
        "plans": item.template,
        "template-items": item.template.items.get(),
        "cohorts:board_evidence": {"pk": participation.cohort_id, "attempt": attempt},
    }


def told_by_the_school(lead: SchoolContact) -> dict[str, Any]:
    """What a lead says of their school, and that somebody follows them there."""
    school, today = lead.school, timezone.localdate()
    said = {"confirmed_on": today, "confirmed_by": lead.person}
    SchoolProfile.objects.create(school=school, met_by="Marcus Bell", **said)
    partnership = make_partnership(school)
    partnership.agreement.save("agreement.pdf", ContentFile(b"%PDF-1.7"))
    return {
        "our-schools": school,
        "partnerships": partnership,
        "contacts": lead,
        "handovers": Handover.objects.create(school=school, contact_left=lead, opened_on=today),
        "closed-days": ClosedDays.objects.create(
            school=school, starts_on=today, ends_on=today, recorded_by=lead.person
        ),
        "clashes": Clash.objects.create(
            school=school, day=today, text="Mock exams.", told_by=lead.person
        ),
    }


def safeguarding(person: Person, school: School) -> dict[str, Any]:
    """A certificate that waits for its review, of somebody who keeps up and is a deputy at a school."""
    today = timezone.localdate()
    edition = GuidanceEdition.objects.latest("in_force_on")
    Acknowledgement.objects.create(person=person, edition=edition)
    update = KnowledgeUpdate.objects.create(
        person=person, on=today, kind="network", minutes=60, recorded_by=person
    )
    role = SafeguardingRole.objects.create(
        person=person, school=school, starts_on=today, recorded_by=person
    )
    certificate = make_certificate(person)
    certificate.evidence.save("scan.pdf", ContentFile(b"%PDF-1.7"))
    return {
        "certificates": certificate,
        "guidance": edition,
        "updates": update,
        "safeguarding-roles": role,
    }


def add_plan(participation: Participation) -> RequirementAttempt:
    """A plan with one thing in it, which Percy was booked for: that is the attempt."""
    template = make_template("The two-year programme")
    make_template_item(template, "supervision-1", requirement="supervision")
    make_plan_item(participation, "supervision", key="supervision-1", template=template)
    report_requirement(
        participation,
        "supervision",
        source=Source("booking", 1),
        state=RequirementAttempt.State.BOOKED,
        on=timezone.localdate(),
        by=None,
    )
    return participation.requirement_attempts.get()


def imports_of(cohort: Cohort) -> dict[str, Any]:
    return {
        "imports": ImportRun.objects.create(
            kind="people", file_name="people.csv", file_sha256="0" * 64, cohort=cohort
        ),
        "schools/import": ImportRun.objects.create(
            kind="schools", file_name="gias.csv", file_sha256="1" * 64
        ),
    }


def keys_and_links(gone: Person, booking: Booking) -> dict[str, Any]:
    """A security key that is nobody's business, where Percy is signed in, and what letters carry."""
    return {
        "account/2fa/webauthn/keys": Authenticator.objects.create(
            user=gone, type=Authenticator.Type.WEBAUTHN, data={"name": "Dan's key"}
        ),
        "me/sessions": UserSession.objects.create(
            user=booking.person, ip="192.0.2.1", session_key="elsewhere"
        ),
        **dict.fromkeys(("mailbox:list", "mailbox:letter", "mailbox:letter_html"), "x"),
        "signin:welcome": links.make("invitation", timedelta(days=7), person=booking.person_id),
        "training:letter_reply": reply_token(booking),
        "messages/reminders": LeadPolicy.objects.earliest("pk"),
        "outbox:feed": feeds.make_token(booking.person),
        "me/letters": REMINDERS.name,
        "cohorts:certificate": completed_before(booking.person),
        "outbox:stop": links.make(
            muting.PURPOSE, timedelta(days=7), person=booking.person_id, topic=REMINDERS.name
        ),
    }


def forms_of(booking: Booking, running: Booking, cohort: Cohort) -> dict[str, str]:
    """What is sent where an empty form would say nothing of who may send it."""
    return {
        reverse("training:register_mark", args=[running.session_id]): f"mark-{running.pk}=present",
        reverse("training:register_add", args=[running.session_id]): f"person={running.person_id}",
        reverse("training:invite_cohort", args=[booking.session_id]): f"cohort={cohort.pk}",
        reverse("training:invite_guests", args=[booking.session_id]): "guests=alumni",
        reverse("training:invite_person", args=[booking.session_id]): f"person={booking.person_id}",
    }


def add_what_only_the_admin_shows(
    percy: Person,
    school: School,
    elsewhere: School,
    placement: Placement,
    venue: Venue,
    letter: Message,
) -> None:
    """A row of each model that has no page outside the admin."""
    Correction.objects.create(
        person=percy, fact="full_name", was="Percy A", became="Percy Adeyemi", reason="x", by=percy
    )
    PersonMerge.objects.create(kept=percy, gone=shell_of(percy), by=percy)
    Trust.objects.create(uid="1001", name="Harbour Trust")
    LocalAuthority.objects.create(code="990", name="Harbour Council")
    SchoolName.objects.create(school=school, name="The Arts Exchange")
    SchoolLink.objects.create(school=school, other=elsewhere, kind=SchoolLink.Kind.SUCCESSOR)
    done = make_participation(
        make_person("Ada Fenwick"), make_cohort("Past Cohort"), state="completed"
    )
    UnknownDestination.objects.create(participation=done, said_by=percy)
    PlacementChange.objects.create(
        placement=placement, state=placement.state, effective_on=placement.starts_on
    )
    VenueOperator.objects.create(venue=venue, name="Walworth Council")
    make_session(kind="residential", venue=venue)
    Attempt.objects.create(message=letter, number=1, outcome=Attempt.Outcome.SENT)
    AccessRecord.objects.create(
        person=percy,
        about=percy,
        subject_kind="cohorts.Person",
        subject_id=percy.pk,
        purpose="asked",
    )
    ExportRecord.objects.create(
        person=percy, what="people", address="/people/export/", form="csv", count=1
    )
    MutedTopic.objects.create(person=percy, topic=REMINDERS.name)
    KindText.objects.create(kind="training.session_reminder", subject="Soon: {title}", body="Come.")
    LeadPolicy.objects.get_or_create(session_kind="twilight", days=None, hours=3)
    now = timezone.now()
    SweepDay.objects.add_run(now.date(), repairs=0, failures=0)
    JobRun.objects.create(name="x", local_date=now.date(), started_at=now, ended_at=now)
    tomorrow = now + timedelta(days=1)  # however long the walk takes
    SenderRound.objects.create(ringer=SenderRound.Ringer.LOOP, ended_at=tomorrow)
    RelayState.objects.create(name="relay.example.org:465")
    Outage.objects.create(relay="relay.example.org:465", reason="x", probe_at=now)


def sign_everybody_in(world: World) -> None:
    world.clients["anonymous"] = Walker(headers={"host": "localhost"})
    for role, person in world.people.items():
        world.add(role, person)
