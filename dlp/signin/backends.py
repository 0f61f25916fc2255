"""Loads the signed-in user by a prepared query, since every request does it."""

from __future__ import annotations

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from dlp.prepared import SOMEBODY, Prepared


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> Any:
        """The signed-in person with their `group_names`; None once they may not sign in."""
        found = _question().models({SOMEBODY: user_id})
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@cache
def _question() -> Prepared:
    groups = Group.objects.filter(user=OuterRef("pk")).order_by()
    people = get_user_model()._default_manager.order_by().filter(pk=SOMEBODY)
    return Prepared(people.annotate(group_names=ArraySubquery(groups.values("name"))))
