"""SMTP with every verb driven by us."""

from __future__ import annotations

import io
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from dlp.loopback import is_loopback
from dlp.outbox.delivery import failpoints
from dlp.outbox.delivery.relays.patience import Patience, PatientReader, Timeouts
from dlp.outbox.delivery.relays.stages import (
    ConnectionLost,
    Crowded,
    Declined,
    NoAnswer,
    Stage,
    Unavailable,
    Untrusted,
)

LINE_BEGINS_WITH_DOT = re.compile(rb"(?m)^\.")
NOT_AVAILABLE = 421
CROWDED = (NOT_AVAILABLE, 432)
DOES_NOT_KNOW_US = (530, 534, 535, 538)
GOODBYE_SECONDS = 2


@dataclass(frozen=True)
class SmtpAddress:
    """A parsed EMAIL_URL. `security` is tls, starttls or none (only for loopback)."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""

    @property
    def name(self) -> str:
        """The relay's name in tables and logs, without user and password."""
        return f"{self.host}:{self.port}"


class _Wire(smtplib.SMTP):
    """smtplib's connection, with a reader that keeps deadlines."""

    def __init__(self, patience: Patience, timeouts: Timeouts) -> None:
        self.patience = patience
        self.answer_within = timeouts.connect
        super().__init__(timeout=timeouts.connect)

    def getreply(self) -> tuple[int, bytes]:
        self.patience.allow(self.answer_within)
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(PatientReader(self.sock, self.patience))
        return super().getreply()

    def open_socket(self) -> socket.socket:
        """The socket, with its patience set. Raises OSError when it has ended, or the connection has."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("closed")
        self.sock.settimeout(self.patience.left())
        return self.sock


class _EncryptedWire(_Wire):
    """The same, in TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


class SmtpRelay:
    """Encrypted and verified, or on this machine, or not at all."""

    def __init__(self, address: SmtpAddress, timeouts: Timeouts | None = None) -> None:
        self._address = address
        self._timeouts = timeouts or Timeouts()
        self._patience = Patience(self._timeouts)
        self._smtp: _Wire | None = None
        self._has_carried = False

    @property
    def name(self) -> str:
        return self._address.name

    def open(self) -> None:
        if self._smtp is None:
            self._patience.begin()
            self._open()

    def _open(self) -> None:
        wire = _EncryptedWire if self._address.security == "tls" else _Wire
        smtp = wire(self._patience, self._timeouts)
        try:
            self._connect(smtp)
        except (OSError, smtplib.SMTPException, Unavailable) as error:
            smtp.close()
            raise _unusable(error) from error
        self._smtp, self._has_carried = smtp, False

    def _connect(self, smtp: _Wire) -> None:
        host, port = self._address.host, self._address.port
        smtp._host = host  # type: ignore[attr-defined]  # what STARTTLS verifies the certificate against
        code, words = smtp.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        smtp.answer_within = self._timeouts.verb
        smtp.open_socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if self._address.security == "starttls":
            _encrypt(smtp)
        if self._address.user:
            _sign_in(smtp, self._address.user, self._address.password)

    def address(self, sender: str, recipient: str) -> None:
        """If the relay closed the connection since the last letter, it is opened again, once."""
        self._patience.begin()
        if self._smtp is None:
            self._open()
        try:
            self._verb(Stage.MAIL, sender, recipient)
        except ConnectionLost:
            if not self._has_carried:
                raise
            self._forget()
            self._open()
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
            raise self._refusal(stage, code, words)

    def hand_over(self, content: bytes) -> int:
        """The final dot is written separately: before that the relay cannot have taken the text."""
        smtp = self._open_connection(Stage.DATA)
        stage = Stage.DATA
        try:
            code, words = smtp.docmd("DATA")
            if code == 354:
                stage = Stage.BODY
                self._patience.allow(self._timeouts.whole)
                text = LINE_BEGINS_WITH_DOT.sub(b"..", content)
                smtp.open_socket().sendall(text if text.endswith(b"\r\n") else text + b"\r\n")
                failpoints.reach("in the body")
                wire = smtp.open_socket()
        except (OSError, smtplib.SMTPException) as error:
            self._forget()
            raise ConnectionLost(stage, "The relay ended the connection.") from error
        if code != 354:
            raise self._refusal(stage, code, words)
        return self._finish(smtp, wire)

    def _finish(self, smtp: _Wire, wire: socket.socket) -> int:
        try:
            wire.sendall(b".\r\n")
            smtp.answer_within = self._timeouts.answer
            code, words = smtp.getreply()
            smtp.answer_within = self._timeouts.verb
        except (OSError, smtplib.SMTPException) as error:
            self._forget()
            raise NoAnswer(Stage.ANSWER, "The relay did not answer after the text.") from error
        if 200 <= code < 300:
            self._has_carried = True
            return code
        if 400 <= code < 600:
            raise self._refusal(Stage.ANSWER, code, words)
        self._forget()
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
        self._patience.begin()
        self._smtp.answer_within = GOODBYE_SECONDS
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()
        self._smtp = None

    def _open_connection(self, stage: Stage) -> _Wire:
        if self._smtp is None or self._smtp.sock is None:
            self._forget()
            raise ConnectionLost(stage, "The relay ended the connection.")
        return self._smtp

    def _refusal(self, stage: Stage, code: int, words: bytes) -> Declined | Untrusted:
        """What a refusal means; the connection is ready for the next letter, or gone."""
        self._has_carried = True
        if code == NOT_AVAILABLE:
            self._forget()
        else:
            self.reset()
        said = words.decode(errors="replace")
        if code in CROWDED:
            return Crowded(stage, said, code=code)
        if stage == Stage.MAIL and code in DOES_NOT_KNOW_US:
            return Untrusted(stage, "The relay wants us to sign in.", code=code)
        return Declined(stage, said, code=code)

    def _forget(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _encrypt(smtp: _Wire) -> None:
    """STARTTLS, or nothing: a relay that will not is not to be trusted with a letter."""
    try:
        smtp.starttls(context=ssl.create_default_context())
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        raise Untrusted(Stage.CONNECT, "The relay refuses to encrypt.") from error
    smtp.ehlo()


def _sign_in(smtp: _Wire, user: str, password: str) -> None:
    try:
        smtp.login(user, password)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        code = getattr(error, "smtp_code", None)
        if code is not None and code < 500:
            raise
        raise Untrusted(
            Stage.CONNECT, "The relay does not take our name and password.", code=code
        ) from error


def _unusable(error: Exception) -> Unavailable:
    """Whether it will be well by itself, or somebody has to put it right."""
    if isinstance(error, Unavailable):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        words = f"The relay's certificate is not to be trusted: {error.verify_message}."
        return Untrusted(Stage.CONNECT, words)
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return Untrusted(
            Stage.CONNECT, f"The connection cannot be encrypted: {error.reason or 'TLS failed'}."
        )
    return Unavailable(
        Stage.CONNECT,
        f"The relay cannot be used: {type(error).__name__}.",
        code=getattr(error, "smtp_code", None),
    )


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
