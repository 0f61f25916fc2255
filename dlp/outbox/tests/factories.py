"""Letters for tests, and the shortest way to have them delivered."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from django.contrib.auth import get_user_model

from dlp.embedded import mailbox
from dlp.outbox import kinds, operations
from dlp.outbox.delivery import housekeeping, sending
from dlp.outbox.kinds import Kind, Letter
from dlp.outbox.models import Message

NOTE = "test.note"
CODE = "test.code"
INVITATION = "test.invitation"
LINK = "https://x.example/r/abcDEF123456:abcdefghijk/"


def make_reader(email: str = "ada@example.org", *, full_name: str = "Ada Okafor", **fields: Any):
    return get_user_model().objects.create_user(email, full_name=full_name, **fields)


def make_kind(name: str = NOTE, **fields: Any) -> Kind:
    """A kind of letter for one test: put in the place of any other of its name."""
    fields.setdefault("render", lambda message: Letter("A note", "Hello.\n", "<p>Hello.</p>"))
    kind = Kind(
        name=name,
        label="Note",
        purpose="Says hello.",
        audience="Whoever the test says",
        too_late="Three days after it was due.",
        **fields,
    )
    kinds._kinds[name] = kind
    return kind


def make_kind_with_link(**fields: Any) -> Kind:
    """An invitation: an ordinary letter, but for its signed link."""
    letter = Letter("Come in", f"Go: {LINK}\n", f'<a href="{LINK}">Go</a>')
    return make_kind(INVITATION, holds_link=True, render=lambda message: letter, **fields)


def make_message(person: Any = None, *, kind: str = NOTE, **fields: Any) -> Message:
    if kind not in kinds._kinds:
        make_kind(kind)
    if person is None and "address" not in fields:
        person = make_reader()
    return operations.enqueue(kind, person=person, **fields)


def deliver(settings: Any) -> list[EmailMessage]:
    """Send everything that is due into a mailbox of the test's own; the letters, the oldest first.

    `settings` is pytest-django's. Letters already delivered in this test are left out.
    """
    if not getattr(settings, "_test_mailbox", None):
        settings.MAILBOX_DIR = Path(mkdtemp(prefix="dlp-mailbox-"))
        settings.EMAIL_URL = ""
        settings._test_mailbox = True
    before = {summary.key for summary in mailbox.newest(limit=1_000)}
    sending.drain()
    housekeeping.housekeep()
    new = [one.key for one in mailbox.newest(limit=1_000) if one.key not in before]
    return [letter for key in sorted(new) if (letter := mailbox.read(key)) is not None]
