"""The photos that people show. A file that no row names is gone from the disk."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from cohorts.models import Person

STORAGE = Person._meta.get_field("photo").storage
FOLDER = "photos"
LEFT_BEHIND_AFTER = timedelta(hours=1)


@transaction.atomic
def set_photo(person: Person, picture: ContentFile) -> Person:
    """Show this picture, as `cohorts.photos.square` made it, in the place of the last one."""
    person = _locked(person)
    old = person.photo.name
    person.photo.save(picture.name or "", picture, save=False)
    person.save(update_fields=["photo"])
    erase_after(old)
    return person


@transaction.atomic
def remove_photo(person: Person) -> Person:
    """Show no picture; none to remove is nothing to do."""
    person = _locked(person)
    old = person.photo.name
    if old:
        person.photo = ""
        person.save(update_fields=["photo"])
        erase_after(old)
    return person


def erase_left_behind() -> int:
    """Erase the files that no row names, as a server that fell over may have left; return how many."""
    _, names = STORAGE.listdir(FOLDER) if STORAGE.exists(FOLDER) else ([], [])
    kept = set(Person.objects.get_queryset().exclude(photo="").values_list("photo", flat=True))
    before = timezone.now() - LEFT_BEHIND_AFTER
    left = [
        path
        for name in names
        if (path := f"{FOLDER}/{name}") not in kept and STORAGE.get_modified_time(path) < before
    ]
    for path in left:
        STORAGE.delete(path)
    return len(left)


def _locked(person: Person) -> Person:
    return Person.objects.get_queryset().select_for_update(of=("self",)).get(pk=person.pk)


def erase_after(name: str | None) -> None:
    """Once the change is certain: until then a page may still show it."""
    if name:
        transaction.on_commit(lambda: STORAGE.delete(name))
