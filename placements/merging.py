"""What becomes of roles at schools and of careers when two records of a person become one."""

from __future__ import annotations

from dlp import merging
from dlp.merging import Handler, Pair
from placements.models import SchoolContact


def join_roles(pair: Pair) -> None:
    """A role that both have at a school today is one, since the earlier day; every other moves."""
    for role in SchoolContact.objects.filter(person=pair.gone).order_by("pk"):
        same = SchoolContact.objects.filter(
            person=pair.kept, school=role.school_id, role=role.role, ends_on=None
        ).first()
        if same is None or role.ends_on is not None:
            role.person = pair.kept
            role.save(update_fields=["person"])
            continue
        known = [day for day in (same.starts_on, role.starts_on) if day is not None]
        same.starts_on = min(known) if len(known) == len((same, role)) else None
        same.save(update_fields=["starts_on"])
        role.delete()


def register() -> None:
    merging.register(
        Handler(
            "placements.SchoolContact.person", "role at a school", "roles at schools", join_roles
        ),
        Handler("placements.Post.person", "post", "posts"),
        Handler("placements.UnknownDestination.said_by"),
        Handler("placements.Review.written_by"),
        Handler("placements.Review.settled_by"),
    )
