"""The list of people: who is on it, and each row as flat words. Two queries at any size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery

from cohorts.models import Participation, Person
from cohorts.models.people import PersonQuerySet, listed_name
from dlp import words
from dlp.http import addresses

State = Participation.State
EXPORT_HEADER = (
    "Name", "Known as", "Pronouns", "E-mail", "Telephone", "TRN", "Home sector", "Phase", "Subject",
    "Cohort", "State", "First day", "Expected last day", "Last day", "May sign in",
)  # fmt: skip


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
    latest = _latest(filters)
    rows = found.annotate(
        in_cohort=Subquery(latest.values("cohort__name")[:1]),
        stands=Subquery(latest.values("state")[:1]),
    ).values_list(
        "pk", "full_name", "known_as", "email", "in_cohort", "stands",
        "is_active", "last_login", "invited_at", "is_staff",
    )  # fmt: skip
    labels = dict(State.choices)
    said: dict[date, str] = {}
    return [
        Entry(
            addresses("home:person")(pk),
            listed_name(full_name, known_as),
            email or "",
            cohort or ("Programme staff" if is_staff else "In no cohort"),
            state or "",
            labels.get(state, ""),
            *_access(email, is_active, last_login, invited_at, said),
        )
        for (
            pk, full_name, known_as, email, cohort, state, is_active, last_login, invited_at, is_staff,
        ) in rows
    ]  # fmt: skip


def export_rows(found: PersonQuerySet, filters: dict[str, Any]) -> Iterator[list[Any]]:
    """Rows for a file, streamed, in one query; reasons and notes are never among them."""
    latest = _latest(filters)
    labels, phases = dict(State.choices), dict(Person.Phase.choices)
    columns = ("cohort__name", "state", "starts_on", "expected_end_on", "held_to")
    found = found.annotate(
        **{f"time_{name}": Subquery(latest.values(name)[:1]) for name in columns}
    )
    rows = found.values_list(
        "full_name", "known_as", "pronouns", "email", "phone", "trn", "home_sector", "phase", "subject",
        *(f"time_{name}" for name in columns), "is_active",
    )  # fmt: skip
    for (
        *person,
        phase,
        subject,
        cohort,
        state,
        starts_on,
        ends_on,
        held_to,
        is_active,
    ) in rows.iterator(chunk_size=2_000):
        yield [
            *person, phases.get(phase, ""), subject, cohort, labels.get(state, ""),
            starts_on, ends_on, held_to, is_active,
        ]  # fmt: skip


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
