"""The format of every log line: numbers and names of things, nothing about anybody.

An exception's message may contain a row, an address or a note, so a trace gives only where it
happened, its type, and which database constraint was broken.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from types import TracebackType

import psycopg

from dlp.text import without_keys

ON_ONE_LINE = str.maketrans({"\n": "\\n", "\r": "\\r"})
Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Filter):
    """Removes keys from URLs: Django logs the path of every refusal, and a path may be secret.

    A refusal is not a fault, so its traceback is dropped. Celery's line about a failed task quotes
    the exception, of which only the type is kept.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) == HTTPStatus.FORBIDDEN:
            record.exc_info = None
        if isinstance(record.args, Mapping) and "exc" in record.args:
            kind = str(record.args["exc"]).partition("(")[0]
            record.args = {**record.args, "exc": kind, "traceback": ""}
        record.msg = without_keys(record.getMessage()).translate(ON_ONE_LINE)
        record.args = None
        return True


class Line(logging.Formatter):
    """One line per record; for an exception, where it came from and its type."""

    def formatException(self, ei: Caught) -> str:
        error, lines = ei[1], []
        for cause in causes(error):
            frames = traceback.extract_tb(cause.__traceback__)
            lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
            lines.append(f"  {kind_of(cause)}")
        return "\n".join(lines)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The chain of causes of an exception, the first cause first."""
    if error is not None:
        yield from causes(
            error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        )
        yield error


def kind_of(error: BaseException) -> str:
    """IntegrityError, or UniqueViolation (person_email_key)"""
    name = type(error).__name__
    if isinstance(error, psycopg.Error) and error.diag.constraint_name:
        return f"{name} ({error.diag.constraint_name})"
    return name
