"""Adding a cohort, and changing one together with everybody's dates in it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from cohorts.models import Cohort, Participation
from cohorts.models.cohorts import default_end
from cohorts.operations.plans import plan_for_new_cohorts, rebase
from cohorts.operations.settling import settle
from dlp import words
from dlp.errors import Refused

State = Participation.State
FIELDS = frozenset(
    {
        "name",
        "is_pioneer",
        "starts_on",
        "ends_on",
        "regions",
        "target_size",
        "colour",
        "coordinator",
    }
)


@transaction.atomic
def add_cohort(**values: Any) -> Cohort:
    """Add a cohort, which follows the current plan.

    It ends two years less a day after its start if no end is given.
    """
    cohort = Cohort(**_known(values), plan_template=plan_for_new_cohorts())
    cohort.ends_on = cohort.ends_on or default_end(cohort.starts_on)
    cohort.save()
    return cohort


@transaction.atomic
def edit_cohort(cohort: Cohort, **values: Any) -> Cohort:
    """Change the given fields.

    Moved dates move the expected ends of everybody in it, and a new coordinator gets the letters
    about its deferrals. Locks the cohort. Raises Refused if a new date brings somebody into two
    cohorts at once, or has it begin later than today though people have started.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    before = (cohort.starts_on, cohort.ends_on, cohort.coordinator_id)
    for name, value in _known(values).items():
        setattr(cohort, name, value)
    cohort.ends_on = cohort.ends_on or default_end(cohort.starts_on)
    if cohort.starts_on > max(before[0], timezone.localdate()):
        _refuse_if_begun(cohort)
    cohort.save(update_fields=sorted(values))
    if (cohort.starts_on, cohort.ends_on, cohort.coordinator_id) != before:
        people = Participation.objects.filter(cohort=cohort).select_for_update(of=("self",))
        for participation in people.select_related("person", "cohort").order_by("pk"):
            settle(participation, timezone.localdate())
        rebase([one.pk for one in people])
    return cohort


def _refuse_if_begun(cohort: Cohort) -> None:
    begun = Participation.objects.filter(cohort=cohort, state__in=(State.ACTIVE, State.DEFERRED))
    if number := begun.count():
        raise Refused(
            f"{words.count(number, 'person has', 'people have')} started in {cohort}, so its first "
            f"day cannot be one to come."
        )


def _known(values: dict[str, Any]) -> dict[str, Any]:
    unknown = values.keys() - FIELDS
    if unknown:
        raise TypeError(f"A cohort has no {', '.join(sorted(unknown))}.")
    return values
