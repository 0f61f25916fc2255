"""The list of people: who is on it, and each row as flat words. Two queries at any size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from cohorts.models import Participation, Person
from cohorts.models.people import PersonQuerySet, listed_name
from cohorts.permissions import can_take_numbers_away
from dlp import words
from dlp.http import addresses

State = Participation.State


class Entry(NamedTuple):
    """One row of the page."""

    url: str
    name: str
    email: str
    cohort: str
    """Or, without a state, what somebody is who is in none."""
    state: str
    state_label: str
    access: str
    access_state: str


def people(viewer: Person, filters: dict[str, Any]) -> PersonQuerySet:
    """People this viewer may see who answer to the filters: q, role, cohort, state."""
    found = Person.objects.visible_to(viewer).matching(filters.get("q") or "")
    held = Participation.objects.filter(person=OuterRef("pk"))
    if filters.get("cohort") or filters.get("state"):
        matching = held
        if filters.get("cohort"):
            matching = matching.filter(cohort=filters["cohort"])
        if filters.get("state"):
            matching = matching.filter(state=filters["state"])
        found = found.filter(Exists(matching))
    current = Exists(held.filter(state__in=Participation.CURRENT_STATES))
    role = filters.get("role")
    if role == "participant" and filters.get("state") not in Participation.CURRENT_STATES:
        found = found.filter(current)
    elif role == "alumni":
        found = found.filter(Exists(held.filter(state=State.COMPLETED)))
    elif role == "staff":
        found = found.filter(is_staff=True)
    elif role == "other":
        found = found.filter(~Exists(held.exclude(state=State.DECLINED)), is_staff=False)
    return found.order_by("search_text", "pk")


def entries(found: Any, filters: dict[str, Any]) -> list[Entry]:
    """Rows for the screen, in one query. `found` is a slice of what `people` returns."""
    time = JSONObject(cohort="cohort__name", state="state")
    rows = found.annotate(
        time=Subquery(_latest(filters).values(told=time)[:1])
    ).values_list(
        "pk", "full_name", "known_as", "email", "time",
        "is_active", "last_login", "invited_at", "is_staff",
    )  # fmt: skip
    labels = dict(State.choices)
    said: dict[date, str] = {}
    return [
        Entry(
            addresses("home:person")(pk),
            listed_name(full_name, known_as),
            email or "",
            time["cohort"] if time else "Programme staff" if is_staff else "In no cohort",
            time["state"] if time else "",
            labels[time["state"]] if time else "",
            *_access(email, is_active, last_login, invited_at, said),
        )
        for (
            pk, full_name, known_as, email, time, is_active, last_login, invited_at, is_staff,
        ) in rows
    ]  # fmt: skip


EXPORTED = {
    "Name": "full_name",
    "Known as": "known_as",
    "Pronouns": "pronouns",
    "E-mail": "email",
    "Telephone": "phone",
    "TRN": "trn",
    "Home sector": "home_sector",
    "Phase": "phase",
    "Subject": "subject",
    "Cohort": "time_cohort__name",
    "State": "time_state",
    "First day": "time_starts_on",
    "Since": "time_deferred_on",
    "Expected last day": "time_expected_end_on",
    "Last day": "time_held_to",
    "May sign in": "is_active",
}


def export_columns(viewer: Person) -> dict[str, str]:
    """What this viewer may take away of people, by its heading; never a reason or a note."""
    has_numbers = can_take_numbers_away(viewer)
    return {title: column for title, column in EXPORTED.items() if column != "trn" or has_numbers}


def export_rows(
    found: PersonQuerySet, filters: dict[str, Any], columns: Iterable[str]
) -> Iterator[tuple[Any, ...]]:
    """Rows for a file, streamed, in one query. "Since" is said of the deferred alone."""
    latest = _latest(filters).with_deferral(timezone.localdate())
    of_time = [column for column in columns if column.startswith("time_")]
    found = found.annotate(
        **{name: Subquery(latest.values(name.removeprefix("time_"))[:1]) for name in of_time}
    )
    words = {"time_state": dict(State.choices), "phase": dict(Person.Phase.choices)}
    said = [words.get(column) for column in columns]
    for row in found.values_list(*columns).iterator(chunk_size=2_000):
        yield tuple(
            value if labels is None else labels.get(value, "")
            for value, labels in zip(row, said, strict=True)
        )


def _latest(filters: dict[str, Any]) -> Any:
    """The time in a cohort that a row shows: the one filtered for, else the latest not declined."""
    times = Participation.objects.filter(person=OuterRef("pk"))
    if filters.get("cohort"):
        times = times.filter(cohort=filters["cohort"])
    if filters.get("state"):
        times = times.filter(state=filters["state"])
    else:
        times = times.filter(~Q(state=State.DECLINED))
    return times.order_by("-starts_on", "-pk")


def access_of(person: Person) -> tuple[str, str]:
    """Whether they sign in, in words and as the state of a tag."""
    return _access(person.email, person.is_active, person.last_login, person.invited_at, {})


def _access(
    email: str | None,
    is_active: bool,
    last_login: datetime | None,
    invited_at: datetime | None,
    said: dict[date, str],
) -> tuple[str, str]:
    if not is_active:
        return "Deactivated", "rest"
    if not email:
        return "No address", "rest"
    if last_login is not None:
        return "Has signed in", "good"
    if invited_at is not None:
        day = words.as_day(invited_at)
        return said.setdefault(day, f"Invited {words.short_day(day)}"), "soon"
    return "Not invited", "due"
