"""The pages on which staff put letters in their own words."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.permissions import READ_ONLY
from cohorts.tests.factories import make_cohort, make_participation, make_person, make_staff
from dlp.outbox import kinds
from dlp.outbox.models import KindText, Message
from training.operations import sessions
from training.reminders import CANCELLED, INVITATION, REMINDER
from training.tests.factories import make_booking, make_past, make_session

pytestmark = pytest.mark.django_db

LIST = "admin:outbox_kindtext_changelist"
OWN = {"subject": "See you {time_left}", "body": "Dear {first_name},\r\n\r\nbring {title}."}


@pytest.fixture
def lena(client, lena):
    """Lena coordinates the programme, and is signed in."""
    client.force_login(lena)
    return lena


@pytest.fixture
def ahead():
    """A session in six days, with somebody ordinary, somebody with a long name, and somebody paused."""
    session = make_session("Reading fluency", starts_on=timezone.localdate() + timedelta(days=6))
    for name, state in (
        ("Ada Fenwick", "active"),
        ("Oluwaseun Wilhelmina Featherstonehaugh-Winterbottom", "active"),
        ("Suharto", "deferred"),
    ):
        person = make_person(name)
        make_participation(person, make_cohort(), state=state)
        make_booking(session, person)
    return session


def address(kind=REMINDER, page="words"):
    return reverse(f"admin:outbox_kindtext_{page}", args=[kind])


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def framed(response) -> list[str]:
    """The letters in the frames of a page."""
    return [
        html.unescape(one) for one in re.findall(r'srcdoc="([^"]*)"', response.content.decode())
    ]


def test_every_kind_is_listed_with_what_it_is_for(client, lena):
    page = text_of(client.get(reverse(LIST)))

    for kind in kinds.all_kinds():
        assert kind.label in page
        assert kind.purpose in page
        assert kind.audience in page
    assert page.count("Yes, as “Reminders of sessions”") == 1
    assert address(INVITATION) in page
    assert address("signin.code") not in page


def test_list_says_which_were_edited(client, lena):
    assert "Yours</span>" not in text_of(client.get(reverse(LIST)))

    client.post(address(), OWN)

    assert text_of(client.get(reverse(LIST))).count("Yours</span>") == 1


def test_placeholders_stand_beside_the_form(client, lena):
    page = text_of(client.get(address()))

    for words in ("{first_name}", "{their_answer}", "How long there is until then", "SE17 1JE"):
        assert words in page


def test_saved_words_are_kept_with_who_wrote_them(client, lena):
    response = client.post(address(), OWN, follow=True)

    kept = KindText.objects.get(kind=REMINDER)
    assert (kept.subject, kept.body) == (OWN["subject"], "Dear {first_name},\n\nbring {title}.")
    assert "These are your words." in text_of(response)
    client.post(address(), {**OWN, "subject": "Soon"})
    history = text_of(client.get(reverse("admin:outbox_kindtext_history", args=[kept.pk])))
    assert "Subject: See you {time_left} became Soon" in history
    assert "by Lena Hart" in history


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"subject": "Hi {name}"}, "There is no {name}. Here you can use {first_name}, {title},"),
        ({"body": "Hi {their_answer"}, "A { or a } stands alone"),
        ({"subject": "  "}, "A letter needs a subject."),
        ({"body": ""}, "A letter needs something to say."),
        ({"subject": "one\ntwo"}, "A subject stands on one line."),
        ({"subject": "x" * 121}, "Keep the subject to 120 characters; this has 121."),
        ({"body": "{what_changed}"}, "There is no {what_changed}."),
    ],
)
@pytest.mark.parametrize("button", ["_save", "_preview"])
def test_words_that_cannot_be_sent_are_refused_at_their_field_and_stay_typed(
    client, lena, ahead, typed, sentence, button
):
    typed = {**OWN, "body": "What I typed for an hour", **typed}

    response = client.post(address(), {**typed, button: "1"})

    assert response.status_code == 200
    page = text_of(response)
    assert sentence in page
    assert 'aria-invalid="true"' in page
    assert not KindText.objects.exists()
    assert framed(response) == []
    for words in typed.values():
        assert words.strip() in page


def test_letter_is_shown_for_three_real_people_as_it_reads_now(client, lena, ahead):
    response = client.get(address())

    page, letters = text_of(response), framed(response)
    for words in (
        "Somebody typical: Ada Fenwick",
        "The longest name: Oluwaseun Wilhelmina Featherstonehaugh-Winterbottom",
        "Paused and with one name alone: Suharto",
        "In 6 days: Reading fluency",
    ):
        assert words in page
    assert len(letters) == 3
    assert "Hello Suharto." in letters[2]
    assert "Hello Ada. You have not said yet" in page.replace("\n", " ")


def test_preview_shows_what_was_typed_and_saves_nothing(client, lena, ahead):
    response = client.post(address(), {**OWN, "_preview": "1"})

    page = text_of(response)
    assert "Not saved yet" in page
    assert OWN["subject"] in page
    assert "See you in 6 days" in page
    assert "<p>bring Reading fluency.</p>" in framed(response)[0]
    assert not KindText.objects.exists()


def test_previewed_letter_can_do_nothing_and_opens_nothing(client, lena, ahead):
    response = client.get(address())

    page = response.content.decode()
    assert page.count('sandbox=""') == 3
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    for letter in framed(response):
        assert "/r/" not in letter
        nonce = re.search(r'<style nonce="([^"]+)">', letter)
        assert nonce
        assert f"'nonce-{nonce[1]}'" in policy
    assert not re.search(r"/r/[\w:-]{20,}", html.unescape(page))


def test_typed_html_is_shown_as_typed_in_the_page_and_in_the_letter(client, lena, ahead):
    typed = {**OWN, "body": "<script>alert(1)</script>", "_preview": "1"}

    response = client.post(address(), typed)

    assert "<script>alert" not in response.content.decode()
    for letter in framed(response):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in letter


def test_previewing_plans_and_sends_nothing(client, lena, ahead):
    client.post(address(), {**OWN, "_preview": "1"})

    assert not Message.objects.exists()


def test_somebody_paused_is_shown_on_a_session_that_is_over_where_there_is_no_other(client, lena):
    make_booking(make_session(starts_on=timezone.localdate() + timedelta(days=6)))
    paused = make_person("Dom Achebe")
    make_participation(paused, make_cohort(), state="deferred")
    make_booking(make_past(), paused, state="coming")

    page = text_of(client.get(address()))

    assert "Paused: Dom Achebe" in page
    assert "They are on no session to come: this one is over." in page


def test_page_says_where_there_is_nobody_to_try_words_on(client, lena):
    assert "Nobody is on a session to come." in text_of(client.get(address()))
    assert "No session is cancelled or postponed." in text_of(client.get(address(CANCELLED)))
    invitation = text_of(client.get(address("cohorts.welcome")))
    assert "Nobody with an address is in a cohort." in invitation


def test_cancellation_is_tried_on_people_of_a_cancelled_session(client, lena, ahead):
    sessions.cancel(ahead, by=lena, reason="The hall is flooded.")

    assert "The hall is flooded." in framed(client.get(address(CANCELLED)))[0]


def test_going_back_brings_the_programmes_own_words(client, lena):
    client.post(address(), OWN)
    assert "Back to the programme’s own words" in text_of(client.get(address()))

    response = client.post(address(page="default"), follow=True)

    assert not KindText.objects.exists()
    page = text_of(response)
    assert "These are the programme’s own words." in page
    assert "Hello {first_name}. {their_answer}" in page


def test_typing_the_programmes_own_words_is_going_back(client, lena):
    client.post(address(), OWN)
    client.post(
        address(), {"subject": "{time_left}: {title}", "body": "Hello {first_name}. {their_answer}"}
    )

    assert not KindText.objects.exists()


@pytest.mark.parametrize("kind", ["signin.code", "signin.notice", "no.such.kind"])
def test_what_has_no_words_to_edit_has_no_page(client, lena, kind):
    assert client.get(address(kind)).status_code == 404
    assert client.post(address(kind), OWN).status_code == 404


def test_who_may_only_look_sees_the_words_and_changes_none(client, ahead):
    client.force_login(make_staff("Rae Reader", READ_ONLY))

    page = text_of(client.get(address()))

    assert "Hello {first_name}. {their_answer}" in page
    assert "Somebody typical: Ada Fenwick" in page
    assert "<textarea" not in page
    assert client.post(address(), OWN).status_code == 403
    assert client.post(address(page="default")).status_code == 403
    assert not KindText.objects.exists()


def test_messages_page_and_the_admin_lead_there(client, lena):
    assert reverse(LIST) in text_of(client.get(reverse("outbox:messages")))
    assert reverse(LIST) in text_of(client.get(reverse("admin:index")))
