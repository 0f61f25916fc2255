"""Timeline events of a person: changes, details, sign-in, and who read sealed records."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.db.models.functions import JSONObject

from cohorts.models import Correction, ParticipationChange, Person, PersonMerge, PlanItem
from cohorts.permissions import DATA_PROTECTION_LEAD, can_read_reasons, in_group
from dlp import news, timeline, words
from dlp.audit.models import AccessRecord
from dlp.timeline import BY, Event, Source, steps_in

Kind = ParticipationChange.Kind
Reason = ParticipationChange.Reason

SAID = {
    Kind.OFFERED: "Offered a place in {cohort} on {day}",
    Kind.ACCEPTED: "Accepted a place in {cohort} on {day}",
    Kind.DECLINED: "Declined the place in {cohort} on {day}",
    Kind.STARTED: "Started in {cohort} from {day}",
    Kind.DEFERRED: "Deferred in {cohort} from {day}",
    Kind.REVIEWED: "Deferral in {cohort} looked at again on {day}",
    Kind.RESUMED: "Resumed in {cohort} from {day}",
    Kind.TRANSFERRED: "Transferred from {cohort} to {to} from {day}",
    Kind.COMPLETED: "Completed {cohort} on {day}",
    Kind.WITHDRAWN: "Withdrew from {cohort} from {day}",
    Kind.REINSTATED: "Reinstated in {cohort} from {day}",
}
PLAN_SAID = {
    PlanItem.State.MET: "{0} is met",
    PlanItem.State.TO_REPEAT: "{0} is to be repeated",
    PlanItem.State.WAIVED: "{0} is waived",
    PlanItem.State.NOT_APPLICABLE: "{0} does not apply",
}
WITHHELD = "Only programme leads and safeguarding leads can read the reason."

ACCESS = ("email", "is_active", "invited_at")
"""What a person's history keeps about signing in; the rest are details."""
LABELS = {field.name: str(field.verbose_name) for field in Person._meta.fields}
NO_DETAILS = frozenset({*ACCESS, "id", "added_at", "home_easting", "home_northing", "merged_into"})


def on_the_programme(viewer: Person, about: Person) -> list[Source]:
    """Every change and every undoing; the reason is for two groups of staff."""
    may_read = can_read_reasons(viewer)
    rows = ParticipationChange.objects.visible_to(viewer).filter(participation__person=about)
    kept = {"why": "reason", "note": "note_private"} if may_read else {}
    if viewer.is_staff:
        kept |= {"met": "completion__met", "total": "completion__total"}
        kept |= {"override": "completion__override_reason"}
    told = JSONObject(
        kind="kind",
        cohort="participation__cohort__name",
        to="to_cohort__name",
        effective_on="effective_on",
        return_on="expected_return_on",
        review_on="review_on",
        undoes="undoes_id",
        by="by_id",
        **kept,
    )
    return [Source(rows, "recorded_at", told, _read_step if may_read else _step)]


def _step(one: Any) -> Event:
    said = SAID[Kind(one.kind)].format(
        cohort=one.cohort, to=one.to, day=words.plain_day(one.effective_on)
    )
    if one.undoes:
        return Event(f"“{said}” was undone.", by=one.by)
    if one.return_on:
        said += f", expected back {words.plain_day(one.return_on)}"
    if one.review_on:
        said += f", to be looked at again on {words.plain_day(one.review_on)}"
    override = getattr(one, "override", "") or ""
    if override:
        said += f", all the same: {one.met} of {one.total} met"
    is_sensitive = one.kind in (Kind.DEFERRED, Kind.WITHDRAWN)
    withheld = WITHHELD if is_sensitive else ""
    return Event(f"{said}.", by=one.by, reason=override, withheld=withheld)


def _read_step(one: Any) -> Event:
    event = _step(one)
    why = [f"{Reason(one.why).label}."] if one.why else []
    return Event(event.says, by=event.by, reason=" ".join([*why, one.note, event.reason]).strip())


def plan(viewer: Person, about: Person) -> list[Source]:
    """What of their plan was met, is to be repeated or was excused, and why."""
    items = PlanItem.objects.visible_to(viewer).filter(participation__person=about)
    events = news.events_of(PlanItem).filter(pgh_obj__in=items.order_by().values("pk"))
    rows = steps_in(events, "state").filter(
        Q(state__in=PLAN_SAID) | Q(then__state__in=PlanItem.EXCUSED_STATES)
    )
    told = JSONObject(
        title="title", state="state", why="excuse", excused_by="excused_by_id",
        reported_by="attempt__reported_by_id", by=BY,
    )  # fmt: skip
    return [Source(rows, "pgh_created_at", told, _plan)]


