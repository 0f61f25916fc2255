"""Everything that happened to one person, as staff and they themselves read it."""

import re
from datetime import date, timedelta
from html import unescape

import pghistory
import pytest
from django.utils import timezone

from cohorts.models import ParticipationChange
from cohorts.operations import participations, people, requirements
from cohorts.permissions import (
    COORDINATOR,
    DATA_PROTECTION_LEAD,
    PROGRAMME_LEAD,
    READ_ONLY,
    SAFEGUARDING_LEAD,
)
from cohorts.tests.factories import (
    make_cohort,
    make_participation,
    make_person,
    make_plan_item,
    make_staff,
)
from dlp.audit.operations import note_reading
from dlp.home.tests.asking import page, queries, status
from dlp.outbox.models import Message
from dlp.outbox.tests.factories import deliver, make_message
from placements.operations import placements
from placements.tests.factories import make_placement
from training.marks import Mark
from training.models import Booking
from training.operations import bookings, catching_up, registers
from training.tests.factories import (
    make_booking,
    make_course,
    make_group,
    make_past,
    make_session,
)

TIMELINE = "home:timeline"
NOTE = "Chemotherapy until Easter"
WITHHELD = "Only programme leads and safeguarding leads can read the reason."


def told(client, viewer, person, **query):
    """The page as plain text."""
    text = page(client, viewer, TIMELINE, person.pk, **query)
    main = text[text.index("<main") : text.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split()).replace(" .", ".")


def held(percy):
    return percy.participations.get()


def test_a_step_is_told_with_who_recorded_it(client, lena, cohort):
    ada = participations.add_to_cohort(make_person("Ada Fenwick"), cohort, by=lena)
    participations.withdraw(ada, by=lena, reason="other", on=cohort.starts_on)

    text = told(client, lena, ada.person)

    day = f"{cohort.starts_on:%-d %B %Y}"
    assert f"Started in 2026 Cohort from {day}. Programme, by Lena Hart." in text
    assert f"Withdrew from 2026 Cohort from {day}." in text
    assert text.index("Withdrew") < text.index("Started in")


def test_a_step_and_its_undoing_are_both_told(client, lena, percy):
    lead = make_staff("Nadia Cole", PROGRAMME_LEAD)
    why = "The papers of the time say that they completed it."
    participations.complete(held(percy), by=lead, on=date.today(), override=why)
    participations.undo(held(percy).changes.get(kind="completed"), by=lena)

    text = told(client, lena, percy)

    assert text.count("Completed 2026 Cohort on") == 2
    assert re.search(rf"all the same: \d of \d met\. .*{why}", text)
    assert why not in told(client, percy, percy)
    assert "” was undone." in text


@pytest.mark.parametrize(
    ("group", "reads"),
    [
        (PROGRAMME_LEAD, True),
        (SAFEGUARDING_LEAD, True),
        (COORDINATOR, False),
        (DATA_PROTECTION_LEAD, False),
        (READ_ONLY, False),
    ],
)
def test_why_somebody_is_away_is_read_by_two_groups(client, lena, percy, group, reads):
    participations.defer(held(percy), by=lena, reason="long_term_sickness", note=NOTE)

    text = told(client, make_staff("Iris Page", group), percy)

    assert "Deferred in 2026 Cohort from" in text
    assert ("Long-term sickness." in text, NOTE in text, WITHHELD in text) == (
        reads,
        reads,
        not reads,
    )


def test_people_read_what_was_written_down_about_them_but_not_the_note(client, lena, percy):
    participations.defer(held(percy), by=lena, reason="bereavement", note=NOTE)

    text = told(client, percy, percy)

    assert "Deferred in 2026 Cohort" in text
    assert WITHHELD in text
    assert NOTE not in text
    assert "Bereavement" not in text


def test_nobody_reads_the_timeline_of_another(client, percy, olive, ruth, marcus):
    for person in (olive, ruth, marcus):
        assert status(client, person, TIMELINE, percy.pk) == 404
        assert status(client, person, TIMELINE, person.pk) == 200


def test_an_answer_by_staff_is_told_as_given_on_behalf(client, lena, percy):
    booking = make_booking(make_session(title="Calling home"), percy)
    with pghistory.context(user=lena.pk):
        bookings.reply(booking, coming=False, via=Booking.Via.STAFF, reason="A governors’ meeting")

    text = told(client, lena, percy, kind="sessions")

    assert re.search(r"Not coming to Calling home, \w+ \d+ \w+", text)
    assert "“A governors’ meeting” Sessions, by Lena Hart on behalf of Percy Adeyemi." in text


