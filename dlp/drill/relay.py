"""A mail relay that accepts letters and remembers them, or misbehaves as told (messages.md 1.1).

It is fast, so that the bench measures the sender and not the relay; bench, drill and tests share
it.
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
import threading
from collections.abc import Callable
from email.parser import BytesHeaderParser

from dlp.embedded import mailbox

LINE_END, TEXT_END = b"\r\n", b"\r\n.\r\n"
GOOD = "good"
DROP, HANG, LOSE, SLOWLY = "drop", "hang", "lose", "slowly"
SLOW_SECONDS = 1.0

BANNER, EHLO, AUTH, MAIL, RCPT = "banner", "EHLO", "AUTH", "MAIL", "RCPT"
DATA, BODY, DOT, ANSWER, QUIT = "DATA", "body", "final dot", "answer", "QUIT"

FAULTS: dict[str, tuple[str, str]] = {
    "drop at the banner": (BANNER, DROP),
    "hang at the banner": (BANNER, HANG),
    "421 at the banner": (BANNER, "421 4.3.2 Too busy"),
    "drop at EHLO": (EHLO, DROP),
    "535 at AUTH": (AUTH, "535 5.7.8 Not you"),
    "421 at MAIL": (MAIL, "421 4.3.2 Too busy"),
    "530 at MAIL": (MAIL, "530 5.7.0 Sign in first"),
    "451 at MAIL": (MAIL, "451 4.7.1 Later"),
    "drop at MAIL": (MAIL, DROP),
    "452 at RCPT": (RCPT, "452 4.2.2 Full"),
    "550 at RCPT": (RCPT, "550 5.1.1 No such mailbox"),
    "554 at RCPT": (RCPT, "554 5.7.1 Nothing from you"),
    "drop at RCPT": (RCPT, DROP),
    "hang at RCPT": (RCPT, HANG),
    "451 at DATA": (DATA, "451 4.3.0 Later"),
    "drop at DATA": (DATA, DROP),
    "drop in the body": (BODY, DROP),
    "432 after the body": (DOT, "432 4.3.2 Too many connections"),
    "451 after the body": (DOT, "451 4.3.0 Later"),
    "552 after the body": (DOT, "552 5.3.4 Too much"),
    "lose after the final dot": (DOT, LOSE),
    "drop after the final dot": (ANSWER, DROP),
    "hang after the final dot": (ANSWER, HANG),
    "slow after the final dot": (ANSWER, SLOWLY),
    "nonsense after the final dot": (ANSWER, "oh well"),
    "drop after the answer": (QUIT, DROP),
    "hang at QUIT": (QUIT, HANG),
    "421 at QUIT": (QUIT, "421 4.3.2 Going away"),
    "nonsense at QUIT": (QUIT, "oh well"),
}
"""What can go wrong, by stage. A fault at ANSWER comes after the letter was accepted."""


class ChaosRelay:
    """Listens on loopback.

    `mode` says what goes wrong with every letter; `draw`, anew with each. Addresses in `unknown`
    have no mailbox, and clients silent for `patience` seconds are disconnected. With `keeps_log`,
    accepted letters are also put into the local mailbox, where RELAY_LOG can look.
    """

    def __init__(
        self,
        *,
        draw: Callable[[], str] | None = None,
        keeps_log: bool = False,
        patience: float | None = None,
    ) -> None:
        self.mode = GOOD
        self.unknown: set[str] = set()
        self.taken: list[tuple[str, bytes]] = []
        self.connections = 0
        self.open_connections = 0
        self._draw = draw
        self._keeps_log = keeps_log
        self.patience = patience
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> ChaosRelay:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._socket.close()

    def wait(self) -> None:
        """Serve until the process ends."""
        self._thread.join()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        serving = self._loop.create_server(lambda: Connection(self), sock=self._socket)
        server = self._loop.run_until_complete(serving)
        self._loop.run_forever()
        server.close()
        self._loop.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def message_ids(self) -> list[str]:
        return [message_id_of(content) for _, content in self.taken]

    @property
    def digests(self) -> set[str]:
        return {hashlib.sha256(content).hexdigest() for _, content in self.taken}

    def next_mode(self) -> str:
        return self._draw() if self._draw else self.mode

    def take(self, recipient: str, content: bytes) -> None:
        self.taken.append((recipient, content))
        if self._keeps_log:
            mailbox.deliver(content, to=recipient)


class Connection(asyncio.Protocol):
    """One SMTP conversation: verbs line by line; after DATA, text until a line with a single dot."""

    def __init__(self, relay: ChaosRelay) -> None:
        self.relay = relay
        self.mode = GOOD
        self.received = bytearray()
        self.is_text = False
        self.recipient = ""
        self.waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.relay.connections += 1
        self.relay.open_connections += 1
        self.wait(self.relay.patience)
        self.mode = self.relay.next_mode()
        self.answer(BANNER, "220 relay.example.org")

    def connection_lost(self, error: Exception | None) -> None:
        self.relay.open_connections -= 1
        self.wait(None)

    def data_received(self, data: bytes) -> None:
        self.wait(self.relay.patience)
        self.received += data
        while not self.transport.is_closing() and self._take_one():
            pass

    def _take_one(self) -> bool:
        """Handle the next complete line, or the complete text; False if there is none yet."""
        if self.is_text and self.fault(BODY):
            self.transport.abort()
            return False
        end = TEXT_END if self.is_text else LINE_END
        found = self.received.find(end)
        if found < 0:
            return False
        piece = bytes(self.received[:found])
        del self.received[: found + len(end)]
        if self.is_text:
            self.is_text = False
            self._take_text(piece)
        else:
            self._take_line(piece)
        return True

    def _take_line(self, line: bytes) -> None:
        verb, _, rest = line.decode(errors="replace").partition(" ")
        if (verb := verb.upper()) == "EHLO":
            self.answer(
                EHLO, "250-relay.example.org\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250 SMTPUTF8"
            )
        elif verb == "AUTH":
            self.answer(AUTH, "235 Welcome")
        elif verb == "MAIL":
            self.mode = self.relay.next_mode()
            self.answer(MAIL, "250 OK")
        elif verb == "RCPT":
            self.recipient = rest.partition("<")[2].partition(">")[0]
            is_known = self.recipient not in self.relay.unknown
            self.answer(RCPT, "250 OK" if is_known else FAULTS["550 at RCPT"][1])
        elif verb == "DATA":
            self.is_text = self.answer(DATA, "354 Go on")
            self.received[:0] = LINE_END if self.is_text else b""
        elif verb == "QUIT":
            self.answer(QUIT, "221 Bye")
            self.transport.close()
        else:
            self.transport.write(b"250 OK\r\n")

    def _take_text(self, text: bytes) -> None:
        """The text, with a line break before it, so that its first line may begin with a dot too."""
        if not (fault := self.fault(DOT)):
            content = text.replace(b"\r\n..", b"\r\n.")[len(LINE_END) :] + LINE_END
            self.relay.take(self.recipient, content)
            self.answer(ANSWER, "250 OK")
        elif fault == LOSE:
            self.transport.abort()
        else:
            self.transport.write(f"{fault}\r\n".encode())

    def wait(self, seconds: float | None) -> None:
        """Disconnect unless something arrives within so many seconds; None waits for ever."""
        if self.waiting is not None:
            self.waiting.cancel()
        loop = asyncio.get_running_loop()
        self.waiting = loop.call_later(seconds, self.transport.abort) if seconds else None

    def fault(self, stage: str) -> str:
        at, what = FAULTS.get(self.mode, ("", ""))
        return what if at == stage else ""

    def answer(self, stage: str, well: str) -> bool:
        """Answer at this stage, normally or as the mode wants; returns whether it was normal."""
        fault = self.fault(stage)
        if fault == DROP:
            self.transport.abort()
        elif fault == SLOWLY:
            asyncio.get_running_loop().call_later(SLOW_SECONDS, self._say, well)
        elif fault != HANG:
            self._say(fault or well)
        return not fault

    def _say(self, words: str) -> None:
        self.transport.write(f"{words}\r\n".encode())


def message_id_of(content: bytes) -> str:
    return str(BytesHeaderParser().parsebytes(content)["Message-ID"])
