"""The certificate of completion: a PDF of what was recorded when somebody completed."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path

from django.conf import settings

from cohorts.models import Completion
from dlp import words
from dlp.pdf.setting import typeset

TEMPLATE = Path(__file__).with_name("certificate.typ")


def certificate_of(completion: Completion) -> bytes:
    """Made out to the full name. The same completion always gives the same bytes."""
    change = completion.change
    time = change.participation
    return typeset(
        TEMPLATE,
        {
            "name": time.person.full_name,
            "cohort": time.cohort.name,
            "began": words.plain_day(time.starts_on),
            "completed": words.plain_day(change.effective_on),
            "reference": completion.reference,
            "contact": parseaddr(settings.MAIL_FROM)[1],
        },
        made_at=change.recorded_at,
    )
