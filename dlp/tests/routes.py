"""Every address of the URLconf, as the rules about the whole site walk them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Route(NamedTuple):
    """One pattern: its name with its namespace, its whole path with converters, and its view."""

    name: str
    path: str
    view: Callable[..., Any]

    @property
    def is_public(self) -> bool:
        return not getattr(self.view, "login_required", True)

    @property
    def arguments(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.path)


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], spaces: str, before: str) -> Iterator[Route]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, inner, path)
        else:
            yield Route(f"{spaces}{pattern.name or 'unnamed'}", path, pattern.callback)
