"""The port for people's browsers."""

from __future__ import annotations

import errno
import select
import socket

from dlp.embedded.errors import CannotStart

TRIES = 50
_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class FrontDoor:
    """Listening sockets that outlive the web server: browsers wait while it restarts.

    Bound here, so that nobody else can take the port between finding it free and using it.
    """

    def __init__(self, wanted: int, *, is_open_to_all: bool = False) -> None:
        """Take `wanted` or the next free port, on both of the machine's loopback addresses (or all)."""
        addresses = ("0.0.0.0", "::") if is_open_to_all else ("127.0.0.1", "::1")  # noqa: S104
        for port in range(wanted, min(wanted + TRIES, 65_536)):
            if sockets := _bound(addresses, port):
                self.port, self.sockets = port, sockets
                return
        raise CannotStart(
            f"No port from {wanted} to {wanted + TRIES - 1} is free. Choose one with --port."
        )

    @property
    def descriptors(self) -> list[int]:
        return [sock.fileno() for sock in self.sockets]


def _bound(addresses: tuple[str, str], port: int) -> list[socket.socket]:
    """Sockets for all families that this machine has, or none if the port is taken in any of them."""
    bound: list[socket.socket] = []
    for family, address in zip((socket.AF_INET, socket.AF_INET6), addresses, strict=True):
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
        except OSError:
            continue  # no such family here
        try:
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((address, port))
            sock.listen(128)
        except PermissionError as error:
            raise CannotStart(
                f"Only root may use port {port}. Choose one above 1023 with --port."
            ) from error
        except OSError as error:
            sock.close()
            if error.errno in _NO_SUCH_ADDRESS:
                continue
            for other in bound:
                other.close()
            return []
        bound.append(sock)
    return bound


class Knock:
    """Polls /healthz without blocking, so that the output of starting programs is shown meanwhile."""

    QUESTION = "GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"

    def __init__(self, port: int, host: str) -> None:
        self.address, self.host = ("127.0.0.1", port), host
        self.link: socket.socket | None = None
        self.status = 0

    def is_answered(self) -> bool:
        """Whether the web server has answered; `status` is then its answer."""
        if self.link is None:
            self.link = socket.create_connection(self.address, timeout=2)
            self.link.sendall(self.QUESTION.format(host=self.host).encode())
        if not select.select([self.link], [], [], 0)[0]:
            return False
        words = self.link.recv(1024).split(b" ", 2)
        self.link.close()
        self.link = None
        if len(words) < 2:  # it hung up: started again, perhaps
            return False
        self.status = int(words[1])
        return True
