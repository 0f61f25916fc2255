"""An offer: both sides are asked, answer here or from the letter, and it is agreed once both said yes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.tests.factories import make_participation, make_person
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import deliver
from placements.models import Acceptance, Opening, Placement
from placements.offers import DECIDED, OFFERED, Addressee, token
from placements.operations import answers, placements
from placements.operations.placing import propose
from placements.tests.factories import make_contact, make_opening

pytestmark = pytest.mark.django_db
State = Placement.State


@pytest.fixture
def offered(lena) -> Placement:
    """Ada is offered the one place of an opening; the school has no lead yet."""
    opening = make_opening()
    opening.cohort.coordinator = lena
    opening.cohort.save()
    ada = make_participation(make_person("Ada Fenwick", email="ada@example.org"), opening.cohort)
    return propose(opening, ada, by=lena)


def links_in(letters) -> dict[str, str]:
    """By whom a letter is to, the path of its yes."""
    found = {}
    for letter in letters:
        text = letter.get_body(("plain",)).get_content()
        paths = [line.strip() for line in text.splitlines() if line.strip().endswith("?answer=yes")]
        if paths:
            found[letter["To"]] = paths[0].partition("8000")[2] or paths[0]
    return found


def test_both_say_yes_from_their_letters_and_nobody_signs_in(offered, lena, client, settings):
    school = offered.school
    make_contact(school, name="Marcus Bell", email="marcus@example.org")
    make_contact(
        school, name="Past Head", email="past@example.org", role="head", ends_on="2020-01-01"
    )
    placements.offer(offered, by=lena)

    paths = links_in(deliver(settings))
    [ada] = [path for to, path in paths.items() if "ada@" in to]
    [marcus] = [path for to, path in paths.items() if "marcus@" in to]
    assert len(paths) == 2

    for path in (ada, marcus):
        assert "you have not answered" in client.get(path).content.decode()
        assert client.head(path).status_code == 200
    assert not offered.acceptances.exists()

    client.post(ada, {"answer": "yes", "asking": 1})
    offered.refresh_from_db()
    assert offered.state == State.OFFERED
    again = client.post(ada, {"answer": "yes", "asking": 1}, follow=True).content.decode()
    assert "Ada, you said yes" in again
    assert "The school has said yes" not in again

    client.post(marcus, {"answer": "yes", "asking": 1})
    offered.refresh_from_db()
    assert offered.state == State.ACCEPTED
    assert (
        "It is agreed"
        in client.post(marcus, {"answer": "no", "asking": 1}, follow=True).content.decode()
    )
    said = offered.acceptances.values_list("side", "via", "contact__name")
    assert list(said) == [("leader", "letter", None), ("school", "letter", "Marcus Bell")]
    assert offered.checks.count() == 8
    assert Opening.objects.get(pk=offered.opening_id).state == Opening.State.FILLED
    assert Message.objects.filter(kind=DECIDED, lead="accepted").count() == 2


def test_a_no_of_the_school_is_kept_as_its_own_and_ends_the_offer(offered, lena, client):
    marcus = make_person("Marcus Bell", email="marcus@example.org")
    lead = make_contact(offered.school, marcus)
    placements.offer(offered, by=lena)
    client.force_login(marcus)
    url = reverse("placements:placement_answer", args=[offered.pk])

    assert "Choose yes or no" in client.post(url, follow=True).content.decode()
    assert client.post(url, {"answer": "no", "asking": 1}).url == reverse("home:home")

    change = offered.changes.latest("pk")
    assert (change.state, change.reason, change.by) == (State.DECLINED, "school", marcus)
    gone = client.get(
        reverse("placements:letter_answer", args=[token(offered, Addressee("leader"))])
    )
    assert "no longer offered" in gone.content.decode()

    lead.ends_on = timezone.localdate() - timedelta(days=1)
    lead.save()
    path = reverse(
        "placements:letter_answer", args=[token(offered, Addressee("school", None, lead))]
    )
    answer = client.get(path)
    assert answer.status_code == 410
    assert "no longer decides" in answer.content.decode()


def test_where_the_school_has_no_lead_the_coordinator_is_written_to(offered, lena, settings):
    placements.offer(offered, by=lena)

    told = {one.person: one.lead for one in Message.objects.filter(kind=OFFERED)}
    assert told == {offered.participation.person: "leader", lena: "programme"}
    [letter] = [one for one in deliver(settings) if "Lena" in one["To"]]
    text = " ".join(letter.get_body(("plain",)).get_content().split())
    assert "Nobody who decides at the school can be written to" in text
    assert "answer=yes" not in text


def test_staff_write_down_what_one_side_told_them(offered, lena, client):
    placements.offer(offered, by=lena)
    client.force_login(lena)
    url = reverse("placements:placement_accept", args=[offered.pk])
    client.post(url, {"side": "leader"})
    page = client.get(offered.get_absolute_url()).content.decode()

    assert "Yes, told to the programme" in page
    assert "The school said yes" in page
    assert "The leader said yes" not in page
    answers.say_yes(offered, Acceptance.Side.SCHOOL, by=lena)
    offered.refresh_from_db()
    assert offered.state == State.ACCEPTED


def test_whoever_answers_too_late_for_the_last_place_is_told(offered, lena):
    opening = Opening.objects.get(pk=offered.opening_id)
    other = propose(opening, make_participation(cohort=opening.cohort), by=lena)
    for one in (offered, other):
        placements.offer(one, by=lena)
    answers.accept(offered, by=lena)

    with pytest.raises(Exception, match="has just been taken"):
        answers.say_yes(other, Acceptance.Side.LEADER)
    assert not other.acceptances.exists()
