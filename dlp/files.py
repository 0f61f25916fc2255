"""Private files that people upload, such as signed agreements and slides.

The type of a file is decided by its bytes, whatever its name. It is stored under a random name and
served as an attachment, only by a view that has checked who may see it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import get_random_string

from dlp.http import PrivateFile

LEFT_BEHIND_AFTER = timedelta(hours=1)
LONGEST_NAME = 100
CONTENTS = "[Content_Types].xml"
"""The part that every Office file has; any other zip is refused."""


@dataclass(frozen=True)
class Kind:
    """A type of file that we accept: in words, its suffix, and its content type."""

    words: str
    ending: str
    content_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = Kind("PDF", "pdf", "application/pdf")
JPEG = Kind("JPEG", "jpg", "image/jpeg")
PNG = Kind("PNG", "png", "image/png")
WORD = Kind("Word", "docx", f"{_OFFICE}.wordprocessingml.document")
POWERPOINT = Kind("PowerPoint", "pptx", f"{_OFFICE}.presentationml.presentation")
EXCEL = Kind("Excel", "xlsx", f"{_OFFICE}.spreadsheetml.sheet")

SCANS = (PDF, JPEG, PNG)
DOCUMENTS = (*SCANS, WORD, POWERPOINT, EXCEL)

_BEGINS = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_HOLDS = {
    "word/document.xml": WORD,
    "ppt/presentation.xml": POWERPOINT,
    "xl/workbook.xml": EXCEL,
}


class Unusable(ValueError):
    """The message is a full sentence for the person who chose the file."""


def sniff(file: IO[bytes]) -> Kind | None:
    """The type of a file by its bytes; None if we do not accept it. The file is rewound."""
    file.seek(0)
    begins = file.read(8)
    found = next((kind for start, kind in _BEGINS.items() if begins.startswith(start)), None)
    if begins.startswith(b"PK\x03\x04"):
        found = _office(file)
    file.seek(0)
    return found


def _office(file: IO[bytes]) -> Kind | None:
    """The Office type of a zip; None for anything with macros."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if CONTENTS not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((kind for part, kind in _HOLDS.items() if part in names), None)


@dataclass(frozen=True)
class Upload:
    """A checked file. `name` is what its owner called it, with the suffix of its real type."""

    file: File[Any]
    name: str
    kind: Kind

    def keep(self, column: FieldFile) -> None:
        """Write the file to the row's FileField under a random name; does not save the row."""
        column.save(f"{get_random_string(32)}.{self.kind.ending}", self.file, save=False)


def checked(file: File[Any], kinds: Sequence[Kind], megabytes: int) -> Upload:
    """The file as an upload of one of these types. Raises Unusable."""
    size = file.size or 0
    if size > megabytes * 1024 * 1024:
        raise Unusable(
            f"The file has {size / 1024 / 1024:.0f} MB. Choose one of {megabytes} MB at most."
        )
    kind = sniff(file)
    if kind not in kinds or kind is None:
        raise Unusable(
            f"This file is no {in_words(kinds)}, whatever its name says. Choose one that is."
        )
    return Upload(file, _tidy(file.name or "", kind), kind)


def in_words(kinds: Sequence[Kind]) -> str:
    """PDF, JPEG or PNG"""
    *first, last = [kind.words for kind in kinds]
    return f"{', '.join(first)} or {last}" if first else last


def _tidy(name: str, kind: Kind) -> str:
    """The name without folders, invisible characters or a wrong suffix."""
    bare = PurePosixPath(PureWindowsPath(name).name).stem
    seen = "".join(letter for letter in bare if letter.isprintable()).strip(" .")
    return f"{seen[:LONGEST_NAME] or 'file'}.{kind.ending}"


class UploadField(forms.FileField):
    """A form field for one file of these types; its value is an `Upload`."""

    def __init__(
        self, *, kinds: Sequence[Kind] = SCANS, megabytes: int | None = None, **kwargs: Any
    ) -> None:
        self.kinds = kinds
        self.megabytes = megabytes or settings.UPLOAD_MEGABYTES
        kwargs.setdefault("help_text", f"A {in_words(kinds)} file, {self.megabytes} MB at most.")
        kwargs.setdefault("error_messages", {"required": "Choose a file."})
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        endings = ",".join(f".{kind.ending}" for kind in self.kinds)
        return {**super().widget_attrs(widget), "accept": endings}

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        if file is None:
            return None
        try:
            return checked(file, self.kinds, self.megabytes)
        except Unusable as reason:
            raise ValidationError(str(reason)) from reason


def attachment(column: FieldFile, *, name: str, content_type: str) -> PrivateFile:
    """The file as a download that no browser caches. Raises Http404 if it is gone."""
    try:
        file = column.open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    answer = PrivateFile(file, as_attachment=True, filename=name, content_type=content_type)
    answer["Cache-Control"] = "private, no-store"
    return answer


def erase_after(name: str | None) -> None:
    """Erase a file after the transaction commits: until then a page may still serve it."""
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def erase_left_behind(folder: str, kept: Collection[str]) -> int:
    """Erase files in a folder that no row refers to, as a crashed server may have left."""
    if not default_storage.exists(folder):
        return 0
    before = timezone.now() - LEFT_BEHIND_AFTER
    _, names = default_storage.listdir(folder)
    left = [
        path
        for name in names
        if (path := f"{folder}/{name}") not in kept
        and default_storage.get_modified_time(path) < before
    ]
    for path in left:
        default_storage.delete(path)
    return len(left)
