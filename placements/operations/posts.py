"""The posts of a career: those that people held, hold and go on to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from cohorts.models import Person
from placements.models import Post, School


def employed_by(typed: str) -> dict[str, Any]:
    """An employer as it is stored: the one school that is or was called so, else the words."""
    name = " ".join(typed.split())
    called = Q(name__iexact=name) | Q(former_names__name__iexact=name)
    schools = list(School.objects.filter(called).order_by("pk").distinct()[:2])
    if len(schools) == 1:
        return {"school": schools[0], "employer_name": ""}
    return {"school": None, "employer_name": name}


@transaction.atomic
def add_post(
    person: Person, *, title: str, employer: str, starts_on: date, source: str, **facts: Any
) -> Post:
    """Add a post to somebody's career; it may overlap others, and a placement."""
    return Post.objects.create(
        person=person,
        title=title,
        starts_on=starts_on,
        source=source,
        **employed_by(employer),
        **facts,
    )


@transaction.atomic
def edit_post(post: Post, *, employer: str, **facts: Any) -> Post:
    """Correct a post. The current employer, submitted again, changes nothing."""
    post = Post.objects.select_for_update(of=("self",)).select_related("school").get(pk=post.pk)
    if employer != employer_of(post):
        facts |= employed_by(employer)
    for name, value in facts.items():
        setattr(post, name, value)
    post.save(update_fields=list(facts))
    return post


@transaction.atomic
def remove_post(post: Post) -> None:
    """Delete a post that never was. Its history stays."""
    Post.objects.filter(pk=post.pk).delete()


def employer_of(post: Post) -> str:
    return post.school.name if post.school else post.employer_name
