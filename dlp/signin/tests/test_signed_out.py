"""Signed out while a page was open: nothing is done, nothing that was written is lost."""

import pytest
from django.urls import reverse

from training.tests.factories import make_booking, make_session

pytestmark = pytest.mark.django_db
ADD = reverse("training:session_add")
REFERER = f"http://localhost{ADD}?kind=twilight"


def test_whoever_wrote_something_has_it_back_to_copy(client):
    answer = client.post(
        ADD,
        {"title": "Reading", "summary": "A week's work <b>in words</b>", "starts_on": "2026-12-01"},
        headers={"referer": REFERER},
    )

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "A week&#x27;s work &lt;b&gt;in words&lt;/b&gt;</textarea>" in page
    assert f"/account/login/?next={ADD.replace('/', '%2F')}%3Fkind%3Dtwilight" in page


@pytest.mark.parametrize(
    ("referer", "onward"),
    [("http://localhost/sessions/?when=past", "%2Fsessions%2F%3Fwhen%3Dpast"),
     ("https://elsewhere.example.org/x/", "%2F"), ("", "%2F")],
)  # fmt: skip
def test_a_button_leads_to_the_page_it_stood_on_once_they_are_in_again(
    client, percy, referer, onward
):
    session = make_session()
    make_booking(session, percy)
    reply = reverse("training:reply", args=[session.pk])

    answer = client.post(reply, {"answer": "yes"}, headers={"referer": referer})

    assert answer.url == f"/account/login/?next={onward}"
    assert "nothing was done" in client.get(answer.url).content.decode()
    part = {"hx-request": "true", "referer": referer}
    assert client.post(reply, {"answer": "yes"}, headers=part)["HX-Redirect"] == answer.url
    assert session.bookings.get().state == "invited"
