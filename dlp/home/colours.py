"""The colours of the stylesheet as it stands, and how well one can be read on another."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from django.conf import settings

STYLESHEET = settings.BASE_DIR / "static" / "css" / "dlp.css"
_TOKEN = re.compile(r"--([a-z-]+): (?:light-dark\((#\w+), (#\w+)\)|(#\w+));")


class Colour(NamedTuple):
    """What a token is by day and by night."""

    light: str
    dark: str


class Contrast(NamedTuple):
    """How a colour reads on a ground, by day and by night: 4.5 is enough for words (WCAG AA)."""

    ground: str
    light: float
    dark: float


@cache
def tokens() -> dict[str, Colour]:
    """Every colour that `:root` names, by its name without the dashes."""
    root = STYLESHEET.read_text().split(":root {", 1)[1].split("}", 1)[0]
    return {
        name: Colour(light or both, dark or both)
        for name, light, dark, both in _TOKEN.findall(root)
    }


def contrast(name: str, ground: str) -> Contrast:
    """Of one token on another."""
    over, under = tokens()[name], tokens()[ground]
    return Contrast(ground, ratio(over.light, under.light), ratio(over.dark, under.dark))


def ratio(one: str, other: str) -> float:
    """From 1, which nobody reads, to 21, black on white."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    """How bright a colour is to the eye, from 0 to 1; #fff is short for #ffffff."""
    figures = colour.removeprefix("#")
    if len(figures) == 3:
        figures = "".join(figure * 2 for figure in figures)
    red, green, blue = (_linear(int(figures[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
