"""Models whose changes are told in numbered versions. Apps register them in `AppConfig.ready`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True)
class Subject:
    """A model with a `revision` that its letters tell of, and which of its rows are cancelled."""

    kind: str
    model: type[Model]
    called_off: Q = field(default_factory=Q)

    @property
    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Add a subject. Repeating it changes nothing."""
    _subjects[subject.kind] = subject


def all_subjects() -> list[Subject]:
    return list(_subjects.values())
