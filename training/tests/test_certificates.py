"""Certificates: handed in, looked at by somebody else, issued from a register, and what rests on them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cohorts.models import PlanItem
from cohorts.operations import participations
from cohorts.tests.factories import (
    make_participation,
    make_person,
    make_plan_item,
    make_staff,
    make_template,
    make_template_item,
)
from dlp.audit.models import AccessRecord
from dlp.calendar import months_later
from dlp.errors import Refused
from placements.operations.safeguarding import appoint
from placements.tests.factories import make_contact, make_placement, make_school
from training.attention import lines
from training.certificates.standing import Standing
from training.models import Booking, Certificate, GuidanceEdition
from training.operations import certificates as operations
from training.operations.issuing import issue
from training.operations.knowledge import acknowledge
from training.safeguarding import rules_known, trainings
from training.tests.factories import make_booking, make_certificate, make_session

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PDF = b"%PDF-1.7 a scan"


def file(content=PDF, name="dsl.pdf"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ada():
    return make_participation(make_person("Ada Fenwick", email="ada@example.org")).person


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def claim(client, person, **fields):
    said = {
        "title": "Level 3 safeguarding",
        "provider": "Harbour Council",
        "completed_on": str(timezone.localdate()),
        "kind": "initial",
        "mode": "in_person",
        "hours": "12",
        **fields,
    }
    address = reverse("training:certificate_add", args=[person.pk])
    return client.post(address, said, follow=True)


def standing(person, day=None):
    return trainings([person.pk], day or timezone.localdate(), rules_known())[person.pk]


def words_of(response):
    return " ".join(response.content.decode().split())


# Handing in


def test_a_leader_hands_in_a_photo_and_it_counts_in_review_until_somebody_looks(as_ada, ada, lena):
    said = words_of(claim(as_ada, ada, evidence=file(b"\xff\xd8\xff photo", "IMG 01.PNG")))

    certificate = ada.certificates.get()
    assert "In review: it counts until" in said
    assert (certificate.state, certificate.evidence_name) == ("in_review", "IMG 01.jpg")
    assert certificate.edition == GuidanceEdition.objects.in_force_on(timezone.localdate())
    assert standing(ada).review_until == timezone.localdate() + 14 * DAY
    assert standing(ada, timezone.localdate() + 15 * DAY).standing == Standing.NO_RECORD
    assert [line.title for line in lines(lena, timezone.localdate()) if line.area == "Safeguarding"] == [
        "Certificate to look at: Ada Fenwick"
    ]  # fmt: skip


def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(as_ada, ada, today):
    zipped = file(b"PK\x03\x04" + b"0" * 100, "certificate.pdf")

    tomorrow = words_of(claim(as_ada, ada, completed_on=str(today + DAY), evidence=file()))
    no_pdf = words_of(claim(as_ada, ada, evidence=zipped))
    huge = words_of(claim(as_ada, ada, evidence=file(b"PK\x03\x04" + bytes(40 * 2**20))))

    assert "Choose today or an earlier day: it counts once it is done." in tomorrow
    assert "This file is no PDF, JPEG or PNG, whatever its name says." in no_pdf
    assert "The file has 40 MB. Choose one of 10 MB at most." in huge
    for page in (tomorrow, no_pdf, huge):
        assert 'value="Level 3 safeguarding"' in page
    assert not ada.certificates.exists()


def test_training_of_long_ago_is_taken_and_says_that_a_refresh_is_overdue(as_ada, ada, lena, today):
    claim(as_ada, ada, completed_on=str(months_later(today, -30)), evidence=file())

    operations.accept(ada.certificates.get(), by=lena)

    assert standing(ada).standing == Standing.OVERDUE
    page = words_of(as_ada.get(reverse("training:safeguarding", args=[ada.pk])))
    assert "A refresh is overdue: it was due on" in page
    assert "expired" not in page.lower()


def test_a_scan_that_is_handed_in_twice_is_noticed(as_ada, ada, client, lena):
    claim(as_ada, ada, evidence=file())

    again = words_of(claim(as_ada, ada, title="Another", evidence=file(name="other name.pdf")))

    assert "You handed this file in already, for “Level 3 safeguarding” of" in again
    tom = make_person("Tom Reid")
    operations.claim(
        tom,
        operations.Claim(
            kind="initial", title="DSL", provider="X", mode="online", hours=6,
            completed_on=timezone.localdate(),
        ),
        evidence=None,
        by=tom,
    )  # fmt: skip
    Certificate.objects.filter(person=tom).update(
        evidence="certificates/x.pdf",
        evidence_name="x.pdf",
        evidence_hash=ada.certificates.get().evidence_hash,
    )
    client.force_login(lena, second_factor_shown=True)
    seen = words_of(client.get(tom.certificates.get().get_absolute_url()))
    assert "The same file was handed in for" in seen
    assert "Ada Fenwick" in seen


# Looking at it


def test_nobody_reviews_what_is_theirs_or_what_they_handed_in(ada, lena):
    theirs = make_certificate(ada, uploaded_by=lena)

    for by in (ada, lena):
        with pytest.raises(Refused, match="Somebody else must look at it"):
            operations.accept(theirs, by=by)
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.filter(pk=theirs.pk).update(
                state="accepted", reviewed_by=by, reviewed_at=timezone.now()
            )

    accepted = operations.accept(theirs, by=make_staff("Nadia Cole"))
    assert accepted.state == "accepted"


def test_the_later_certificate_stands_and_the_plan_is_told(ada, lena, today):
    template = make_template()
    make_template_item(template, "dsl", requirement="dsl-certificate")
    time = ada.participations.get()
    make_plan_item(time, "dsl-certificate", key="dsl", template=template)
    old = make_certificate(ada, months_later(today, -12))
    new = make_certificate(ada, today)

    operations.accept(old, by=lena)
    assert PlanItem.objects.get(key="dsl").state == "met"
    operations.accept(new, by=lena)
    operations.accept(new, by=lena)

    old.refresh_from_db()
    assert (old.state, standing(ada).certificate.pk) == ("superseded", new.pk)
    operations.reject(new, reason="It is of another course.", by=lena)
    old.refresh_from_db()
    assert (old.state, standing(ada).certificate.pk) == ("accepted", old.pk)
    operations.reject(old, reason="It is of another person.", by=lena)
    assert PlanItem.objects.get(key="dsl").state == "not_started"


def test_a_file_is_handed_out_as_an_attachment_and_that_is_noted(as_ada, ada, client, lena):
    claim(as_ada, ada, evidence=file())
    certificate = ada.certificates.get()
    address = reverse("training:certificate_file", args=[certificate.pk])
    client.force_login(lena, second_factor_shown=True)

    handed_out = client.get(address)

    assert b"".join(handed_out.streaming_content) == PDF
    assert handed_out["Content-Disposition"] == 'attachment; filename="dsl.pdf"'
    noted = AccessRecord.objects.get()
    assert (noted.person, noted.about, noted.subject_id) == (lena, ada, certificate.pk)


# From the register


def test_a_register_gives_everybody_who_came_a_certificate_once(lena):
    session = make_session(
        "DSL training", kind="dsl_training", starts_on=timezone.localdate() - DAY
    )
    came, missed, leads = make_person("Ada Fenwick"), make_person("Tom Reid"), lena
    for person, mark in ((came, "late"), (missed, "absent"), (leads, "present")):
        booking = make_booking(session, person)
        Booking.objects.filter(pk=booking.pk).update(
            attendance=mark, marked_at=timezone.now(), marked_by=lena
        )
    with pytest.raises(Refused, match="Close the register first"):
        issue(session, by=lena)
    session.register_closed_at, session.register_closed_by = timezone.now(), lena
    session.save()

    assert issue(session, by=lena) == (1, 0)
    assert issue(session, by=lena) == (0, 0)

    certificate = came.certificates.get()
    assert not missed.certificates.exists()
    assert not leads.certificates.exists()
    assert (certificate.state, certificate.hours, certificate.reviewed_by) == ("accepted", 2, lena)
    Booking.objects.filter(person=came).update(attendance="absent")
    assert issue(session, by=lena) == (0, 1)
    certificate.refresh_from_db()
    assert certificate.state == "rejected"


# At a school


@pytest.fixture
def school():
    return make_school("Harbour Lane School")


def at(school, name, *, leaves_in=600):
    participation = make_participation(make_person(name, email=f"{name[0]}@example.org"))
    today = timezone.localdate()
    make_placement(
        participation,
        school,
        state="active",
        starts_on=today - 100 * DAY,
        ends_on=today + leaves_in * DAY,
    )
    return participation.person


def test_a_school_sees_that_its_cover_is_thin_and_no_file(client, school, lena, today):
    marcus = make_person("Marcus Bell")
    make_contact(school, marcus)
    for name, leaves_in, months in (("Ada", 600, 1), ("Tom", 30, 2), ("Una", 600, 23)):
        make_certificate(
            at(school, name, leaves_in=leaves_in), months_later(today, -months), by=lena
        )
    deputy = at(school, "Viv")
    appoint(deputy, school, role="deputy", starts_on=today, by=lena)
    client.force_login(marcus)

    said = words_of(client.get(reverse("training:school_safeguarding", args=[school.pk])))
    pack = client.get(reverse("training:inspection_pack_pdf", args=[school.pk]))

    assert "Three trained, earliest due" in said
    assert "one is leaving: thin." in said
    assert "Holds the role without current training" in said
    assert "/certificates/" not in said
    assert AccessRecord.objects.filter(person=marcus, purpose="Inspection pack").count() == 4
    reader = PdfReader(BytesIO(pack.content))
    printed = " ".join(reader.pages[0].extract_text().split())
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    for fact in ("Ada", "Harbour Safeguarding", "Lena Hart", "Deputy designated", "No record"):
        assert fact in printed
    assert printed.count("@") == 1, "the programme’s own address"
    assert [one.title for one in lines(lena, today) if one.area == "Safeguarding"] == [
        "Not trained: Viv"
    ]


# Keeping up, and My learning


def test_updates_make_the_refresh_and_part_one_is_read_once_an_edition(as_ada, ada, today):
    address = reverse("training:update_add", args=[ada.pk])
    edition = GuidanceEdition.objects.in_force_on(today)

    asked = words_of(as_ada.get(reverse("home:home")))
    as_ada.post(address, {"kind": "network", "on": str(today), "minutes": 45})
    read = as_ada.post(reverse("training:acknowledge", args=[edition.pk]), follow=True)
    as_ada.post(reverse("training:acknowledge", args=[edition.pk]))

    page = words_of(read)
    assert "Have you read Part One?" in asked
    assert "Have you read Part One?" not in words_of(as_ada.get(reverse("home:home")))
    assert "45 minutes logged in 1 update." in page
    assert f"You have read Part One of {edition}" in page
    assert ada.acknowledgements.count() == 1
    GuidanceEdition.objects.create(name="KCSIE next", in_force_on=today)
    again = words_of(as_ada.get(reverse("training:safeguarding", args=[ada.pk])))
    assert "I have read Part One" in again


def learn(person, lena):
    session = make_session("Reading together", starts_on=timezone.localdate() - DAY)
    booking = make_booking(session, person)
    Booking.objects.filter(pk=booking.pk).update(
        attendance="present", marked_at=timezone.now(), marked_by=lena
    )
    make_certificate(person, by=lena)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_my_learning_says_what_counts_and_who_wrote_it_down(as_ada, ada, lena):
    learn(ada, lena)
    pages = [
        reverse("training:my_learning"),
        reverse("training:safeguarding", args=[ada.pk]),
    ]
    said = [words_of(as_ada.get(page)) for page in pages]
    before = [queries_of(as_ada, page) for page in pages]
    for _ in range(3):
        learn(ada, lena)

    assert [queries_of(as_ada, page) for page in pages] == before
    assert max(before) <= 12
    assert "Reading together" in said[0]
    assert "Lena Hart" in said[0]


def test_a_deferral_does_not_move_the_truth(ada, lena, today):
    operations.accept(make_certificate(ada, months_later(today, -23)), by=lena)
    until = standing(ada).until

    participations.defer(ada.participations.get(), by=lena, reason="other", on=today)

    assert standing(ada).until == until


def test_nobody_has_read_guidance_before_it_is_in_force(ada, today):
    coming = GuidanceEdition.objects.create(name="Next year", in_force_on=today + timedelta(days=9))

    with pytest.raises(Refused, match="not in force yet"):
        acknowledge(ada, coming)
