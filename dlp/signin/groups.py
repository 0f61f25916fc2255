"""What each group may do in the admin. Apps name their groups; this writes them after `migrate`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS

VERBS = ("view", "add", "change", "delete")
OUR_APPS = ("cohorts", "placements", "training", "outbox", "home")

_verbs_of: dict[str, tuple[str, ...]] = {}
_also_of: dict[str, tuple[str, ...]] = {}


def register(name: str, verbs: Iterable[str], *, also: Iterable[str] = ()) -> None:
    """Have a group of this name with these permissions on all models of the programme.

    `also` names other permissions, such as "audit.view_accessrecord".
    """
    _verbs_of[name] = tuple(verbs)
    _also_of[name] = tuple(also)


def write_groups(
    *, app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, verbosity: int = 0, **kwargs: Any
) -> None:
    """Write the groups and their permissions on one app's models; repeating it changes nothing.

    A receiver of post_migrate: in a migration the permissions would not exist yet, and a flush of
    the database would lose them. Other permissions that staff gave a group stay.
    """
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    named = {one.partition(".")[0] for also in _also_of.values() for one in also}
    if app_config.label not in named.union(OUR_APPS):
        return
    create_permissions(app_config, verbosity=0, using=using)
    ours = Permission.objects.using(using).filter(content_type__app_label=app_config.label)
    events = tuple(model._meta.model_name for model in app_config.get_models() if is_history(model))
    for name, verbs in _verbs_of.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        wanted = {
            permission
            for permission in ours.select_related("content_type")
            if f"{app_config.label}.{permission.codename}" in _also_of[name]
            or (
                app_config.label in OUR_APPS
                and (verb := permission.codename.partition("_")[0]) in verbs
                and (verb == "view" or permission.content_type.model not in events)
            )
        }
        held = set(group.permissions.filter(content_type__app_label=app_config.label))
        group.permissions.remove(*(held - wanted))
        group.permissions.add(*(wanted - held))


def is_history(model: type) -> bool:
    """Whether a model is a history table, which nobody edits."""
    return hasattr(model, "pgh_tracked_model")
