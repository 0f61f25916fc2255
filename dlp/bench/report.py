"""bin/bench pages: fill, measure, print. Other programs read the last two lines."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.urls import set_urlconf

from dlp.bench.filling.programme import fill, settle
from dlp.bench.measuring import Figures, a_visitor, measure, signed_in
from dlp.bench.pages import BenchPage, Cast, pages

COLUMNS = "queries  of one  SQL ms  CPU ms  × bare     kB"
NAME = 36


@dataclass(frozen=True)
class Line:
    """One page at one size."""

    size: int
    page: BenchPage
    figures: Figures


@dataclass(frozen=True)
class Growth:
    """How much more a page costs at the largest size than at the first, relative to the bare view."""

    page: BenchPage
    factor: float

    @property
    def is_too_much(self) -> bool:
        return self.page.allowance.growth is not None and self.factor > self.page.allowance.growth


def bench_pages(sizes: Sequence[int], wanted: str, runs: int) -> None:
    """Fill the database to each size in turn and measure the pages with `wanted` in their name."""
    settings.ROOT_URLCONF = "dlp.bench.bare"
    set_urlconf(None)
    call_command("migrate", verbosity=0)
    lines: list[Line] = []
    for size in sizes:
        fill(size)
        settle()
        lines += measured(size, wanted, runs)
    print(*conclusions(lines, runs), sep="\n")


def measured(size: int, wanted: str, runs: int) -> list[Line]:
    """Every page at this size, printed as it is known."""
    bare = f"/bare/{Cast.found().cohort.pk}/"
    print(f"\n{size:,} people; medians of {runs} runs; load {os.getloadavg()[0]:.1f}")
    print(f"{'':{NAME}}{COLUMNS}")
    print(in_words("the bare view", measure(a_visitor(), bare, bare, runs)), flush=True)
    lines = []
    for page in (page for page in pages() if wanted in page.title):
        figures = measure(signed_in(page.person), page.path, bare, runs)
        print(in_words(page.title, figures), flush=True)
        lines.append(Line(size, page, figures))
    return lines


def in_words(title: str, found: Figures) -> str:
    return (
        f"{title:{NAME}}{found.queries:7}{found.repeats:8}{found.sql_ms:8.1f}{found.cpu_ms:8.1f}"
        f"{found.ratio:8.2f}{found.kilobytes:7.0f}"
    )


def conclusions(lines: Sequence[Line], runs: int) -> list[str]:
    """How the pages grow, what exceeds the budget, and the two lines for other programs."""
    growths = growths_of(lines)
    broken = [
        f"  {line.page.title}, {line.size:,} people: {', '.join(over)}"
        for line in lines
        if (over := line.page.allowance.broken_by(line.figures))
    ]
    broken += [
        f"  {growth.page.title}: grows {growth.factor:.2f} times, "
        f"{growth.page.allowance.growth:g} allowed"
        for growth in growths
        if growth.is_too_much
    ]
    first, last = min(line.size for line in lines), max(line.size for line in lines)
    return [
        f"\nGrowth of the CPU time from {first:,} people to {last:,}, against the bare view’s; "
        f"medians of {runs} runs",
        *(f"  {growth.page.title:{NAME}}{growth.factor:5.2f}" for growth in growths),
        *(["\nOver the budget:", *broken] if broken else ["\nEvery page is within the budget."]),
        f"\nmax queries: {max(line.figures.queries for line in lines)}",
        f"worst growth: {max(growth.factor for growth in growths):.2f}",
    ]


def growths_of(lines: Sequence[Line]) -> list[Growth]:
    """Of every page that has a limit, from the smallest size at which it is there; the worst first."""
    ratios: dict[str, list[float]] = {}
    asked = {line.page.title: line.page for line in lines if line.page.allowance.growth}
    for line in lines:
        ratios.setdefault(line.page.title, []).append(line.figures.ratio)
    growths = [Growth(page, ratios[title][-1] / ratios[title][0]) for title, page in asked.items()]
    return sorted(growths, key=lambda growth: -growth.factor)
