"""Updating plan items from the attempts at their requirements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple, Self

from cohorts.models import Participation, PlanItem, RequirementAttempt
from cohorts.planning.fold import Attempt, Slot, fold


class Family(NamedTuple):
    """Some participations, with those they continue and those that continue them."""

    pks: frozenset[int]
    continues: dict[int, int]

    @classmethod
    def of(cls, pks: Collection[int]) -> Self:
        rows = Participation.objects.filter(person__participations__in=pks)
        links = rows.values_list("pk", "continues").distinct()
        return cls(frozenset(pks), {pk: before for pk, before in links if before is not None})

    def credited(self, pk: int) -> list[int]:
        """The participations whose attempts count for this one: itself and all that it continues."""
        chain = [pk]
        while chain[-1] in self.continues:
            chain.append(self.continues[chain[-1]])
        return chain

    def locked(self) -> frozenset[int]:
        """Lock these and those that continue them, in the order of their keys; return the keys."""
        touched = self.pks | {
            pk for pk in self.continues if not self.pks.isdisjoint(self.credited(pk))
        }
        rows = Participation.objects.select_for_update(of=("self",)).filter(pk__in=touched)
        return frozenset(rows.order_by("pk").values_list("pk", flat=True))


def refold(pks: Collection[int], family: Family) -> int:
    """Write the state of every plan item of these participations; return how many changed.

    The caller has locked them.
    """
    attempts = _attempts({credit for pk in pks for credit in family.credited(pk)})
    if not attempts:
        return 0  # nothing was begun, so nothing rests on an attempt
    slots: dict[tuple[int, int], list[PlanItem]] = defaultdict(list)
    items = PlanItem.objects.filter(participation__in=pks)
    for item in items.only("participation", "requirement", "state", "attempt"):
        slots[item.participation_id, item.requirement_id].append(item)
    moved = []
    for (pk, requirement), asked in slots.items():
        had = [
            attempt for credit in family.credited(pk) for attempt in attempts[credit, requirement]
        ]
        stands = fold([Slot(item.pk, item.state) for item in asked], had)
        for item, stand in zip(asked, stands, strict=True):
            if (item.state, item.attempt_id) != stand:
                item.state, item.attempt_id = stand
                moved.append(item)
    PlanItem.objects.bulk_update(moved, ["state", "attempt"], batch_size=1_000)
    return len(moved)


def _attempts(participations: Collection[int]) -> dict[tuple[int, int], list[Attempt]]:
    found: dict[tuple[int, int], list[Attempt]] = defaultdict(list)
    rows = RequirementAttempt.objects.filter(participation__in=participations).values_list(
        "participation", "requirement", "pk", "state", "on"
    )
    for participation, requirement, pk, state, on in rows:
        found[participation, requirement].append(Attempt(pk, state, on))
    return found
