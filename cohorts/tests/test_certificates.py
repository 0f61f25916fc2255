"""The certificate of completion, read by another library than the one that made it."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from cohorts.certificates import certificate_of
from cohorts.models import Completion
from cohorts.operations import participations as operations
from cohorts.tests.factories import make_cohort, make_participation, make_person
from dlp.audit.models import AccessRecord

FIRST, LAST = date(2024, 9, 1), date(2026, 8, 31)
pytestmark = pytest.mark.django_db


def make_completed(full_name="Ada Fenwick", **fields):
    """Somebody who completed, and what was kept of it."""
    cohort = make_cohort("2024 Cohort", starts_on=FIRST)
    held = make_participation(
        make_person(full_name, **fields), cohort, state="completed", changed_on=LAST
    )
    return Completion.objects.get(change__participation=held)


@pytest.fixture
def ada():
    return make_completed()


def read(pdf):
    return PdfReader(BytesIO(pdf))


def words_of(pdf):
    return " ".join(read(pdf).pages[0].extract_text().split())


def structure(node):
    """The names of the tags in reading order."""
    node = node.get_object()
    found = [str(node["/S"])] if "/S" in node else []
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        if not isinstance(child, int) and hasattr(child.get_object(), "get"):
            found += structure(child)
    return found


def test_it_says_who_completed_what_and_when(ada):
    said = words_of(certificate_of(ada))

    for fact in ("Ada Fenwick", "2024 Cohort", "1 September 2024", "31 August 2026", ada.reference):
        assert fact in said
    assert "completed the two years of the Difference Leadership Programme" in said


def test_it_bears_the_full_name_and_not_the_one_they_are_known_by():
    said = words_of(certificate_of(make_completed("Eleanor Marsh", known_as="Ellie")))

    assert "Eleanor Marsh" in said
    assert "Ellie" not in said


def test_it_can_be_listened_to(ada):
    pdf = read(certificate_of(ada))
    root = pdf.trailer["/Root"]
    tags = structure(root["/StructTreeRoot"])

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "Certificate of completion: Ada Fenwick"
    assert tags[0] == "/Document"
    assert tags.count("/H1") == 1
    assert "/Figure" not in tags, "drawings are decoration here"
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("王小明", "王小明"),
        ("محمد", ""),
        ("Łukasz Wójcik", "Łukasz Wójcik"),
        ("Ada 🌻 Fenwick", "Ada Fenwick"),
        ("𓀀𓀁", "??"),
        ("#panic() *Ada* $x$ @me", "#panic() *Ada* $x$ @me"),
        ("A" * 200, ""),
        ("Ada " * 50, ""),
    ],
)
def test_no_name_keeps_it_from_being_made(name, said):
    pdf = certificate_of(make_completed(name.strip()))

    assert len(read(pdf).pages) == 1
    assert said in words_of(pdf)


def test_the_same_completion_is_the_same_bytes(ada):
    assert certificate_of(ada) == certificate_of(ada)


# Handing it out


def fetch(client, person, completion):
    client.force_login(person)
    return client.get(reverse("cohorts:certificate", args=[completion.change.participation_id]))


def test_they_and_staff_download_it_and_it_is_noted(client, ada, lena):
    person = ada.change.participation.person
    for reader in (person, lena):
        answer = fetch(client, reader, ada)

        assert answer.content == certificate_of(ada)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == (
            f'attachment; filename="certificate-{ada.reference}.pdf"'
        )
        assert answer["Cache-Control"] == "no-store, private"
    readings = AccessRecord.objects.filter(about=person, subject_kind="cohorts.Completion")
    assert set(readings.values_list("person", flat=True)) == {person.pk, lena.pk}


def test_nobody_else_is_told_that_there_is_one(client, ada):
    assert fetch(client, make_person(), ada).status_code == 404
    assert not AccessRecord.objects.exists()


def test_there_is_none_once_the_completion_is_undone(client, ada, lena):
    operations.undo(ada.change, by=lena)

    assert fetch(client, lena, ada).status_code == 404
    assert fetch(client, ada.change.participation.person, ada).status_code == 404


def test_there_is_none_before_they_complete(client, lena):
    going_on = make_participation()
    client.force_login(lena)

    address = reverse("cohorts:certificate", args=[going_on.pk])
    assert client.get(address).status_code == 404
