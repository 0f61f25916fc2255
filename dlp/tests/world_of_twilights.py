"""What the small programme of the sweeps has of twilights."""

from __future__ import annotations

from typing import Any

from cohorts.models import Person
from training.letters.presenters import presenter_token
from training.models import Session
from training.tests.factories import make_card, make_idea, make_presenter, make_resource


def of_twilights(ahead: Session, running: Session, person: Person) -> dict[str, Any]:
    """An idea, who presents, and what a session leaves behind."""
    return {
        "twilights/ideas": make_idea(person),
        "training:presenter_reply": presenter_token(make_presenter(ahead, person)),
        "twilights/files": make_resource(running, person),
        "twilights/cards": make_card(running, person),
    }
