"""What the demonstration's leaders teach, where about they live, and what they say of themselves."""

from __future__ import annotations

from typing import NamedTuple

from cohorts.models import Person

Phase = Person.Phase


class About(NamedTuple):
    phase: Phase
    subject: str
    biography: str


class Home(NamedTuple):
    sector: str
    easting: int
    northing: int


ABOUT = (
    About(
        Phase.SECONDARY,
        "English",
        "I taught English for nine years in two comprehensives. I want every pupil to leave with a "
        "text they can call their own, and I sing in a choir that is better than I am.",
    ),
    About(Phase.SECONDARY, "Mathematics", ""),
    About(
        Phase.PRIMARY,
        "",
        "Year 6 teacher and phase lead. Small steps, high hopes, and always a spare pair of plimsolls.",
    ),
    About(
        Phase.SECONDARY,
        "Science",
        "Head of year before I came. I believe that behaviour is a message, and that chemistry is "
        "the best lesson to be late for.",
    ),
    About(Phase.SECONDARY, "History", ""),
    About(
        Phase.ALL_THROUGH,
        "Physical education",
        "Twelve years of PE, five as a pastoral lead. Ask me about boxing clubs and breakfast.",
    ),
    About(Phase.POST_16, "Sociology", ""),
    About(
        Phase.SECONDARY,
        "Art and design",
        "I came to teaching from a theatre workshop. Making things with your hands gets people "
        "talking, so my door has clay on it.",
    ),
    About(Phase.PRIMARY, "", ""),
)
HOMES = (
    Home("SE15 3", 534_600, 176_100),
    Home("M14 5", 385_500, 395_300),
    Home("B12 9", 408_200, 284_400),
    Home("BD7 1", 414_700, 432_600),
    Home("NE6 5", 427_300, 565_600),
    Home("BS5 6", 361_700, 174_400),
    Home("LS8 4", 432_500, 435_900),
)
EVERY_THIRD = 3


def tell_about(person: Person, number: int) -> None:
    """What the leader with this number says about themselves; a third say nothing yet."""
    if number % EVERY_THIRD == EVERY_THIRD - 1:
        return
    told, home = ABOUT[number % len(ABOUT)], HOMES[number % len(HOMES)]
    person.phase, person.subject, person.biography = told
    person.is_in_directory = bool(told.biography)
    person.home_sector, person.home_easting, person.home_northing = home
