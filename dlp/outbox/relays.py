"""The last step out of the house, in stages, so that every failure says what can have arrived.

A relay is opened, told sender and recipient, and then handed the text. What fails before the text was
wholly handed over has certainly not arrived; a refusal is certain too; silence afterwards is neither.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from dlp.embedded import mailbox
from dlp.loopback import is_loopback

LINE_BEGINS_WITH_DOT = re.compile(rb"(?m)^\.")
NOT_AVAILABLE = 421
GOODBYE_SECONDS = 2


class Stage(StrEnum):
    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    ANSWER = "answer"


class RelayError(Exception):
    """One letter did not leave, at this stage; `words` are ours, or the relay's reply on one line."""

    def __init__(self, stage: Stage, words: str, *, code: int | None = None) -> None:
        super().__init__(words)
        self.stage = stage
        self.words = " ".join(words.split())[:300]
        self.code = code


class Unavailable(RelayError):
    """The relay cannot be used at all: refused, not verified, not signed in."""


class Declined(RelayError):
    """The relay said no, so it does not have the letter."""

    @property
    def is_final(self) -> bool:
        """Whether it would say no again: a 5xx about the recipient or the text, not about us."""
        return self.code is not None and self.code >= 500 and self.stage != Stage.MAIL


class ConnectionLost(RelayError):
    """The connection ended before the text was handed over, so the relay does not have it."""


class NoAnswer(RelayError):
    """The text was handed over and no answer came: the relay may have it."""


class Relay(Protocol):
    """Where letters leave. Kept open from one letter to the next."""

    def open(self) -> None:
        """Be ready for a letter; nothing if it is. Raises Unavailable."""

    def address(self, sender: str, recipient: str) -> None:
        """Begin a letter. Raises Declined, ConnectionLost or Unavailable."""

    def hand_over(self, content: bytes) -> int:
        """Hand over the text and return the relay's code. Raises Declined, ConnectionLost, NoAnswer."""

    def reset(self) -> None:
        """Take back a letter that was begun and not handed over."""

    def close(self) -> None:
        """Leave; errors no longer matter."""


class LocalMailboxRelay:
    """Delivers into the local mailbox, in the same stages."""

    def __init__(self) -> None:
        self._recipient = ""

    def open(self) -> None:
        """Nothing to open."""

    def address(self, sender: str, recipient: str) -> None:
        self._recipient = recipient

    def hand_over(self, content: bytes) -> int:
        try:
            mailbox.deliver(content, to=self._recipient)
        except OSError as error:
            raise ConnectionLost(
                Stage.BODY, f"The mailbox cannot be written: {error.strerror}."
            ) from error
        return 250

    def reset(self) -> None:
        self._recipient = ""

    def close(self) -> None:
        self.reset()


@dataclass(frozen=True)
class SmtpAddress:
    """EMAIL_URL, taken apart. `security` is tls, starttls or none (which only loopback may be)."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait: for the connection, for each verb, for the answer to the final dot."""

    connect: float = 10
    verb: float = 30
    answer: float = 120


