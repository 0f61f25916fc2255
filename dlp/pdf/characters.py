"""Which characters our fonts have, so that any name can be typeset."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
UNKNOWN = "?"
"""Stands for a letter that no font has: left out, it would be another name."""


def drawable(text: str) -> str:
    """The same text without characters that no font has."""
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
    """The first and last of each run of consecutive characters."""
    lines = (FONTS / "covered.txt").read_text("ascii").split()
    pairs = [line.partition("-") for line in lines]
    return (
        [int(first, 16) for first, _, _ in pairs],
        [int(last or first, 16) for first, _, last in pairs],
    )
