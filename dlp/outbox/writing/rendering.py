"""Writing a letter from its templates, and freezing its bytes, which are sent unchanged ever after."""

from __future__ import annotations

import re
import textwrap
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.template import Context, engines
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac

from dlp.outbox.kinds import CalendarPart, Letter
from dlp.outbox.models import Message

BLANK_LINES = re.compile(r"\n{3,}")
INDENTS = re.compile(r"\n\s+")
LINE_LENGTH = 76
LONGEST = 5_000_000


class _WholeHeader(UnstructuredHeader):
    """A header on one line, however long: a folded or encoded link does not work as one."""

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", _WholeHeader)  # type: ignore[arg-type]
PLAIN, INTERNATIONAL = (each.clone(header_factory=_headers) for each in (SMTP, SMTPUTF8))


class CannotBeWritten(Exception):
    """A letter cannot become bytes: a name with a line break, an invalid address."""


def letter(
    template: str,
    context: dict[str, Any],
    *,
    subject: str,
    calendar: CalendarPart | None = None,
    reply_to: str = "",
    stop_link: str = "",
) -> Letter:
    """Write a letter from templates/emails/`template`.html and .txt, which extend emails/_base.

    Both see `context`, `subject`, `base_url`, `reply_to` and `stop_link`.
    """
    shared = {
        "base_url": settings.BASE_URL,
        "subject": subject,
        "reply_to": reply_to,
        "stop_link": stop_link,
        **context,
    }
    html = INDENTS.sub("\n", render_to_string(f"emails/{template}.html", shared))
    plain = engines["django"].get_template(f"emails/{template}.txt")
    text = plain.template.render(Context(shared, autoescape=False))  # type: ignore[attr-defined]
    text = wrapped(BLANK_LINES.sub("\n\n", text).strip()) + "\n"
    return Letter(subject, text, html, calendar, reply_to, stop_link)


def wrapped(text: str) -> str:
    """Lines short enough for mail programs; words and links are never broken."""
    return "\n".join(
        textwrap.fill(
            line,
            LINE_LENGTH,
            subsequent_indent=line[: len(line) - len(line.lstrip())],
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )


def message_id(message: Message) -> str:
    """Derived from the key, so that rewriting the letter gives the same (R12)."""
    digest = salted_hmac("dlp.outbox.message-id", message.dedupe_key, algorithm="sha256")
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost"
    return f"<{digest.hexdigest()[:32]}@{domain}>"


def to_bytes(message: Message, written: Letter, *, address: str, at: datetime) -> bytes:
    """The letter as the relay gets it. Raises CannotBeWritten if it must not be sent."""
    if len(written.text) + len(written.html) > LONGEST:
        raise CannotBeWritten("The letter is longer than any relay takes.")
    try:
        mail = EmailMessage(policy=PLAIN if address.isascii() else INTERNATIONAL)
        mail["From"] = settings.MAIL_FROM
        mail["To"] = _to(message, address)
        mail["Subject"] = written.subject
        mail["Date"] = at
        mail["Message-ID"] = message_id(message)
        mail["Auto-Submitted"] = "auto-generated"
        if written.stop_link:
            mail["List-Unsubscribe"] = f"<{written.stop_link}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        if written.reply_to:
            mail["Reply-To"] = written.reply_to
        mail.set_content(written.text, cte=_encoding(written.text))
        html = written.html.encode("ascii", "xmlcharrefreplace").decode()
        mail.add_alternative(html, subtype="html", cte=_encoding(html))
        if written.calendar is not None:
            _add_calendar(mail, written.calendar)
        _set_boundaries(mail, message_id(message))
        return mail.as_bytes()
    except (ValueError, IndexError, TypeError, LookupError) as error:
        raise CannotBeWritten(f"The letter cannot be written: {type(error).__name__}.") from error


def _to(message: Message, address: str) -> Address:
    """The address with the person's name before it; a name with a line break in it is refused."""
    name = message.person.get_full_name() if message.person is not None else ""
    if any(sign in name for sign in "\r\n\0"):
        raise ValueError("a name on two lines")
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


def _encoding(text: str) -> str:
    """Lines over 998 characters and rare letters travel as quoted-printable, which every relay takes."""
    return (
        "7bit"
        if text.isascii() and max(map(len, text.splitlines()), default=0) < 900
        else ("quoted-printable")
    )


def _add_calendar(mail: EmailMessage, part: CalendarPart) -> None:
    """Twice: as an alternative, where readers show buttons and dates, and as a file to keep.

    Its lines are short, so it need not be encoded unless it holds rare letters.
    """
    cte = "7bit" if part.content.isascii() else "base64"
    mail.add_alternative(
        part.content,
        maintype="text",
        subtype="calendar",
        cte=cte,
        params={"method": part.method, "charset": "utf-8"},
    )
    name = "cancelled.ics" if part.method == "CANCEL" else "session.ics"
    mail.add_attachment(part.content, maintype="application", subtype="ics", cte=cte, filename=name)


def _set_boundaries(mail: EmailMessage, seed: str) -> None:
    """Derive the boundaries from the letter, so that the same letter is the same bytes."""
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        digest = salted_hmac("dlp.outbox.boundary", f"{seed}{number}", algorithm="sha256")
        part.set_boundary(f"=_{digest.hexdigest()[:40]}")


def address_of(message: Message) -> str:
    """Where a letter goes, looked up now: the person's address, or the one that was sealed; may be empty.

    The domain is in the letters that name servers know. Raises CannotBeWritten where it has none.
    """
    written: str = (
        message.person.email or ""
        if message.person is not None
        else message.open_context().get("address", "")
    )
    local, _, domain = parseaddr(written)[1].rpartition("@")
    if domain.isascii():
        return f"{local}@{domain}" if local else ""
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise CannotBeWritten("No name server knows a domain like this one.") from error


def goes_to(content: bytes) -> str:
    """The address in a letter that was written."""
    return parseaddr(str(message_from_bytes(content, policy=policy.default)["To"]))[1]


def as_header(name: str, address: str) -> str:
    """A person's name and address for Reply-To."""
    return formataddr((name, address))
