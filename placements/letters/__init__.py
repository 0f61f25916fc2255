"""The letters about placements, a module for what each is about."""

from __future__ import annotations


def register() -> None:
    from placements.letters import offers, reviews

    for about in (reviews, offers):
        about.register()
