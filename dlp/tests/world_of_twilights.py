"""What the small programme of the sweeps has of twilights."""

from __future__ import annotations

from typing import Any

from cohorts.models import Person
from training.models import Session
from training.tests.factories import make_card, make_idea, make_presenter, make_resource


def of_twilights(ahead: Session, running: Session, person: Person) -> dict[str, Any]:
    """An idea, who presents, and what a session leaves behind."""
    return {
        "ideas": make_idea(person),
        "presenters": make_presenter(ahead, person),
        "resources": make_resource(running, person),
        "cards": make_card(running, person),
    }
