"""Going through the files without writing: what would change, and rows to show for it."""

from __future__ import annotations

from collections import Counter

from django.utils import timezone

from dlp.tables import Table
from placements.gias.comparing import Comparison, batches
from placements.gias.links import LinkComparison
from placements.gias.progress import Tell
from placements.gias.showing import Shown
from placements.models import School


class Preview:
    """Schools first: links may point to new ones."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        here = School.objects.order_by().exclude(urn=None)
        self.urns: set[int | None] = set(here.values_list("urn", flat=True))

    def schools(self, table: Table, shown: Shown) -> Counter[str]:
        comparison = Comparison(table.found, today=timezone.localdate())
        for rows in batches(table):
            facts, refused = comparison.read(rows)
            shown.add(refused + comparison.compare(facts, School.objects.all()))
            self.tell(len(rows))
        self.urns.update(comparison.urns)
        return comparison.counts

    def links(self, table: Table, shown: Shown) -> Counter[str]:
        comparison = LinkComparison(table.found, urns=self.urns)
        for rows in batches(table):
            shown.add_links(comparison.compare(row) for row in rows)
            self.tell(len(rows))
        return comparison.counts
