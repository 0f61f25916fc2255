"""A dead man's switch: an external monitor is told that letters are being sent (messages.md R38).

It is told only after a full round, so its silence is the alarm, whatever else still runs here.
"""

from __future__ import annotations

import logging
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from dlp.loopback import is_loopback

logger = logging.getLogger(__name__)

EVERY = 60.0
TIMEOUT = 10.0
NEVER = float("-inf")


def connection_to(url: str) -> tuple[HTTPConnection, str]:
    """An unopened connection, and the path to request. Raises ImproperlyConfigured.

    Only https, so that nobody learns the address and keeps the monitor quiet; plain http only to
    this machine.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ImproperlyConfigured("HEARTBEAT_URL is no address.") from error
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    if parts.scheme == "https" and host:
        return HTTPSConnection(host, port, timeout=TIMEOUT), path
    if parts.scheme == "http" and is_loopback(host):
        return HTTPConnection(host or "", port, timeout=TIMEOUT), path
    raise ImproperlyConfigured("HEARTBEAT_URL has to begin with https:// and name a host.")


class Heartbeat:
    """Requests the monitor's address once a minute at most, without delaying the sender."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._last = NEVER
        self._asking: threading.Thread | None = None
        self._is_failing = False

    def beat(self) -> None:
        """Report the end of a round. Returns at once; a monitor that hangs is not asked twice."""
        now = time.monotonic()
        if not self._url or now - self._last < EVERY:
            return
        if self._asking is not None and self._asking.is_alive():
            return
        self._last = now
        self._asking = threading.Thread(target=self._ask, name="heartbeat", daemon=True)
        self._asking.start()

    def _ask(self) -> None:
        """A failure is for the monitor to notice: only its beginning and end are logged."""
        try:
            connection, path = connection_to(self._url)
            try:
                connection.request("GET", path)
                status = connection.getresponse().status
            finally:
                connection.close()
        except (OSError, HTTPException, ImproperlyConfigured) as error:
            self._note(type(error).__name__)
        else:
            self._note("" if status < 300 else f"status {status}")

    def _note(self, trouble: str) -> None:
        if trouble and not self._is_failing:
            logger.warning("The heartbeat's monitor does not answer (%s).", trouble)
        elif self._is_failing and not trouble:
            logger.info("The heartbeat's monitor answers again.")
        self._is_failing = bool(trouble)
