"""Encryption of text: AES-256-GCM under SEALING_KEY, which is kept apart from the data.

Sealed text is bound to a name, such as a row's key: copied to another row it does not open. To
change the key, set SEALING_KEY to "new,old": the first seals, all open.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
HEADER_BYTES = len(VERSION) + KEY_ID_BYTES + NONCE_BYTES


class SealBroken(Exception):
    """The text was not sealed by us or not for this place, or has been changed."""


def seal(text: bytes, *, bound_to: str) -> bytes:
    """Encrypt `text` so that it opens only under the same `bound_to`.

    The result holds version, key id, nonce and cipher text.
    """
    key_id, cipher = next(iter(_keys(settings.SEALING_KEY).items()))
    nonce = os.urandom(NONCE_BYTES)
    header = VERSION + key_id
    return header + nonce + cipher.encrypt(nonce, text, header + bound_to.encode())


def unseal(sealed: bytes | memoryview, *, bound_to: str) -> bytes:
    """Decrypt what `seal` made. Raises SealBroken on any mismatch; never returns its input."""
    sealed = bytes(sealed)
    header = sealed[: len(VERSION) + KEY_ID_BYTES]
    if len(sealed) < HEADER_BYTES or not header.startswith(VERSION):
        raise SealBroken("This is not a sealed text.")
    cipher = _keys(settings.SEALING_KEY).get(header[len(VERSION) :])
    if cipher is None:
        raise SealBroken("This text was sealed under a key that SEALING_KEY no longer holds.")
    nonce = sealed[len(header) : HEADER_BYTES]
    try:
        return cipher.decrypt(nonce, sealed[HEADER_BYTES:], header + bound_to.encode())
    except InvalidTag as error:
        raise SealBroken("This sealed text was changed, or belongs somewhere else.") from error


@cache
def _keys(written: str) -> dict[bytes, AESGCM]:
    """The ciphers by key id, the one that seals first."""
    ciphers = {}
    for secret in filter(None, (part.strip() for part in written.split(","))):
        key = HKDF(SHA256(), 32, salt=None, info=b"dlp.sealing").derive(secret.encode())
        ciphers[hashlib.sha256(key).digest()[:KEY_ID_BYTES]] = AESGCM(key)
    return ciphers
