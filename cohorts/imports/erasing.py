"""What files held is erased once nobody needs it any more (dlp/privacy/policy.toml)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from cohorts.models import ImportRun
from dlp.privacy.policy import rule_for

HELD = ("rows", "columns", "ignored_columns", "notes")


def erase_old(now: datetime) -> int:
    """Erase the rows of files that were brought in, or read and abandoned, too long ago.

    Returns how many. The counts and who did it stay. Safe to run at any time.
    """
    days = rule_for(ImportRun, "rows").keep.days
    assert days is not None  # noqa: S101  the policy gives a number for these
    old = ImportRun.objects.alias(done_at=Coalesce("applied_at", "uploaded_at")).filter(
        ~Q(**{name: [] for name in HELD}), done_at__lt=now - timedelta(days=days)
    )
    return old.update(**{name: [] for name in HELD})
