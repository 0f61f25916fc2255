"""Supervision groups: for staff to plan, for supervisors and members to see their own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.models import Person
from cohorts.permissions import can_change_programme
from dlp.errors import Refused
from dlp.http import Request
from training import permissions
from training.forms import GroupForm, MemberEndForm, MemberForm
from training.models import Booking, GroupMember, Session, SupervisionGroup
from training.operations import groups as operations
from training.views.answers import said
from training.views.guards import changing_programme


@require_safe
def groups(request: Request) -> HttpResponse:
    today = timezone.localdate()
    current = Q(members__starts_on__lte=today) & (
        Q(members__ends_on=None) | Q(members__ends_on__gte=today)
    )
    ahead = Session.objects.published().filter(ends_at__gte=timezone.now()).order_by("starts_at")
    listed = (
        SupervisionGroup.objects.filter(
            pk__in=SupervisionGroup.objects.visible_to(request.user).values("pk")
        )
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .select_related("supervisor", "cohort")
        .annotate(member_count=Count("members", filter=current))
        .prefetch_related(Prefetch("sessions", queryset=ahead, to_attr="ahead"))
    )
    if not request.user.is_staff and not listed:
        raise PermissionDenied("You are in no supervision group.")
    return render(
        request,
        "training/groups.html",
        {"groups": listed, "can_change": can_change_programme(request.user)},
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
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.create_group(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("supervisor", str(refusal))
        else:
            said(request, "The group is there. Add its members next.")
            return redirect(made)
    return render(request, "training/group_form.html", {"form": form})


@changing_programme
def group_edit(request: Request, pk: int) -> HttpResponse:
    found = _group(request.user, pk)
    form = GroupForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_group(found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("supervisor", str(refusal))
        else:
            said(request, "The group is changed.")
            return redirect(found)
    return render(request, "training/group_form.html", {"form": form, "group": found})


@changing_programme
def member_add(request: Request, pk: int) -> HttpResponse:
    found = _group(request.user, pk)
    form = MemberForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            member = operations.add_member(found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("person", str(refusal))
        else:
            said(request, f"{member.person.name} is in the group.")
            return redirect(found)
    return render(request, "training/member_form.html", {"form": form, "group": found})


@changing_programme
def member_end(request: Request, pk: int) -> HttpResponse:
    member = get_object_or_404(
        GroupMember.objects.visible_to(request.user).select_related("group", "person"), pk=pk
    )
    form = MemberEndForm(
        request.POST or None, member=member, initial={"ends_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        operations.end_member(member, ends_on=form.cleaned_data["ends_on"], by=request.user)
        said(request, f"{member.person.name} leaves the group.")
        return redirect(member.group)
    return render(
        request,
        "training/member_form.html",
        {"form": form, "group": member.group, "member": member},
    )


def _group(user: Person, pk: int) -> SupervisionGroup:
    groups = SupervisionGroup.objects.visible_to(user).select_related("supervisor", "cohort")
    return get_object_or_404(groups, pk=pk)
