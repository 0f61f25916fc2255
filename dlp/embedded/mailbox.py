"""The local mailbox: a Maildir for letters if no EMAIL_URL is set.

A letter is written under another name and then renamed, so that it is there completely or not at
all. A file's name begins with its time, so the newest sorts last, and contains a digest of the
Message-ID, by which it is found.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings

KEY = re.compile(r"[0-9]{19}\.[0-9a-f]{16}\.[0-9]{1,10}")
SEARCHED = 2_000  # the newest letters that a search looks through


@dataclass(frozen=True)
class Telephone:
    """The authenticator of an invented person, whose phone nobody has."""

    name: str
    figures: str


_telephones: list[Callable[[], list[Telephone]]] = []


def show_telephones(of: Callable[[], list[Telephone]]) -> None:
    """Store the authenticators of a demonstration's people beside their letters."""
    _telephones.append(of)


def telephones() -> list[Telephone]:
    return [telephone for of in _telephones for telephone in of()]


@dataclass(frozen=True)
class Summary:
    """One line of the list of letters."""

    key: str
    subject: str
    name: str
    address: str
    delivered_at: datetime
    has_calendar: bool


def deliver(content: bytes, *, to: str) -> str:
    """Put a letter into the mailbox and return its key. `to` is the envelope's recipient."""
    folder = _folder()
    message_id = str(BytesHeaderParser(policy=policy.default).parsebytes(content)["Message-ID"])
    key = f"{time.time_ns():019d}.{_digest(message_id)}.{os.getpid()}"
    draft = folder / "tmp" / key
    with draft.open("xb") as file:
        file.write(f"Delivered-To: {to}\r\n".encode() + content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / "new" / key)
    return key


def newest(*, to: str = "", limit: int = 50) -> list[Summary]:
    """The newest letters first; with `to`, those whose recipient's name or address contains it."""
    found = []
    for key in _keys()[:SEARCHED]:
        summary = _summary(key)
        if summary and to.lower() in f"{summary.name} <{summary.address}>".lower():
            found.append(summary)
        if len(found) == limit:
            break
    return found


def read(key: str) -> EmailMessage | None:
    """One letter, or None if none has this key."""
    path = _path(key)
    if path is None:
        return None
    return BytesParser(policy=policy.default).parsebytes(path.read_bytes())


def find(message_id: str) -> list[str]:
    """The keys of the letters with this Message-ID: none, one, or more if it came twice."""
    return [key for key in _keys() if _digest_in(key) == _digest(message_id)]


class Contents:
    """Which letters the mailbox holds at one moment: read once, queried often."""

    def __init__(self) -> None:
        self._digests = {_digest_in(path.name) for path in (_folder() / "new").iterdir()}

    def __contains__(self, message_id: object) -> bool:
        return _digest(str(message_id)) in self._digests


def delivered_at(key: str) -> datetime:
    return datetime.fromtimestamp(int(key.partition(".")[0]) / 1e9, tz=UTC)


def parts(letter: EmailMessage, kind: str) -> Iterator[EmailMessage]:
    """The parts of one content type, such as text/html."""
    return (
        part
        for part in letter.walk()
        if part.get_content_type() == kind and not part.is_multipart()
    )


def _summary(key: str) -> Summary | None:
    path = _path(key)
    if path is None:
        return None
    content = path.read_bytes()
    headers = BytesHeaderParser(policy=policy.default).parsebytes(content)
    name, address = parseaddr(str(headers["To"] or headers["Delivered-To"] or ""))
    return Summary(
        key=key,
        subject=str(headers["Subject"] or "No subject"),
        name=name,
        address=address,
        delivered_at=delivered_at(key),
        has_calendar=b"text/calendar" in content,
    )


def _keys() -> list[str]:
    """Every letter's key, the newest first."""
    return sorted((path.name for path in (_folder() / "new").iterdir()), reverse=True)


def _path(key: str) -> Path | None:
    path = _folder() / "new" / key
    return path if KEY.fullmatch(key) and path.is_file() else None


def _digest(message_id: str) -> str:
    return hashlib.sha256(message_id.strip().encode()).hexdigest()[:16]


def _digest_in(key: str) -> str:
    return key.split(".")[1]


def _folder() -> Path:
    folder = Path(settings.MAILBOX_DIR)
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
