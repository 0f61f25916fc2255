"""The people of the demonstration. Every one is invented; every address ends in example.org."""

from __future__ import annotations

from typing import NamedTuple


class Role(NamedTuple):
    """Somebody of the demonstration who can sign in, and what they come for."""

    name: str
    what: str
    groups: tuple[str, ...] = ()
    is_staff: bool = False


class Leader(NamedTuple):
    """A Difference Leader: where they are placed (URN), from what post they came, their group."""

    name: str
    known_as: str
    pronouns: str
    urn: int
    strand: str
    came_from: str
    group: int


ARTSXCHANGE = 141164  # formerly WAC Arts College
TEACHING = "teaching_and_learning"
WELLBEING = "wellbeing_and_safeguarding"

STAFF = (
    Role("Lena Hart", "coordinates the cohort", ("Coordinator",), is_staff=True),
    Role("Grace Whitlock", "leads the programme", ("Programme lead",), is_staff=True),
    Role("Samir Aziz", "leads on safeguarding", ("Safeguarding lead",), is_staff=True),
)
SUPERVISORS = (
    Role("Ruth Adeyemi", "supervises two groups"),
    Role("Peter Lindqvist", "supervises a group"),
)
FACILITATOR = Role("Sunita Patel", "leads training days and takes registers")
SCHOOL_LEADS = ((ARTSXCHANGE, Role("Marcus Bell", "leads for The ArtsXchange")),)

LEADERS = (
    Leader("Ada Fenwick", "", "she/her", ARTSXCHANGE, TEACHING, "Head of Mathematics", 0),
    Leader("Thomas Okafor", "Tom", "he/him", 140806, WELLBEING, "Head of Year 9", 1),
    Leader("Bethan Price", "", "", 141116, TEACHING, "Literacy lead", 0),
    Leader("Imran Sheikh", "", "he/him", 138380, WELLBEING, "Pastoral lead", 0),
    Leader("Rosa Delgado", "", "she/her", 132027, TEACHING, "Head of Languages", 0),
    Leader("Callum Wright", "", "", 101103, WELLBEING, "Assistant SENCO", 1),
    Leader("Mei-Ling Tan", "", "she/her", 139418, TEACHING, "Lead practitioner, Science", 1),
    Leader("Dominic Achebe", "Dom", "he/him", 100007, WELLBEING, "Head of House", 2),
    Leader("Hannah Levy", "", "she/they", 140627, TEACHING, "Head of Drama", 2),
    Leader(
        "Oluwaseun Anthonia Featherstonehaugh-Winterbottom",
        "Seun",
        "",
        143150,
        WELLBEING,
        "Director of Inclusion",
        2,
    ),
)

GROUP_NAMES = ("Tuesday group", "Wednesday group", "Thursday group")


def address(name: str) -> str:
    """ "Mei-Ling Tan" writes from mei-ling.tan@example.org."""
    words = name.lower().split()
    return f"{words[0]}.{words[-1]}@example.org"
