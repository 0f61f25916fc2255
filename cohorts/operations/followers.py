"""The apps that go by the items of plans, to be told when days or states of some may have changed.

Called in the transaction of the change, with the participations locked; to be told in vain does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

_followers: list[Callable[[Collection[int]], object]] = []


def register(follow: Callable[[Collection[int]], object]) -> None:
    """Have `follow` look again at the plans of these participations."""
    _followers.append(follow)


def tell(participations: Collection[int]) -> None:
    """Say that these plans are to be looked at again."""
    if participations:
        for follow in _followers:
            follow(participations)
