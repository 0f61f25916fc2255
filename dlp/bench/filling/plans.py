"""Everybody's plan: something due every sixteen days, done where the day is past."""

from __future__ import annotations

import pgtrigger
from django.db import connection

from cohorts.default_plan import DEFAULT_PLAN
from cohorts.models import PlanTemplate

FOLLOWING = "UPDATE cohorts_cohort SET plan_template_id = %s WHERE plan_template_id IS NULL"
ITEMS = """
    INSERT INTO cohorts_planitem (
        participation_id, template_id, key, requirement_id, title, position, due_on, is_pinned,
        is_optional, state, excuse
    )
    SELECT one.id, item.template_id, item.key, item.requirement_id, item.title, item.position,
        one.starts_on + 16 * row_number() OVER (PARTITION BY one.id ORDER BY item.position, item.key)::int,
        false, item.is_optional, 'not_started', ''
    FROM cohorts_participation AS one
    JOIN cohorts_cohort AS cohort ON cohort.id = one.cohort_id
    JOIN cohorts_templateitem AS item ON item.template_id = cohort.plan_template_id
    WHERE NOT EXISTS (SELECT FROM cohorts_planitem WHERE participation_id = one.id)
"""
GOES = """
    INSERT INTO cohorts_requirementattempt (
        participation_id, requirement_id, source_kind, source_id, state, "on", recorded_at
    )
    SELECT participation_id, requirement_id, 'bench', id, 'met', due_on, now()
    FROM cohorts_planitem WHERE due_on < current_date AND attempt_id IS NULL
"""
DONE = """
    UPDATE cohorts_planitem AS item SET state = go.state, attempt_id = go.id
    FROM cohorts_requirementattempt AS go
    WHERE go.source_kind = 'bench' AND go.source_id = item.id AND item.attempt_id IS NULL
"""


def write() -> None:
    """Give a plan to every cohort, and to everybody in one who has none yet."""
    template = PlanTemplate.objects.latest_of(DEFAULT_PLAN)
    assert template is not None  # noqa: S101  every database is given it
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(FOLLOWING, [template.pk])
        for statement in (ITEMS, GOES, DONE):
            cursor.execute(statement)
