"""Words as people type them, made comparable; and words without the keys in their links."""

import re
import unicodedata

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
_KEY_IN_LINK = re.compile(rf"(?<=/)(?!{_UUID})[\w.:=-]{{20,}}")
_PLAIN = str.maketrans(
    {"\0": " ", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"}
)


def fold(*parts: str | None) -> str:
    """Join what is given, in lower case, without marks and doubled spaces: for search and order.

    "Łukasz  É." and "lukasz e." fold to the same words. The server's collation plays no part.
    """
    words = " ".join(part for part in parts if part).lower().translate(_PLAIN)
    bare = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return " ".join(bare.split())


def typed(text: str) -> str:
    """What somebody typed, as the database takes it: trimmed, without the mark that ends a text for it."""
    return text.replace("\0", "").strip()


def without_keys(text: str) -> str:
    """Links show where they lead, and no longer open it."""
    return _KEY_IN_LINK.sub("…", text)
