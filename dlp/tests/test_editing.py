"""Two tabs, or two people, with the same thing open."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from training.tests.factories import make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return make_session("Calm starts", mode="online", summary="Bring a pen.")


def opened(client, url: str) -> dict[str, str]:
    """What a browser would send back of a page that was just opened."""
    answer = client.get(url)
    assert b'name="as_opened"' in answer.content
    form = answer.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in shown.items() if value not in (None, [])}


def said(answer) -> str:
    found = re.search(r"Somebody else has changed this meanwhile: [^.]*", answer.content.decode())
    return found[0] if found else ""


def test_nobody_overwrites_unseen_what_another_tab_saved(client, lena, session):
    client.force_login(lena)
    url = reverse("training:session_edit", args=[session.pk])
    first, second = opened(client, url), opened(client, url)

    told = {"title": "Calm ends", "starts_time": "15:10", "sign_up": "programme", "summary": ""}
    client.post(url, {**first, **told})
    answer = client.post(url, {**second, "title": "Quiet starts"})

    assert said(answer).endswith("meanwhile: Title, From, Who may sign up and What it is")
    page = answer.content.decode()
    assert 'value="Quiet starts"' in page
    assert "<title>Change Calm ends" in page
    errors = answer.context["form"].errors
    assert {name: errors[name] for name in told} == {
        "title": ["It now says “Calm ends”."],
        "starts_time": ["It now says “15:10”."],
        "sign_up": ["It now says “Everybody on the programme”."],
        "summary": ["It is now empty."],
    }
    session.refresh_from_db()
    assert (session.title, session.summary) == ("Calm ends", "")

    knowing = {"as_opened": answer.context["form"]["as_opened"].value()}
    client.post(url, {**second, "title": "Quiet starts", **knowing})
    session.refresh_from_db()
    assert (session.title, session.summary) == ("Quiet starts", "Bring a pen.")


def test_the_same_once_more_and_what_nobody_else_touched_are_saved(client, lena, session):
    client.force_login(lena)
    url = reverse("training:session_edit", args=[session.pk])
    first, second = opened(client, url), opened(client, url)

    twice = [client.post(url, {**first, "title": "Calm ends"}).status_code for _ in range(2)]
    answer = client.post(url, {**second, "title": "Calm ends", "summary": "Bring two."})

    assert [*twice, answer.status_code] == [302, 302, 302]
    session.refresh_from_db()
    assert (session.title, session.summary) == ("Calm ends", "Bring two.")
