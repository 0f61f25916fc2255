"""People, cohorts, each person's dated time in a cohort, and the plan of it."""

from cohorts.models.cohorts import Cohort
from cohorts.models.completions import Completion
from cohorts.models.corrections import Correction
from cohorts.models.duplicates import Likeness, NotDuplicate
from cohorts.models.imports import ImportRun
from cohorts.models.merges import PersonMerge
from cohorts.models.participations import Participation, ParticipationChange
from cohorts.models.people import Person
from cohorts.models.plans import PlanItem, PlanTemplate, TemplateItem
from cohorts.models.requirements import Requirement, RequirementAttempt

__all__ = [
    "Cohort",
    "Completion",
    "Correction",
    "ImportRun",
    "Likeness",
    "NotDuplicate",
    "Participation",
    "ParticipationChange",
    "Person",
    "PersonMerge",
    "PlanItem",
    "PlanTemplate",
    "Requirement",
    "RequirementAttempt",
    "TemplateItem",
]
