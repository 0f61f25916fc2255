"""Apps that depend on plan items, told when days or states may have changed.

Called in the transaction of the change, with the participations locked. A call without a change
does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

_followers: list[Callable[[Collection[int]], object]] = []


def register(follow: Callable[[Collection[int]], object]) -> None:
    """Call `follow` with participations whose plan may have changed."""
    _followers.append(follow)


def tell(participations: Collection[int]) -> None:
    """Tell all followers that these plans may have changed."""
    if participations:
        for follow in _followers:
            follow(participations)
