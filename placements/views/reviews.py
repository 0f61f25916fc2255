"""Placement reviews: writing one up, its page, and the leader's answer."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.guards import only_those_who_change
from cohorts.models import PlanItem
from cohorts.permissions import can_change_programme
from dlp.asking import act, ask, done
from dlp.http import Request
from placements.forms.reviews import QueryForm, ReviewForm, SettleForm
from placements.models import Placement, Review
from placements.operations import reviews as operations
from placements.permissions import can_write_reviews
from placements.reviews import due_for


@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    """One page for everybody who may read it; the actions depend on who asks."""
    found = _review(request, pk)
    is_own = found.placement.participation.person_id == request.user.pk
    context = {
        "review": found,
        "is_own": is_own,
        "can_answer": is_own and found.state in (Review.State.WITH_LEADER, Review.State.QUERIED),
        "can_change": can_change_programme(request.user),
        "can_write": not found.is_settled and can_write_reviews(request.user, found.placement),
    }
    return render(request, "placements/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_write(request: Request, pk: int, item: int) -> HttpResponse:
    """Write up a review that is due in a placement."""
    placement, asked = _due(request, pk, item)
    form = ReviewForm(request.POST or None, placement=placement)
    made = done(
        form, lambda: operations.write(placement, asked, **form.cleaned_data, by=request.user)
    )
    if made is not None:
        messages.success(request, "It is written down, and waits for the leader’s word.")
        return redirect(made)
    return ask(
        request, form, title=asked.title, button="Write it down",
        above=_above(placement), lead="The leader is asked whether it was so.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def review_without(request: Request, pk: int, item: int) -> HttpResponse:
    """Close a review that will not be held."""
    placement, asked = _due(request, pk, item)
    only_those_who_change(request.user)
    form = SettleForm(request.POST or None)
    if done(
        form, lambda: operations.do_without(placement, asked, **form.cleaned_data, by=request.user)
    ):
        messages.success(request, "It is closed, and counts as waived.")
        return redirect(placement)
    return ask(
        request, form, title=f"Go without: {asked.title}", button="Close it",
        above=_above(placement), lead="It will not be held. The plan shows the reason.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def review_edit(request: Request, pk: int) -> HttpResponse:
    """Change what was written; the leader is asked again."""
    found = _review(request, pk)
    _only_writers(request, found.placement)
    known = {name: getattr(found, name) for name in ReviewForm.base_fields}
    form = ReviewForm(request.POST or None, placement=found.placement, initial=known)
    if done(form, lambda: operations.rewrite(found, **form.cleaned_data, by=request.user)):
        messages.success(request, "It is changed, and waits for the leader’s word again.")
        return redirect(found)
    has_word = found.state == Review.State.AGREED
    return ask(
        request, form, title="Change the review", button="Save the change",
        above=(*_above(found.placement), str(found), found.get_absolute_url()),
        warning="The leader has agreed to this. If you change it, they are asked again."
        if has_word
        else "",
    )  # fmt: skip


@require_POST
def review_agree(request: Request, pk: int) -> HttpResponse:
    found = _own_review(request, pk)
    return act(
        request,
        lambda: operations.agree(found, by=request.user),
        said="Thank you. The review is done.",
        back=found.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def review_query(request: Request, pk: int) -> HttpResponse:
    """The leader says what needs correcting."""
    found = _own_review(request, pk)
    form = QueryForm(request.POST or None)
    if done(form, lambda: operations.ask_to_put_right(found, **form.cleaned_data, by=request.user)):
        messages.success(request, "Whoever wrote it sees this, and asks you again.")
        return redirect(found)
    return ask(
        request, form, title="Something is not right", button="Ask to put it right",
        above=(*_above(found.placement), str(found), found.get_absolute_url()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def review_close(request: Request, pk: int) -> HttpResponse:
    return _settle(
        request, pk, operations.close, title="Close it without the leader",
        lead="It counts as done although the leader has not said that it was so.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def review_take_back(request: Request, pk: int) -> HttpResponse:
    return _settle(
        request, pk, operations.take_back, title="Take the review back",
        lead="It was written down by mistake: it counts no more, and is due again.",
    )  # fmt: skip


def _settle(
    request: Request, pk: int, operation: Callable[..., Review], *, title: str, lead: str
) -> HttpResponse:
    found = _review(request, pk)
    only_those_who_change(request.user)
    form = SettleForm(request.POST or None)
    if done(form, lambda: operation(found, **form.cleaned_data, by=request.user)):
        messages.success(request, "It is written down.")
        return redirect(found)
    return ask(
        request, form, title=title, button=title, lead=lead,
        above=(*_above(found.placement), str(found), found.get_absolute_url()),
    )  # fmt: skip


def _review(request: Request, pk: int) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user).for_display(), pk=pk)


def _own_review(request: Request, pk: int) -> Review:
    found = _review(request, pk)
    if found.placement.participation.person_id != request.user.pk:
        raise PermissionDenied("Only the leader can answer a review.")
    return found


def _due(request: Request, pk: int, item: int) -> tuple[Placement, PlanItem]:
    placements = Placement.objects.visible_to(request.user).for_display()
    placement = get_object_or_404(placements, pk=pk)
    _only_writers(request, placement)
    return placement, get_object_or_404(due_for(placement), pk=item)


def _only_writers(request: Request, placement: Placement) -> None:
    if not can_write_reviews(request.user, placement):
        raise PermissionDenied("Only the school’s host lead and the programme team can do that.")


def _above(placement: Placement) -> tuple[str, str]:
    return str(placement), placement.get_absolute_url()
