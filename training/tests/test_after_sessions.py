"""After a session: what people said of it, and what makes up for one that was missed."""

from __future__ import annotations

from email.utils import parseaddr

import pytest
from django.urls import reverse

from cohorts.models import Person, RequirementAttempt
from cohorts.operations.requirements import Outcome
from cohorts.tests.factories import make_participation, make_person
from dlp.errors import Refused
from dlp.outbox.tests.factories import deliver
from training.letters.presenters import presenter_token
from training.models import Booking, Feedback, Kind, Presenter
from training.operations import catching_up, feedback, registers
from training.tests.factories import make_booking, make_past, make_presenter, make_running

pytestmark = pytest.mark.django_db
Mark = Booking.Attendance


def test_what_was_said_is_read_once_five_have_spoken_and_never_who(client, lena, percy: Person):
    fiona = make_person("Fiona Marsh")
    session = make_past(facilitators=[fiona])
    mine = make_booking(session, percy, attendance=Mark.LATE)
    others = [make_booking(session, attendance=Mark.PRESENT) for _ in range(4)]
    for number, one in enumerate(others):
        feedback.give(one, useful=3, will_try=f"Ring home, number {number}.")
    page = session.get_absolute_url()
    ask = reverse("training:feedback", args=[session.pk])
    client.force_login(fiona)
    before = client.get(page).content.decode()

    client.force_login(percy)
    assert ask in client.get(page).content.decode()
    assert ask in client.get("/").content.decode()
    unsaid = client.post(ask, {"will_try": "Listen first."}).content.decode()
    client.post(ask, {"useful": 4, "will_try": "Listen first."})
    client.post(ask, {"useful": 1})

    assert "Say how useful it was." in unsaid
    assert "Listen first." in unsaid
    assert ask not in client.get(page).content.decode()
    client.force_login(fiona)
    after = client.get(page).content.decode()
    assert "4 answered" in before
    assert "Ring home" not in before
    assert "5 answered" in after
    assert "Ring home, number 2." in after
    assert mine.feedback.useful == 4
    assert not Feedback.objects.visible_to(lena).exists()


def test_whoever_presents_without_leading_is_told_and_reads_what_was_said(
    client, olive: Person, settings
):
    settings.QUIET_HOURS = False
    session = make_past(days=3)
    ours = make_presenter(session, olive, answer="confirmed")
    outside = make_presenter(
        session, answer="confirmed", email="nadia@example.org", name="Nadia Hale"
    )
    for number in range(5):
        came = make_booking(session, attendance=Mark.PRESENT)
        if number < 4:
            feedback.give(came, useful=3, will_try=f"Ring home {number}.")
    link = reverse("training:presenter_reply", args=[presenter_token(outside)])

    before = client.get(link).content.decode()
    assert deliver(settings) == []
    feedback.give(came, useful=4, will_try="Listen first.")
    feedback.give(make_booking(session, attendance=Mark.PRESENT), useful=4)
    told = deliver(settings)
    assert sorted(parseaddr(one["To"])[1] for one in told) == ["nadia@example.org", olive.email]
    for one in told:
        text = one.get_body(("plain",)).get_content()
        assert "Five people have said how it was" in " ".join(text.split())
        assert "Listen first." not in text
    after = client.get(link).content.decode()
    client.force_login(olive)
    page = client.get(session.get_absolute_url()).content.decode()

    assert "4 answered" in before
    assert "Ring home" not in before
    assert "Listen first." in after
    assert came.person.name not in after
    assert "Listen first." in page
    Presenter.objects.filter(pk__in=[ours.pk, outside.pk]).update(answer="declined")
    assert "Listen first." not in client.get(link).content.decode()
    assert "Listen first." not in client.get(session.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("kind", "mark", "days", "why"),
    [
        (Kind.SUPERVISION, Mark.PRESENT, 3, "stays in the group"),
        (Kind.TWILIGHT, Mark.ABSENT, 3, "Whoever came"),
        (Kind.TWILIGHT, Mark.PRESENT, 15, "14 days"),
    ],
)
def test_nobody_else_is_asked_how_it_was(kind, mark, days, why):
    booking = make_booking(make_past(days=days, kind=kind), attendance=mark)

    with pytest.raises(Refused, match=why):
        feedback.give(booking, useful=4)


def test_a_session_that_makes_up_for_a_missed_one_counts_once(client, lena: Person):
    ada = make_participation(make_person("Ada Fenwick")).person
    missed = make_booking(make_past(days=9, kind=Kind.TWILIGHT), ada)
    registers.mark(missed, Mark.ABSENT, by=lena)
    later = make_booking(make_running(kind=Kind.TWILIGHT), ada)
    other_kind = make_booking(make_running(kind=Kind.TRAINING_DAY), ada)
    client.force_login(lena)
    url = reverse("training:catch_up", args=[missed.pk])
    assert url in client.get(missed.session.get_absolute_url()).content.decode()

    assert "None" in client.get(url).content.decode()
    client.post(url, {"makes_up": later.pk})
    assert states_of(missed) == [Outcome.TO_REPEAT]
    registers.mark(Booking.objects.get(pk=later.pk), Mark.PRESENT, by=lena)

    assert states_of(missed) == [Outcome.NOT_COUNTED]
    assert states_of(later) == [Outcome.MET]
    assert "Made up" in client.get(missed.session.get_absolute_url()).content.decode()
    assert "Makes up for" in client.get(later.session.get_absolute_url()).content.decode()
    with pytest.raises(Refused, match="another course"):
        catching_up.make_up(other_kind, missed)
    client.post(url, {"makes_up": ""})
    assert states_of(missed) == [Outcome.TO_REPEAT]


def states_of(booking: Booking) -> list[str]:
    goes = RequirementAttempt.objects.filter(source_kind="booking", source_id=booking.pk)
    return list(goes.values_list("state", flat=True))
