"""The demonstration's schools, partnerships, openings, placements and careers. The schools are real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cohorts.models import Cohort, ImportRun, Participation, Person
from cohorts.models.strands import Strand
from dlp.calendar import academic_year, years_later
from dlp.home.demo import cast
from dlp.home.demo.beginnings import confirm_checks, let_one_through
from dlp.home.demo.clock import noon
from dlp.home.demo.conversions import IMPACT, name_who_follows
from dlp.home.demo.leaders import CohortPlan
from dlp.home.demo.lives import DAY, Life, Move, Placed, Stay
from dlp.home.demo.people import BEGINNING, Cohorts, People
from dlp.home.demo.rewriting import rewrite
from placements.gias import SMALL_FILE
from placements.models import (
    Opening,
    Partnership,
    Placement,
    PlacementChange,
    Post,
    School,
    SchoolContact,
    SchoolName,
)
from placements.models.schools import Setting
from placements.operations.gias import import_gias

ENDS_SOON = timedelta(days=41)
RENAMED_AGO = timedelta(days=9)
OFFERED_NEXT = (139509, 150425, 107178)
"""Hosts that offer a post for the second September of the newest cohort; the last is still a draft."""
SUBJECTS_OFFERED = ("English", "Mathematics", "Science", "Food technology, art")
STILL_OPEN = 142893
"""A host whose post in the newest cohort nobody holds yet."""
CAME_FROM = (
    102156, 100741, 136450, 137442, 144199, 136164, 136107, 138120, 138178, 136394, 137801,
    145897, 132727, 136976, 135661, 131895, 105253, 142648, 139146, 140863,
)  # fmt: skip
"""Mainstream schools from which leaders came."""

Hosts = dict[int, School]


class Former(NamedTuple):
    """A name that a host had until a day, and when it was written down."""

    name: str
    held_to: date
    added_at: datetime
    source: SchoolName.Source


def bring_in_schools(told: list[Life], today: date) -> Hosts:
    """Real schools from our small GIAS file, the internal AP in some, and names they had before.

    Returned by URN, the host where there is one: for a mainstream host that is its internal AP.
    """
    with SMALL_FILE.open("rb") as file:
        run = import_gias(file, file_name=SMALL_FILE.name)
    begun_at = noon(BEGINNING)
    ImportRun.objects.filter(pk=run.pk).update(uploaded_at=begun_at, applied_at=begun_at)
    schools = {school.urn: school for school in School.objects.exclude(urn=None)}
    hosts = {urn: school for urn, school in schools.items() if urn}
    parents = [hosts[urn] for urn in _urns(told) if hosts[urn].setting == Setting.MAINSTREAM]
    for part in School.objects.bulk_create(_internal_ap(parent) for parent in parents):
        hosts[part.parent.urn] = part  # type: ignore[union-attr, index]
    _keep_former_names(hosts, today)
    name_who_follows(hosts[IMPACT])
    return hosts


def _urns(told: list[Life]) -> list[int]:
    """Every host once, in the order in which they joined."""
    return list(dict.fromkeys(stay.urn for life in told for stay in life.stays))


def regions(told: list[Life], hosts: Hosts) -> dict[int, list[str]]:
    """Where each cohort's leaders were placed, by the year in which it began, from north to south."""
    placed: dict[int, set[str]] = {}
    for life in told:
        placed.setdefault(life.plan.year, set()).update(
            hosts[stay.urn].region for stay in life.stays
        )
    return {
        year: [region for region in Cohort.Region.values if region in there]
        for year, there in placed.items()
    }


def _internal_ap(parent: School) -> School:
    part = School(
        name=f"Inclusion base at {parent.name}",
        kind_label="inclusion base",
        parent=parent,
        setting=Setting.INTERNAL_AP,
        local_authority=parent.local_authority,
        trust=parent.trust,
        **{name: getattr(parent, name) for name in ("region", "street", "town", "postcode")},
        **{name: getattr(parent, name) for name in ("easting", "northing")},
        **{name: getattr(parent, name) for name in ("latitude", "longitude")},
    )
    part.search_text = part.folded()
    return part


def former_names(today: date) -> dict[int, Former]:
    """One host was renamed long ago, as staff remember; of the other GIAS told this month."""
    return {
        cast.ARTSXCHANGE: Former(
            "WAC Arts College", date(2022, 8, 31), noon(date(2022, 9, 5)), SchoolName.Source.STAFF
        ),
        cast.BEACHCROFT: Former(
            "Beachcroft AP Academy",
            today - RENAMED_AGO,
            noon(today - RENAMED_AGO + DAY),
            SchoolName.Source.GIAS,
        ),
    }


