"""The relay's log: did it take the letter with this Message-ID?

If the relay never answered, only its log can say whether a letter left. A log is opened for one
round of questions, and answers as of that moment.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from dlp.embedded import mailbox


class Answer(StrEnum):
    TAKEN = "taken"
    NOT_TAKEN = "not taken"
    CANNOT_KNOW = "cannot know"


class RelayLog(Protocol):
    def took(self, message_id: str) -> Answer:
        """Whether the relay has the letter. NOT_TAKEN is proof of its absence, and no guess."""


class SilentLog:
    """For a relay whose log cannot be queried."""

    def took(self, message_id: str) -> Answer:
        return Answer.CANNOT_KNOW


class MailboxLog:
    """The local mailbox, whoever delivers there. Its folder is listed once for all questions."""

    def __init__(self) -> None:
        try:
            self._contents: mailbox.Contents | None = mailbox.Contents()
        except OSError:
            self._contents = None

    def took(self, message_id: str) -> Answer:
        if self._contents is None:
            return Answer.CANNOT_KNOW
        return Answer.TAKEN if message_id in self._contents else Answer.NOT_TAKEN


LOGS: dict[str, type[RelayLog]] = {"mailbox": MailboxLog, "none": SilentLog}


def log_called(name: str) -> type[RelayLog]:
    """The log of this name in RELAY_LOG. Raises ImproperlyConfigured in a sentence."""
    try:
        return LOGS[name]
    except KeyError:
        raise ImproperlyConfigured(
            f"RELAY_LOG is '{name}'. Set it to mailbox, where letters are delivered into the local "
            f"mailbox, or to none, for a relay that cannot be asked."
        ) from None


def configured_log() -> RelayLog:
    """The log that RELAY_LOG names, as of now."""
    return log_called(settings.RELAY_LOG)()
