"""The letters about placements, one module per topic."""

from __future__ import annotations


def register() -> None:
    from placements.letters import offers, reviews

    for about in (reviews, offers):
        about.register()
