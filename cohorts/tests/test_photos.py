"""Photos: what is kept of a picture, who sees it, and that none is left behind."""

from __future__ import annotations

import os
import time
import zlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from PIL import Image

from cohorts import photos
from cohorts.models import Person
from cohorts.operations.photos import erase_left_behind, remove_photo, set_photo
from cohorts.permissions import READ_ONLY
from cohorts.tests.factories import make_staff

ORIENTATION, CAMERA = 0x0112, 0x010F
TURNED_RIGHT = 6


def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 100), **how) -> bytes:
    """Red on the left, blue on the right."""
    drawn = Image.new("RGB", size, "blue")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    kept = BytesIO()
    drawn.save(kept, kind, **how)
    return kept.getvalue()


def square(content: bytes) -> ContentFile:
    return photos.square(BytesIO(content), len(content))


def opened(content: ContentFile) -> Image.Image:
    return Image.open(BytesIO(content.read()))


def is_like(dot, colour) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(dot, colour, strict=True))


@pytest.mark.parametrize("kind", photos.FORMATS)
def test_a_photo_becomes_a_small_square_webp(kind):
    kept = opened(square(picture(kind)))

    assert (kept.format, kept.size) == ("WEBP", (photos.SIDE, photos.SIDE))


def test_a_photo_stands_upright_and_tells_nothing_of_its_camera():
    told = Image.Exif()
    told[ORIENTATION], told[CAMERA] = TURNED_RIGHT, "Somebody’s telephone"

    kept = opened(square(picture(exif=told.tobytes())))

    assert is_like(kept.convert("RGB").getpixel((240, 5)), (255, 0, 0))
    assert is_like(kept.convert("RGB").getpixel((240, 475)), (0, 0, 255))
    assert not dict(kept.getexif())
    assert not {"exif", "xmp", "icc_profile"} & kept.info.keys()


def test_what_shines_through_becomes_white():
    clear = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(clear, "PNG")

    kept = opened(square(clear.getvalue()))

    assert is_like(kept.convert("RGB").getpixel((100, 100)), (255, 255, 255))


def bomb(side: int) -> bytes:
    """A PNG of a few hundred bytes that says it is `side` dots wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        end = zlib.crc32(name + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + name + data + end

    head = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [6_000, 10_000, 50_000])
def test_a_picture_that_would_unfold_too_far_is_refused_before_it_does(side):
    with pytest.raises(photos.Unusable, match="dots|no photo we can read"):
        square(bomb(side))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 50,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture()[:400],
        picture("PNG")[:60],
    ],
    ids=["empty", "a GIF", "a drawing that runs", "half a JPEG", "half a PNG"],
)
def test_what_is_no_photo_is_refused_in_a_sentence(content):
    with pytest.raises(photos.Unusable, match="no photo we can read. Choose a JPEG"):
        square(content)


def test_a_file_that_is_too_large_is_refused_with_its_size():
    with pytest.raises(photos.Unusable, match="The file has 14 MB. Choose one under 10 MB."):
        photos.square(BytesIO(picture()), 14 * 1024 * 1024)


def upload(client, content: bytes, name: str = "../../me.jpg"):
    return client.post(reverse("cohorts:my_photo"), {"photo": SimpleUploadedFile(name, content)})


def photo_of(client, person: Person):
    return client.get(reverse("cohorts:person_photo", args=[person.pk]))


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_somebody_adds_a_photo_and_sees_it(client, percy):
    client.force_login(percy)

    response = upload(client, picture())

    assert response.url == reverse("signin:account")
    percy.refresh_from_db()
    assert percy.photo.name.startswith("photos/")
    assert "me" not in percy.photo.name
    assert percy.photo_url in client.get(reverse("signin:account")).content.decode()
    shown = photo_of(client, percy)
    assert shown["Content-Type"] == "image/webp"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Cache-Control"] == "private, max-age=86400"
    assert Image.open(BytesIO(body(shown))).size == (photos.SIDE, photos.SIDE)


def test_a_bad_file_is_refused_at_the_field(client, percy):
    client.force_login(percy)

    response = upload(client, b"no picture", "me.jpg")

    assert "This file is no photo we can read" in response.content.decode()
    percy.refresh_from_db()
    assert not percy.photo


def test_choosing_nothing_is_refused_at_the_field(client, percy):
    client.force_login(percy)

    response = client.post(reverse("cohorts:my_photo"), {"photo": ""})

    assert "Choose a photo." in response.content.decode()


def test_staff_see_a_photo_and_other_people_do_not(client, lena, percy, olive):
    set_photo(percy, square(picture()))

    client.force_login(lena)
    assert photo_of(client, percy).status_code == 200
    client.force_login(olive)
    assert photo_of(client, percy).status_code == 404
    client.logout()
    assert photo_of(client, percy).status_code == 302


def test_a_row_whose_file_is_gone_shows_no_photo(client, percy):
    set_photo(percy, square(picture()))
    percy.refresh_from_db()
    default_storage.delete(percy.photo.name)
    client.force_login(percy)

    assert photo_of(client, percy).status_code == 404


def test_a_new_photo_has_another_address_and_the_old_file_is_erased(
    percy, django_capture_on_commit_callbacks
):
    first = set_photo(percy, square(picture()))
    old, old_url = first.photo.name, first.photo_url

    with django_capture_on_commit_callbacks(execute=True):
        second = set_photo(percy, square(picture("PNG")))

    assert second.photo_url != old_url
    assert not default_storage.exists(old)
    assert default_storage.exists(second.photo.name)


def test_a_photo_taken_away_is_erased(client, percy, django_capture_on_commit_callbacks):
    name = set_photo(percy, square(picture())).photo.name
    client.force_login(percy)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("cohorts:my_photo_remove"))

    percy.refresh_from_db()
    assert not percy.photo
    assert not default_storage.exists(name)


def test_a_change_that_does_not_happen_erases_nothing(percy, django_capture_on_commit_callbacks):
    name = set_photo(percy, square(picture())).photo.name

    with django_capture_on_commit_callbacks(execute=True):
        try:
            with transaction.atomic():
                remove_photo(percy)
                raise InterruptedError
        except InterruptedError:
            pass

    assert default_storage.exists(name)


def test_staff_who_may_change_people_take_a_photo_away(client, lena, percy):
    set_photo(percy, square(picture()))
    address = reverse("cohorts:person_photo_remove", args=[percy.pk])

    client.force_login(make_staff("Rita Reads", READ_ONLY))
    assert client.post(address).status_code == 403
    client.force_login(lena)
    client.post(address)

    percy.refresh_from_db()
    assert not percy.photo


def test_files_that_no_row_names_are_erased_once_they_are_old(percy):
    shown = set_photo(percy, square(picture())).photo.name
    old = default_storage.save("photos/left-behind.webp", ContentFile(b"x"))
    new = default_storage.save("photos/on-its-way.webp", ContentFile(b"x"))
    for name in (shown, old):
        long_ago = time.time() - 7_200
        os.utime(default_storage.path(name), (long_ago, long_ago))

    assert erase_left_behind() == 1

    assert [default_storage.exists(name) for name in (shown, old, new)] == [True, False, True]