def _keep_former_names(hosts: Hosts, today: date) -> None:
    names = former_names(today)
    SchoolName.objects.bulk_create(
        SchoolName(school=hosts[urn], **former._asdict()) for urn, former in names.items()
    )
    for urn, former in names.items():
        hosts[urn].search_text = hosts[urn].folded([former.name])
    rewrite([hosts[urn] for urn in names], "search_text")


def name_on(hosts: Hosts, urn: int, day: date, today: date) -> str:
    """What a host was called on a day."""
    former = former_names(today).get(urn)
    return former.name if former and day <= former.held_to else hosts[urn].name


def make_partners(told: list[Life], hosts: Hosts, people: People, today: date) -> None:
    """Agreements that cover every placement, and a contact at each host."""
    stays: dict[int, list[Stay]] = {}
    for life in told:
        for stay in life.stays:
            stays.setdefault(stay.urn, []).append(stay)
    rows = [_partnership(hosts[urn], urn, known, today) for urn, known in stays.items()]
    newest = [
        Partnership(
            school=hosts[urn],
            state=Partnership.State.ACTIVE,
            starts_on=today - timedelta(days=200),
            ends_on=date(academic_year(today) + 3, 8, 31),
        )
        for urn in (*OFFERED_NEXT, STILL_OPEN)
        if urn not in stays
    ]
    Partnership.objects.bulk_create([*rows, *newest])
    SchoolContact.objects.bulk_create(_contacts(hosts, [*rows, *newest], people, today))


def _partnership(host: School, urn: int, stays: list[Stay], today: date) -> Partnership:
    """In force while somebody is placed and a year longer; one host's ends in six weeks."""
    last_day = max(stay.ends_on for stay in stays)
    is_over = last_day < today
    ends_on = last_day if is_over else date(last_day.year + 1, 8, 31)
    if urn == cast.EVERGREEN and not is_over:
        ends_on = today + ENDS_SOON
    return Partnership(
        school=host,
        state=Partnership.State.ACTIVE,
        starts_on=min(stay.starts_on for stay in stays) - timedelta(days=90),
        ends_on=ends_on,
    )


def _contacts(
    hosts: Hosts, partnerships: list[Partnership], people: People, today: date
) -> Iterator[SchoolContact]:
    """Those who sign in, and a host lead by name and address at every other host."""
    led = set()
    for role in (*cast.SCHOOL_LEADS, cast.NOT_SIGNED_IN):
        for urn in role.urns:
            person = people[role.name]
            added_on = person.added_at.date()
            yield SchoolContact(
                school=hosts[urn], person=person, role=role.role, starts_on=added_on
            )
            if role.role == SchoolContact.Role.HOST_LEAD:
                led.add(hosts[urn].pk)
    others = [row for row in partnerships if row.school_id not in led]
    for number, row in enumerate(others):
        name = cast.HOST_LEADS[number % len(cast.HOST_LEADS)]
        yield SchoolContact(
            school=row.school,
            name=name,
            email=cast.address(name),
            role=SchoolContact.Role.HOST_LEAD,
            starts_on=row.starts_on,
            ends_on=row.ends_on if row.standing(today) == "expired" else None,
        )


def place(
    told: list[Life],
    hosts: Hosts,
    people: People,
    cohorts: Cohorts,
    times: dict[str, Participation],
    today: date,
) -> list[Placed]:
    """The posts that hosts offered, and who took them."""
    pairs = [(life, stay) for life in told for stay in life.stays]
    openings = Opening.objects.bulk_create(
        _opening(life, stay, hosts, cohorts) for life, stay in pairs
    )
    placed = [
        Placed(life, stay, _placement(life, stay, hosts, opening, times, today))
        for (life, stay), opening in zip(pairs, openings, strict=True)
    ]
    Placement.objects.bulk_create(one.row for one in placed)
    _join_transfers(placed)
    by = people[cast.COORDINATOR]
    changes = [_change(one.row, move, by, today) for one in placed for move in one.stay.moves]
    let_one_through(changes, people[cast.PROGRAMME_LEAD])
    PlacementChange.objects.bulk_create(changes)
    confirm_checks([one.row for one in placed], changes, by, today)
    return placed


