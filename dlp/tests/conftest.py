"""A committed world and its onlookers, for the files that look at its pages in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from dlp.tests.sights import Sight
    from dlp.tests.world import World


@pytest.fixture(scope="module")
def shown_world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """What a server can show, for the whole of a file."""
    from dlp.tests.sights import committed_world

    with django_db_blocker.unblock(), committed_world(tmp_path_factory.mktemp("mailbox")) as world:
        yield world


@pytest.fixture(scope="module")
def sight(shown_world, chromium) -> Iterator[Sight]:
    from dlp.tests.sights import Sight

    server = LiveServer("localhost")
    sight = Sight(chromium, server.url, shown_world.clients)
    yield sight
    sight.close()
    server.stop()
