"""What the demonstration's hosts report: profiles, agreements, a lead who left, clashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

from django.core.files.storage import default_storage

from cohorts.models import Person
from dlp.calendar import academic_year, half_term_starts, term_start
from dlp.home.demo import cast
from dlp.home.demo.clock import noon, workday
from dlp.home.demo.people import People
from dlp.home.demo.places import Hosts
from dlp.home.demo.rewriting import rewrite
from placements.models import (
    Clash,
    ClosedDays,
    Handover,
    Partnership,
    Placement,
    School,
    SchoolContact,
    SchoolProfile,
)
from training.dates_out import days_out

A_DAY = timedelta(days=1)
ASKED_AGAIN = 190
"""So many days ago the lead at The ArtsXchange said that all was true."""
LEFT_AGO, WRITTEN_AGO = 6, 9
MEETS = (
    "Ask for {lead} at reception.",
    "{lead} waits at the gate from ten to eight.",
    "{lead}, or the duty manager, who has a red lanyard.",
)
DRESS = (
    "Smart and easy to move in; no lanyards round the neck.",
    "As you like, without heels. A coat for break duty.",
    "Smart. Trainers are fine on Wednesdays, when everybody is outside.",
)
PARKING = (
    "Behind the hall. Leave a telephone number at reception.",
    "None on site. The street is free after the second junction; the bus stops at the door.",
    "Six spaces, taken by half past seven. Bicycles go into the shed by the kitchen.",
)
LUNCH = (
    "Free with the pupils at 12:10. Staff eat at their tables.",
    "Bring your own; there is a kitchen on the first floor.",
    "£2.80 in the canteen, by card.",
)
ACCESS = (
    "Step-free from the car park. The lift to the first floor needs a key, which reception lends.",
    "The main building has a ramp. The workshop has three steps and no rail.",
)
KEYS = "Sign for a fob and a radio at reception, and hand both back each day. Channel 3 is for all staff."
BRING = "Photo identification, your DBS certificate to show, and proof of your qualification."
INCIDENT = (
    "Say “assist” and the room on the radio, and stay with the group. Do not hold anybody unless you "
    "have had the training. Write it down with the lead on safeguarding the same day."
)
AGREED = (
    "Two release days each half-term besides the residentials. The school pays the salary; the "
    "programme pays travel to training. A place on the leadership team from the first day."
)


def tell_of_hosts(hosts: Hosts, people: People, today: date) -> None:
    """Everything of this module, for the hosts of leaders who are placed today."""
    here = list(
        Placement.objects.live()
        .filter(ends_on__gte=today)
        .select_related("school")
        .order_by("school_id", "pk")
    )
    schools = list({one.school_id: one.school for one in here}.values())
    leads = _leads(schools)
    SchoolProfile.objects.bulk_create(_profiles(schools, hosts, leads, people, today))
    _keep_papers(hosts)
    ClosedDays.objects.bulk_create(_closed_days(schools, hosts, people, today))
    _bounce(schools, leads)
    _hand_over(hosts[cast.EVERGREEN], today)
    marcus, helen = (people[one.name] for one in cast.SCHOOL_LEADS)
    _clash(hosts[cast.ARTSXCHANGE], here, marcus, people[cast.COORDINATOR], today)
    _clash(hosts[cast.BEACHCROFT], here, helen, None, today)


def _leads(schools: Sequence[School]) -> dict[int, SchoolContact]:
    found = SchoolContact.objects.filter(school__in=schools, ends_on=None).select_related("person")
    return {one.school_id: one for one in found.order_by("-pk")}


def _profiles(
    schools: Sequence[School],
    hosts: Hosts,
    leads: dict[int, SchoolContact],
    people: People,
    today: date,
) -> Iterator[SchoolProfile]:
    """Most are complete; every fourth has gaps."""
    for number, school in enumerate(schools):
        lead = leads.get(school.pk)
        is_arts = school == hosts[cast.ARTSXCHANGE]
        told = is_arts or number % 4 > 0
        days = ASKED_AGAIN if is_arts else 12 + number * 37 % 150
        yield SchoolProfile(
            school=school,
            arrive_at=time(7, 50) if number % 2 else time(8, 15),
            report_to="Main reception" if number % 3 else "The side door; ring and say your name",
            met_by=MEETS[number % len(MEETS)].format(lead=lead.who if lead else "the office"),
            dress=DRESS[number % len(DRESS)],
            parking=PARKING[number % len(PARKING)] if told else "",
            lunch=LUNCH[number % len(LUNCH)],
            access=ACCESS[number % len(ACCESS)] if told else "",
            keys=KEYS if told else "",
            bring=BRING,
            safeguarding_lead=f"{cast.HOST_LEADS[-1 - number % 20]}, first floor",
            incident=INCIDENT,
            confirmed_on=today - timedelta(days=days),
            confirmed_by=lead.person
            if lead and lead.person and lead.person.last_login
            else people[cast.COORDINATOR],
        )


def _closed_days(
    schools: Sequence[School], hosts: Hosts, people: People, today: date
) -> Iterator[ClosedDays]:
    """Every third begins the next term with an INSET day; some break up a week before the others."""
    begins = term_start(today, 2)
    year = academic_year(today)
    half_terms = [*half_term_starts(year)[1::2], *half_term_starts(year + 1)[1::2]]
    monday = next(one for one in half_terms if one > today + 28 * A_DAY) - 14 * A_DAY
    said: dict[str, Any] = {
        "recorded_by": people[cast.COORDINATOR],
        "recorded_at": noon(today - 9 * A_DAY),
    }
    for number, school in enumerate(schools):
        is_arts = school == hosts[cast.ARTSXCHANGE]
        if is_arts or number % 3 == 0:
            inset = ClosedDays.Kind.INSET
            yield ClosedDays(school=school, kind=inset, starts_on=begins, ends_on=begins, **said)
        if is_arts or number % 5 == 0:
            yield ClosedDays(school=school, starts_on=monday, ends_on=monday + 4 * A_DAY, **said)


def _keep_papers(hosts: Hosts) -> None:
    """When agreements were signed and what they say; the paper of those whose leads sign in."""
    rows = list(Partnership.objects.select_related("school"))
    urns = [urn for lead in cast.SCHOOL_LEADS for urn in lead.urns]
    with_paper = {hosts[urn].pk: urn for urn in urns}
    for row in rows:
        row.signed_on = workday(row.starts_on - timedelta(days=21))
        row.notes = AGREED
        if urn := with_paper.get(row.school_id):
            row.agreement = f"agreements/demonstration-{urn}.pdf"
            if not default_storage.exists(row.agreement.name):
                default_storage.save(row.agreement.name, BytesIO(_paper(row)))
    rewrite(rows, "signed_on", "notes", "agreement")


def _paper(row: Partnership) -> bytes:
    """A page of PDF with the names of those who agreed."""
    said = f"Partnership agreement with {row.school}".encode("latin-1", "replace")
    said = said.replace(b"(", b"").replace(b")", b"").replace(b"\\", b"")
    text = b"BT /F1 18 Tf 72 760 Td (" + said + b") Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
    ]
    file, starts = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        starts.append(len(file))
        file += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return file + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, len(file))
    )


def _bounce(schools: Sequence[School], leads: dict[int, SchoolContact]) -> None:
    """Letters to one contact who does not sign in come back."""
    silent = [one for school in schools if (one := leads.get(school.pk)) and one.person is None]
    for one in silent[:1]:
        SchoolContact.objects.filter(pk=one.pk).update(bounced_email=one.email.lower())


def _hand_over(school: School, today: date) -> None:
    """The head of a host left last week, and nobody has called their successor."""
    left = SchoolContact.objects.create(
        school=school,
        name="Rosalind Achebe",
        role=SchoolContact.Role.HEAD,
        starts_on=today - timedelta(days=900),
        ends_on=today - LEFT_AGO * A_DAY,
    )
    Handover.objects.create(school=school, contact_left=left, opened_on=today - WRITTEN_AGO * A_DAY)


def _clash(
    school: School, here: Sequence[Placement], by: Person, answered_by: Person | None, today: date
) -> None:
    """The first day out from next week on falls on something; one is answered, the other waits."""
    people = [one.participation_id for one in here if one.school_id == school.pk]
    leaders = Person.objects.filter(participations__in=people).values_list("pk", flat=True)
    out = days_out(list(leaders), today + 7 * A_DAY, today + 120 * A_DAY)
    day = next((one.day for one in out if one.takes_out), None)
    if day is None:
        return
    Clash.objects.create(
        school=school,
        day=day,
        text="Mock exams begin that morning, and we are two short.",
        told_by=by,
        told_at=noon(today - 2 * A_DAY),
        answer="Thank you. They may come for the afternoon only." if answered_by else "",
        answered_by=answered_by,
        answered_at=noon(today - A_DAY) if answered_by else None,
    )
