"""People, cohorts, and each person's dated time in a cohort."""

from cohorts.models.cohorts import Cohort
from cohorts.models.imports import ImportRun
from cohorts.models.participations import Participation, ParticipationChange
from cohorts.models.people import Person

__all__ = ["Cohort", "ImportRun", "Participation", "ParticipationChange", "Person"]
