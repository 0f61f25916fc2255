"""Everybody's own plan: laid out when they join, moved with their days, adjusted by hand.

`lay_out` and `rebase` take the keys of any number of participations and need a constant number of
queries. An app that knows a day from which plans count calls `rebase` when that day changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from cohorts.default_plan import DEFAULT_PLAN
from cohorts.models import Cohort, Participation, Person, PlanItem, PlanTemplate, TemplateItem
from cohorts.models.participations import ParticipationQuerySet
from cohorts.operations import followers
from cohorts.operations.folding import Family, refold
from cohorts.planning.anchors import anchors_of
from cohorts.planning.dates import Anchors, due_on
from cohorts.planning.versions import Outcome, Tally, outcome_of, tally
from dlp import words
from dlp.errors import Refused

FARTHEST = timedelta(days=366)
WRITTEN = ("template", "title", "requirement", "is_optional", "position", "due_on")
FIRST = """
    INSERT INTO cohorts_planitem (
        participation_id, template_id, key, requirement_id, title, position, is_optional, due_on,
        is_pinned, state, excuse
    )
    SELECT person.participation, rule.template_id, rule.key, rule.requirement_id, rule.title,
        rule.position, rule.is_optional, day.due_on, false, 'not_started', ''
    FROM unnest(%s::bigint[], %s::int[]) AS person (participation, life)
    JOIN unnest(%s::int[], %s::bigint[], %s::date[]) AS day (life, rule, due_on) USING (life)
    JOIN cohorts_templateitem AS rule ON rule.id = day.rule
    ORDER BY person.participation, rule.position, rule.id
"""
Items = dict[int, list[PlanItem]]


@transaction.atomic
def lay_out(pks: Collection[int]) -> int:
    """Give a plan to those on the programme who lack one, if their cohort follows one.

    Locks them. Returns how many items were made; safe to repeat.
    """
    lacking = _locked(
        Participation.objects.current().filter(
            pk__in=pks, plan_items=None, cohort__plan_template__isnull=False
        )
    )
    rules: dict[int | None, list[TemplateItem]] = defaultdict(list)
    templates = {one.cohort.plan_template_id for one in lacking}
    for rule in TemplateItem.objects.filter(template__in=templates):
        rules[rule.template_id].append(rule)
    anchors = anchors_of(lacking, timezone.localdate())
    lives: dict[tuple[int | None, Anchors], int] = {}
    theirs = [
        (one.pk, lives.setdefault((one.cohort.plan_template_id, anchors[one.pk]), len(lives)))
        for one in lacking
    ]
    days = [
        (life, rule.pk, due_on(rule, counted_from))
        for (template, counted_from), life in lives.items()
        for rule in rules[template]
    ]
    if not days:
        return 0
    made = _write_first(theirs, days)
    laid = {one.pk for one in lacking}
    refold(laid, Family.of(laid))
    followers.tell(laid)
    return made


@transaction.atomic
def rebase(pks: Collection[int]) -> dict[int, Outcome]:
    """Recompute the open days of these plans from the days they count from.

    Items that are met, excused or pinned stay. Locks the participations. Returns for each what
    moved.
    """
    people = _locked(Participation.objects.current().filter(pk__in=pks))
    items = {pk: own for pk, own in _items_of(people).items() if own}
    rules = _own_rules(items)
    planned = [one for one in people if one.pk in items]
    anchors = anchors_of(planned, timezone.localdate())
    outcomes = {
        pk: outcome_of(pk, own, [rules[item.pk] for item in own], anchors[pk])
        for pk, own in items.items()
    }
    _carry_out(outcomes)
    return outcomes


def offer(cohort: Cohort, template: PlanTemplate) -> dict[int, Outcome]:
    """What a version would change in everybody's plan in a cohort. Changes nothing."""
    return _outcomes(_current_in(cohort).select_related("cohort").order_by("pk"), template)


def plan_for_new_cohorts() -> PlanTemplate | None:
    """The newest version of the plan that the latest cohort with one follows, else the default."""
    following = Cohort.objects.filter(plan_template__isnull=False).order_by("-starts_on", "-pk")
    name = following.values_list("plan_template__name", flat=True).first()
    return PlanTemplate.objects.latest_of(name or DEFAULT_PLAN)


