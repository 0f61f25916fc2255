"""Everybody in the demonstration except its leaders.

All are invented; addresses end in example.org.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from dlp.text import fold


class Role(NamedTuple):
    """Somebody who can sign in to the demonstration, and what for."""

    name: str
    what: str
    groups: tuple[str, ...] = ()


class SchoolRole(NamedTuple):
    """Somebody who signs in for schools, by their URNs."""

    name: str
    what: str
    urns: tuple[int, ...]
    role: str


ARTSXCHANGE = 141164
BEACHCROFT = 140806
EVERGREEN = 143150

STAFF = (
    Role("Lena Hart", "coordinates the cohorts", ("Coordinator",)),
    Role("Grace Whitlock", "leads the programme", ("Programme lead",)),
    Role("Samir Aziz", "leads on safeguarding", ("Safeguarding lead",)),
)
COORDINATOR = STAFF[0].name
PROGRAMME_LEAD = STAFF[1].name
SUPERVISORS = (
    Role("Ruth Adeyemi", "supervises two groups"),
    Role("Peter Lindqvist", "supervises two groups"),
    Role("Moira Kessler", "supervises two groups"),
)
FORMER_SUPERVISOR = "Judith Amos"
FACILITATOR = Role("Sunita Patel", "leads training days and takes registers")
FORMER_FACILITATOR = "Colin Reeve"
STAYS_AWAY = "Oluwaseun Anthonia Featherstonehaugh-Winterbottom"
"""A leader who missed the last three sessions."""
CAME_LATE = "Samuel Birch"
"""A leader who took a place some weeks after their cohort had begun."""
SCHOOL_LEADS = (
    SchoolRole("Marcus Bell", "leads for The ArtsXchange", (ARTSXCHANGE,), "host_lead"),
    SchoolRole(
        "Helen Osei",
        "leads for three academies of one trust",
        (BEACHCROFT, 140807, 139509),
        "other",
    ),
)
NOT_SIGNED_IN = SchoolRole("Gavin Stott", "", (EVERGREEN,), "host_lead")
"""Was invited three weeks ago and has not been seen since."""
WRITTEN_TWICE = "Gavin Stot"
"""The same, as somebody wrote him down a second time."""

HOST_LEADS = (
    "Jo Abara", "Kit Marlowe", "Nadia Rahman", "Owen Pryce", "Farah Khan", "Tess Holloway",
    "Alan Whitcombe", "Bisi Ogunleye", "Clare Hennessy", "Dev Chatterjee", "Elaine Proctor",
    "Francis Amoah", "Gill Stanhope", "Harpreet Dhillon", "Ian Copley", "Jackie Threlfall",
    "Keith Osgood", "Lorna McBride", "Mohsin Raja", "Nerys Vaughan", "Oonagh Kelly", "Paul Rothwell",
    "Queenie Asante", "Rob Fairclough", "Shabana Mir", "Tony Delaney", "Uzma Sheraz", "Vic Bramhall",
    "Wendy Ackroyd", "Yvonne Beckford", "Andrea Sykes", "Bernard Yeboah", "Carol Tranter",
    "Dilip Solanki", "Esther Nwosu", "Fergus Laidlaw", "Gail Hepworth", "Hakan Yilmaz",
    "Irene Castell", "Julian Pease", "Kavita Bose", "Len Haworth", "Maggie Duxbury", "Noel Fitzroy",
    "Olga Petrenko", "Pam Wolstenholme", "Ravi Menon", "Sheila Garside", "Trevor Gayle",
    "Una Corrigan", "Val Entwistle", "Winston Hibbert", "Yasmin Noor", "Zeb Cartledge",
    "Anne Postlethwaite", "Brian Tandy", "Cheryl Oduro", "Duncan Frew", "Eve Sandiford",
    "Frank Mulholland", "Geeta Rao", "Hugh Trevelyan", "Imelda Cruz", "Jean Hardcastle",
    "Khalid Aziz", "Linda Wragg", "Moses Tetteh", "Nia Bevan", "Pauline Sugden", "Rita Fernandes",
)  # fmt: skip
"""Contacts who do not sign in, a host each."""


def address(name: str) -> str:
    """ "Mei-Ling Tan" writes from mei-ling.tan@example.org."""
    words = re.sub(r"[^a-z \-]", "", fold(name)).split()
    return f"{words[0]}.{words[-1]}@example.org"


def everybody_at_work() -> list[Role | SchoolRole]:
    """Those who can sign in and are no leaders."""
    return [*STAFF, *SCHOOL_LEADS, *SUPERVISORS, FACILITATOR]
