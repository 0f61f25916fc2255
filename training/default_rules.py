"""The default rules and guidance, each with its source.

Written if there is nothing of its day; what staff changed or added stays.
"""

from __future__ import annotations

from datetime import date

from training.models import CertificatePolicy, GuidanceEdition

NOTICE_DAYS = [90, 30, 7, 0]
RULES_SINCE = date(2015, 7, 1)
RULES_SOURCE = (
    "KCSIE, part two and annex on the designated safeguarding lead: training at least every two years, "
    "knowledge and skills refreshed at least annually."
)
LANDING_PAGE = "https://www.gov.uk/government/publications/keeping-children-safe-in-education--2"
EDITIONS = {
    "KCSIE 2018": date(2018, 9, 3),
    "KCSIE 2019": date(2019, 9, 2),
    "KCSIE 2020": date(2020, 9, 1),
    "KCSIE 2021": date(2021, 9, 1),
    "KCSIE 2022": date(2022, 9, 1),
    "KCSIE 2023": date(2023, 9, 1),
    "KCSIE 2024": date(2024, 9, 2),
    "KCSIE 2025": date(2025, 9, 1),
    "KCSIE 2026": date(2026, 9, 1),
}


def ensure_defaults(using: str = "default") -> None:
    """Safe to run any number of times."""
    CertificatePolicy.objects.using(using).get_or_create(
        valid_from=RULES_SINCE,
        defaults={"notice_days": NOTICE_DAYS, "source_note": RULES_SOURCE},
    )
    editions = [
        GuidanceEdition(
            name=name,
            in_force_on=day,
            address=LANDING_PAGE,
            source_note="Published by the Department for Education.",
        )
        for name, day in EDITIONS.items()
    ]
    GuidanceEdition.objects.using(using).bulk_create(editions, ignore_conflicts=True)