@transaction.atomic
def take_up(cohort: Cohort, template: PlanTemplate, *, told: Tally | None = None) -> Tally:
    """Let a cohort follow a version from now on; return the effect on its people's items.

    `told` is the effect that was shown before. Raises Refused if it would be different now, and for
    a plan that is not published.
    """
    if template.is_draft:
        raise Refused(f"{template} is a draft. Publish it first.")
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    outcomes = _outcomes(_locked(_current_in(cohort)), template)
    tallied = tally(outcomes.values())
    if told is not None and told != tallied:
        raise Refused("The plans have changed since you looked. Look again at what it would do.")
    cohort.plan_template = template
    cohort.save(update_fields=["plan_template"])
    _carry_out(outcomes)
    return tallied


@transaction.atomic
def pin(item: PlanItem, *, due_on: date, by: Person) -> PlanItem:
    """Set the day of an item by hand; it stays there until it is unpinned."""
    item = _locked_item(item)
    first, last = item.participation.starts_on, item.participation.expected_end_on
    if not first - FARTHEST <= due_on <= last + FARTHEST:
        raise Refused(
            f"{words.plain_day(due_on)} is too far from {words.span(first, last)}. Check the year."
        )
    item.due_on, item.is_pinned = due_on, True
    return _save_day(item)


@transaction.atomic
def unpin(item: PlanItem) -> PlanItem:
    """Let an item fall due by its plan again."""
    item = _locked_item(item)
    if not item.is_pinned:
        raise Refused(f"The day of “{item}” was not set by hand.")
    item.is_pinned = False
    _save_day(item)
    rebase({item.participation_id})
    item.refresh_from_db()
    return item


def _current_in(cohort: Cohort) -> ParticipationQuerySet:
    return Participation.objects.current().filter(cohort=cohort)


def _outcomes(people: Iterable[Participation], template: PlanTemplate) -> dict[int, Outcome]:
    people = list(people)
    items, rules = _items_of(people), list(template.items.all())
    anchors = anchors_of(people, timezone.localdate())
    return {one.pk: outcome_of(one.pk, items[one.pk], rules, anchors[one.pk]) for one in people}


def _write_first(
    theirs: Sequence[tuple[int, int]], days: Sequence[tuple[int, int, date | None]]
) -> int:
    """Create the items of new plans in one statement: a cohort of a hundred has four thousand.

    `theirs` groups the participations that share all their days, as most of a cohort do; `days` has
    the days of each group, by rule.
    """
    columns = [*zip(*theirs, strict=True), *zip(*days, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(FIRST, [list(column) for column in columns])
        return int(cursor.rowcount)


def _carry_out(outcomes: dict[int, Outcome]) -> None:
    """Carry out the changes to each plan, then recompute the state of every item."""
    told = outcomes.values()
    PlanItem.objects.bulk_create([item for one in told for item in one.added], batch_size=2_000)
    changes = [
        change.written() for one in told for change in (*one.moved, *one.reworded, *one.pinned)
    ]
    PlanItem.objects.bulk_update(changes, WRITTEN, batch_size=1_000)
    dropped = [item.pk for one in told for item in one.dropped]
    PlanItem.objects.filter(pk__in=dropped).delete()
    touched = {pk for pk, one in outcomes.items() if not tally([one]).changes_nothing}
    if touched:
        refold(touched, Family.of(touched))
    followers.tell(outcomes)


def _items_of(people: Sequence[Participation]) -> Items:
    items: Items = {one.pk: [] for one in people}
    for item in PlanItem.objects.filter(participation__in=items):
        items[item.participation_id].append(item)
    return items


def _own_rules(items: Items) -> dict[int, TemplateItem]:
    """The rule of each item, from the version that it came from."""
    every = [item for own in items.values() for item in own]
    rules = {
        (rule.template_id, rule.key): rule
        for rule in TemplateItem.objects.filter(template__in={one.template_id for one in every})
    }
    return {item.pk: rules[item.template_id, item.key] for item in every}


def _locked(people: ParticipationQuerySet) -> list[Participation]:
    return list(people.select_for_update(of=("self",)).select_related("cohort").order_by("pk"))


def _locked_item(item: PlanItem) -> PlanItem:
    Participation.objects.select_for_update(of=("self",)).get(pk=item.participation_id)
    return PlanItem.objects.select_related("participation").get(pk=item.pk)


def _save_day(item: PlanItem) -> PlanItem:
    item.save(update_fields=["due_on", "is_pinned"])
    refold({item.participation_id}, Family.of({item.participation_id}))
    followers.tell({item.participation_id})
    item.refresh_from_db()
    return item
