"""Photos of people. A file that no row refers to is erased from disk."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.db import transaction

from cohorts.models import Person
from dlp import files

FOLDER = "photos"


@transaction.atomic
def set_photo(person: Person, picture: ContentFile) -> Person:
    """Replace somebody's photo by this one, as `cohorts.photos.square` made it."""
    person = _locked(person)
    old = person.photo.name
    person.photo.save(picture.name or "", picture, save=False)
    person.save(update_fields=["photo"])
    files.erase_after(old)
    return person


@transaction.atomic
def remove_photo(person: Person) -> Person:
    """Remove somebody's photo, if there is one."""
    person = _locked(person)
    old = person.photo.name
    if old:
        person.photo = ""
        person.save(update_fields=["photo"])
        files.erase_after(old)
    return person


def erase_left_behind() -> int:
    """Erase files that no row refers to, as a crashed server may have left; return how many."""
    kept = Person.objects.get_queryset().exclude(photo="").values_list("photo", flat=True)
    return files.erase_left_behind(FOLDER, set(kept))


def _locked(person: Person) -> Person:
    return Person.objects.get_queryset().select_for_update(of=("self",)).get(pk=person.pk)
