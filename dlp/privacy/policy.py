"""The rules about every column we store, from policy.toml: class, reason, and how long."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Model

POLICY = Path(__file__).with_name("policy.toml")
ANY_HISTORY = "*"


class Kind(StrEnum):
    """The class of a column: the harm if the wrong people read it, in rising order."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    SEALED = "sealed"


@dataclass(frozen=True)
class Keep:
    """How long to keep something: so many days after an event, and what happens then.

    None is for good.
    """

    name: str
    event: str
    then: str
    days: int | None = None


@dataclass(frozen=True)
class Rule:
    model: str
    field: str
    kind: Kind
    why: str
    keep: Keep


@cache
def rules() -> dict[tuple[str, str], Rule]:
    """Every rule by model label and field name. Raises ValueError if the file contradicts itself."""
    return parse(tomllib.loads(POLICY.read_text()))


def parse(document: dict[str, Any]) -> dict[tuple[str, str], Rule]:
    keeps = {name: Keep(name, **how) for name, how in document["keep"].items()}
    found: dict[tuple[str, str], Rule] = {}
    for block in document["rule"]:
        if not block["why"].strip():
            raise ValueError(f"A rule for {block['model']} does not say why.")
        for field in block["fields"]:
            key = (block["model"], field)
            if key in found:
                raise ValueError(f"{block['model']}.{field} has two rules.")
            found[key] = Rule(*key, Kind(block["class"]), block["why"], keeps[block["keep"]])
    return found


def rule_for(model: type[Model], field: str) -> Rule:
    """The rule for one column; history columns follow what they track. Raises KeyError."""
    tracked = getattr(model, "pgh_tracked_model", None)
    if tracked is None:
        return rules()[model._meta.label, field]
    if field.startswith("pgh_"):
        return rules()[ANY_HISTORY, field]
    return rules()[tracked._meta.concrete_model._meta.label, field]


def columns() -> Iterator[tuple[type[Model], str]]:
    """Every column of every table that migrations made, joining tables and history included."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                yield model, field.name


def columns_without_a_rule() -> list[str]:
    missing = []
    for model, field in columns():
        try:
            rule_for(model, field)
        except KeyError:
            missing.append(f"{model._meta.label}.{field}")
    return sorted(missing)


def rules_without_a_column() -> list[str]:
    known = {(model._meta.label, field) for model, field in columns()}
    history = {(ANY_HISTORY, field) for _, field in columns() if field.startswith("pgh_")}
    return sorted(f"{model}.{field}" for model, field in rules().keys() - known - history)
