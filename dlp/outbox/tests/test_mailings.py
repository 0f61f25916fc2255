"""Writing to everybody on a list: nothing leaves for an hour, and nobody gets it twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dlp.errors import Refused
from dlp.outbox import muting
from dlp.outbox.delivery import claims
from dlp.outbox.letters import MUTED, TOPIC
from dlp.outbox.mailing import audiences, mailings
from dlp.outbox.mailing.audiences import Asked
from dlp.outbox.mailing.reports import how_it_went
from dlp.outbox.models import Attempt, Mailing, Message
from dlp.outbox.tests.factories import deliver, make_reader
from dlp.outbox.writing.wording import Words
from dlp.tests.people import FrontDoorClient

pytestmark = pytest.mark.django_db

SAID = Words("Bring your logbook, {first_name}", "Dear {first_name}, bring it.\n\n{sender}")


@pytest.fixture(autouse=True)
def everybody(monkeypatch):
    """A list of everybody who is not staff."""

    def audience(viewer, asked):
        people = get_user_model().objects.matching(asked.get("q", "")).filter(is_staff=False)
        return Asked("Everybody", "/people/", people)

    monkeypatch.setitem(audiences._audiences, "everybody", audience)


@pytest.fixture
def lena():
    lena = make_reader("lena@example.org", full_name="Lena Hart", is_staff=True)
    lena.groups.add(Group.objects.get(name="Coordinator"))
    return lena


@pytest.fixture
def readers():
    return [make_reader(f"p{n}@example.org", full_name=f"Person N{n}") for n in range(3)]


@pytest.fixture
def web(lena):
    client = FrontDoorClient(headers={"host": "localhost"})
    client.force_login(lena)
    return client


def draft(lena, said=SAID, asked=""):
    return mailings.draft_mailing(said, audience="everybody", asked=asked, by=lena)


def send(mailing, lena):
    seen = audiences.recipients(lena, mailing.audience, mailing.asked).fingerprint
    return mailings.send_mailing(mailing, by=lena, seen=seen)


def hour_passes():
    Message.objects.filter(kind="staff.mailing", state="planned").update(
        due_at=Now(), next_attempt_at=Now(), held_until=Now()
    )
    Mailing.objects.update(held_until=Now())


def test_nothing_leaves_before_the_hour_is_over_and_then_each_gets_one(lena, readers, settings):
    mailing = send(draft(lena), lena)

    assert not claims.anything_due()
    assert deliver(settings) == []
    held = set(mailings.letters_of(mailing).values_list("held_until", flat=True))
    assert held == {mailing.held_until} == {mailing.sent_at + timedelta(hours=1)}

    hour_passes()
    letters = deliver(settings)
    assert sorted(letter["To"] for letter in letters) == [
        f"Person N{n} <p{n}@example.org>" for n in range(3)
    ]
    first = next(letter for letter in letters if "p0@" in letter["To"])
    assert first["Subject"] == "Bring your logbook, Person"
    assert first["Reply-To"] == "Lena Hart <lena@example.org>"
    assert first["Cc"] is first["Bcc"] is None
    text = first.get_body(("plain",)).get_content()
    assert "Dear Person, bring it.\r\n\r\nLena Hart" in text
    assert how_it_went(mailing).sent == 3


def test_due_letters_that_are_held_are_not_claimed(lena, readers, settings):
    send(draft(lena), lena)
    Message.objects.update(due_at=Now(), next_attempt_at=Now())

    assert deliver(settings) == []


def test_sending_twice_sends_one(lena, readers, settings):
    mailing = draft(lena)
    send(mailing, lena)
    send(mailing, lena)
    hour_passes()

    assert len(deliver(settings)) == 3


def test_undoing_calls_off_all_of_it(lena, readers, settings):
    mailing = send(draft(lena), lena)

    assert mailings.undo_mailing(mailing, by=lena) == 3
    assert mailings.undo_mailing(mailing, by=lena) == 0

    hour_passes()
    assert deliver(settings) == []
    assert {(one.state, one.cancelled_by) for one in Message.objects.all()} == {("cancelled", lena)}
    assert Attempt.objects.filter(outcome="decided", by=lena).count() == 3


def test_a_letter_a_sender_holds_does_not_leave_once_it_is_undone(lena, readers, settings):
    mailing = send(draft(lena), lena)
    Mailing.objects.filter(pk=mailing.pk).update(state="undone", undone_by=lena, undone_at=Now())
    hour_passes()

    assert deliver(settings) == []
    assert set(Message.objects.values_list("state_reason", flat=True)) == {mailings.CALLED_OFF}


def test_hold_may_be_cut_short(lena, readers, settings):
    mailing = send(draft(lena), lena)

    mailings.send_now(mailing)

    assert len(deliver(settings)) == 3
    with pytest.raises(Refused, match="waiting to leave"):
        mailings.undo_mailing(mailing, by=lena)


def test_what_has_left_stays_and_the_rest_is_called_off(lena, readers, settings):
    mailing = send(draft(lena), lena)
    first = mailings.letters_of(mailing).first()
    Message.objects.filter(pk=first.pk).update(due_at=Now(), next_attempt_at=Now(), held_until=None)
    assert len(deliver(settings)) == 1

    assert mailings.undo_mailing(mailing, by=lena) == 2
    went = how_it_went(mailing)
    assert (went.sent, went.waiting, [one.number for one in went.not_sent]) == (1, 0, [2])


def test_who_is_left_out_is_kept_with_the_reason(lena, settings):
    make_reader(full_name="Ada Okafor")
    make_reader(None, full_name="Noah Addressless")
    make_reader("gone@example.org", full_name="Dan Gone", is_active=False)

    found = audiences.recipients(lena, "everybody", "")
    assert [person.name for person in found.going] == ["Ada Okafor"]
    assert {person.name: reason for person, reason in found.left_out} == {
        "Noah Addressless": audiences.NO_ADDRESS,
        "Dan Gone": audiences.DEACTIVATED,
    }

    mailing = send(draft(lena), lena)
    kept = mailings.letters_of(mailing).filter(state="suppressed")
    assert {one.person.name: one.state_reason for one in kept} == {
        "Noah Addressless": audiences.NO_ADDRESS,
        "Dan Gone": audiences.DEACTIVATED,
    }


def test_who_switched_such_messages_off_is_left_out_and_a_letter_says_how(lena, readers, settings):
    muting.mute(readers[0], TOPIC, until=None)

    found = audiences.recipients(lena, "everybody", "")
    assert found.left_out == [(readers[0], MUTED)]

    send(draft(lena), lena)
    hour_passes()
    letters = deliver(settings)
    assert len(letters) == 2
    assert "/stop/" in letters[0]["List-Unsubscribe"]


def test_recipients_are_those_of_the_moment_of_sending(lena, readers, settings):
    send(draft(lena), lena)
    make_reader("late@example.org", full_name="Late Comer")
    hour_passes()

    assert len(deliver(settings)) == 3


def test_list_that_changed_since_it_was_looked_at_is_looked_at_again(lena, readers):
    mailing = draft(lena)
    seen = audiences.recipients(lena, "everybody", "").fingerprint
    make_reader("new@example.org", full_name="New Comer")

    with pytest.raises(Refused, match="has changed since you looked"):
        mailings.send_mailing(mailing, by=lena, seen=seen)
    assert not Message.objects.exists()


def test_nobody_to_write_to_and_nobody_to_answer_are_refused(lena, readers):
    with pytest.raises(Refused, match="Nobody on this list"):
        send(draft(lena, asked="q=zzz"), lena)

    boss = make_reader(None, full_name="No Address", is_staff=True)
    with pytest.raises(Refused, match="you have no e-mail address"):
        send(draft(lena), boss)


def test_many_people_cost_no_more_queries_than_few(lena, readers):
    def queries():
        mailing = draft(lena)
        with CaptureQueriesContext(connection) as sending:
            send(mailing, lena)
        with CaptureQueriesContext(connection) as undoing:
            mailings.undo_mailing(mailing, by=lena)
        return len(sending), len(undoing)

    few = queries()
    for number in range(60):
        make_reader(f"m{number}@example.org", full_name=f"Many N{number}")

    assert queries() == few


def test_database_keeps_what_was_sent_as_it_was(lena, readers):
    mailing = send(draft(lena), lena)

    with pytest.raises(ProgrammingError), transaction.atomic():
        Mailing.objects.update(body="Something else.")
    with pytest.raises(IntegrityError, match="mailing_undoing_is_whole"), transaction.atomic():
        Mailing.objects.update(state="undone")
    with pytest.raises(Refused, match="its words stand"):
        mailings.edit_mailing(mailing, SAID)
    with pytest.raises(Refused, match="it is kept"):
        mailings.discard_mailing(mailing)


def test_from_a_list_to_a_draft_to_sent_to_undone(web, lena, readers):
    url = f"{reverse('outbox:mailing_new')}?audience=everybody&q=person"
    form = web.get(url).content.decode()
    assert "3 people" in form
    assert "<code data-dlp-insert>{first_name}</code>" in form
    typed = {"subject": "Logbooks", "body": "Dear {first_name}, bring it."}

    page = web.post(url, typed, follow=True)

    content = page.content.decode()
    assert "Send it to 3 people" in content
    assert "Dear Person, bring it." in content
    assert "Nothing has been sent" in content
    assert "/stop/…" in content
    mailing = Mailing.objects.get()
    seen = page.context["found"].fingerprint
    sent = web.post(reverse("outbox:mailing_send", args=[mailing.pk]), {"seen": seen}, follow=True)
    assert "Undo all of it" in sent.content.decode()
    assert "Logbooks" in web.get(reverse("outbox:mailings")).content.decode()
    undone = web.post(reverse("outbox:mailing_undo", args=[mailing.pk]), follow=True)
    assert "3 letters called off" in undone.content.decode()
    assert "called off by Lena Hart" in undone.content.decode()


def test_words_that_cannot_be_sent_are_refused_and_none_is_lost(web, lena, readers):
    url = f"{reverse('outbox:mailing_new')}?audience=everybody"

    page = web.post(url, {"subject": "Logbooks", "body": "Dear {frist_name}, bring it."})

    content = page.content.decode()
    assert "There is no {frist_name}." in content
    assert "Dear {frist_name}, bring it." in content
    assert 'value="Logbooks"' in content
    assert not Mailing.objects.exists()


def test_draft_is_kept_changed_and_thrown_away(web, lena, readers):
    mailing = draft(lena)
    edit = reverse("outbox:mailing_edit", args=[mailing.pk])
    assert "Bring your logbook" in web.get(edit).content.decode()

    web.post(edit, {"subject": "Other words", "body": "Come."})
    mailing.refresh_from_db()
    assert (mailing.subject, mailing.body) == ("Other words", "Come.")
    assert mailing.events.count() == 2

    web.post(reverse("outbox:mailing_discard", args=[mailing.pk]))
    assert not Mailing.objects.exists()


def test_list_that_nobody_knows_is_not_found(web, lena):
    assert web.get(f"{reverse('outbox:mailing_new')}?audience=nonsense").status_code == 404


def test_letter_names_the_message_it_belongs_to(web, lena, readers):
    mailing = send(draft(lena), lena)

    page = web.get(f"{reverse('outbox:messages')}?subject=mailing:{mailing.pk}")

    assert len(page.context["entries"]) == 3
    assert f"About “{mailing.subject}”" in page.content.decode()
    assert page.context["entries"][0].state_label == "Held"
