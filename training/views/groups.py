"""Supervision groups: for staff to plan, for supervisors and members to see their own."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.guards import changing_programme
from cohorts.models import Person
from cohorts.permissions import can_change_programme
from dlp.asking import ask, done
from dlp.http import Request
from training import permissions
from training.forms import GroupForm, MemberEndForm, MemberForm
from training.models import Booking, GroupMember, Session, SupervisionGroup
from training.operations import groups as operations

A_PAGE = 20


@require_safe
def groups(request: Request) -> HttpResponse:
    today = timezone.localdate()
    members = GroupMember.objects.current_on(today).filter(group=OuterRef("pk")).order_by()
    counted = members.values("group").annotate(number=Count("pk")).values("number")
    ahead = Session.objects.published().filter(ends_at__gte=timezone.now())
    following = ahead.order_by("group_id", "starts_at", "pk").distinct("group_id")
    listed = (
        SupervisionGroup.objects.visible_to(request.user)
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .select_related("supervisor", "cohort")
        .annotate(member_count=Coalesce(Subquery(counted), Value(0)))
        .prefetch_related(Prefetch("sessions", queryset=following, to_attr="following"))
    )
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    if not request.user.is_staff and not page.paginator.count:
        raise PermissionDenied("You are in no supervision group.")
    return render(
        request,
        "training/groups.html",
        {"page": page, "can_change": can_change_programme(request.user)},
    )


@require_safe
def group(request: Request, pk: int) -> HttpResponse:
    found = _group(request.user, pk)
    mine = request.user.bookings.exclude(state=Booking.State.WITHDRAWN)
    listed = found.sessions.visible_to(request.user).for_display()
    if permissions.sees_group_whole(request.user, found):
        listed = listed.with_counts()
    sessions = listed.prefetch_related(Prefetch("bookings", queryset=mine, to_attr="mine"))
    now = timezone.now()
    members = found.members.filter(
        Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    ).select_related("person")
    context = {
        "group": found,
        "members": members.order_by("person__search_text"),
        "ahead": [each for each in sessions if each.ends_at >= now],
        "past": [each for each in reversed(sessions) if each.ends_at < now],
        "is_whole": permissions.sees_group_whole(request.user, found),
        "can_change": can_change_programme(request.user),
    }
    return render(request, "training/group.html", context)


@changing_programme
def group_add(request: Request) -> HttpResponse:
    form = GroupForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    made = done(form, lambda: operations.create_group(**form.cleaned_data), at="supervisor")
    if made is not None:
        messages.success(request, "The group is there. Add its members next.")
        return redirect(made)
    return ask(
        request,
        form,
        title="Start a group",
        button="Start the group",
        above=("Supervision", reverse("training:groups")),
    )


@changing_programme
def group_edit(request: Request, pk: int) -> HttpResponse:
    found = _group(request.user, pk)
    form = GroupForm(request.POST or None, instance=found)
    if done(form, lambda: operations.edit_group(found, **form.cleaned_data), at="supervisor"):
        messages.success(request, "The group is changed.")
        return redirect(found)
    return ask(
        request,
        form,
        title=f"Change {found.name}",
        button="Save the changes",
        above=_above(found),
    )


@changing_programme
def member_add(request: Request, pk: int) -> HttpResponse:
    found = _group(request.user, pk)
    form = MemberForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    member = done(form, lambda: operations.add_member(found, **form.cleaned_data), at="person")
    if member is not None:
        messages.success(request, f"{member.person.name} is in the group.")
        return redirect(found)
    return ask(
        request,
        form,
        title=f"Add somebody to {found.name}",
        button="Add them",
        above=_above(found),
        lead="They are invited to the group’s sessions from then on.",
    )


@changing_programme
def member_end(request: Request, pk: int) -> HttpResponse:
    member = get_object_or_404(
        GroupMember.objects.visible_to(request.user).select_related("group", "person"), pk=pk
    )
    form = MemberEndForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if done(form, lambda: operations.end_member(member, **form.cleaned_data), at="ends_on"):
        messages.success(request, f"{member.person.name} leaves the group.")
        return redirect(member.group)
    return ask(
        request,
        form,
        title=f"{member.person.name} leaves {member.group.name}",
        button="End their time in the group",
        above=_above(member.group),
    )


def _above(group: SupervisionGroup) -> tuple[str, ...]:
    return "Supervision", reverse("training:groups"), group.name, group.get_absolute_url()


def _group(user: Person, pk: int) -> SupervisionGroup:
    groups = SupervisionGroup.objects.visible_to(user).select_related("supervisor", "cohort")
    return get_object_or_404(groups, pk=pk)
