"""What the link in an invitation opens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from dlp.signin import links

PURPOSE = "invitation"


def invited(token: str) -> Any:
    """The person an invitation is for. Raises LinkProblem if it is no longer valid."""
    ids = links.read(token, PURPOSE)
    people = get_user_model()._default_manager.filter(is_active=True, email__isnull=False)
    person = people.filter(pk=ids.get("person", 0)).first()
    if person is None:
        raise links.LinkProblem("This invitation is not for anybody who can sign in now.")
    return person


def masked(email: str) -> str:
    """Enough of an address for its owner to recognise it: p…@example.org."""
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"
