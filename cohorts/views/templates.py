"""Plans: their versions, drafts and items, and the effect of a version on a cohort."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import plan_pages
from cohorts.forms import plans as plan_forms
from cohorts.guards import only_staff, only_those_who_change, to_change
from cohorts.models import Cohort, Participation, PlanTemplate, TemplateItem
from cohorts.operations import plans, templates
from cohorts.permissions import can_change_programme
from cohorts.planning.versions import Outcome, tally
from cohorts.planning.wording import rule_words, tally_words
from dlp.asking import act, ask, done
from dlp.errors import Refused
from dlp.http import Request


@require_safe
def plan_list(request: Request) -> HttpResponse:
    only_staff(request.user)
    versions = PlanTemplate.objects.visible_to(request.user).with_counts()
    context = {"versions": versions, "can_change": can_change_programme(request.user)}
    return render(request, "cohorts/plans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_add(request: Request) -> HttpResponse:
    only_those_who_change(request.user)
    form = plan_forms.PlanNameForm(request.POST or None)
    template = done(form, lambda: templates.begin_plan(**form.cleaned_data), at="name")
    if template is not None:
        messages.success(request, f"{template} was begun. Add what there is to do.")
        return redirect(template)
    return ask(
        request,
        form,
        title="Begin another plan",
        button="Begin it",
        above=("Plans", reverse("cohorts:plans")),
    )


@require_safe
def plan_template(request: Request, pk: int) -> HttpResponse:
    template = get_object_or_404(PlanTemplate.objects.visible_to(request.user), pk=pk)
    items = template.items.select_related("requirement")
    context = {
        "template": template,
        "items": [(item, rule_words(item)) for item in items],
        "cohorts": template.cohorts.all(),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "cohorts/plan_template.html", context)


@require_POST
def plan_next(request: Request, pk: int) -> HttpResponse:
    template = to_change(request, PlanTemplate.objects.visible_to(request.user), pk)
    try:
        draft = templates.begin_next_version(template)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(template)
    messages.success(
        request, f"{draft} begins as a copy. Change what is to change, then publish it."
    )
    return redirect(draft)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_publish(request: Request, pk: int) -> HttpResponse:
    template = to_change(request, PlanTemplate.objects.visible_to(request.user), pk)
    free = Cohort.objects.visible_to(request.user).filter(plan_template=None)
    form = plan_forms.PublishForm(request.POST or None, cohorts=free)
    form.is_bound = request.method == "POST"  # to choose no cohort is an answer too
    if done(form, lambda: templates.publish(template, by=request.user, **form.cleaned_data)):
        messages.success(request, f"{template} is published.")
        return redirect(template)
    return ask(
        request,
        form,
        title=f"Publish {template}",
        button="Publish it",
        above=("Plans", reverse("cohorts:plans"), str(template), template.get_absolute_url()),
        lead="A published version stays as it is; changes go into the next one. "
        "Cohorts that follow an earlier version keep it until somebody takes this one up for them.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def template_item_add(request: Request, pk: int) -> HttpResponse:
    template = to_change(request, PlanTemplate.objects.visible_to(request.user), pk)
    form = plan_forms.TemplateItemForm(
        request.POST or None, instance=TemplateItem(template=template)
    )
    item = done(form, lambda: templates.add_item(template, **form.cleaned_data), at=None)
    if item is not None:
        messages.success(request, f"“{item}” was added.")
        return redirect(template)
    return _ask_about_item(request, form, template, "Add something to do", "Add it")


@require_http_methods(["GET", "HEAD", "POST"])
def template_item_edit(request: Request, pk: int) -> HttpResponse:
    item = to_change(request, TemplateItem.objects.visible_to(request.user), pk)
    title = f"Change “{item}”"
    form = plan_forms.TemplateItemForm(request.POST or None, instance=item)
    if changed := done(form, lambda: templates.change_item(item, **form.cleaned_data)):
        messages.success(request, f"“{changed}” was changed.")
        return redirect(item.template)
    return _ask_about_item(request, form, item.template, title, "Save the changes")


@require_POST
def template_item_remove(request: Request, pk: int) -> HttpResponse:
    item = to_change(request, TemplateItem.objects.visible_to(request.user), pk)
    return act(
        request,
        lambda: templates.remove_item(item),
        said=f"“{item}” was taken out.",
        back=item.template.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_of_cohort(request: Request, pk: int) -> HttpResponse:
    """Show what a version would change in everybody's plan in a cohort; on POST, take it up."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    only_staff(request.user)
    form = plan_forms.OfferForm(request.POST or None)
    if request.method == "POST":
        only_those_who_change(request.user)
        form.is_bound = True
        taken = done(
            form,
            lambda: plans.take_up(
                cohort,
                form.cleaned_data["version"],
                told=form.cleaned_data["told"],
            ),
        )
        if taken is not None:
            said = f"{cohort} follows {form.cleaned_data['version']} now. {tally_words(taken)}"
            messages.success(request, said)
            return redirect("cohorts:plan_of_cohort", pk)
    chosen = _chosen(request, cohort)
    outcomes = plans.offer(cohort, chosen) if chosen else {}
    context = {
        "cohort": cohort,
        "form": form,
        "chosen": chosen,
        "versions": PlanTemplate.objects.visible_to(request.user).published(),
        "can_change": can_change_programme(request.user),
        **_what_it_would_do(request, outcomes),
    }
    return render(request, "cohorts/plan_of_cohort.html", context)


def _chosen(request: Request, cohort: Cohort) -> PlanTemplate | None:
    """The version asked for, else the newest of the cohort's plan, else the newest of any."""
    asked = request.GET.get("version", "")
    published = PlanTemplate.objects.visible_to(request.user).published()
    if asked.isdecimal() and (chosen := published.filter(pk=asked[:9]).first()):
        return chosen
    if cohort.plan_template is not None:
        return PlanTemplate.objects.latest_of(cohort.plan_template.name)
    return plans.plan_for_new_cohorts()


def _what_it_would_do(request: Request, outcomes: dict[int, Outcome]) -> dict[str, object]:
    people = Participation.objects.visible_to(request.user).filter(pk__in=outcomes)
    names = {one.pk: str(one.person) for one in people.select_related("person")}
    tallied = tally(outcomes.values())
    return {
        "effects": plan_pages.effects_of(outcomes, names),
        "people": len(outcomes),
        "tally": tally_words(tallied),
        "changes_nothing": tallied.changes_nothing,
        "told": ",".join(map(str, tallied)),
    }


def _ask_about_item(
    request: Request,
    form: plan_forms.TemplateItemForm,
    template: PlanTemplate,
    title: str,
    button: str,
) -> HttpResponse:
    return ask(
        request,
        form,
        title=title,
        button=button,
        above=("Plans", reverse("cohorts:plans"), str(template), template.get_absolute_url()),
    )
