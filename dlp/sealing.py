"""Encrypt bytes so that only this site, and only in the place they were written for, can open them."""

from __future__ import annotations

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_VERSION = b"\x01"
_NONCE_BYTES = 12
_KEY_ID_BYTES = 4


class SealBroken(Exception):
    """What was kept is not what was sealed here: another place, another key, or altered."""


def seal(plain: bytes, *, bound_to: str) -> bytes:
    """Encrypt `plain`; `bound_to` names its place, such as "outbox.message:6f1c…", and is not secret.

    AES-256-GCM under SEALING_KEY. The result begins with a version and the key's id.
    """
    key = _key()
    head = _VERSION + _key_id(key)
    nonce = os.urandom(_NONCE_BYTES)
    return head + nonce + AESGCM(key).encrypt(nonce, plain, head + bound_to.encode())


def unseal(sealed: bytes, *, bound_to: str) -> bytes:
    """Give back what was sealed for the same place. Raises SealBroken, never returns anything else."""
    key = _key()
    head = _VERSION + _key_id(key)
    start = len(head) + _NONCE_BYTES
    if sealed[: len(head)] != head:
        raise SealBroken("Sealed under another key: SEALING_KEY is not the one it was sealed with.")
    try:
        return AESGCM(key).decrypt(
            sealed[len(head) : start], sealed[start:], head + bound_to.encode()
        )
    except (InvalidTag, ValueError) as error:
        raise SealBroken("Sealed bytes were altered or moved from where they belong.") from error


def _key() -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"dlp.sealing").derive(
        settings.SEALING_KEY.encode()
    )


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"dlp.sealing.id" + key).digest()[:_KEY_ID_BYTES]