def _opening(life: Life, stay: Stay, hosts: Hosts, cohorts: Cohorts) -> Opening:
    return Opening(
        school=hosts[stay.urn],
        cohort=cohorts[life.plan.year],
        strand=life.leader.strand,
        starts_on=stay.starts_on,
        ends_on=life.plan.ends_on,
        state=Opening.State.FILLED,
    )


def _placement(
    life: Life,
    stay: Stay,
    hosts: Hosts,
    opening: Opening,
    times: dict[str, Participation],
    today: date,
) -> Placement:
    return Placement(
        participation=times[life.leader.name],
        school=hosts[stay.urn],
        opening=opening,
        strand=life.leader.strand,
        starts_on=stay.starts_on,
        ends_on=stay.ends_on,
        state=stay.state,
        host_name=name_on(hosts, stay.urn, stay.starts_on, today),
        host_setting=hosts[stay.urn].setting,
    )


def _join_transfers(placed: list[Placed]) -> None:
    """The second placement of a transfer continues the first."""
    joined = []
    for before, after in zip(placed, placed[1:], strict=False):
        if before.life is after.life:
            after.row.continues = before.row
            joined.append(after.row)
    rewrite(joined, "continues")


def _change(row: Placement, move: Move, by: Person, today: date) -> PlacementChange:
    return PlacementChange(
        placement=row,
        state=move.state,
        effective_on=move.day,
        ends_on_before=move.agreed_to,
        recorded_at=noon(min(move.day, today - DAY)),
        by=by,
        reason=move.reason,
    )


def offer_posts(plan: CohortPlan, hosts: Hosts, cohorts: Cohorts) -> Opening:
    """Posts of the newest cohort that nobody holds: one now, some from its second September.

    Returns the one of now.
    """
    cohort = cohorts[plan.year]
    second_september = years_later(plan.starts_on, 1)
    starts = {STILL_OPEN: plan.starts_on} | dict.fromkeys(OFFERED_NEXT, second_september)
    return Opening.objects.bulk_create(
        Opening(
            school=hosts[urn],
            cohort=cohort,
            strand=Strand.TEACHING_AND_LEARNING,
            starts_on=starts_on,
            ends_on=plan.ends_on,
            state=Opening.State.DRAFT if urn == OFFERED_NEXT[-1] else Opening.State.OPEN,
            phase_served=Opening.Phase.SECONDARY,
            subjects=subjects,
            essentials="Has led a department, a key stage or a year group.",
            preferences="Likes a small school, and knows families well.",
        )
        for (urn, starts_on), subjects in zip(starts.items(), SUBJECTS_OFFERED, strict=True)
    )[0]


def add_careers(told: list[Life], people: People, today: date) -> None:
    """The post each leader came from, and those they went on to."""
    schools = {school.urn: school for school in School.objects.exclude(urn=None)}
    Post.objects.bulk_create(
        post
        for number, life in enumerate(told)
        for post in _posts(life, number, schools, people[life.leader.name], today)
    )


def _posts(
    life: Life, number: int, schools: dict[int | None, School], person: Person, today: date
) -> Iterator[Post]:
    begins = life.standing.starts_on
    yield Post(
        person=person,
        school=schools[CAME_FROM[number % len(CAME_FROM)]],
        title=life.leader.came_from,
        level=Post.Level.MIDDLE_LEADER,
        source=Post.Source.IMPORT,
        starts_on=date(begins.year - 3 - number % 3, 9, 1),
        ends_on=begins - DAY,
    )
    if life.standing.state != Participation.State.COMPLETED or not life.standing.held_to:
        return
    starts = _first_september(life.stays[-1].ends_on)
    steps = list(zip(life.leader.jobs, (starts, years_later(starts, 2 + number % 2)), strict=False))
    begun = [(job, starts_on) for job, starts_on in steps if starts_on <= today]
    for place, (job, starts_on) in enumerate(begun):
        is_last = place == len(begun) - 1
        yield Post(
            person=person,
            school=schools[job.urn],
            title=job.title,
            level=level_of(job.title),
            source=Post.Source.SELF if number % 2 else Post.Source.STAFF,
            is_slt=job.title != "SENCO",
            starts_on=starts_on,
            ends_on=None if is_last else begun[place + 1][1] - DAY,
        )


def level_of(title: str) -> str:
    """The level that a title begins with: of Assistant Headteacher and SENCO the first."""
    return next(level for level in Post.Level if title.startswith(level.label))


def _first_september(day: date) -> date:
    """The first day of the academic year after this day."""
    return date(academic_year(day) + 1, 9, 1)