def test_an_answer_of_their_own_is_told_as_theirs(client, lena, percy):
    booking = make_booking(make_session(title="Calling home"), percy)
    bookings.reply(booking, coming=True, via=Booking.Via.LETTER)

    text = told(client, lena, percy, kind="sessions")

    assert re.search(r"Coming to Calling home, [^.]+\. Sessions, by Percy Adeyemi\.", text)


def test_a_corrected_register_says_from_what_to_what(client, lena, percy):
    nora = make_staff("Nora Quist")
    booking = make_booking(make_past(title="Calling home"), percy)
    registers.mark(booking, "absent", by=nora)
    registers.mark(booking, "late", by=lena)
    registers.mark(booking, "", by=lena)

    text = told(client, lena, percy, kind="sessions")

    assert re.search(r"Absent at Calling home, [^.]+\. Sessions, by Nora Quist\.", text)
    assert re.search(
        r"Register of Calling home, [^.]+ corrected from absent to late\. Sessions, by Lena Hart\.",
        text,
    )
    assert re.search(r"Mark taken back for Calling home, [^:]+: it was late\.", text)


def test_why_somebody_was_excused_late_corrections_and_catching_up_are_told(client, lena, percy):
    grace, course = make_staff("Grace Whitlock", "Programme lead"), make_course()
    old = make_booking(make_past(title="Calling home", days=60, course=course), percy)
    Booking.objects.filter(pk=old.pk).update(
        attendance="absent", marked_at=timezone.now() - timedelta(days=60), marked_by=lena
    )
    later = make_booking(make_session(title="Calling home again", course=course), percy)
    excused = make_booking(make_past(title="Calm starts"), percy)

    with pghistory.context(user=lena.pk):
        catching_up.make_up(later, Booking.objects.get(pk=old.pk))
        registers.mark(excused, "excused", by=lena, excuse="school")
        catching_up.let_go(Booking.objects.get(pk=old.pk))
        why = "The host’s own register says so."
        registers.correct_late(old, Mark("late"), by=grace, reason=why)
    text = told(client, percy, percy, kind="sessions")

    assert re.search(r"Calling home again, [^.]+ is to make up for Calling home, \w+ \d+ \w+", text)
    assert re.search(r"Calling home again, [^.]+ makes up for nothing any more\.", text)
    assert re.search(r"Excused from Calm starts, [^.:]+: needed at school\.", text)
    assert re.search(
        r"Register of Calling home, [^.]+ corrected long after from absent to late\. "
        r"“The host’s own register says so\.” Sessions, by Grace Whitlock\.",
        text,
    )


def test_participants_are_not_told_of_sessions_that_are_drafts(client, lena, percy):
    make_booking(make_session(title="Not settled yet", state="draft"), percy)

    assert "Not settled yet" not in told(client, percy, percy)
    assert "Not settled yet" in told(client, lena, percy)


def test_a_group_is_told_by_its_name_and_days(client, lena, percy, ruth):
    make_group("Thursday group", supervisor=ruth, members=[percy])

    assert "Member of the supervision group Thursday group from" in told(client, lena, percy)
    assert "Supervisor of the supervision group Thursday group" in told(client, lena, ruth)


def test_who_moved_a_placement_and_why_is_told_to_staff_alone(client, lena, percy):
    placement = make_placement(held(percy))
    placements.end_early(
        placement, last_day=placement.starts_on, reason="school", by=make_staff("Nora Quist")
    )

    for_staff, own = told(client, lena, percy), told(client, percy, percy)

    assert "ends early, on" in for_staff
    assert "ends early, on" in own
    assert "“The school ended it.” Placements, by Nora Quist." in for_staff
    assert "The school ended it" not in own
    assert "Nora Quist" not in own


