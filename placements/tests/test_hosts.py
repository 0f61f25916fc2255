"""What hosts tell, the paper that was signed, and the calls that follow when a lead leaves."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.tests.factories import make_participation, make_person
from dlp.attention import lines_for
from dlp.audit.models import AccessRecord
from dlp.drill.relay import ChaosRelay
from dlp.errors import Refused
from dlp.outbox.delivery import sending
from dlp.outbox.delivery.relays import SmtpRelay, Timeouts, smtp_address
from dlp.outbox.operations import enqueue
from placements.models import Clash, Handover, School, SchoolProfile
from placements.operations import partnerships
from placements.operations.clashes import answer_clash, tell_clash
from placements.operations.handovers import welcome
from placements.operations.profiles import write_profile
from placements.operations.schools import end_contact, note_bounce, say_letters
from placements.tests.factories import (
    make_contact,
    make_partnership,
    make_placement,
    make_school,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def arts(marcus) -> School:
    return School.objects.get(contacts__person=marcus)


def titles(person: Person) -> list[str]:
    return [line.title for line in lines_for(person, timezone.localdate())]


def test_a_lead_tells_what_a_leader_has_to_know_and_says_that_it_is_still_true(
    client, lena, marcus, olive, arts, time_machine
):
    make_placement(make_participation(), arts)
    client.force_login(marcus)
    address = reverse("placements:profile_edit", args=[arts.pk])
    told = {"arrive_at": "08:15", "keys": "Ask for the code, C1234Y", "parking": "None"}

    refused = client.post(address, told).content.decode()
    assert "“1234” looks like a code" in refused
    assert "C1234Y" in refused
    client.post(address, {**told, "keys": "Channel 3; the office on 020 7946 0000 lends a fob."})

    profile = SchoolProfile.objects.get(school=arts)
    assert (profile.arrive_at, profile.confirmed_by) == (time(8, 15), marcus)
    assert "Is what we know" not in " ".join(titles(lena))
    time_machine.move_to(timezone.now() + timedelta(days=183), tick=False)
    client.force_login(marcus)
    assert f"Is what we know of {arts} still true?" in client.get("/").content.decode()
    assert f"Is what we know of {arts} still true?" in titles(lena)
    client.post(reverse("placements:profile_confirm", args=[arts.pk]))
    profile.refresh_from_db()
    assert profile.confirmed_on == timezone.localdate()
    assert f"Is what we know of {arts} still true?" not in titles(lena)
    client.force_login(olive)
    assert client.post(address, told).status_code == 404


def test_nothing_is_no_profile(marcus, arts):
    with pytest.raises(Refused, match="at least one"):
        write_profile(arts, values={"parking": ""}, by=marcus)


def test_the_signed_paper_is_a_pdf_that_the_schools_leads_and_staff_download(
    client, lena, marcus, percy, arts
):
    partnership = make_partnership(arts)
    address = reverse("placements:agreement_edit", args=[partnership.pk])
    client.force_login(lena)
    word = SimpleUploadedFile("agreement.pdf", b"PK\x03\x04 no pdf")

    refused = client.post(address, {"file": word, "notes": "Two release days."}).content.decode()
    assert "This file is no PDF, whatever its name says." in refused
    assert "Two release days." in refused
    for text in (b"%PDF-1.7 first", b"%PDF-1.7 second"):
        client.post(address, {"file": SimpleUploadedFile("Signed.pdf", text), "notes": "x"})

    download = reverse("placements:agreement", args=[partnership.pk])
    make_placement(percy.participations.get(), arts)
    for person, code in ((lena, 200), (marcus, 200), (percy, 404)):
        client.force_login(person)
        answer = client.get(download)
        assert answer.status_code == code
        if code == 200:
            assert b"".join(answer.streaming_content) == b"%PDF-1.7 second"
            assert answer["Content-Disposition"].startswith("attachment")
    read = AccessRecord.objects.filter(subject_kind="placements.Partnership")
    assert {one.person for one in read} == {lena, marcus}
    assert partnerships.erase_left_behind() == 0


def test_a_lead_who_leaves_hands_over_until_somebody_has_called(client, lena, marcus, arts):
    make_partnership(arts, notes="Two release days a term.")
    percy = make_placement(make_participation(make_person("Percy Cole")), arts)
    contact = arts.contacts.get(person=marcus)
    office = make_contact(arts, name="Pat Lowe", role="business_manager")

    end_contact(office, ends_on=timezone.localdate())
    end_contact(contact, ends_on=timezone.localdate() - DAY)
    nadia = make_person("Nadia Khan")
    make_contact(arts, nadia)

    handover = Handover.objects.get()
    title = f"Call whoever follows {marcus} at {arts}"
    assert title in titles(lena)
    for person in (lena, nadia):
        client.force_login(person)
        text = client.get(handover.get_absolute_url()).content.decode()
        assert "Nadia Khan follows." in text
        assert "Percy Cole" in text
        assert "Two release days a term." in text
        assert "Percy Cole’s last day" in text
    assert "A handover at" in client.get("/").content.decode()
    client.force_login(lena)
    client.post(reverse("placements:handover_welcome", args=[handover.pk]), {"note": "All well."})
    assert title not in titles(lena)
    with pytest.raises(Refused, match="Lena Hart called on"):
        welcome(handover, by=lena)
    client.force_login(marcus)
    assert client.get(handover.get_absolute_url()).status_code == 404
    assert percy.school == arts


def test_nobody_hands_over_where_nothing_was_agreed():
    contact = make_contact(make_school())

    end_contact(contact, ends_on=timezone.localdate())

    assert not Handover.objects.exists()


def test_a_bounced_address_of_a_contact_goes_amber_until_it_is_another(client, lena, settings):
    settings.QUIET_HOURS = False
    contact = make_contact(make_school(), email="Pat@example.org")
    enqueue("signin.notice", address="pat@example.org", recipient=f"contact:{contact.pk}")
    with ChaosRelay() as relay:
        relay.mode = "550 at RCPT"
        timeouts = Timeouts(connect=2, verb=1, answer=1)
        sending.drain(SmtpRelay(smtp_address(relay.url), timeouts))

    contact.refresh_from_db()
    assert contact.letters_bounce
    client.force_login(lena)
    assert "Letters bounce" in client.get(contact.school.get_absolute_url()).content.decode()
    contact.email = "pat@new.example.org"
    assert not contact.letters_bounce
    assert not say_letters(contact, arrive=True).letters_bounce
    note_bounce(None, "PAT@example.org")
    contact.refresh_from_db()
    assert contact.letters_bounce


def test_a_clash_reaches_staff_and_its_answer_the_school(client, lena, marcus, arts):
    make_placement(make_participation(), arts)
    day = timezone.localdate() + 3 * DAY
    clash = tell_clash(arts, day=day, text="Mock exams.", by=marcus)
    with pytest.raises(Refused, match="knows of a clash on this day already"):
        tell_clash(arts, day=day, text="Mocks", by=marcus)
    with pytest.raises(Refused, match="has passed"):
        tell_clash(arts, day=timezone.localdate() - DAY, text="Mocks", by=marcus)

    line = next(line for line in lines_for(lena, timezone.localdate()) if "clash" in line.title)
    assert "Mock exams." in line.detail
    client.force_login(lena)
    client.post(line.url, {"answer": "We move it."})

    assert not any("clash" in title for title in titles(lena))
    client.force_login(marcus)
    assert "Lena Hart: “We move it.”" in client.get(reverse("home:our_dates")).content.decode()
    with pytest.raises(Refused, match="Lena Hart has answered"):
        answer_clash(clash, by=lena)
    assert Clash.objects.get().answered_by == lena
