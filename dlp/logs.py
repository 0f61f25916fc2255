"""What every line of the log is put through: no key of a link in it, and it stays one line."""

from __future__ import annotations

import logging
from http import HTTPStatus

from dlp.text import without_keys

ON_ONE_LINE = str.maketrans({"\n": "\\n", "\r": "\\r"})


class Discreet(logging.Filter):
    """Take the keys out of addresses: Django logs the path of every refusal, and a path may be a secret.

    A refusal is no fault of the programme: it has no traceback.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) == HTTPStatus.FORBIDDEN:
            record.exc_info = None
        record.msg = without_keys(record.getMessage()).translate(ON_ONE_LINE)
        record.args = None
        return True
