"""The people of a session as a list to write to."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cohorts.tests.factories import make_person, make_staff
from dlp.outbox.mailing import audiences
from training.models import Session
from training.tests.factories import make_booking, make_past, make_session

pytestmark = pytest.mark.django_db


def asked_to(session: Session, who: str = "") -> tuple[list[str], str]:
    found = audiences.recipients(
        make_staff("Lena Hart"), "session", f"session={session.pk}&who={who}"
    )
    return [person.name for person in found.going], found.words


def test_those_of_one_answer_are_written_to():
    session = make_session("Calling home")
    make_booking(session, make_person("Ada Okafor"), state="coming")
    make_booking(session, make_person("Ben Price"), state="invited")
    make_booking(session, make_person("Cara Off"), state="withdrawn")

    assert asked_to(session)[0] == ["Ada Okafor", "Ben Price"]
    names, said = asked_to(session, "coming")
    assert names == ["Ada Okafor"]
    assert said.startswith("Calling home, ")
    assert said.endswith(": everybody asked, coming")


def test_answer_that_nobody_gives_any_more_leaves_nobody_rather_than_everybody():
    past = make_past()
    make_booking(past, make_person("Ada Okafor"), state="coming", attendance="present")

    assert asked_to(past, "coming")[0] == []
    assert asked_to(past, "came")[0] == ["Ada Okafor"]


def test_session_leads_to_write_to_those_it_shows(client):
    session = make_session("Calling home")
    make_booking(session, make_person("Ada Okafor"), state="coming")
    client.force_login(make_staff("Lena Hart"))

    content = client.get(f"{session.get_absolute_url()}?who=coming").content.decode()

    assert f"?audience=session&amp;session={session.pk}&amp;who=coming" in content
    assert reverse("outbox:mailing_new") in content
