"""The colours of the stylesheet, and the contrast between them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from django.conf import settings

STYLESHEET = settings.BASE_DIR / "static" / "css" / "dlp.css"
_TOKEN = re.compile(r"--([a-z-]+): (?:light-dark\((#\w+), (#\w+)\)|(#\w+));")


class Colour(NamedTuple):
    """The value of a token by day and by night."""

    light: str
    dark: str


class Contrast(NamedTuple):
    """The contrast of a colour on a ground, by day and by night: text needs 4.5 (WCAG AA)."""

    ground: str
    light: float
    dark: float


@cache
def tokens() -> dict[str, Colour]:
    """All colours that `:root` defines, by name without the dashes."""
    root = STYLESHEET.read_text().split(":root {", 1)[1].split("}", 1)[0]
    return {
        name: Colour(light or both, dark or both)
        for name, light, dark, both in _TOKEN.findall(root)
    }


def contrast(name: str, ground: str) -> Contrast:
    """The contrast of one token on another."""
    over, under = tokens()[name], tokens()[ground]
    return Contrast(ground, ratio(over.light, under.light), ratio(over.dark, under.dark))


def ratio(one: str, other: str) -> float:
    """From 1 (unreadable) to 21 (black on white)."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 to 1; #fff is short for #ffffff."""
    figures = colour.removeprefix("#")
    if len(figures) == 3:
        figures = "".join(figure * 2 for figure in figures)
    red, green, blue = (_linear(int(figures[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
