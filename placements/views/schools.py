"""The list of schools, and staff's changes to one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import model_to_dict
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.guards import only_staff, to_change
from cohorts.permissions import can_change_programme
from dlp import words
from dlp.asking import act, ask, done
from dlp.exports import hand_out
from dlp.http import Request, safe_redirect
from placements.forms.hosts import EditContactForm
from placements.forms.schools import (
    ContactForm,
    EndContactForm,
    FormerNameForm,
    InternalApForm,
    SchoolFilterForm,
    SchoolForm,
)
from placements.models import LocalAuthority, Partnership, School, SchoolContact
from placements.operations import schools as operations
from placements.operations.capacity import most_at_once

PAGE = 50
EXPORT_HEADER = (
    "Name", "URN", "Setting", "Kind", "Status", "Authority", "Region", "Trust", "Town", "Postcode",
    "Youngest", "Oldest", "Pupils", "Telephone", "Website", "Partner",
)  # fmt: skip


def _listed(request: Request) -> tuple[SchoolFilterForm, QuerySet[School]]:
    """The filters in the URL, and the schools they let through."""
    only_staff(request.user)
    form = SchoolFilterForm(
        request.GET, authorities=LocalAuthority.objects.visible_to(request.user)
    )
    in_force = Partnership.objects.covering(timezone.localdate())
    schools = form.among(School.objects.visible_to(request.user)).annotate(
        is_partner=Exists(in_force.filter(school=OuterRef("pk")))
    )
    return form, schools


@require_safe
def school_list(request: Request) -> HttpResponse:
    form, schools = _listed(request)
    page = Paginator(schools.select_related("local_authority"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "can_change": can_change_programme(request.user),
        "is_near": form.is_near,
    }
    return render(request, "placements/schools.html", context)


@require_safe
def school_export(request: Request) -> HttpResponseBase:
    _, schools = _listed(request)
    return hand_out(request, "schools", EXPORT_HEADER, _export_rows(schools), count=schools.count())


def _export_rows(schools: QuerySet[School]) -> Iterator[tuple[Any, ...]]:
    for school in schools.select_related("local_authority", "trust").iterator(2_000):
        yield (
            school.name, school.urn, school.get_setting_display(), school.kind_label,
            school.get_status_display(), school.local_authority, school.get_region_display(),
            school.trust, school.town, school.postcode, school.low_age, school.high_age,
            school.pupils_count, school.phone, school.website, school.is_partner,  # type: ignore[attr-defined]
        )  # fmt: skip


def school_of(request: Request, pk: int) -> School:
    """A school this person sees and may change."""
    return to_change(request, School.objects.visible_to(request.user), pk)


def above(school: School) -> tuple[str, ...]:
    """The crumbs over a page about this school."""
    return "Schools", reverse("placements:schools"), str(school), school.get_absolute_url()


@require_http_methods(["GET", "HEAD", "POST"])
def school_edit(request: Request, pk: int) -> HttpResponse:
    school = school_of(request, pk)
    initial = model_to_dict(school, fields=operations.EDITABLE_FIELDS)
    form = SchoolForm(request.POST or None, instance=school, initial=initial)
    if changed := done(form, lambda: operations.edit_school(school, values=form.cleaned_data)):
        messages.success(request, f"{changed} is up to date.")
        _say_if_too_full(request, changed)
        return redirect(changed)
    lead = ""
    if school.urn:
        lead = "What you change here stays: an import from GIAS no longer writes over it."
    return ask(
        request, form, title=f"Edit {school}", button="Save the changes", above=above(school),
        lead=lead,
    )  # fmt: skip


def _say_if_too_full(request: Request, school: School) -> None:
    """Warn staff if more leaders are placed there than the new limit; they stay."""
    most = most_at_once(school, timezone.localdate())
    if school.hosts_at_once is not None and most > school.hosts_at_once:
        messages.warning(
            request,
            f"{school} has or expects {words.count(most, 'leader')} on one day already. They stay; "
            f"nobody new is placed there until there is room.",
        )


@require_http_methods(["GET", "HEAD", "POST"])
def school_add(request: Request, pk: int) -> HttpResponse:
    """Add an internal AP to the school with this key."""
    parent = school_of(request, pk)
    form = InternalApForm(request.POST or None)
    if done(form, lambda: operations.add_internal_ap(parent, **form.cleaned_data)):
        messages.success(request, f"{form.cleaned_data['name']} is here, as a part of {parent}.")
        return redirect(parent)
    return ask(
        request, form, title="Add an internal AP", button="Add it", above=above(parent),
        lead=f"A provision inside {parent}. It has no URN and shares the school’s address.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def name_add(request: Request, pk: int) -> HttpResponse:
    school = school_of(request, pk)
    form = FormerNameForm(request.POST or None)
    if done(form, lambda: operations.add_former_name(school, **form.cleaned_data)):
        messages.success(request, f"Search finds {school} as {form.cleaned_data['name']}, too.")
        return redirect(school)
    return ask(
        request, form, title="Add a former name", button="Add the name", above=above(school),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def contact_add(request: Request, pk: int) -> HttpResponse:
    school = school_of(request, pk)
    form = ContactForm(request.POST or None)
    if done(form, lambda: operations.add_contact(school, **form.cleaned_data)):
        messages.success(request, f"{form.cleaned_data['name']} is a contact of {school}.")
        return redirect(school)
    return ask(
        request, form, title="Add a contact", button="Add the contact", above=above(school),
    )  # fmt: skip


def _contact(request: Request, pk: int) -> SchoolContact:
    return to_change(
        request,
        SchoolContact.objects.visible_to(request.user).select_related("school", "person"),
        pk,
    )


@require_POST
def contact_sign_in(request: Request, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    return act(
        request,
        lambda: operations.let_sign_in(contact),
        said=f"{contact.who} may sign in for {contact.school}. Invite them when you are ready.",
        back=contact.school.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact_end(request: Request, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    form = EndContactForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if done(form, lambda: operations.end_contact(contact, **form.cleaned_data)):
        messages.success(request, f"The role of {contact.who} has its last day.")
        back = contact.school.get_absolute_url()
        return safe_redirect(request, request.GET.get("next"), fallback=back)
    return ask(
        request, form, title=f"{contact.who} leaves this role", button="Write down the last day",
        above=above(contact.school),
        lead=f"{contact.get_role_display()} at {contact.school}.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: Request, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    school = contact.school
    form = EditContactForm(request.POST or None, instance=contact)
    if changed := done(form, lambda: operations.edit_contact(contact, values=form.cleaned_data)):
        messages.success(request, f"What is known of {changed.who} is up to date.")
        return redirect(school)
    lead = ""
    if contact.person:
        lead = f"{contact.who} signs in: their name and address are on their own page."
    return ask(
        request, form, title=f"Change {contact.who}", button="Save the changes",
        above=above(school), lead=lead,
    )  # fmt: skip


@require_POST
def contact_letters_bounce(request: Request, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    return act(
        request,
        lambda: operations.say_letters(contact, arrive=False),
        said=f"Letters to {contact.who} come back: their address is shown in amber.",
        back=contact.school.get_absolute_url(),
    )


@require_POST
def contact_letters_arrive(request: Request, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    return act(
        request,
        lambda: operations.say_letters(contact, arrive=True),
        said=f"The address of {contact.who} is taken to be right.",
        back=contact.school.get_absolute_url(),
    )


@require_POST
def school_follow_gias(request: Request, pk: int) -> HttpResponse:
    school = school_of(request, pk)
    return act(
        request,
        lambda: operations.follow_gias_again(school),
        said=f"The next import from GIAS may write over what was edited at {school}.",
        back=school.get_absolute_url(),
    )
