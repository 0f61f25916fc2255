"""Private files: what is taken, what it is kept and handed out as."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from dlp.files import DOCUMENTS, EXCEL, JPEG, PDF, PNG, POWERPOINT, SCANS, WORD, UploadField


def office(*parts: str) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return written.getvalue()


TYPES = "[Content_Types].xml"
TAKEN = [
    (b"%PDF-1.7 and so on", PDF),
    (b"\xff\xd8\xff\xe0 a picture", JPEG),
    (b"\x89PNG\r\n\x1a\n a picture", PNG),
    (office(TYPES, "word/document.xml"), WORD),
    (office(TYPES, "ppt/presentation.xml"), POWERPOINT),
    (office(TYPES, "xl/workbook.xml"), EXCEL),
]
REFUSED = {
    "a zip called a PDF": office("notes.txt"),
    "a broken zip": b"PK\x03\x04 and nothing",
    "slides with a macro": office(TYPES, "ppt/presentation.xml", "ppt/vbaProject.bin"),
    "a page": b"<!doctype html><script>alert(1)</script>%PDF-",
    "a PDF after something else": b"GIF89a%PDF-1.7",
    "an old Word file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on",
}


class HandIn(forms.Form):
    scan = UploadField(kinds=SCANS, megabytes=1, required=False)
    document = UploadField(kinds=DOCUMENTS, megabytes=1, required=False)


def handed_in(field: str, content: bytes, name: str = "signed.pdf") -> HandIn:
    return HandIn({}, {field: SimpleUploadedFile(name, content, "application/pdf")})


@pytest.mark.parametrize(("content", "kind"), TAKEN, ids=lambda value: getattr(value, "words", ""))
def test_a_file_is_what_its_bytes_say_and_not_its_name(content, kind):
    form = handed_in("document", content, "C:\\papers\\../Signed\u202efdp.exe")

    assert form.is_valid()
    upload = form.cleaned_data["document"]
    assert (upload.kind, upload.name) == (kind, f"Signedfdp.{kind.ending}")


@pytest.mark.parametrize("what", REFUSED)
def test_what_only_looks_like_a_document_is_refused_in_a_sentence(what):
    form = handed_in("document", REFUSED[what])

    assert form.errors["document"] == [
        "This file is no PDF, JPEG, PNG, Word, PowerPoint or Excel, whatever its name says. "
        "Choose one that is."
    ]


def test_a_scan_is_no_slides_and_nothing_is_larger_than_its_bound():
    slides = handed_in("scan", office(TYPES, "ppt/presentation.xml"))
    long = handed_in("scan", b"%PDF-" + b"x" * 2 * 1024 * 1024)

    assert "no PDF, JPEG or PNG" in slides.errors["scan"][0]
    assert long.errors["scan"] == ["The file has 2 MB. Choose one of 1 MB at most."]
    assert 'accept=".pdf,.jpg,.png"' in str(slides["scan"])
