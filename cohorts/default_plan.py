"""The default plan: what the programme asks for, and usually when.

It is written if there is no plan of its name, and each requirement if its key is missing; what
staff changed stays. Staff change it by the next version, as they change any plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from cohorts.models import PlanTemplate, Requirement, TemplateItem
from cohorts.models.strands import Strand

DEFAULT_PLAN = "The two years"
Anchor, Unit = TemplateItem.Anchor, TemplateItem.Unit
LEARNING, WELLBEING = Strand.TEACHING_AND_LEARNING, Strand.WELLBEING_AND_SAFEGUARDING


class Due(NamedTuple):
    """When one item is due: so long after a day, or in this term (of this season)."""

    anchor: str
    offset: int
    unit: str = Unit.WEEK
    term: int | None = None
    season: str = ""


class Asked(NamedTuple):
    """One requirement with the days of its items."""

    key: str
    name: str
    short_name: str
    strand: str
    dues: tuple[Due, ...]
    title: str = ""
    """What each of several items is called; {0} is its number."""


def _from_start(*weeks: int) -> tuple[Due, ...]:
    return tuple(Due(Anchor.COHORT_START, one) for one in weeks)


def _in_year_2(*weeks: int) -> tuple[Due, ...]:
    return tuple(Due(Anchor.YEAR2_START, one) for one in weeks)


def _in_terms(terms: range, week: int, season: str = "") -> tuple[Due, ...]:
    return tuple(Due(Anchor.TERM_START, week, term=term, season=season) for term in terms)


ASKED = (
    Asked("inclusion-1", "Who is excluded, and why", "Inclusion 1", LEARNING, _from_start(6)),
    Asked("inclusion-2", "Relationships and behaviour", "Inclusion 2", WELLBEING, _from_start(20)),
    Asked("inclusion-3", "Reading, writing and speaking", "Inclusion 3", LEARNING, _from_start(33)),
    Asked("inclusion-4", "Working with families", "Inclusion 4", WELLBEING, _from_start(47)),
    Asked("inclusion-5", "Multi-agency work", "Inclusion 5", WELLBEING, _in_year_2(10)),
    Asked("inclusion-6", "Leading a team through change", "Inclusion 6", LEARNING, _in_year_2(24)),
    Asked("inclusion-7", "Bringing it back to mainstream", "Inclusion 7", LEARNING, _in_year_2(38)),
    Asked(
        "dsl-training",
        "DSL training",
        "DSL training",
        WELLBEING,
        _from_start(17, 19),
        "DSL training, day {0}",
    ),
    Asked("dsl-certificate", "DSL certificate", "DSL certificate", WELLBEING, _from_start(26)),
    Asked(
        "residential",
        "Summer residential",
        "Residential",
        "",
        _in_terms(range(1, 3), 14, TemplateItem.Season.SUMMER),
        "Summer residential {0}",
    ),
    Asked(
        "supervision",
        "Supervision",
        "Supervision",
        WELLBEING,
        (*_from_start(9, 17, 25, 33, 41, 50), *_in_year_2(9, 17, 25, 33, 41, 48)),
        "Supervision {0}",
    ),
    Asked(
        "twilight", "Twilights", "Twilights", LEARNING, _in_terms(range(1, 7), 12), "Twilight {0}"
    ),
    Asked(
        "review-week-6",
        "Placement review, week 6",
        "Week 6 review",
        "",
        (Due(Anchor.PLACEMENT_START, 6),),
    ),
    Asked(
        "review-termly",
        "Termly placement review",
        "Termly reviews",
        "",
        tuple(Due(Anchor.PLACEMENT_START, number, Unit.TERM) for number in range(1, 6)),
        "Termly placement review {0}",
    ),
    Asked(
        "review-final",
        "Final placement review",
        "Final review",
        "",
        (Due(Anchor.PLACEMENT_START, 97),),
    ),
    Asked("final-reflection", "Final reflection", "Reflection", "", _in_year_2(50)),
)


@transaction.atomic
def ensure_defaults(using: str = "default") -> None:
    """Write the missing requirements, and the plan if none has its name. Safe to repeat."""
    requirements = Requirement.objects.using(using)
    requirements.bulk_create(_requirements(), ignore_conflicts=True)
    templates = PlanTemplate.objects.using(using)
    if templates.filter(name=DEFAULT_PLAN).exists():
        return
    template = templates.create(name=DEFAULT_PLAN)
    by_key = dict(requirements.values_list("key", "pk"))
    TemplateItem.objects.using(using).bulk_create(_items(template, by_key))
    template.published_at = timezone.now()
    template.save(update_fields=["published_at"])


def _requirements() -> list[Requirement]:
    return [
        Requirement(
            key=one.key,
            name=one.name,
            short_name=one.short_name,
            strand=one.strand,
            position=10 * place,
        )
        for place, one in enumerate(ASKED, start=1)
    ]


def _items(template: PlanTemplate, requirements: dict[str, int]) -> Iterator[TemplateItem]:
    for place, one in enumerate(ASKED, start=1):
        for number, due in enumerate(one.dues, start=1):
            yield TemplateItem(
                template=template,
                key=f"{one.key}-{number}" if one.title else one.key,
                requirement_id=requirements[one.key],
                title=one.title.format(number) if one.title else one.name,
                anchor=due.anchor,
                anchor_term=due.term,
                anchor_season=due.season,
                offset=due.offset,
                unit=due.unit,
                position=100 * place + number,
            )
