"""Turning an uploaded picture into a photo: small, square, upright, and only pixels.

It is drawn anew, so that no location, camera data or hidden text survives. Its dimensions are read
from the first bytes, before anything is decompressed.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import IO

from django.core.files.base import ContentFile
from django.utils.crypto import get_random_string
from PIL import Image, ImageOps

SIDE = 480
MEGABYTES = 10
MEGAPIXELS = 25
FORMATS = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE = "image/webp"
QUALITY = 82

warnings.simplefilter("error", Image.DecompressionBombWarning)
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    MemoryError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class Unusable(ValueError):
    """The message is a full sentence for whoever chose the file."""


def square(file: IO[bytes], size: int) -> ContentFile:
    """The picture in a file of `size` bytes, ready to be stored under a random name.

    Raises Unusable if it is no photo, too large a file, or too many pixels to decompress.
    """
    if size > MEGABYTES * 1024 * 1024:
        raise Unusable(
            f"The file has {size / 1024 / 1024:.0f} MB. Choose one under {MEGABYTES} MB."
        )
    try:
        with Image.open(file, formats=FORMATS) as image:
            _refuse_what_unfolds_too_far(image)
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(image)
            cut = ImageOps.fit(_on_white(upright), (SIDE, SIDE))
    except Unusable:
        raise
    except _UNREADABLE as error:
        raise Unusable("This file is no photo we can read. Choose a JPEG, PNG or WebP.") from error
    return _written(cut)


def _refuse_what_unfolds_too_far(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MEGAPIXELS * 1_000_000:
        raise Unusable(
            f"The photo is {width:,} by {height:,} dots. "
            f"Choose one with at most {MEGAPIXELS} million in all."
        )


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which would turn black."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")


def _written(picture: Image.Image) -> ContentFile:
    plain = Image.new("RGB", picture.size)
    plain.paste(picture)
    kept = BytesIO()
    plain.save(kept, "WEBP", quality=QUALITY)
    return ContentFile(kept.getvalue(), name=f"{get_random_string(32)}.webp")