def test_what_is_met_and_what_is_waived_is_told_with_the_reason(client, lena, percy):
    make_plan_item(held(percy), "inclusion")
    waived = make_plan_item(held(percy), "residential")
    source = requirements.Source("booking", 7)
    requirements.report_requirement(
        held(percy), "inclusion", source=source, state="met", on=date.today(), by=lena
    )
    requirements.waive(waived, reason="Went in 2024", by=lena)
    requirements.take_back_excuse(waived)

    text = told(client, lena, percy, kind="plan")

    assert "Inclusion is met. Plan, by Lena Hart." in text
    assert "Residential is waived. “Went in 2024” Plan, by Lena Hart." in text
    assert "Residential is asked for again." in text
    assert "Inclusion is met." in told(client, percy, percy)


def test_letters_that_left_are_told_to_staff(client, settings, lena, percy):
    make_message(percy)
    deliver(settings)
    waiting = make_message(percy, revision=1)

    text = told(client, lena, percy, kind="letters")

    assert text.count("Letter sent: Note.") == 1
    assert waiting.state == Message.State.PLANNED
    assert "Letter sent" not in told(client, percy, percy)


def test_signing_in_is_told_without_the_address(client, lena, percy):
    nora = make_staff("Nora Quist", PROGRAMME_LEAD)
    with pghistory.context(user=nora.pk):
        people.invite_person(percy)
        people.edit_person(percy, by=nora, email="other@example.org", full_name="Percival Adeyemi")
        people.deactivate_person(percy, by=nora)
        people.reactivate_person(percy, by=nora)

    text = told(client, lena, percy)

    assert "Invited to sign in. Signing in, by Nora Quist." in text
    assert "Another e-mail address is used." in text
    assert "other@example.org" not in text
    assert "Stopped from signing in and from getting letters. Signing in, by Nora Quist." in text
    assert "Let in to sign in again." in text
    assert "Changed in their details: full name. Details, by Nora Quist." in text
    assert "Added to the people the programme knows." in text


@pytest.mark.parametrize(
    ("group", "is_told"), [(DATA_PROTECTION_LEAD, True), (PROGRAMME_LEAD, False)]
)
def test_who_read_a_sealed_record_is_told_to_them_and_to_data_protection(
    client, lena, percy, group, is_told
):
    note_reading(make_booking(person=percy), by=lena, purpose="Catering", about=percy)
    iris = make_staff("Iris Page", group)
    sentence = "A sealed record was read (booking). “Catering” Sealed records read, by Lena Hart."

    assert (sentence in told(client, iris, percy)) == is_told
    assert sentence in told(client, percy, percy)


def test_the_kind_is_in_the_url_and_a_kind_that_is_none_shows_everything(client, lena, percy):
    make_booking(make_session(title="Calling home"), percy)

    only = told(client, lena, percy, kind="programme")
    everything = told(client, lena, percy, kind="nonsense")

    assert "Calling home" not in only
    assert "Started in 2026 Cohort" in only
    assert "Calling home" in everything
    assert "Nothing of this kind" in told(client, lena, percy, kind="letters")


def test_a_long_life_comes_a_page_at_a_time(client, lena, percy):
    for number in range(45):
        make_booking(make_session(title=f"Evening {number:02}"), percy)

    first, second = (told(client, lena, percy, kind="sessions", page=n) for n in ("1", "2"))

    assert "Page 1 of 2, 45 events" in first
    evenings = [re.findall(r"Evening \d\d", text) for text in (first, second)]
    assert [len(ones) for ones in evenings] == [40, 5]
    assert not set(evenings[0]) & set(evenings[1])
    beyond = told(client, lena, percy, kind="sessions", page="9" * 30)
    assert re.findall(r"Evening \d\d", beyond) == evenings[1]


def test_the_page_asks_no_more_of_a_long_life_than_of_a_short_one(client, lena, percy):
    def asked():
        return queries(client, lena, TIMELINE, percy.pk)

    make_booking(make_past(), percy, attendance="late", marked_by=lena)
    asked()
    short = len(asked())
    for number in range(30):
        session = make_session(title=f"Evening {number}")
        make_booking(session, percy, attendance="present", marked_by=make_staff(f"Iris {number}"))
        make_group(members=[percy])
    make_placement(
        make_participation(
            percy,
            make_cohort(starts_on=date(2019, 9, 1)),
            state="completed",
            changed_on=date(2021, 8, 31),
        )
    )

    assert len(asked()) == short <= 12


def test_every_kind_of_change_has_its_sentence():
    from cohorts.timeline import SAID

    assert set(SAID) == set(ParticipationChange.Kind)
