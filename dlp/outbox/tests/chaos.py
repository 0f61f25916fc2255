"""A mail relay that misbehaves as it is told, and remembers what it took."""

from __future__ import annotations

import asyncio
import hashlib
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from dlp.embedded import mailbox

GOOD = "good"


class ChaosRelay:
    """A handler for aiosmtpd. `mode` says what goes wrong; `taken` holds the letters it kept.

    With `keeps_log`, what it kept is in the mailbox as well, where RELAY_LOG can ask for it.
    """

    def __init__(self, *, keeps_log: bool = False) -> None:
        self.mode = GOOD
        self._keeps_log = keeps_log
        self.taken: list[tuple[str, bytes]] = []
        self.connections = 0
        self._controller = Controller(self, hostname="127.0.0.1", port=0)

    def __enter__(self) -> ChaosRelay:
        self._controller.port = free_port()
        self._controller.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    @property
    def message_ids(self) -> list[str]:
        return [str(message_from_bytes(content)["Message-ID"]) for _, content in self.taken]

    @property
    def digests(self) -> set[str]:
        return {hashlib.sha256(content).hexdigest() for _, content in self.taken}

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.mode == "451 at MAIL":
            return "451 4.7.1 Later"
        if self.mode == "drop at MAIL":
            server.transport.abort()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.mode == "550 at RCPT" or (self.mode == "550 for bo" and "bo@" in address):
            return "550 5.1.1 No such mailbox"
        if self.mode == "452 at RCPT":
            return "452 4.2.2 Full"
        if self.mode == "drop at RCPT":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.mode == "451 after the body":
            return "451 4.3.0 Later"
        if self.mode == "552 after the body":
            return "552 5.3.4 Too much"
        if self.mode == "lose after the final dot":
            server.transport.abort()
            return "250 never said"
        self._take(envelope.rcpt_tos[0], bytes(envelope.original_content or b""))
        if self.mode == "drop after the final dot":
            server.transport.abort()
        if self.mode == "hang after the final dot":
            await asyncio.sleep(3)
        if self.mode == "slow after the final dot":
            await asyncio.sleep(1)
        if self.mode == "nonsense after the final dot":
            return "oh well"
        return "250 OK"

    def _take(self, recipient: str, content: bytes) -> None:
        self.taken.append((recipient, content))
        if self._keeps_log:
            mailbox.deliver(content, to=recipient)


def free_port() -> int:
    import socket

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