class SmtpRelay:
    """SMTP with every verb driven by us. Encrypted and verified, or on this machine, or not at all."""

    def __init__(self, address: SmtpAddress, timeouts: Timeouts | None = None) -> None:
        self._address = address
        self._timeouts = timeouts or Timeouts()
        self._smtp: smtplib.SMTP | None = None
        self._has_carried = False

    def open(self) -> None:
        if self._smtp is not None:
            return
        smtp = self._new_connection()
        try:
            self._connect(smtp)
        except (OSError, smtplib.SMTPException) as error:
            smtp.close()
            code = getattr(error, "smtp_code", None)
            raise Unavailable(
                Stage.CONNECT, f"The relay cannot be used: {type(error).__name__}.", code=code
            ) from error
        self._smtp, self._has_carried = smtp, False

    def _new_connection(self) -> smtplib.SMTP:
        if self._address.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(timeout=self._timeouts.connect, context=context)
        return smtplib.SMTP(timeout=self._timeouts.connect)

    def _connect(self, smtp: smtplib.SMTP) -> None:
        host, port = self._address.host, self._address.port
        smtp._host = host  # type: ignore[attr-defined]  # what TLS verifies the certificate against
        code, words = smtp.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        wire = _wire(smtp)
        wire.settimeout(self._timeouts.verb)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if self._address.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if self._address.user:
            smtp.login(self._address.user, self._address.password)

    def address(self, sender: str, recipient: str) -> None:
        """A connection that the relay closed since the last letter is opened anew, once."""
        self.open()
        try:
            self._verb(Stage.MAIL, sender, recipient)
        except ConnectionLost:
            if not self._has_carried:
                raise
            self.close()
            self.open()
            self._verb(Stage.MAIL, sender, recipient)
        self._verb(Stage.RCPT, sender, recipient)

    def _verb(self, stage: Stage, sender: str, recipient: str) -> None:
        smtp = self._open_connection(stage)
        is_plain = recipient.isascii()
        if not is_plain and not smtp.has_extn("smtputf8"):
            raise Declined(
                Stage.RCPT, "The relay takes no address with letters like these.", code=553
            )
        try:
            if stage == Stage.MAIL:
                code, words = smtp.mail(sender, () if is_plain else ("SMTPUTF8", "BODY=8BITMIME"))
            else:
                code, words = smtp.rcpt(recipient)
        except ValueError as error:
            self.reset()
            raise Declined(Stage.RCPT, "This address cannot be written to.", code=553) from error
        except (OSError, smtplib.SMTPException) as error:
            self._forget()
            raise ConnectionLost(stage, "The relay ended the connection.") from error
        if code not in (250, 251, 252):
            self._after_refusal(code)
            raise Declined(stage, words.decode(errors="replace"), code=code)

    def hand_over(self, content: bytes) -> int:
        """The final dot is written by itself: unless that began, the relay cannot have taken the text."""
        smtp = self._open_connection(Stage.DATA)
        try:
            code, words = smtp.docmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            self._forget()
            raise ConnectionLost(Stage.DATA, "The relay ended the connection.") from error
        if code != 354:
            self._after_refusal(code)
            raise Declined(Stage.DATA, words.decode(errors="replace"), code=code)
        text = LINE_BEGINS_WITH_DOT.sub(b"..", content)
        try:
            _wire(smtp).sendall(text if text.endswith(b"\r\n") else text + b"\r\n")
        except (OSError, smtplib.SMTPException) as error:
            self._forget()
            raise ConnectionLost(Stage.BODY, "The relay ended the connection.") from error
        return self._finish(smtp)

    def _finish(self, smtp: smtplib.SMTP) -> int:
        try:
            _wire(smtp).settimeout(self._timeouts.answer)
            _wire(smtp).sendall(b".\r\n")
            code, words = smtp.getreply()
            _wire(smtp).settimeout(self._timeouts.verb)
        except (OSError, smtplib.SMTPException) as error:
            self._forget()
            raise NoAnswer(Stage.ANSWER, "The relay did not answer after the text.") from error
        if 200 <= code < 300:
            self._has_carried = True
            return code
        self._after_refusal(code)
        if 400 <= code < 600:
            raise Declined(Stage.ANSWER, words.decode(errors="replace"), code=code)
        raise NoAnswer(Stage.ANSWER, "The relay's answer made no sense.")

    def reset(self) -> None:
        if self._smtp is None:
            return
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._forget()

    def close(self) -> None:
        if self._smtp is None:
            return
        try:
            _wire(self._smtp).settimeout(GOODBYE_SECONDS)
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()
        self._smtp = None

    def _open_connection(self, stage: Stage) -> smtplib.SMTP:
        if self._smtp is None or self._smtp.sock is None:
            self._forget()
            raise ConnectionLost(stage, "The relay ended the connection.")
        return self._smtp

    def _after_refusal(self, code: int) -> None:
        self._has_carried = True
        if code == NOT_AVAILABLE:
            self._forget()
        else:
            self.reset()

    def _forget(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _wire(smtp: smtplib.SMTP) -> socket.socket:
    """The socket itself. Raises SMTPServerDisconnected once smtplib has closed it."""
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected("closed")
    return smtp.sock


def smtp_address(url: str) -> SmtpAddress:
    """Take EMAIL_URL apart: smtps://, smtp+starttls://, or smtp:// on this machine alone.

    Raises ImproperlyConfigured in a sentence.
    """
    parts = urlsplit(url)
    known = {"smtps": ("tls", 465), "smtp+starttls": ("starttls", 587), "smtp": ("none", 25)}
    if parts.scheme not in known or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL is not an address of a mail relay. Write smtps://name:password@host, or "
            "smtp+starttls://name:password@host, or leave it out to use the local mailbox."
        )
    security, port = known[parts.scheme]
    if security == "none" and not is_loopback(parts.hostname):
        raise ImproperlyConfigured(
            f"EMAIL_URL would send letters to {parts.hostname} in the clear. Use smtps:// or "
            f"smtp+starttls://; smtp:// is for a relay on this machine."
        )
    return SmtpAddress(
        parts.hostname,
        parts.port or port,
        security,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def configured_relay() -> Relay:
    """The relay of EMAIL_URL, or the local mailbox where it is empty."""
    if settings.EMAIL_URL:
        return SmtpRelay(smtp_address(settings.EMAIL_URL))
    return LocalMailboxRelay()
