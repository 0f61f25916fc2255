"""Letters that people switch off: what then stays away, what still comes, and who may switch."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dlp.errors import Refused
from dlp.outbox import kinds, muting
from dlp.outbox.kinds import Letter, Topic
from dlp.outbox.models import MutedTopic
from dlp.outbox.tests.factories import NOTE, deliver, make_kind, make_message, make_reader
from dlp.outbox.writing import rendering

pytestmark = pytest.mark.django_db

NEWS = Topic("news", "News of the programme")
FOR_BO = Topic("bo", "For Bo alone", lambda person: person.email == "bo@example.org")
NEWS_LETTER = "test.news"


@pytest.fixture(autouse=True)
def news():
    return make_kind(NEWS_LETTER, topic=NEWS, holds_link=True, render=_news)


@pytest.fixture
def bo_alone():
    """Bo, whom a topic of letters concerns and nobody else."""
    make_kind("test.bo", topic=FOR_BO, holds_link=True, render=_news)
    return make_reader("bo@example.org")


def _news(message):
    link = muting.stop_link(message)
    return Letter("News", f"Off: {link}\n", f'<a href="{link}">Off</a>', stop_link=link)


@pytest.fixture
def ada():
    return make_reader()


def link_in(found) -> str:
    return str(found["List-Unsubscribe"]).strip("<>")


def path_in(found) -> str:
    return "/" + link_in(found).split("/", 3)[3]


def test_muted_topic_is_not_sent_and_the_row_says_why(settings, ada):
    muting.mute(ada, NEWS, until=None)
    message = make_message(ada, kind=NEWS_LETTER)

    assert deliver(settings) == []

    message.refresh_from_db()
    assert message.state == "suppressed"
    assert message.state_reason == "They switched this off: News of the programme."
    assert message.data_started_at is None


def test_somebody_else_still_gets_it_and_so_does_what_people_must_know(settings, ada):
    muting.mute(ada, NEWS, until=None)
    make_message(make_reader("bo@example.org"), kind=NEWS_LETTER)
    make_message(ada, kind=NOTE)

    assert sorted(found["To"].addresses[0].username for found in deliver(settings)) == ["ada", "bo"]


@pytest.mark.parametrize(("days", "arrives"), [(-1, 1), (0, 0), (1, 0)])
def test_mute_holds_up_to_and_including_its_last_day(settings, ada, days, arrives):
    MutedTopic.objects.create(
        person=ada, topic=NEWS.name, until=timezone.localdate() + timedelta(days=days)
    )
    make_message(ada, kind=NEWS_LETTER)

    assert len(deliver(settings)) == arrives


def test_what_is_switched_on_again_is_sent_again(settings, ada):
    muting.mute(ada, NEWS, until=None)
    muting.unmute(ada, NEWS)
    make_message(ada, kind=NEWS_LETTER)

    assert len(deliver(settings)) == 1


def test_letter_that_can_be_muted_offers_one_click_to_the_mail_program(settings, ada):
    make_message(ada, kind=NEWS_LETTER)
    make_message(ada, kind=NOTE)

    sent = {str(found["Subject"]): found for found in deliver(settings)}

    assert sent["News"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link_in(sent["News"]).startswith(f"{settings.BASE_URL}/letters/stop/")
    assert sent["A note"]["List-Unsubscribe"] is None


def test_mail_programs_that_decode_no_headers_find_the_link_whole(settings, ada):
    """Gmail takes only a bare link between angle brackets on one line (RFC 8058)."""
    message = make_message(ada, kind=NEWS_LETTER)
    settings.BASE_URL = "https://" + "a" * 90 + ".example.org"
    letter = _news(message)

    content = rendering.to_bytes(message, letter, address="ada@example.org", at=timezone.now())

    assert f"\r\nList-Unsubscribe: <{letter.stop_link}>\r\n".encode() in content


def test_one_click_of_a_mail_service_needs_no_cookie_and_gets_no_redirect(settings, ada):
    make_message(ada, kind=NEWS_LETTER)
    path = path_in(deliver(settings)[0])

    answer = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert MutedTopic.objects.get().until is None


def test_following_the_link_changes_nothing_until_the_button_is_pressed(client, settings, ada):
    make_message(ada, kind=NEWS_LETTER)
    path = path_in(deliver(settings)[0])

    page = client.get(path).content.decode()

    assert "nothing happens until you press the button" in page
    assert not MutedTopic.objects.exists()

    said = client.post(path, {"until": "2099-01-01"}).content.decode()
    assert "Choose a day within a year" in said
    assert not MutedTopic.objects.exists()

    client.post(path)
    assert MutedTopic.objects.filter(person=ada, until=None).exists()
    client.post(path, {"again": "yes"})
    assert not MutedTopic.objects.exists()


def test_link_of_somebody_who_left_stops_nothing(client, ada):
    path = "/" + muting.stop_link_of(ada, NEWS).split("/", 3)[3]
    ada.is_active = False
    ada.save(update_fields=["is_active"])

    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert not MutedTopic.objects.exists()


def test_people_switch_their_own_letters_off_for_a_while_and_on_again(client, ada):
    client.force_login(ada)
    until = timezone.localdate() + timedelta(days=14)

    page = client.post(reverse("outbox:mute", args=["news"]), {"news-until": until}, follow=True)

    assert "Switched off: News of the programme." in page.content.decode()
    assert MutedTopic.objects.get().until == until
    client.post(reverse("outbox:unmute", args=["news"]))
    assert not MutedTopic.objects.exists()


def test_day_that_cannot_be_is_refused_at_the_field_and_kept(client, ada):
    client.force_login(ada)

    page = client.post(reverse("outbox:mute", args=["news"]), {"news-until": "soon"})
    assert "Give the day as a date, such as 3 January 2027." in page.content.decode()

    yesterday = timezone.localdate() - timedelta(days=1)
    page = client.post(reverse("outbox:mute", args=["news"]), {"news-until": str(yesterday)})
    assert "This day is over. Choose one that is still to come." in page.content.decode()
    assert f'value="{yesterday}"' in page.content.decode()


def test_people_are_offered_only_letters_that_concern_them(client, ada, bo_alone):
    for person, is_offered in ((ada, False), (bo_alone, True)):
        client.force_login(person)
        page = client.get(reverse("outbox:my_letters")).content.decode()
        assert ("For Bo alone" in page) is is_offered


def test_what_somebody_switched_off_stays_there_to_be_switched_on(client, ada, bo_alone):
    muting.mute(ada, FOR_BO, until=None)
    client.force_login(ada)

    assert "For Bo alone" in client.get(reverse("outbox:my_letters")).content.decode()


def test_topic_that_nobody_named_is_not_there(client, ada):
    client.force_login(ada)

    assert client.post(reverse("outbox:mute", args=["codes"])).status_code == 404


def test_muting_twice_keeps_one_row_and_its_history(ada):
    muting.mute(ada, NEWS, until=timezone.localdate())
    muting.mute(ada, NEWS, until=None)
    muting.mute(ada, NEWS, until=None)

    assert MutedTopic.objects.get().until is None
    assert MutedTopic.objects.get().events.count() == 2


def test_mute_further_off_than_a_year_is_refused(ada):
    with pytest.raises(Refused, match="within a year"):
        muting.mute(ada, NEWS, until=timezone.localdate() + timedelta(days=400))


@pytest.mark.parametrize("priority", sorted(kinds.MUST_KNOW))
def test_kind_that_people_must_know_has_no_topic(priority):
    with pytest.raises(ValueError, match="must know"):
        make_kind("test.must", topic=NEWS, holds_link=True, priority=priority)


def test_kind_with_a_topic_seals_the_link_that_stops_it():
    with pytest.raises(ValueError, match="holds the link"):
        make_kind("test.open", topic=NEWS)
