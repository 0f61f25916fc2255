"""Writing plans: a draft, its items, and publishing it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from cohorts.models import Cohort, Participation, Person, PlanTemplate, TemplateItem
from cohorts.operations.plans import lay_out
from dlp.errors import Refused


@transaction.atomic
def begin_plan(name: str) -> PlanTemplate:
    """Begin a new, empty plan.

    Raises Refused if the name is taken.
    """
    name = " ".join(name.split())
    if PlanTemplate.objects.filter(name__iexact=name).exists():
        raise Refused("There is a plan of this name. Begin its next version instead.")
    return PlanTemplate.objects.create(name=name)


@transaction.atomic
def begin_next_version(template: PlanTemplate) -> PlanTemplate:
    """Copy a version, keys included, as the draft of the next: the only way to change a plan."""
    versions = PlanTemplate.objects.filter(name=template.name)
    newest = versions.select_for_update(of=("self",)).order_by("-version")[0]
    if newest.is_draft:
        raise Refused(f"{newest} is a draft already. Go on with that one.")
    draft = PlanTemplate.objects.create(name=template.name, version=newest.version + 1)
    items = list(template.items.all())
    for item in items:
        item.pk, item.template = None, draft
    TemplateItem.objects.bulk_create(items)
    return draft


def add_item(template: PlanTemplate, **values: Any) -> TemplateItem:
    """Add something to do to a draft, at its end."""
    return _written(TemplateItem(template=template, position=template.items.count()), values)


def change_item(item: TemplateItem, **values: Any) -> TemplateItem:
    """Change an item of a draft; its key stays."""
    return _written(item, values)


@transaction.atomic
def remove_item(item: TemplateItem) -> None:
    _locked_draft(item.template_id)
    item.delete()


@transaction.atomic
def publish(
    template: PlanTemplate, *, by: Person, cohorts: Collection[Cohort] = ()
) -> PlanTemplate:
    """Publish a draft; from now on it never changes.

    The given cohorts, which follow no plan yet, follow it at once, and everybody in them gets a
    plan. Cohorts that follow an earlier version are offered it; nothing of theirs changes.
    """
    template = _locked_draft(template.pk)
    if not template.items.exists():
        raise Refused("There is nothing in this plan yet. Add what there is to do first.")
    template.published_at, template.published_by = timezone.now(), by
    template.save(update_fields=["published_at", "published_by"])
    free = Cohort.objects.filter(pk__in=[one.pk for one in cohorts], plan_template=None)
    followers = list(free.values_list("pk", flat=True))
    Cohort.objects.filter(pk__in=followers).update(plan_template=template)
    people = Participation.objects.current().filter(cohort__in=followers)
    lay_out(people.values_list("pk", flat=True))
    return template


@transaction.atomic
def _written(item: TemplateItem, values: dict[str, Any]) -> TemplateItem:
    _locked_draft(item.template_id)
    for name, value in values.items():
        setattr(item, name, value)
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        if "template_item_key_once" not in str(error):
            raise
        raise Refused("Another item of this plan has this key.") from None
    return item


def _locked_draft(pk: int) -> PlanTemplate:
    template = PlanTemplate.objects.select_for_update(of=("self",)).get(pk=pk)
    if not template.is_draft:
        raise Refused(f"{template} is published and stays as it is. Begin the next version.")
    return template
