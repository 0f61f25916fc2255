"""Links that carry their own permission: signed, for one purpose, for a time.

A link proves that we made it for these ids and this purpose, and no more. The view behind it shows
on GET and acts on POST, and looks the ids up afresh. No secret lies in the database.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing


class LinkProblem(Exception):
    """A link does not open. The message is a sentence for the person who followed it."""


class LinkExpired(LinkProblem):
    """The link was ours and its time is over."""


def make(purpose: str, max_age: timedelta, **ids: int | str) -> str:
    """Return a token for `read(token, purpose)`, good for `max_age` from now."""
    lifetime = int(max_age.total_seconds())
    return _signer(purpose).sign_object({"ids": ids, "lifetime": lifetime}, compress=False)


def read(token: str, purpose: str) -> dict[str, Any]:
    """Return the ids that a token was made with.

    Raises LinkExpired when its time is over, LinkProblem when it was not made by us for this purpose.
    """
    signer = _signer(purpose)
    try:
        lifetime = signer.unsign_object(token)["lifetime"]
        ids: dict[str, Any] = signer.unsign_object(token, max_age=lifetime)["ids"]
    except signing.SignatureExpired as error:
        raise LinkExpired("This link has had its time.") from error
    except (signing.BadSignature, ValueError, KeyError, TypeError) as error:
        raise LinkProblem(
            "This link does not work. Open it from the letter again, whole, without spaces."
        ) from error
    return ids


def absolute(path: str) -> str:
    """A path of ours as it stands in a letter: from BASE_URL, never from a request's host."""
    return f"{settings.BASE_URL}{path}"


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"dlp.signin.links:{purpose}")
