"""What follows once somebody has looked at a certificate: a letter, news, and in the end its file goes."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from cohorts.tests.factories import make_participation, make_person, make_staff
from dlp.calendar import months_later
from dlp.home.tests.looking import look, seen
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import deliver
from dlp.words import plain_day
from placements.operations.safeguarding import appoint
from placements.tests.factories import make_school
from training.attention import lines
from training.models import Booking, Certificate, CertificatePolicy
from training.operations import certificates as operations
from training.operations import registers
from training.operations.issuing import issue
from training.safeguarding import rules_known, trainings
from training.tasks import erase_files_left_behind
from training.tests.factories import make_booking, make_certificate, make_past

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_any_hour(settings):
    settings.QUIET_HOURS = False


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ada():
    return make_participation(make_person("Ada Fenwick", email="ada@example.org")).person


def said_to(person, letters):
    """Subject and text of what was sent to somebody, the oldest first."""
    return [
        (one["Subject"], " ".join(one.get_body(("plain",)).get_content().split()))
        for one in letters
        if person.email in str(one["To"])
    ]


def test_whose_it_is_reads_that_it_was_accepted_or_why_not(client, ada, lena, settings, today):
    seen(client, ada)
    good = make_certificate(ada, today)
    bad = make_certificate(ada, today - DAY, title="Level 3")

    operations.accept(good, by=lena)
    operations.accept(good, by=lena)
    operations.reject(bad, reason="The second page is missing.", by=lena)

    accepted, rejected = said_to(ada, deliver(settings))
    assert accepted[0] == "Your certificate: Designated safeguarding lead"
    assert f"your training counts until {plain_day(months_later(today, 24))}" in accepted[1]
    assert "Your certificate does not count yet" in rejected[1]
    assert "The second page is missing. Hand it in anew once you have put that right" in rejected[1]
    news = look(client, ada)
    assert "Your certificate is accepted: Designated safeguarding lead" in news
    assert "Your certificate does not count: Level 3" in news
    page = client.get(bad.get_absolute_url()).content.decode()
    assert "Hand in another" in page


def test_whoever_came_reads_that_their_certificate_is_issued_or_taken_back(
    ada, lena, settings, today
):
    session = make_past(title="DSL training", kind="dsl_training")
    booking = make_booking(session, ada, attendance="present")
    registers.close_register(session, by=lena)
    issue(session, by=lena)
    issue(session, by=lena)
    ((subject, text),) = said_to(ada, deliver(settings))
    assert subject == "Your certificate: DSL training"
    assert "Your certificate is here" in text
    until = plain_day(months_later(session.ends_on, 24))
    assert f"We have issued it: your training counts until {until}" in text

    Booking.objects.filter(pk=booking.pk).update(attendance="absent")
    issue(session, by=lena)
    ((_, text),) = said_to(ada, deliver(settings))
    assert "The register does not say any more that you came. Answer this letter" in text


def test_a_letter_that_is_no_longer_true_does_not_go(ada, lena, settings, today):
    certificate = make_certificate(ada, today)
    operations.accept(certificate, by=lena)
    operations.reject(certificate, reason="It is of another person.", by=lena)

    (told,) = said_to(ada, deliver(settings))

    assert "It is of another person." in told[1]


def test_a_renewal_halfway_ends_the_letters_about_the_old_one(ada, lena, settings, today):
    old = make_certificate(ada, months_later(today + 20 * DAY, -24), by=lena, title="Old")
    operations.settle_anew([ada.pk])
    due = Message.objects.filter(kind="training.certificate_due", state="planned")
    assert {one.lead for one in due} >= {"7d", "0d", "late1", "late4"}
    deliver(settings)

    new = operations.accept(make_certificate(ada, today, title="New"), by=lena)

    assert {one.subject_id for one in due.all()} == {new.pk}
    assert {one.lead for one in due.all()} == {
        "90d", "30d", "7d", "0d", "late1", "late2", "late3", "late4",
    }  # fmt: skip
    assert [subject for subject, _ in said_to(ada, deliver(settings))] == ["Your certificate: New"]
    old.refresh_from_db()
    assert old.state == "superseded"


def kept(name):
    return default_storage.save(f"certificates/{name}", ContentFile(b"%PDF-1.7 a scan"))


def test_a_file_goes_a_year_after_it_proves_nothing_and_what_it_says_stays(
    client, ada, lena, today, django_capture_on_commit_callbacks
):
    now = timezone.now()
    at = {"reviewed_at": now - 400 * DAY, "submitted_at": now - 401 * DAY, "by": lena}
    old = make_certificate(ada, today - 700 * DAY, title="Old", evidence=kept("old.pdf"), **at)
    new = make_certificate(ada, today - 400 * DAY, title="New", evidence=kept("new.pdf"), **at)
    fresh = make_certificate(
        ada, today, title="No", evidence=kept("no.pdf"), by=lena, state="rejected", note="Not it."
    )
    operations.settle_anew([ada.pk])

    with django_capture_on_commit_callbacks(execute=True):
        assert erase_files_left_behind() == 0
    Certificate.objects.filter(pk=old.pk).update(superseded_at=now - 366 * DAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_files_left_behind() == 1
        assert erase_files_left_behind() == 0

    old.refresh_from_db()
    assert not default_storage.exists("certificates/old.pdf")
    assert default_storage.exists(new.evidence.name)
    assert default_storage.exists(fresh.evidence.name)
    assert (old.state, old.provider, old.evidence.name) == (
        "superseded",
        "Harbour Safeguarding",
        "",
    )
    assert old.evidence_hash, "the same scan is noticed still"
    client.force_login(lena, second_factor_shown=True)
    page = client.get(old.get_absolute_url()).content.decode()
    assert "erased on" in page
    assert client.get(reverse("training:certificate_file", args=[old.pk])).status_code == 404
    told = client.get(reverse("home:timeline", args=[ada.pk])).content.decode()
    assert "The file of Old was erased" in told


def test_the_rules_say_for_how_long_one_in_review_counts(ada, lena, today):
    CertificatePolicy.objects.create(
        valid_from=today - DAY, review_days=5, notice_days=[30, 0], source_note="The board."
    )
    appoint(ada, make_school(), role="deputy", starts_on=today, by=lena)
    certificate = make_certificate(ada, today)

    def desk(later):
        with time_machine.travel(timezone.now() + later * DAY):
            return [one for one in lines(lena, timezone.localdate()) if one.area == "Safeguarding"]

    (waits,) = desk(5)
    assert waits.sign == "due"
    assert f"It counts until {plain_day(today + 5 * DAY)} meanwhile." in waits.detail
    assert trainings([ada.pk], today + 5 * DAY, rules_known())[ada.pk].counts
    late, untrained = sorted(desk(6), key=lambda one: one.title)
    assert late.sign == untrained.sign == "bad"
    assert "and counts no more until somebody looks" in late.detail
    assert untrained.title == "Not trained: Ada Fenwick"
    assert not trainings([ada.pk], today + 6 * DAY, rules_known())[ada.pk].counts
    operations.accept(certificate, by=lena)
    assert not desk(6)


def test_a_rule_that_changes_is_one_row_and_letters_and_pages_follow(client, ada, lena, today):
    operations.accept(make_certificate(ada, months_later(today, -10)), by=lena)
    due = Message.objects.filter(kind="training.certificate_due", state="planned")
    assert due.filter(lead="90d").exists()
    client.force_login(lena, second_factor_shown=True)

    client.post(
        reverse("admin:training_certificatepolicy_add"),
        {
            "valid_from": str(today), "refresh_months": 12, "update_months": 12,
            "notice_days": "30,7,0", "weekly_count": 2, "review_days": 14, "prevent_months": 24,
            "source_note": "KCSIE 2027, paragraph 1.",
        },
    )  # fmt: skip

    assert trainings([ada.pk], today, rules_known())[ada.pk].until == months_later(
        months_later(today, -10), 12
    )
    assert {one.lead for one in due.all()} == {"30d", "7d", "0d", "late1", "late2"}
    page = client.get(reverse("training:safeguarding", args=[ada.pk])).content.decode()
    assert f"Current until {plain_day(months_later(months_later(today, -10), 12))}" in page


# Prevent, and a certificate that says how long it counts


def test_prevent_stands_apart_and_its_refresh_is_recommended_only(client, ada, lena, today):
    client.force_login(ada)
    said = {
        "title": "Prevent duty", "provider": "Home Office", "kind": "prevent", "mode": "elearning",
        "hours": "1", "completed_on": str(months_later(today, -25)),
    }  # fmt: skip
    with_file = {**said, "evidence": ContentFile(b"%PDF-1.7 scan", name="prevent.pdf")}
    client.post(reverse("training:certificate_add", args=[ada.pk]), with_file)
    dsl = make_certificate(ada, months_later(today, -26), by=lena)

    prevent = operations.accept(ada.certificates.get(kind="prevent"), by=lena)

    dsl.refresh_from_db()
    assert (prevent.state, dsl.state) == ("accepted", "accepted")
    stands = trainings([ada.pk], today, rules_known())[ada.pk]
    assert (stands.certificate.pk, stands.standing) == (dsl.pk, "refresh_overdue")
    assert not Certificate.objects.current_on(today).exists()
    assert not Message.objects.filter(kind="training.certificate_due", subject_id=prevent.pk)
    pages = [
        " ".join(client.get(page).content.decode().split())
        for page in (
            reverse("training:safeguarding", args=[ada.pk]),
            reverse("training:my_learning"),
        )
    ]
    for page in pages:
        since = plain_day(months_later(months_later(today, -25), 24))
        assert f"A refresh has been recommended since {since}. It is not statutory." in page
    again = make_certificate(ada, today, kind="prevent", title="Prevent again")
    operations.accept(again, by=make_staff("Nadia Cole"))
    prevent.refresh_from_db()
    assert prevent.state == "superseded"


def test_what_a_certificate_says_can_only_shorten_how_long_it_counts(client, ada, lena, today):
    client.force_login(ada)
    said = {
        "title": "DSL", "provider": "Harbour Council", "kind": "initial", "mode": "in_person",
        "hours": "6", "completed_on": str(today),
    }  # fmt: skip
    add = reverse("training:certificate_add", args=[ada.pk])

    wrong = client.post(add, {**said, "says_until": str(today - DAY)}).content.decode()

    assert "Choose a day after the one on which it was completed." in wrong
    assert not ada.certificates.exists()
    shorter = make_certificate(ada, today, says_until=months_later(today, 12), by=lena)
    make_certificate(
        lena,
        months_later(today, -1),
        says_until=months_later(today, 60),
        by=make_staff("Nadia Cole"),
    )
    stand = trainings([ada.pk, lena.pk], today, rules_known())
    assert stand[ada.pk].until == months_later(today, 12)
    assert stand[lena.pk].until == months_later(months_later(today, -1), 24)
    counted = Certificate.objects.filter(pk=shorter.pk)
    assert counted.current_on(months_later(today, 12)).exists()
    assert not counted.current_on(months_later(today, 12) + DAY).exists()
