"""The letters about training, one module per topic."""

from __future__ import annotations


def register() -> None:
    from training.letters import (
        certificates,
        feedback,
        leaders,
        presenters,
        reviews,
        sessions,
        waiting,
    )

    for about in (sessions, waiting, leaders, presenters, feedback, certificates, reviews):
        about.register()
