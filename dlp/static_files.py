"""What is collected for the site: without what only debugging reads, or a page that we do not have."""

from __future__ import annotations

from django.contrib.staticfiles.apps import StaticFilesConfig

UNREAD = ("jquery.js", "select2.full.js", "xregexp.js", "htmx-2.js", "htmx-4*", "htmax-*")
"""Beside each of the first four lies the same without spaces. To pack them took half of the time."""


class StaticFiles(StaticFilesConfig):
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, *UNREAD]
