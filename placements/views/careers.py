"""A career and its posts, edited by the person and by staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Person
from dlp.asking import act, ask, done
from dlp.http import Request
from placements.careers.drawing import draw
from placements.careers.steps import OF_POST
from placements.careers.steps import career as career_of
from placements.forms.posts import PostForm
from placements.models import Placement, Post
from placements.operations import posts as operations
from placements.permissions import can_change_career


@require_safe
def career(request: Request, pk: int) -> HttpResponse:
    """For staff, and for the person themselves."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    posts = Post.objects.visible_to(request.user).filter(person=person)
    told = posts.annotate(employer=OF_POST["employer"])
    placements = Placement.objects.visible_to(request.user).filter(participation__person=person)
    steps = career_of(told, placements.select_related("school"), today)
    context = {
        "person": person,
        "is_self": person.pk == request.user.pk,
        "steps": steps,
        "drawing": draw(steps, str(person), today),
        "can_change": can_change_career(request.user, person),
    }
    return render(request, "placements/career.html", context)


def _page_of(person: Person) -> str:
    return reverse("placements:career", args=[person.pk])


def _refuse_strangers(viewer: Person, person: Person) -> None:
    if not can_change_career(viewer, person):
        raise PermissionDenied("Only programme leads and coordinators can do that.")


def _above(viewer: Person, person: Person) -> tuple[str, ...]:
    if viewer.pk == person.pk:
        return ("My career", _page_of(person))
    return ("People", reverse("cohorts:people"), f"Career of {person}", _page_of(person))


@require_http_methods(["GET", "HEAD", "POST"])
def post_add(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    _refuse_strangers(request.user, person)
    is_self = person.pk == request.user.pk
    form = PostForm(request.POST or None, asks_source=not is_self)
    said: dict[str, Any] = {"source": Post.Source.SELF} if is_self else {}
    if done(form, lambda: operations.add_post(person, **form.cleaned_data, **said)):
        messages.success(request, "The post is written down.")
        return redirect(_page_of(person))
    return ask(
        request,
        form,
        title="Add a post",
        button="Add the post",
        above=_above(request.user, person),
        lead="A job before the programme, beside it or after it. Two may overlap.",
    )


def _post(request: Request, pk: int) -> Post:
    seen = Post.objects.visible_to(request.user).select_related("person", "school")
    post = get_object_or_404(seen, pk=pk)
    _refuse_strangers(request.user, post.person)
    return post


@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: Request, pk: int) -> HttpResponse:
    post = _post(request, pk)
    is_self = post.person_id == request.user.pk
    form = PostForm(request.POST or None, instance=post, asks_source=not is_self)
    if done(form, lambda: operations.edit_post(post, **form.cleaned_data)):
        messages.success(request, "The post is put right.")
        return redirect(_page_of(post.person))
    return ask(
        request,
        form,
        title="Change a post",
        button="Save the changes",
        above=_above(request.user, post.person),
    )


@require_POST
def post_remove(request: Request, pk: int) -> HttpResponse:
    post = _post(request, pk)
    return act(
        request,
        lambda: operations.remove_post(post),
        said=f"{post} is taken back.",
        back=_page_of(post.person),
    )
