"""Typesetting: from a template and its facts to a tagged PDF."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

from dlp.pdf.characters import FONTS, drawable

if TYPE_CHECKING:
    from typst import Fonts

STANDARD: Final = "ua-1"
"""PDF/UA: headings, reading order and language are in the file, for people who listen to it."""


def typeset(template: Path, facts: dict[str, str], *, made_at: datetime) -> bytes:
    """The PDF of a template. The same facts and moment give the same bytes.

    The template reads the facts from `sys.inputs`: they are text, never markup. It may import
    `/dlp/pdf/look.typ`. Takes some ten milliseconds.
    """
    import typst  # some 80 MB, which only a process that sets papers needs

    return typst.compile(
        str(template),
        root=str(settings.BASE_DIR),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=int(made_at.timestamp()),
        sys_inputs={name: drawable(fact) for name, fact in facts.items()},
    )


@cache
def _fonts() -> Fonts:
    """Our fonts, read once per process; none of the machine's."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
