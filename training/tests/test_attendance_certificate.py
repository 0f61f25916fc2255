"""The certificate of attendance, read by another library than the one that made it."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from cohorts.models import Person
from cohorts.tests.factories import make_person
from dlp.audit.models import AccessRecord
from training.marks import Mark
from training.models import Booking, Kind
from training.operations import registers
from training.tests.factories import make_booking, make_group, make_past

pytestmark = pytest.mark.django_db


def held(lena: Person, name: str = "Ada Fenwick", **fields: object) -> Booking:
    """A past session with a closed register, and somebody who was late for it."""
    booking = make_booking(
        make_past(title="Calm starts", **fields), make_person(name), state="coming"
    )
    registers.mark_many(booking.session, {booking.pk: Mark("late")}, by=lena)
    registers.close_register(booking.session, by=lena)
    booking.refresh_from_db()
    return booking


def page(booking: Booking) -> str:
    return reverse("training:attendance_certificate", args=[booking.pk])


@pytest.mark.parametrize("name", ["Ada Fenwick", "王小明 Łukasz 🌱"])
def test_whoever_was_there_takes_it_away_and_that_is_noted(client, lena: Person, name: str):
    booking = held(lena, name)
    client.force_login(booking.person)
    assert page(booking) in client.get(booking.session.get_absolute_url()).content.decode()

    answer = client.get(page(booking))

    read = PdfReader(BytesIO(answer.content))
    assert answer["Content-Type"] == "application/pdf"
    assert "Calm starts" in read.pages[0].extract_text()
    assert read.metadata.title == f"Certificate of attendance: {name.removesuffix(' 🌱')}"
    assert len(read.pages) == 1
    assert AccessRecord.objects.filter(about=booking.person, person=booking.person).exists()


def test_nobody_takes_away_what_did_not_happen_or_is_not_theirs(client, lena: Person):
    booking, other = held(lena), held(lena, "Bo Lin")
    group = make_group(members=[make_person()])
    talk = held(lena, "Cy Dent", kind=Kind.SUPERVISION, group=group)
    client.force_login(lena)
    assert client.get(page(other)).status_code == 200
    assert client.get(page(talk)).status_code == 404

    client.force_login(booking.person)
    assert client.get(page(other)).status_code == 404
    Booking.objects.filter(pk=booking.pk).update(attendance="absent")
    assert client.get(page(booking)).status_code == 404
