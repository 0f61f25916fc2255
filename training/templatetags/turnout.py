"""Template filter: who comes to a session, in words."""

from __future__ import annotations

from django import template

from training.models import Session
from training.turnout import in_a_sentence

register = template.Library()


@register.filter
def who_comes(session: Session) -> str:
    """`{{ session|who_comes }}`: 12 coming, 3 not answered."""
    return in_a_sentence(session)
