"""Somebody's safeguarding training: how it stands, certificates, and updates."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.guards import only_staff
from cohorts.models import Participation, Person
from cohorts.permissions import can_change_programme
from dlp.asking import act, ask, done
from dlp.http import Request
from training.certificates.dial import dials
from training.certificates.prevent import prevent_on
from training.certificates.standing import Standing
from training.forms.certificates import UpdateForm
from training.models import Acknowledgement, Certificate, GuidanceEdition, KnowledgeUpdate
from training.operations import knowledge
from training.permissions import can_review_certificates
from training.safeguarding import dials_of, rules_known, trainings

SUMMED = {
    Standing.CURRENT: "current",
    Standing.DUE_SOON: "due soon",
    Standing.OVERDUE: "overdue",
    Standing.NO_RECORD: "without a record",
}


@require_safe
def safeguarding(request: Request, pk: int) -> HttpResponse:
    """Both dials, the certificates and the log: for staff, and for the person themselves."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    certificates = list(person.certificates.visible_to(request.user).for_display())
    updates = list(person.knowledge_updates.visible_to(request.user).select_related("recorded_by"))
    editions = GuidanceEdition.objects.with_word_of(person)
    known = rules_known()
    context = {
        "person": person,
        "is_self": person.pk == request.user.pk,
        "can_change": may_add_for(request, person),
        "dials": dials(dials_of(certificates, updates, today, known)),
        "certificates": [one for one in certificates if not one.is_prevent],
        "prevent": prevent_on(today, certificates, known),
        "prevent_certificates": [one for one in certificates if one.is_prevent],
        "updates": updates,
        "edition": editions.in_force_on(today),
        "roles": person.safeguarding_roles.visible_to(request.user).select_related("school"),
    }
    return render(request, "training/safeguarding.html", context)


@require_safe
def safeguarding_list(request: Request) -> HttpResponse:
    """Certificates to review, and every leader by the day their refresh is due.

    With who has read Part One of the current guidance: a new edition asks everybody again.
    """
    only_staff(request.user)
    today = timezone.localdate()
    on_programme = (
        Participation.objects.visible_to(request.user)
        .current()
        .filter(starts_on__lte=today)
        .select_related("person", "cohort")
        .order_by("person__search_text", "pk")
    )
    times = {one.person_id: one for one in on_programme}
    stand = trainings(times.keys(), today, rules_known())
    edition = GuidanceEdition.objects.in_force_on(today)
    said = Acknowledgement.objects.visible_to(request.user).filter(edition=edition)
    read = set(said.order_by().values_list("person", flat=True))
    leaders = [(times[person], training, person in read) for person, training in stand.items()]
    waiting = Certificate.objects.visible_to(request.user).filter(state=Certificate.State.IN_REVIEW)
    context = {
        "waiting": waiting.for_display().order_by("submitted_at", "pk"),
        "can_review": can_review_certificates(request.user),
        "edition": edition,
        "summary": summary([training.standing for training in stand.values()]),
        "leaders": sorted(leaders, key=lambda one: (one[1].until or today.min, one[0].person.name)),
    }
    return render(request, "training/safeguarding_list.html", context)


def summary(standings: list[Standing]) -> str:
    """32 current, 2 due soon, 1 without a record."""
    counts = [(standings.count(one), said) for one, said in SUMMED.items()]
    return ", ".join(f"{number} {said}" for number, said in counts if number)


@require_http_methods(["GET", "HEAD", "POST"])
def update_add(request: Request, pk: int) -> HttpResponse:
    person = person_to_add_for(request, pk)
    form = UpdateForm(request.POST or None, initial={"on": timezone.localdate()})
    made = done(form, lambda: knowledge.log_update(person, **form.cleaned_data, by=request.user))
    if made is not None:
        messages.success(request, "It is logged.")
        return redirect("training:safeguarding", person.pk)
    return ask(
        request, form, title="Log an update", button="Log it", above=above(request, person),
        lead="A bulletin read, a network meeting, a briefing: the yearly refresh is made of these.",
    )  # fmt: skip


@require_POST
def update_remove(request: Request, pk: int) -> HttpResponse:
    updates = KnowledgeUpdate.objects.visible_to(request.user).select_related("person")
    update = get_object_or_404(updates, pk=pk)
    if not may_add_for(request, update.person):
        raise PermissionDenied("Only the leader and programme staff can take an update back.")
    return act(
        request,
        lambda: knowledge.take_back_update(update),
        said="The update is taken back.",
        back=page_of(update.person_id),
    )


@require_POST
def acknowledge(request: Request, pk: int) -> HttpResponse:
    """One tap: I have read Part One of this edition."""
    edition = get_object_or_404(GuidanceEdition.objects.visible_to(request.user), pk=pk)
    return act(
        request,
        lambda: knowledge.acknowledge(request.user, edition),
        said=f"Thank you. You have read Part One of {edition}.",
        back=page_of(request.user.pk),
    )


def page_of(person: int) -> str:
    return reverse("training:safeguarding", args=[person])


def may_add_for(request: Request, person: Person) -> bool:
    """Whether this is their own, or they are programme staff who change things."""
    return person.pk == request.user.pk or can_change_programme(request.user)


def person_to_add_for(request: Request, pk: int) -> Person:
    """Somebody whose record they may add to: else 404, or 403 for staff who may only look."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if not may_add_for(request, person):
        raise PermissionDenied("Only the leader and programme staff can add to this.")
    return person


def above(request: Request, person: Person) -> tuple[str, ...]:
    """The crumbs over a form about somebody's training."""
    page = ("Safeguarding training", page_of(person.pk))
    if person.pk == request.user.pk:
        return page
    return (person.name, person.get_absolute_url(), *page)
