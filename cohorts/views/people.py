"""Everybody the programme knows: the list, adding, correcting, inviting."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import listing
from cohorts.forms.participations import JoinForm
from cohorts.forms.people import DeathForm, MyDetailsForm, PeopleFilter, PersonForm
from cohorts.guards import only_staff, only_those_who_change, to_change
from cohorts.models import Cohort, Participation, Person
from cohorts.operations import fitting, participations
from cohorts.operations import people as operations
from cohorts.operations.deaths import record_death
from cohorts.permissions import can_change_programme
from dlp.asking import act, ask, done
from dlp.exports import hand_out
from dlp.http import Request, safe_redirect

PER_PAGE = 50


@require_safe
def people(request: Request) -> HttpResponse:
    only_staff(request.user)
    form = PeopleFilter(request.GET, viewer=request.user)
    filters = form.cleaned_data if form.is_valid() else {}
    found = listing.people(request.user, filters)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "entries": listing.entries(page.object_list, filters),
        "is_filtered": any(filters.values()),
        "exported": f"{'these' if any(filters.values()) else 'all'} {page.paginator.count}",
        "can_change": can_change_programme(request.user),
    }
    return render(request, "cohorts/people.html", context)


@require_safe
def people_export(request: Request) -> StreamingHttpResponse:
    only_staff(request.user)
    form = PeopleFilter(request.GET, viewer=request.user)
    filters = form.cleaned_data if form.is_valid() else {}
    found = listing.people(request.user, filters)
    columns = listing.export_columns(request.user)
    rows = listing.export_rows(found, filters, columns.values())
    return hand_out(request, "people", list(columns), rows, count=found.count())


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: Request) -> HttpResponse:
    only_those_who_change(request.user)
    form = PersonForm(request.POST or None)
    person = done(form, lambda: operations.add_person(**form.cleaned_data))
    if person is not None:
        messages.success(request, f"{person} was added. Nothing has been sent to them yet.")
        say_what_is_off_the_map(request, person)
        return redirect(person)
    return ask(
        request,
        form,
        title="Add a person",
        button="Add the person",
        above=("People", reverse("cohorts:people")),
        lead="They are not written to until you invite them.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: Request, pk: int) -> HttpResponse:
    person = to_change(request, Person.objects.visible_to(request.user), pk)
    form = PersonForm(request.POST or None, instance=person)
    if changed := done(
        form, lambda: operations.edit_person(person, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, f"{changed} was changed.")
        say_what_is_off_the_map(request, changed)
        return redirect(changed)
    return ask(
        request,
        form,
        title=f"Change {person}",
        button="Save the changes",
        above=("People", reverse("cohorts:people"), str(person), person.get_absolute_url()),
        lead="What changes is kept in their history with your name. Another address ends their "
        "sessions, and both addresses are told.",
    )


def say_what_is_off_the_map(request: Request, person: Person) -> None:
    if person.home_sector and not person.is_on_map:
        messages.warning(
            request,
            f"We keep {person.home_sector}, but know no school near it, so it is on no map.",
        )


@require_POST
def person_invite(request: Request, pk: int) -> HttpResponse:
    person = to_change(request, Person.objects.visible_to(request.user), pk)
    return act(
        request,
        lambda: operations.invite_person(person),
        said=f"The invitation to {person} is on its way. It opens for seven days.",
        back=person.get_absolute_url(),
    )


@require_POST
def person_deactivate(request: Request, pk: int) -> HttpResponse:
    person = to_change(request, Person.objects.visible_to(request.user), pk)
    return act(
        request,
        lambda: operations.deactivate_person(person, by=request.user),
        said=f"{person} can no longer sign in and gets no more letters.",
        back=person.get_absolute_url(),
    )


@require_POST
def person_reactivate(request: Request, pk: int) -> HttpResponse:
    person = to_change(request, Person.objects.visible_to(request.user), pk)
    return act(
        request,
        lambda: operations.reactivate_person(person, by=request.user),
        said=f"{person} can sign in again.",
        back=person.get_absolute_url(),
    )


@require_POST
def letters_arrive(request: Request, pk: int) -> HttpResponse:
    person = to_change(request, Person.objects.visible_to(request.user), pk)
    return act(
        request,
        lambda: operations.forget_bounce(person, by=request.user),
        said=f"Letters to {person} are taken to arrive again. The next one shows.",
        back=person.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def person_died(request: Request, pk: int) -> HttpResponse:
    person = to_change(request, Person.objects.visible_to(request.user), pk)
    form = DeathForm(request.POST or None)
    if done(form, lambda: record_death(person, by=request.user, **form.cleaned_data)):
        messages.success(request, f"It is recorded. Nothing more is written to {person}.")
        return redirect(person)
    return ask(
        request,
        form,
        title=f"{person} has died",
        button="Record it",
        above=("People", reverse("cohorts:people"), str(person), person.get_absolute_url()),
        lead="We are sorry. From the moment you record it nothing more is written to them, what waits "
        "is called off, and their time on the programme ends. Their record stays. Nobody is told by "
        "a letter of ours: their cohort, their school and their supervisor should hear it from you.",
        kind="danger",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request, pk: int) -> HttpResponse:
    person = to_change(request, Person.objects.visible_to(request.user), pk)
    cohorts = Cohort.objects.visible_to(request.user)
    form = JoinForm(
        request.POST or None, cohorts=cohorts, initial={"cohort": request.GET.get("cohort")}
    )

    def take_in() -> Participation:
        cohort = form.cleaned_data["cohort"]
        if form.cleaned_data["is_offer"]:
            return participations.offer(person, cohort, by=request.user)
        day = form.cleaned_data["starts_on"]
        return participations.add_to_cohort(person, cohort, by=request.user, starts_on=day)

    if joined := done(form, take_in):
        messages.success(request, f"{person} {fitting.stands(joined)}: {joined.cohort}.")
        return safe_redirect(request, request.GET.get("next"), fallback=person.get_absolute_url())
    return ask(
        request,
        form,
        title=f"{person} joins a cohort",
        button="Let them join",
        above=("People", reverse("cohorts:people"), str(person), person.get_absolute_url()),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def my_details(request: Request) -> HttpResponse:
    me = get_object_or_404(Person.objects.visible_to(request.user), pk=request.user.pk)
    form = MyDetailsForm(request.POST or None, instance=me)
    if changed := done(form, lambda: operations.edit_own_details(me, **form.cleaned_data)):
        messages.success(request, "Your details were saved.")
        say_what_is_off_the_map(request, changed)
        return redirect("signin:account")
    return ask(
        request,
        form,
        title="My details",
        button="Save my details",
        above=("My account", reverse("signin:account")),
        lead="The programme team sees these. To change your full name, write to them.",
    )
