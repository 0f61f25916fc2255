"""Signed links that carry their own permission, for one purpose and a limited time.

A link proves that we made it for these ids and this purpose, and nothing else. The view behind it
shows on GET and acts on POST, and loads the ids afresh. No secret is stored in the database.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing


class LinkProblem(Exception):
    """A link is not valid. The message is a sentence for the person who followed it."""


class LinkExpired(LinkProblem):
    """The link was ours and has expired."""


def make(purpose: str, max_age: timedelta, **ids: int | str) -> str:
    """A token for `read(token, purpose)`, valid for `max_age` from now."""
    lifetime = int(max_age.total_seconds())
    return _signer(purpose).sign_object({"ids": ids, "lifetime": lifetime}, compress=False)


def read(token: str, purpose: str) -> dict[str, Any]:
    """The ids that a token was made with.

    Raises LinkExpired if it has expired, LinkProblem if it was not made by us for this purpose.
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
    """A path of ours as a link in a letter: from BASE_URL, never from the request's host."""
    return f"{settings.BASE_URL}{path}"


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"dlp.signin.links:{purpose}")
