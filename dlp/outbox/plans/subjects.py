"""What letters tell of in versions. Apps register it in `AppConfig.ready`; the outbox knows no app."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True)
class Subject:
    """A model whose `revision` is what its letters tell of, and which of its rows are called off."""

    kind: str
    model: type[Model]
    called_off: Q = field(default_factory=Q)

    @property
    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Make a subject known; again changes nothing."""
    _subjects[subject.kind] = subject


def all_subjects() -> list[Subject]:
    return list(_subjects.values())
