from __future__ import annotations

from collections.abc import Iterator

import pytest

from dlp.outbox import kinds
from dlp.outbox.plans import sweeping


@pytest.fixture(autouse=True)
def _own_kinds() -> Iterator[None]:
    """Kinds and planners that a test registers end with it."""
    registers = [kinds._kinds, sweeping._planners]
    before = [dict(register) for register in registers]
    yield
    for register, content in zip(registers, before, strict=True):
        register.clear()
        register.update(content)
