from __future__ import annotations

from collections.abc import Iterator

import pytest

from dlp.outbox import kinds, planning


@pytest.fixture(autouse=True)
def _own_kinds() -> Iterator[None]:
    """Kinds and sweepers that a test registers end with it."""
    registered, sweepers = dict(kinds._kinds), list(planning._sweepers)
    yield
    kinds._kinds.clear()
    kinds._kinds.update(registered)
    planning._sweepers[:] = sweepers
