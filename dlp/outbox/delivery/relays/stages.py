"""The stages of handing a letter over, and what their failures mean."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Stage(StrEnum):
    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    ANSWER = "answer"


NOT_THE_MAILBOX = ("5.3.", "5.4.", "5.5.", "5.6.", "5.7.")
"""The beginnings of what a relay says (RFC 3463) about itself, the way, or what it allows."""


class RelayError(Exception):
    """One letter did not leave, at this stage; `words` are ours, or the relay's reply on one line."""

    def __init__(self, stage: Stage, words: str, *, code: int | None = None) -> None:
        super().__init__(words)
        self.stage = stage
        self.words = " ".join(words.split())[:300]
        self.code = code


class Unavailable(RelayError):
    """The relay cannot be used now: no connection, no greeting."""


class Untrusted(Unavailable):
    """The relay cannot be used until somebody fixes it: not verified, or it rejects our password."""


class Declined(RelayError):
    """The relay said no, so it does not have the letter."""

    @property
    def is_final(self) -> bool:
        """Whether it would refuse again: a 5xx about the recipient or the text, not about us."""
        return self.code is not None and self.code >= 500 and self.stage != Stage.MAIL

    @property
    def blames_the_mailbox(self) -> bool:
        """Whether no letter can reach this recipient, as opposed to the relay refusing ours."""
        is_about_us = self.words.startswith(NOT_THE_MAILBOX)
        return self.is_final and self.stage == Stage.RCPT and not is_about_us


class Crowded(Declined):
    """The relay is busy: it wants fewer connections, and this letter later."""


class ConnectionLost(RelayError):
    """The connection ended before the text was handed over, so the relay does not have it."""


class NoAnswer(RelayError):
    """The text was handed over and no answer came: the relay may have it."""


class Relay(Protocol):
    """Where letters leave. Kept open between letters. Its `name` contains no secret."""

    @property
    def name(self) -> str: ...

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
