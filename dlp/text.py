"""Text folded for search and sorting; and text without the keys in its links."""

import re
import unicodedata

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
_KEY_IN_LINK = re.compile(rf"(?<=/)(?!{_UUID})[\w.:=-]{{20,}}")
_PLAIN = str.maketrans(
    {"\0": " ", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"}
)


def fold(*parts: str | None) -> str:
    """Join the given texts, in lower case, without accents and double spaces.

    "Łukasz É." and "lukasz e." fold to the same text. The server's collation plays no part.
    """
    words = " ".join(part for part in parts if part).lower().translate(_PLAIN)
    if not words.isascii():
        apart = unicodedata.normalize("NFKD", words)
        words = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(words.split())


def typed(text: str) -> str:
    """What somebody typed, as the database takes it: trimmed, without the mark that ends a text for it."""
    return text.replace("\0", "").strip()


def without_keys(text: str) -> str:
    """Text in which links still show where they lead, but no longer work."""
    return _KEY_IN_LINK.sub("…", text)
