"""The local mailbox behind the same interface as a relay."""

from __future__ import annotations

from dlp.embedded import mailbox
from dlp.outbox.delivery.relays.patience import Patience, Timeouts
from dlp.outbox.delivery.relays.stages import ConnectionLost, Stage


class LocalMailboxRelay:
    """Delivers into the local mailbox, in the same stages."""

    name = "mailbox"

    def __init__(self, timeouts: Timeouts | None = None) -> None:
        self._patience = Patience(timeouts or Timeouts())
        self._recipient = ""

    def open(self) -> None:
        """Nothing to open."""

    def address(self, sender: str, recipient: str) -> None:
        self._patience.begin()
        self._recipient = recipient

    def hand_over(self, content: bytes) -> int:
        try:
            self._patience.left()
            mailbox.deliver(content, to=self._recipient)
        except OSError as error:
            raise ConnectionLost(
                Stage.BODY, f"The mailbox cannot be written: {error.strerror or error}"
            ) from error
        return 250

    def reset(self) -> None:
        self._recipient = ""

    def close(self) -> None:
        self.reset()
