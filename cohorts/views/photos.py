"""People's photos: choosing one, removing it, and serving the file to those who may see it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import photos
from cohorts.forms.people import PhotoForm
from cohorts.guards import to_change
from cohorts.models import Person
from cohorts.operations.photos import remove_photo, set_photo
from dlp.asking import act, ask, done
from dlp.http import PrivateFile, Request


@require_safe
def person_photo(request: Request, pk: int) -> HttpResponseBase:
    """The file; every photo has its own address, so a browser's copy never shows an older one."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    if not person.photo:
        raise Http404
    try:
        file = person.photo.open()
    except FileNotFoundError:
        raise Http404 from None
    return PrivateFile(file, content_type=photos.CONTENT_TYPE)


@require_http_methods(["GET", "HEAD", "POST"])
def my_photo(request: Request) -> HttpResponseBase:
    form = PhotoForm(request.POST or None, request.FILES or None)
    if done(form, lambda: set_photo(request.user, form.cleaned_data["photo"])):
        messages.success(request, "Your photo was saved.")
        return redirect("signin:account")
    return ask(
        request,
        form,
        title="My photo",
        button="Save my photo",
        above=("My account", reverse("signin:account")),
        lead="The programme team sees it, and other leaders if you are in the directory.",
    )


@require_POST
def my_photo_remove(request: Request) -> HttpResponseBase:
    return act(
        request,
        lambda: remove_photo(request.user),
        said="Your photo is erased.",
        back=reverse("signin:account"),
    )


@require_POST
def person_photo_remove(request: Request, pk: int) -> HttpResponseBase:
    person = to_change(request, Person.objects.visible_to(request.user), pk)
    return act(
        request,
        lambda: remove_photo(person),
        said=f"The photo of {person} is erased.",
        back=person.get_absolute_url(),
    )
