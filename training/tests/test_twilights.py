"""From an idea to the practice card: who may propose, decide, present, hand out and read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_participation, make_person
from dlp.errors import Refused
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import deliver
from training import advice
from training.letters.presenters import presenter_token
from training.models import Kind, Presenter, Resource, Session, TwilightIdea
from training.operations import ideas, presenters, sessions
from training.tests.factories import (
    make_booking,
    make_card,
    make_idea,
    make_past,
    make_presenter,
    make_resource,
    make_session,
    make_venue,
)

pytestmark = pytest.mark.django_db
SAID = {
    "title": "Calling home on the first day",
    "what_changed": "Fewer are sent home.",
    "who_it_helps": "Heads of year",
    "strand": "wellbeing_and_safeguarding",
}


def stage_of(idea: TwilightIdea) -> str:
    return TwilightIdea.objects.with_stage().get(pk=idea.pk).stage


def test_an_idea_goes_from_a_draft_of_ones_own_to_a_date_and_a_card(
    client, percy: Person, lena: Person
):
    client.force_login(percy)
    client.post(reverse("training:idea_add"), {"title": SAID["title"], "keep": "yes"})
    idea = TwilightIdea.objects.get()
    assert not TwilightIdea.objects.visible_to(lena).exists()
    address = reverse("training:idea_edit", args=[idea.pk])

    page = client.post(address, {**SAID, "strand": "", "propose": "yes"}).content.decode()
    assert "Say what changed, who it helps and the strand first." in page
    client.post(address, {**SAID, "propose": "yes"})
    assert stage_of(idea) == "proposed"

    client.force_login(lena)
    client.post(reverse("training:idea_accept", args=[idea.pk]))
    day = timezone.localdate() + timedelta(days=20)
    form = {"title": idea.title, "starts_on": day, "starts_time": "16:00", "ends_time": "18:00"}
    client.post(
        reverse("training:idea_schedule", args=[idea.pk]),
        {**form, "mode": "in_person", "venue": make_venue().pk, "sign_up": "community"},
    )
    idea.refresh_from_db()
    session = idea.session
    assert session is not None
    assert (session.kind, session.state, session.sign_up) == ("twilight", "draft", "community")
    assert [one.person for one in session.presenters.all()] == [percy]
    assert stage_of(idea) == "scheduled"
    sessions.publish(session)
    sessions.cancel(session, by=lena)
    assert stage_of(idea) == "accepted"
    sessions.reinstate(session)
    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        Session.objects.filter(pk=session.pk).update(
            starts_at=session.starts_at - timedelta(days=60),
            ends_at=session.ends_at - timedelta(days=60),
        )
        assert stage_of(idea) == "delivered"
        make_card(session, percy)
        assert stage_of(idea) == "written_up"
    assert Message.objects.filter(kind=ideas.IDEA_ANSWER, person=percy, lead="accepted").exists()


def test_an_idea_is_answered_once_and_with_a_reason(lena: Person):
    idea = make_idea()

    ideas.decline(idea, by=lena, answer="We had it in March.")
    ideas.decline(idea, by=lena, answer="We had it in March.")

    assert Message.objects.filter(kind=ideas.IDEA_ANSWER).count() == 1
    with pytest.raises(Refused, match="waits for no answer"):
        ideas.accept(idea, by=lena)


def test_a_presenter_from_outside_answers_by_a_link_that_shows_before_it_acts(
    client, lena: Person, settings
):
    other = make_person("Rosa Delgado")
    session = make_session(
        join_link="https://meet.example.org/secret", mode="hybrid", facilitators=[other]
    )
    presenter = presenters.ask(session, name="Jo Marsh", email="Jo@Example.org")
    assert presenters.ask(session, name="Jo", email="jo@example.org") == presenter
    address = reverse("training:presenter_reply", args=[presenter_token(presenter)])

    page = client.get(address).content.decode()
    assert "Jo, you are asked to present" in page
    assert "secret" not in page
    assert "Rosa" not in page
    presenter.refresh_from_db()
    assert presenter.answer == "asked"
    letter = Message.objects.get(kind=presenters.PRESENTER)
    assert (letter.recipient, letter.person_id) == (f"presenter:{presenter.pk}", None)

    client.post(address, {"answer": "no", "reason": "A clash"})
    presenter.refresh_from_db()
    assert (presenter.answer, presenter.reason) == ("declined", "A clash")
    client.post(address, {"answer": "yes"})
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        sessions.cancel(session, by=lena)
    client.post(address, {"answer": "no"})
    presenter.refresh_from_db()
    assert presenter.answer == "confirmed"
    leads = Message.objects.filter(kind=presenters.PRESENTER).values_list("lead", flat=True)
    assert {"published", "cancelled"} <= set(leads)


def test_whoever_presents_is_offered_no_place_but_the_way_to_say_no(client, percy: Person):
    session = make_session(sign_up="programme")
    client.force_login(percy)
    before = client.get(session.get_absolute_url()).content.decode()
    make_presenter(session, percy, answer="confirmed")

    page = client.get(session.get_absolute_url()).content.decode()

    assert "Sign up" in before
    assert "Sign up" not in page
    assert "You present it." in page
    assert "/presenting/" in page


def test_a_letter_to_a_presenter_leaves_with_its_link(settings):
    presenter = presenters.ask(make_session(), name="Jo Marsh", email="jo@example.org")

    letters = [one for one in deliver(settings) if one["To"] and "jo@example.org" in one["To"]]

    assert [one["Subject"].startswith("Presenting: ") for one in letters] == [True]
    body = letters[0].get_body(("plain",))
    assert body is not None
    assert "/presenting/" in body.get_content()
    assert presenter.answer == Presenter.Answer.NONE


def test_a_file_is_for_its_circle_once_the_session_is_over():
    session = make_past(kind=Kind.TWILIGHT)
    came = make_booking(session, attendance="present").person
    leader = make_participation().person
    alumna = make_participation(state="completed").person
    presenter = make_presenter(session).person
    stranger = make_person()
    readers = [presenter, came, leader, alumna, stranger]

    def read_by(circle: str, session: Session = session) -> list[bool]:
        resource = make_resource(session, circle=circle)
        return [Resource.objects.visible_to(one).filter(pk=resource.pk).exists() for one in readers]

    assert read_by("presenters") == [True, False, False, False, False]
    assert read_by("attendees") == [True, True, False, False, False]
    assert read_by("participants") == [True, True, True, False, False]
    assert read_by("alumni") == [True, True, True, True, False]
    assert read_by("alumni", make_session()) == [False] * 5


def test_a_file_is_handed_in_with_two_ticks_and_handed_out_as_an_attachment(client, percy: Person):
    session = make_past(kind=Kind.TWILIGHT)
    make_presenter(session, percy, answer="confirmed")
    client.force_login(percy)
    address = reverse("training:resource_add", args=[session.pk])

    def hand_in(content: bytes, **typed: str):
        file = SimpleUploadedFile("plan.pdf", content, "application/pdf")
        return client.post(address, {"file": file, "title": "A plan", "circle": "alumni", **typed})

    ticks = {"has_rights": "on", "no_pupil_named": "on"}
    assert "Say that we may hand it out." in hand_in(b"%PDF-1.7 x").content.decode()
    assert "whatever its name says" in hand_in(b"PK\x03\x04 no", **ticks).content.decode()
    hand_in(b"%PDF-1.7 x", **ticks)
    answer = client.get(Resource.objects.get().get_absolute_url())

    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "application/pdf",
        "private, no-store",
    )


def test_a_twilight_in_the_holidays_or_at_an_odd_hour_is_warned_of():
    def said(day: date, hours: tuple[str, str] = ("16:00", "18:00")) -> str:
        starts, ends = (timezone.datetime.strptime(one, "%H:%M").time() for one in hours)
        return " ".join(
            advice.warnings(
                kind=Kind.TWILIGHT, starts_on=day, starts_time=starts, ends_on=day, ends_time=ends
            )
        )

    assert said(date(2026, 11, 24)) == ""
    assert "in the holidays of most schools" in said(date(2026, 10, 28))
    assert "bank holiday" in said(date(2027, 5, 3))
    assert "before 15:45" in said(date(2026, 11, 24), ("15:00", "18:45"))


def test_the_page_of_twilights_takes_no_more_queries_for_more_rows(
    client, percy: Person, django_assert_max_num_queries
):
    client.force_login(percy)
    for _ in range(6):
        make_session(sign_up="community")
        make_idea(percy)
        session = make_past(kind=Kind.TWILIGHT)
        make_resource(session, circle="alumni")
        make_card(session)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("training:twilights")).content.decode()

    assert page.count("Practice card") == 6
