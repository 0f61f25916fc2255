"""The navigation: the rail of the staff desk, and the few places of the portal."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from dlp.home.roles import Roles, roles_of


class Place(NamedTuple):
    """An entry of the navigation, before its URL is known."""

    label: str
    name: str
    icon: str
    also: tuple[str, ...] = ()
    """Paths of other pages that belong to this place."""


class Entry(NamedTuple):
    label: str
    url: str
    icon: str
    is_current: bool


class Navigation(NamedTuple):
    is_desk: bool
    entries: list[Entry]

    @property
    def has_thumbs(self) -> bool:
        """One place alone needs no bar under the thumb: the mark leads there."""
        return not self.is_desk and len(self.entries) > 1


SESSIONS = Place(
    "Sessions", "training:calendar", "calendar", ("/supervision/", "/bookings/", "/twilights/")
)
TWILIGHTS = Place("Twilights", "training:twilights", "lamp")
DESK = [
    Place("Desk", "home:desk", "desk", ("/search/", "/cover/")),
    Place(
        "Cohorts",
        "cohorts:list",
        "people",
        ("/participations/", "/imports/", "/plans/", "/plan-items/", "/template-items/"),
    ),
    Place(
        "Schools",
        "placements:schools",
        "school",
        ("/openings/", "/partnerships/", "/contacts/", "/handovers/", "/clashes/", "/map/"),
    ),
    Place("Placements", "placements:placements", "place"),
    SESSIONS,
    Place("People", "cohorts:people", "person", ("/safeguarding/", "/certificates/")),
    Place("Messages", "outbox:messages", "envelope"),
    Place("Admin", "admin:index", "admin"),
]
HOME = Place("Home", "home:home", "home", ("/placements/", "/schools/"))
LEADERS = Place("Leaders", "home:home", "people", ("/placements/", "/reviews/"))
DATES = Place("Dates", "home:our_dates", "calendar")
SCHOOL = Place("School", "home:our_schools", "school", ("/schools/", "/handovers/"))
LEARNING = Place("My learning", "training:my_learning", "book", ("/certificates/",))


def portal(roles: Roles) -> list[Place]:
    """Places for people who are not staff; four at most, so that they fit under a thumb."""
    attends = roles.participant or roles.supervisor or roles.facilitator
    leads = [DATES, SCHOOL] if roles.school_lead else []
    if attends:
        mine = [LEARNING] if roles.participant else []
        return [HOME, SESSIONS, *(leads or mine)]
    return [LEADERS, *leads, TWILIGHTS] if leads else [HOME]


def lies_under(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or (root != "/" and path.startswith(root)) for root in roots)


def entry(place: Place, path: str) -> Entry:
    url = reverse(place.name)
    return Entry(place.label, url, place.icon, lies_under(path, (url, *place.also)))


def navigation(request: HttpRequest) -> Navigation:
    """The places for the signed-in person; none for a visitor."""
    if not request.user.is_authenticated:
        return Navigation(is_desk=False, entries=[])
    is_desk = request.user.is_staff
    places = DESK if is_desk else portal(roles_of(request.user))
    return Navigation(is_desk=is_desk, entries=[entry(place, request.path) for place in places])
