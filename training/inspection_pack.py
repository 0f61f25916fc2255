"""The inspection pack as a PDF: one line per leader, and nothing else about anybody."""

from __future__ import annotations

import json
from dataclasses import astuple
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings

from dlp import words
from dlp.pdf.setting import typeset
from training.dsl_cover import Pack

TEMPLATE = Path(__file__).with_name("inspection_pack.typ")


def pack_paper(pack: Pack, made_at: datetime) -> bytes:
    """A tagged PDF, with headings, table heads and reading order."""
    facts = {
        "school": pack.cover.school.name,
        "on": words.plain_day(pack.cover.on),
        "contact": parseaddr(settings.MAIL_FROM)[1],
        "entries": json.dumps([astuple(one) for one in pack.entries]),
    }
    return typeset(TEMPLATE, facts, made_at=made_at)
