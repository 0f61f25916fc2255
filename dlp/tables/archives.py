"""The zip of a workbook: its type, with limits on how much is decompressed (S29)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from dlp.errors import Refused

MAX_ENTRIES = 200
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_WHOLE = 1024 * 1024
"""Maximum bytes of a part that is read whole: styles, the list of sheets, a theme."""
MAX_WHOLE_TOGETHER = 2 * MAX_WHOLE
MAX_TAGS = 1_500_000
"""Maximum tags of all sheets together, however often each is read."""
ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MAGIC = (ZIP, _OLE)
_TYPES = "[Content_Types].xml"

SAVE_ANEW = "In your spreadsheet choose “Save as”, then “Excel workbook (.xlsx)” or “CSV UTF-8”, and bring in that file."  # fmt: skip
UNREADABLE = f"This file cannot be read as an Excel workbook. {SAVE_ANEW}"
TOO_MUCH = (
    "This workbook unfolds to far more than it seems to hold, so it was not opened. Copy the cells "
    "that are needed into a new one, and bring in that file."
)


@contextmanager
def blaming_the_file() -> Iterator[None]:
    """Turn any exception of a library into a refusal of the file.

    Only calls of zipfile and openpyxl are wrapped: our own mistakes must stay visible.
    """
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        raise Refused(UNREADABLE) from error


class Archive(zipfile.ZipFile):
    """A zip with limits: on parts read whole, and on tags of parts that are streamed."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.whole_left, self.tags_left = MAX_WHOLE_TOGETHER, MAX_TAGS

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return _Part(super().open(*args, **kwargs), self)


class _Part:
    def __init__(self, source: IO[bytes], archive: Archive) -> None:
        self.source, self.archive = source, archive
        self.close = source.close

    def __enter__(self) -> _Part:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises Refused where more was asked for than any people file needs."""
        if size >= 0:
            content = self.source.read(size)
            self.archive.tags_left -= content.count(b"<")
        else:
            content = self.source.read(MAX_WHOLE + 1)
            self.archive.whole_left -= len(content)
        if min(self.archive.tags_left, self.archive.whole_left) < 0 or len(content) > MAX_WHOLE:
            raise Refused(TOO_MUCH)
        return content


def refuse_other_kinds(file: IO[bytes]) -> None:
    content = file.read()
    file.seek(0)
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused(
                "This workbook is locked with a password. Open it, take the password off, save it "
                "as .xlsx or “CSV UTF-8”, and bring in that file."
            )
        raise Refused(f"This is a workbook of the old kind (.xls). {SAVE_ANEW}")
    names, types = _names_and_types(file)
    if "mimetype" in names:
        raise Refused(f"This is an OpenDocument file. {SAVE_ANEW}")
    if "xl/workbook.bin" in names:
        raise Refused(f"This is a binary workbook (.xlsb). {SAVE_ANEW}")
    if "xl/vbaProject.bin" in names or b"macroEnabled" in types:
        raise Refused(f"This workbook holds macros (.xlsm). {SAVE_ANEW}")


def _names_and_types(file: IO[bytes]) -> tuple[set[str], bytes]:
    """The names in the zip, and the beginning of its list of content types."""
    with blaming_the_file(), zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        if _TYPES not in names:
            return names, b""
        with archive.open(_TYPES) as types:
            return names, types.read(64 * 1024)


def refuse_bombs(file: IO[bytes]) -> None:
    """Check the sizes in the directory, then read every entry, since a directory can lie.

    zipfile returns no more of an entry than the directory says, and testzip tells if that was not
    all of it.
    """
    with blaming_the_file(), zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if len(entries) > MAX_ENTRIES or unpacked > min(MAX_UNPACKED, packed * MAX_RATIO):
            raise Refused(TOO_MUCH)
        if archive.testzip() is not None:
            raise Refused(UNREADABLE)
