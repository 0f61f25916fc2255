"""The pages on which staff look letters up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dlp.outbox import listing, names, operations
from dlp.outbox.kinds import Letter
from dlp.outbox.models import Message
from dlp.outbox.names import Name, Naming
from dlp.outbox.tests.factories import (
    CODE,
    INVITATION,
    deliver,
    make_kind,
    make_kind_with_link,
    make_message,
    make_reader,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena(client):
    """Lena coordinates the programme, and is signed in."""
    lena = make_reader("lena@example.org", full_name="Lena Hart", is_staff=True)
    lena.groups.add(Group.objects.get(name="Coordinator"))
    sign_in(client, lena)
    return lena


def sign_in(client, person):
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 4_000_000_000}]
    session.save()


def page(client, message, name="message"):
    return client.get(reverse(f"outbox:{name}", args=[message.pk]))


def test_list_shows_what_was_written_to_whom(client, lena, settings):
    make_message()
    deliver(settings)

    response = client.get(f"{reverse('outbox:messages')}?show=sent")

    assert response.status_code == 200
    assert b"Ada Okafor" in response.content


def shown(client, query=""):
    """The letters of the list, as their rows lead to them."""
    found = client.get(f"{reverse('outbox:messages')}?{query}")
    return [entry.url.partition("?")[0] for entry in found.context["entries"]]


def test_list_is_narrowed_by_state_kind_person_and_subject(client, lena):
    message = make_message(subject_kind="session", subject_id=7)
    url = message.get_absolute_url()

    for query in (
        "",
        "state=planned",
        "kind=test.note",
        "q=okafor",
        f"person={message.person_id}",
        "subject=session:7",
        "show=all",
        "show=nonsense&state=nonsense&person=nobody&subject=x",
    ):
        assert shown(client, query) == [url], query
    for query in (
        "state=retry",
        "state=held",
        "show=sent",
        "show=ours",
        "show=not-sent",
        "q=nobody",
        "about=nothing",
        "subject=session:8",
        "person=99999",
    ):
        assert shown(client, query) == [], query
    content = client.get(f"{reverse('outbox:messages')}?q=nobody").content.decode()
    assert "No letter is like that" in content


def test_what_is_to_leave_begins_with_the_soonest_and_what_went_with_the_latest(
    client, lena, settings
):
    day, reader = timedelta(days=1), make_reader()
    sent = [make_message(reader) for _ in range(2)]
    deliver(settings)
    Message.objects.filter(pk=sent[0].pk).update(due_at=Now() - day)
    later = make_message(reader, due_at=timezone.now() + 2 * day)
    sooner = make_message(reader, due_at=timezone.now() + day)

    def addresses(*messages):
        return [message.get_absolute_url() for message in messages]

    assert shown(client) == addresses(sooner, later)
    assert shown(client, "show=sent") == addresses(sent[1], sent[0])
    assert shown(client, "show=all") == addresses(later, sooner, sent[1], sent[0])


def test_letters_that_wait_for_us_are_counted_on_their_tab(client, lena, settings):
    message = make_message(make_reader(None))
    deliver(settings)

    content = client.get(reverse("outbox:messages")).content.decode()

    assert 'Waiting for us <span class="num">1</span>' in content
    assert shown(client, "show=ours") == shown(client, "show=not-sent")
    assert shown(client, "show=ours") == [message.get_absolute_url()]
    assert shown(client, "show=sent") == []


def test_held_letters_are_found(client, lena):
    held, _ = make_message(), make_message(make_reader("b@example.org"))
    operations.hold_message(held, by=lena, reason="Wait.")

    assert shown(client, "state=held") == [held.get_absolute_url()]
    content = client.get(f"{reverse('outbox:messages')}?state=held").content.decode()
    assert "Held: Wait." in content


def test_letter_says_what_it_is_about_by_name_and_when_in_words(client, lena):
    lead = make_message(subject_kind="thing", subject_id=7, lead="1d")
    how = Naming(
        named=lambda viewer, pks: {7: Name("Calling home, Tue 24 Nov", "/things/7/")},
        matching=lambda viewer, words: Message.objects.none(),
    )
    names.register("thing", how)

    for url in (reverse("outbox:messages"), lead.get_absolute_url()):
        content = client.get(url).content.decode()
        assert '<a href="/things/7/">Calling home, Tue 24 Nov</a>' in content
        assert "1 day before" in content


def test_letter_leads_back_to_the_list_as_it_was(client, lena):
    message = make_message()
    query = "?q=okafor&state=planned"
    (entry,) = client.get(f"{reverse('outbox:messages')}{query}").context["entries"]

    assert entry.url == f"{message.get_absolute_url()}{query}"
    back = reverse("outbox:messages") + query.replace("&", "&amp;")
    assert back in client.get(entry.url).content.decode()
    hold = f"{reverse('outbox:message_hold', args=[message.pk])}{query}"
    assert client.post(hold, {"reason": "Wait."}).url == entry.url


def test_what_is_filtered_is_in_the_file(client, lena):
    make_message(lead="2h")
    make_message(make_reader("b@example.org", full_name="Ben Price"))

    file = client.get(reverse("outbox:messages_export") + "?q=okafor")

    header, *rows = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert header.startswith("Letter,To,About,Reminder,Leaves,State")
    assert len(rows) == 1
    assert "Ada Okafor" in rows[0]
    assert "2 hours before" in rows[0]
    assert ",Planned," in rows[0]


def test_long_list_is_counted_only_as_far_as_its_pages_go(client, lena, monkeypatch):
    monkeypatch.setattr(listing, "LAST_PAGE", 2)
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    reader = make_reader()
    for number in range(8):
        make_message(reader, lead=str(number))

    content = client.get(reverse("outbox:messages") + "?page=9").content.decode()

    assert "Page 2 of 2, more than 6 letters" in content


def test_more_letters_take_no_more_queries(client, lena):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("outbox:messages"))
        return len(captured)

    make_message()
    queries()
    for_one = queries()
    for number in range(10):
        make_message(make_reader(f"p{number}@example.org"))

    assert queries() == for_one <= 12


def test_letter_is_shown_as_text_without_the_keys_of_its_links(client, lena, settings):
    make_kind(
        render=lambda m: Letter(
            "S", "Go: https://x.example/r/abcDEF123456:abcdefghijk/\n", "<p></p>"
        )
    )
    message = make_message()
    deliver(settings)

    content = page(client, message).content.decode()

    assert "https://x.example/r/…/" in content
    assert "abcDEF" not in content


def test_letter_that_waits_is_shown_as_it_would_be_written_now(client, lena):
    make_kind_with_link()
    message = make_message(kind=INVITATION)

    content = page(client, message).content.decode()

    assert "Written now, it would say" in content
    assert "https://x.example/r/…/" in content
    assert "abcDEF" not in content
    message.refresh_from_db()
    assert message.frozen is None


def test_sent_letter_with_a_link_shows_when_and_to_whom_and_why_no_words(client, lena, settings):
    make_kind_with_link()
    message = make_message(kind=INVITATION)
    deliver(settings)

    content = page(client, message).content.decode()

    assert "its words are erased once it has been sent" in content
    assert "Ada Okafor" in content
    assert "<dt>Sent</dt>" in content
    assert "x.example" not in content


def test_letter_that_cannot_be_written_now_still_has_its_page(client, lena):
    def broken(message):
        raise KeyError("Ada")

    make_kind(render=broken)

    response = page(client, make_message())

    assert response.status_code == 200
    assert "It is written when it leaves" in response.content.decode()


def test_letter_whose_key_is_gone_still_has_its_page(client, lena, settings):
    make_kind_with_link()
    message = make_message(kind=INVITATION)
    Message.objects.update(frozen=b"\x01sealed under a key that is gone")

    assert page(client, message).status_code == 200


def test_code_is_on_no_page(client, lena, settings):
    make_kind(CODE, secret=True, render=lambda m: Letter("Code", m.secret["code"], ""))
    message = make_message(kind=CODE, secret={"code": "417-209"})
    assert b"417-209" not in page(client, message).content
    deliver(settings)

    assert b"417-209" not in page(client, message).content


def test_letter_that_was_given_up_is_tried_again_by_hand(client, lena, settings):
    reader = make_reader(None)
    message = make_message(reader)
    deliver(settings)
    reader.email = "ada@example.org"
    reader.save(update_fields=["email"])
    assert "Try again" in page(client, message).content.decode()

    client.post(reverse("outbox:message_retry", args=[message.pk]))

    assert len(deliver(settings)) == 1
    assert message.tries.get(outcome="decided").by == lena


def test_planned_letter_is_cancelled_by_hand(client, lena, settings):
    message = make_message()

    url = reverse("outbox:message_cancel", args=[message.pk])
    assert "Say why" in client.post(url, {"reason": " "}).content.decode()
    client.post(url, {"reason": "Ada has been told by phone."})

    assert deliver(settings) == []
    message.refresh_from_db()
    assert (message.state, message.cancelled_by) == ("cancelled", lena)
    assert message.tries.get().words == "Cancelled: Ada has been told by phone."
    assert "Lena Hart" in page(client, message).content.decode()


def test_sent_letter_cannot_be_cancelled_and_the_page_says_so(client, lena, settings):
    message = make_message()
    deliver(settings)

    url = reverse("outbox:message_cancel", args=[message.pk])
    response = client.post(url, {"reason": "Too long."})

    assert "Too long." in response.content.decode()
    assert "cannot be cancelled now" in response.content.decode()


def test_letter_that_is_too_late_is_not_tried_again(client, lena, settings):
    message = make_message(make_reader(None))
    deliver(settings)
    Message.objects.update(due_at=Now(), not_after=Now())

    response = client.post(reverse("outbox:message_retry", args=[message.pk]), follow=True)

    assert "too late" in response.content.decode()


def test_staff_who_may_only_read_see_letters_and_decide_nothing(client):
    rita = make_reader("rita@example.org", is_staff=True)
    rita.groups.add(Group.objects.get(name="Read only"))
    sign_in(client, rita)
    message = make_message()

    assert "Cancel it" not in page(client, message).content.decode()
    answer = client.post(reverse("outbox:message_cancel", args=[message.pk]))
    assert answer.status_code == 403


def test_nobody_else_learns_that_a_letter_exists(client):
    message = make_message()
    client.force_login(make_reader("olive@example.org"))

    assert page(client, message).status_code == 404
    assert client.get(reverse("outbox:messages")).status_code == 403


def test_letters_are_found_in_the_admin(client, settings):
    boss = make_reader("boss@example.org", is_staff=True, is_superuser=True)
    sign_in(client, boss)
    message = make_message()

    for name in ("message_changelist", "attempt_changelist", "leadpolicy_changelist"):
        assert client.get(reverse(f"admin:outbox_{name}")).status_code == 200
    change = client.get(reverse("admin:outbox_message_change", args=[message.pk]))
    assert change.status_code == 200


def test_what_a_letter_says_is_in_no_file_and_on_no_page_of_the_admin(client):
    sign_in(client, make_reader("boss@example.org", is_staff=True, is_superuser=True))
    message = make_message()
    Message.objects.filter(pk=message.pk).update(frozen=b"Words for Ada alone")

    file = client.post(
        reverse("admin:outbox_message_changelist"),
        {"action": "export_chosen", "_selected_action": [message.pk]},
    )
    shown = b"".join(file.streaming_content)
    shown += client.get(reverse("admin:outbox_message_change", args=[message.pk])).content
    shown += client.get(reverse("admin:outbox_message_changelist")).content

    assert b"Ada Okafor" in shown
    assert b"for Ada alone" not in shown
