"""docs/permissions.csv, read and expanded: who gets which answer where."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

MATRIX: Path = settings.BASE_DIR / "docs" / "permissions.csv"

STAFF = ("programme lead", "coordinator", "safeguarding lead", "data protection lead", "read only")
MEMBERS = (
    "participant",
    "other participant",
    "school lead",
    "other school lead",
    "supervisor",
    "facilitator",
)
SHUT_OUT = ("anonymous", "deactivated", "staff without second factor")
ROLES = (*SHUT_OUT, *MEMBERS, *STAFF)

# Several roles in one line of the file.
GROUPS = {
    **{role: (role,) for role in ROLES},
    "everyone": ROLES,
    "known": tuple(role for role in ROLES if role not in ("anonymous", "deactivated")),
    "visitors": ("anonymous", "deactivated"),
    "signed in": (*MEMBERS, *STAFF),
    "staff": STAFF,
    "changers": ("programme lead", "coordinator"),
    "readers": ("safeguarding lead", "data protection lead", "read only"),
    "members": MEMBERS,
    "proven": (*STAFF, "supervisor"),
    "plain members": tuple(role for role in MEMBERS if role != "supervisor"),
}
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE")
ANSWERS = {
    "ok",
    "done",
    "sign-in",
    "second factor",
    "prove again",
    "400",
    "403",
    "404",
    "405",
    "410",
}


class Row(NamedTuple):
    roles: tuple[str, ...]
    name: str
    methods: tuple[str, ...]
    answer: str


@cache
def matrix() -> list[Row]:
    with MATRIX.open(newline="") as file:
        lines = csv.DictReader(line for line in file if line.strip() and not line.startswith("#"))
        return [
            Row(
                GROUPS[line["role"]],
                line["url name"],
                methods_of(line["method"]),
                line["answer"],
            )
            for line in lines
        ]


def methods_of(cell: str) -> tuple[str, ...]:
    """HEAD goes with GET."""
    named = cell.split("|")
    return (*named, "HEAD") if "GET" in named else tuple(named)


def matches(pattern: str, name: str) -> bool:
    """`admin:*_change` stands for every model of the admin, `a|b` for either, `*` for every address."""
    for one in pattern.split("|"):
        head, star, tail = one.partition("*")
        if one == name or (star and name.startswith(head) and name.endswith(tail)):
            return True
    return False


def rows_for(name: str) -> list[Row]:
    """The rows about one address, the general first; those about every address do not count."""
    return [row for row in matrix() if row.name != "*" and matches(row.name, name)]


def deciding(role: str, name: str, method: str) -> Row | None:
    """The last line that speaks of this role, address and method."""
    decides = None
    for row in rows_about(name):
        if role in row.roles and method in row.methods:
            decides = row
    return decides


def expected(role: str, name: str, method: str) -> str:
    """What the file says; 405 where it says nothing."""
    row = deciding(role, name, method)
    return row.answer if row else "405"


@cache
def rows_about(name: str) -> list[Row]:
    return [row for row in matrix() if matches(row.name, name)]