def _plan(one: Any) -> Event:
    said = PLAN_SAID.get(PlanItem.State(one.state), "{0} is asked for again")
    by = one.excused_by or one.reported_by or one.by
    return Event(f"{said.format(one.title)}.", by=by, reason=one.why)


def details(viewer: Person, about: Person) -> list[Source]:
    """That their details changed; the values are in the history of the record."""
    events = news.events_of(Person).filter(pgh_obj__in=Person.everyone.visible_to(viewer))
    columns = [
        field.name
        for field in events.model._meta.fields
        if not field.name.startswith("pgh_") and field.name not in NO_DETAILS
    ]
    rows = steps_in(events.filter(pgh_obj__in=Person.everyone.records_of(about)), *columns)
    told = JSONObject(now="now", then="then", by=BY)
    return [Source(rows, "pgh_created_at", told, _details)]


def _details(one: Any) -> Event:
    if one.then is None:
        return Event("Added to the people the programme knows.", by=one.by)
    if one.now["died_on"] != one.then["died_on"]:
        day = one.now["died_on"]
        said = (
            f"Died on {words.plain_day(date.fromisoformat(day))}." if day else "Is alive after all."
        )
        return Event(said, by=one.by)
    changed = [LABELS[name] for name, value in one.now.items() if value != one.then[name]]
    return Event(f"Changed in their details: {words.joined(changed)}.", by=one.by)


def corrections(viewer: Person, about: Person) -> list[Source]:
    """Confirmed facts that staff corrected, and why; for masked facts only that they changed."""
    records = Person.everyone.records_of(about)
    rows = Correction.objects.visible_to(viewer).filter(person__in=records)
    told = JSONObject(fact="fact", was="was", became="became", reason="reason", by="by_id")
    return [Source(rows, "at", told, _correction)]


def _correction(one: Any) -> Event:
    correction = Correction(fact=one.fact, was=one.was, became=one.became)
    return Event(correction.said, by=one.by, reason=one.reason)


def merges(viewer: Person, about: Person) -> list[Source]:
    """Records of the same person that were merged into this one."""
    rows = PersonMerge.objects.visible_to(viewer).filter(kept__in=Person.everyone.records_of(about))
    told = JSONObject(gone="gone__full_name", by="by_id")
    return [Source(rows, "at", told, _merge)]


def _merge(one: Any) -> Event:
    return Event(f"Made one record with {one.gone}.", by=one.by)


def signing_in(viewer: Person, about: Person) -> list[Source]:
    """Invitations, changes of address, and when their sign-in was closed or opened again."""
    events = news.events_of(Person).filter(pgh_obj__in=Person.everyone.visible_to(viewer))
    records = Person.everyone.records_of(about)
    rows = steps_in(events.filter(pgh_obj__in=records), *ACCESS).exclude(then=None)
    told = JSONObject(now="now", then="then", by=BY)
    return [Source(rows, "pgh_created_at", told, _access)]


def _access(one: Any) -> Event:
    now, then = one.now, one.then
    said = []
    if now["email"] != then["email"]:
        said.append("Another e-mail address is used." if now["email"] else "No e-mail address now.")
    if now["invited_at"] != then["invited_at"]:
        said.append("Invited to sign in.")
    if now["is_active"] != then["is_active"]:
        back, out = "Let in to sign in again.", "Stopped from signing in and from getting letters."
        said.append(back if now["is_active"] else out)
    return Event(" ".join(said), by=one.by)


def readings(viewer: Person, about: Person) -> list[Source]:
    """Who read sealed records about them: shown to the person and to data protection leads."""
    if viewer.pk != about.pk and not in_group(viewer, DATA_PROTECTION_LEAD):
        return []
    told = JSONObject(subject="subject_kind", purpose="purpose", by="person_id")
    return [Source(AccessRecord.objects.filter(about=about), "read_at", told, _reading)]


def _reading(one: Any) -> Event:
    what = apps.get_model(one.subject)._meta.verbose_name
    return Event(f"A sealed record was read ({what}).", by=one.by, reason=one.purpose)


def register() -> None:
    timeline.register("programme", "Programme", on_the_programme)
    timeline.register("plan", "Plan", plan)
    timeline.register("details", "Details", details)
    timeline.register("details", "Details", corrections)
    timeline.register("details", "Details", merges)
    timeline.register("access", "Signing in", signing_in)
    timeline.register("readings", "Sealed records read", readings)
