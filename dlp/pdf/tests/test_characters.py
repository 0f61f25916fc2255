"""No name keeps a paper from being made."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dlp.pdf.characters import FONTS, drawable
from dlp.pdf.setting import typeset


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Łukasz Żółć", "Łukasz Żółć"),
        ("王小明", "王小明"),
        ("محمد", "محمد"),
        ("Ada 🌻 Fenwick", "Ada Fenwick"),
        ("Ada\u0000\tFenwick", "Ada Fenwick"),
        ("Zoe\u0308", "Zoë"),
        ("𓀀 Fenwick", "? Fenwick"),
    ],
)
def test_letters_stay_and_pictures_go(typed, drawn):
    assert drawable(typed) == drawn


def covered():
    for line in (FONTS / "covered.txt").read_text().split():
        first, _, last = line.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


def test_our_fonts_have_every_character_that_they_are_said_to_have():
    """PDF/UA refuses a character without a shape, so this would raise."""
    template = Path(__file__).with_name("words.typ")

    pdf = typeset(
        template, {"words": " ".join(covered())}, made_at=datetime(2026, 8, 31, tzinfo=UTC)
    )

    assert pdf.startswith(b"%PDF")
