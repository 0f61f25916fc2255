"""The demonstration's history, told as its own facts date it.

The triggers wrote an event a row, all at this moment. Here each is put back to the day on which the row
came about, and what happened to the row since becomes an event of its own. So nothing of the past looks
as if it had changed just now; and of the last three days there are answers, one more person invited, and
a session that moved by an hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import (
    DateTimeField,
    F,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Greatest, Least

from cohorts.models import (
    Cohort,
    Participation,
    ParticipationChange,
    Person,
    PlanItem,
    PlanTemplate,
    Requirement,
    RequirementAttempt,
    TemplateItem,
)
from cohorts.planning.anchors import anchors_of
from cohorts.planning.dates import due_on
from dlp.home.demo.clock import noon
from dlp.home.demo.lives import ACCEPTED_AHEAD, DAY, Life, Placed
from dlp.home.demo.meetings import Held
from dlp.home.demo.people import BEGINNING
from dlp.home.demo.rewriting import rewrite
from placements.models import (
    Check,
    Clash,
    ClosedDays,
    Handover,
    LocalAuthority,
    Opening,
    Partnership,
    Placement,
    Post,
    Review,
    SafeguardingRole,
    School,
    SchoolContact,
    SchoolLink,
    SchoolName,
    SchoolProfile,
    Trust,
    UnknownDestination,
)
from training.models import (
    Acknowledgement,
    Booking,
    Certificate,
    CertificatePolicy,
    Course,
    GroupMember,
    GuidanceEdition,
    KnowledgeUpdate,
    PracticeCard,
    Presenter,
    Residential,
    Resource,
    Series,
    Session,
    SupervisionGroup,
    TwilightIdea,
    Venue,
    VenueOperator,
)

AT_FIRST = (
    School,
    SchoolLink,
    Trust,
    LocalAuthority,
    Venue,
    VenueOperator,
    Course,
    CertificatePolicy,
    GuidanceEdition,
    Requirement,
    PlanTemplate,
    TemplateItem,
)
"""What was here before anybody came."""
HAS_AN_END = (SupervisionGroup, GroupMember, SchoolContact, Post)
HOUR = timedelta(hours=1)


def write_history(
    told: list[Life],
    times: dict[str, Participation],
    placed: list[Placed],
    held: list[Held],
    today: date,
) -> None:
    for model, when in _first_written(today).items():
        _events(model).update(pgh_created_at=when)
    _joins(today)
    _what_ended()
    _what_schools_offered()
    _times(told, times, today)
    _placements(placed, today)
    _sessions(held, today)
    _bookings()
    _certificates()
    _plans()
    _returns(told, times, today)


def _events(model: type[Model]) -> QuerySet[Any]:
    event: type[Model] = model.events.rel.related_model  # type: ignore[attr-defined]
    return event._default_manager.all()


def _at_noon(column: str, days: int = 0) -> Combinable:
    """Noon, so many days after the day in a column."""
    return Cast(F(column), DateTimeField()) + timedelta(days=days, hours=12)


def _first_written(today: date) -> dict[type[Model], Any]:
    """When the rows of each table were first written, as SQL over the columns of their events."""
    planned_at = _planned_at(today)
    added_at = Person._default_manager.filter(pk=OuterRef("person_id")).values("added_at")
    session = Session.objects.filter(pk=OuterRef("session_id"))
    in_series = Session.objects.filter(series=OuterRef("pgh_obj_id")).order_by("starts_at")
    begun = Participation.objects.order_by().filter(pk=OuterRef("participation_id"))
    placed = Placement.objects.filter(pk=OuterRef("placement_id"))
    laid_out = begun.values(when=_at_noon("starts_on", -ACCEPTED_AHEAD.days))
    return {
        **dict.fromkeys(AT_FIRST, noon(BEGINNING)),
        Person: F("added_at"),
        Cohort: _at_noon("starts_on", -200),
        SchoolName: F("added_at"),
        SchoolContact: _at_noon("starts_on"),
        Partnership: _at_noon("starts_on", -30),
        SchoolProfile: _at_noon("confirmed_on"),
        Handover: _at_noon("opened_on"),
        Clash: F("told_at"),
        ClosedDays: F("recorded_at"),
        Opening: Least(_at_noon("starts_on", -150), Value(noon(today - 20 * DAY))),
        Post: Greatest(_at_noon("starts_on"), Subquery(added_at)),
        SupervisionGroup: _at_noon("starts_on", -14),
        GroupMember: _at_noon("starts_on", -14),
        UnknownDestination: F("said_at"),
        Check: Subquery(placed.values(when=_at_noon("starts_on", -15))),
        Review: F("written_at"),
        SafeguardingRole: F("recorded_at"),
        Certificate: F("recorded_at"),
        KnowledgeUpdate: F("recorded_at"),
        Acknowledgement: F("acknowledged_at"),
        TwilightIdea: F("began_at"),
        Presenter: F("asked_at"),
        Resource: F("handed_in_at"),
        PracticeCard: F("written_at"),
        Session: planned_at,
        Series: Subquery(in_series.values(when=planned_at)[:1]),
        Residential: Subquery(session.values(when=planned_at)),
        Booking: F("booked_at"),
        RequirementAttempt: F("recorded_at"),
        PlanItem: Subquery(laid_out),
    }


def _planned_at(today: date) -> Combinable:
    """When a session was planned, over its columns."""
    return Least(F("starts_at") - timedelta(days=120), Value(noon(today - 95 * DAY)))


def _joins(today: date) -> None:
    """The cohorts and facilitators of sessions since they were planned; groups since people joined."""
    session = Session.objects.filter(pk=OuterRef("session_id"))
    planned = Subquery(session.values(when=_planned_at(today)))
    person = Person._default_manager.filter(pk=OuterRef("person_id"))
    for name, when in {
        "training.SessionCohortEvent": planned,
        "training.SessionFacilitatorEvent": planned,
        "cohorts.PersonGroupEvent": Subquery(person.values("added_at")),
    }.items():
        apps.get_model(name)._default_manager.update(pgh_created_at=when)


def _what_ended() -> None:
    for model in HAS_AN_END:
        ended = "ends_on IS NOT NULL AND ends_on > pgh_created_at"
        written = _then(model, at="ends_on + interval '12 hours'", where=ended)
        _at_the_beginning(model, written, ends_on=None)


def _what_schools_offered() -> None:
    filled = _then(Opening, at="starts_on - interval '80 days'", where="state = 'filled'")
    _at_the_beginning(Opening, filled, state=Opening.State.OPEN)


def _then(model: type[Model], *, at: str, where: str, **instead: str) -> list[int]:
    """Add an update to the history of every row whose first event is so, with that event's values.

    `at` says when, over its columns; `instead` are values that came only later. Returns the rows' keys.
    """
    event = _events(model).model
    columns = [str(f.column) for f in event._meta.concrete_fields if not f.primary_key]
    values = {"pgh_created_at": at, "pgh_label": "'update'", **instead}
    table = connection.ops.quote_name(event._meta.db_table)
    listed = ", ".join(connection.ops.quote_name(column) for column in columns)
    chosen = ", ".join(values.get(column, connection.ops.quote_name(column)) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({listed}) SELECT {chosen} FROM {table} "  # noqa: S608
            f"WHERE pgh_label = 'insert' AND {where} ORDER BY pgh_id RETURNING pgh_obj_id"
        )
        return [row[0] for row in cursor.fetchall()]


def _at_the_beginning(model: type[Model], keys: Iterable[Any], **values: Any) -> None:
    """The values of the first event of these rows, where later ones differ."""
    _events(model).filter(pgh_label="insert", pgh_obj__in=list(keys)).update(**values)


def _times(told: list[Life], times: dict[str, Participation], today: date) -> None:
    """An event for each change, with what the changes added up to by then."""
    steps = []
    for life in told:
        row = times[life.leader.name]
        for change in life.changes:
            standing = life.standing_on(change.day)
            values = {
                "state": standing.state,
                "starts_on": standing.starts_on,
                "expected_end_on": standing.expected_end_on,
                "held_to": standing.held_to,
            }
            steps.append((row, min(change.day, today - DAY), values))
    _retell(Participation, steps)


def _placements(placed: list[Placed], today: date) -> None:
    """An event for each move; until the one that ended it early, a placement was to run longer."""
    steps = []
    for one in placed:
        for move in one.stay.moves:
            agreed_to = one.stay.moves[-1].agreed_to or one.stay.ends_on
            ends_on = one.stay.ends_on if move.agreed_to else agreed_to
            values = {"state": move.state, "ends_on": ends_on}
            steps.append((one.row, min(move.day, today - DAY), values))
    _retell(Placement, steps)


def _retell(model: type[Model], steps: list[tuple[Any, date, dict[str, Any]]]) -> None:
    """Replace the events of a table: for each a row, a day, and its values at the time."""
    events = _events(model)
    events.delete()
    rows = []
    begun = set()
    for row, day, values in steps:
        facts = {
            field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields
        }
        label = "update" if row.pk in begun else "insert"
        begun.add(row.pk)
        event = events.model(**{**facts, **values}, pgh_obj_id=row.pk, pgh_label=label)
        rows.append((event, noon(day)))
    events.model._default_manager.bulk_create(event for event, _ in rows)
    for event, moment in rows:  # the field writes the clock's time when it is first saved
        event.pgh_created_at = moment
    rewrite([event for event, _ in rows], "pgh_created_at")


def _sessions(held: list[Held], today: date) -> None:
    """A register was closed after the session; one session to come was moved yesterday afternoon."""
    closed = _then(Session, at="register_closed_at", where="register_closed_at IS NOT NULL")
    _at_the_beginning(Session, closed, register_closed_at=None, register_closed_by=None)
    moved = next(one.session for one in held if one.entry.is_fresh)
    moved_at = _stamp(noon(today - DAY) + 4 * HOUR)
    _then(Session, at=moved_at, where=f"pgh_obj_id = {moved.pk}")
    _at_the_beginning(
        Session,
        [moved.pk],
        starts_at=moved.starts_at - HOUR,
        ends_at=moved.ends_at - HOUR,
        starts_time=_an_hour_before(moved.starts_time),
        ends_time=_an_hour_before(moved.ends_time),
        revision=1,
        ics_sequence=0,
    )


def _stamp(moment: datetime) -> str:
    return f"'{moment.isoformat()}'::timestamptz"


def _an_hour_before(at: time) -> time:
    return at.replace(hour=at.hour - 1)


def _bookings() -> None:
    """Invited; then the answer; then the mark in the register."""
    unmarked = {"attendance": "''", "excuse": "''", "marked_at": "NULL", "marked_by_id": "NULL"}
    answered = _then(Booking, at="replied_at", where="replied_at IS NOT NULL", **unmarked)
    marked = _then(Booking, at="marked_at", where="attendance <> ''")
    _at_the_beginning(
        Booking,
        {*answered, *marked},
        state=Booking.State.INVITED,
        replied_at=None,
        replied_via="",
        reply_reason="",
        attendance="",
        excuse="",
        marked_at=None,
        marked_by=None,
    )


def _certificates() -> None:
    """In review until somebody looked; standing until the next one did."""
    state = Certificate.State
    reviewed = "state IN ('accepted', 'rejected') AND evidence <> ''"
    looked_at = _then(Certificate, at="reviewed_at", where=reviewed)
    _at_the_beginning(
        Certificate, looked_at, state=state.IN_REVIEW, reviewed_at=None, reviewed_by=None, note=""
    )
    followed = _then(Certificate, at="superseded_at", where="state = 'superseded'")
    _at_the_beginning(Certificate, followed, state=state.ACCEPTED, superseded_at=None)


def _plans() -> None:
    """Laid out when somebody joined; later the state of the attempt that each item rests on."""
    go = RequirementAttempt.objects.order_by().filter(pk=OuterRef("attempt_id"))
    folded = _events(PlanItem).filter(pgh_label="update")
    folded.update(pgh_created_at=Subquery(go.values("recorded_at")))


def _returns(told: list[Life], times: dict[str, Participation], today: date) -> None:
    """Until somebody returned from a deferral, items were due as if they had not been away."""
    back_on = {
        times[life.leader.name]: change.day
        for life in told
        for change in life.changes
        if change.kind == ParticipationChange.Kind.RESUMED
    }
    anchors = anchors_of(list(back_on), today)
    rules = {rule.key: rule for rule in TemplateItem.objects.all()}
    for one, day in back_on.items():
        never_away = anchors[one.pk]._replace(absences=(), ends_on=one.cohort.ends_on)
        items = one.plan_items.values_list("pk", "key", "due_on")
        planned = {pk: (due_on(rules[key], never_away), moved_to) for pk, key, moved_to in items}
        _move({pk: day for pk, (day, moved_to) in planned.items() if day != moved_to}, day)


def _move(planned: dict[int, date | None], back_on: date) -> None:
    """These items were due as planned until somebody was back."""
    if not planned:
        return
    listed = ", ".join(map(str, planned))
    _then(PlanItem, at=_stamp(noon(back_on)), where=f"pgh_obj_id IN ({listed})")
    first = list(_events(PlanItem).filter(pgh_label="insert", pgh_obj__in=planned))
    for event in first:
        event.due_on = planned[event.pgh_obj_id]
    rewrite(first, "due_on")
