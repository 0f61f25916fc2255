"""Which characters our fonts can draw, so that no name keeps a paper from being made."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
UNKNOWN = "?"
"""In the place of a letter that no font has: a name with a letter missing would be another name."""


def drawable(text: str) -> str:
    """The same text, of characters that a font has; pictures and signs that none has are left out."""
    known = (_drawn(character) for character in unicodedata.normalize("NFC", text))
    return " ".join("".join(known).split())


def _drawn(character: str) -> str:
    if character.isspace():
        return " "
    if is_covered(character):
        return character
    return UNKNOWN if unicodedata.category(character)[0] in "LN" else ""


def is_covered(character: str) -> bool:
    starts, ends = _ranges()
    place = bisect_right(starts, ord(character)) - 1
    return place >= 0 and ord(character) <= ends[place]


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """The first and the last of each row of characters that follow each other."""
    lines = (FONTS / "covered.txt").read_text("ascii").split()
    pairs = [line.partition("-") for line in lines]
    return (
        [int(first, 16) for first, _, _ in pairs],
        [int(last or first, 16) for first, _, last in pairs],
    )
