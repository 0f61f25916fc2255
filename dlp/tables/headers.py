"""Finding the header row of a file, and what each column means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.text import get_text_list

from dlp.errors import Refused
from dlp.tables.records import Record
from dlp.text import fold


@dataclass(frozen=True)
class Column:
    """A column we understand, under any of these headers (case, spaces and accents aside).

    `is_name` marks the one that says what the row is about.
    """

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    is_name: bool = False

    def answers_to(self) -> set[str]:
        return {_squeezed(header) for header in (self.name, self.label, *self.aliases)}


class Headers:
    """The columns that a reader understands, by all their names."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self._by_answer = {answer: column for column in columns for answer in column.answers_to()}

    def most_known(self, records: Iterable[Record]) -> tuple[int, int]:
        """How many columns the likeliest header names, and its position; the first of equals.

        If none names any, the position of the first record that is not empty.
        """
        best, place = -1, 0
        for number, record in enumerate(records):
            known = 0 if record.is_blank else len(self._named_by(record.cells))
            if known > best and not record.is_blank:
                best, place = known, number
        return max(best, 0), place

    def match(self, titles: Sequence[str]) -> dict[str, int]:
        """The position of each known column. Raises Refused if one is missing or there are two.

        "E-mail (work)" is the e-mail address if no header says so without the brackets.
        """
        places: dict[str, int] = {}
        for reading in (_squeezed, _without_brackets):
            found: dict[str, int] = {}
            for place, title in enumerate(titles):
                column = self._by_answer.get(reading(title))
                if column is None or column.name in places:
                    continue
                if column.name in found:
                    raise Refused(
                        f"“{titles[found[column.name]]}” and “{title}” are both columns for the "
                        f"{column.label}. Keep one of them."
                    )
                found[column.name] = place
            places |= found
        missing = [
            column.label for column in self.columns if column.required and column.name not in places
        ]
        if missing:
            raise Refused(
                f"The file has no column for the {get_text_list(missing, 'or the')}. Add it, with "
                f"its name in the first row."
            )
        return places

    def _named_by(self, cells: Iterable[str]) -> set[str]:
        columns = (
            self._by_answer.get(_squeezed(cell)) or self._by_answer.get(_without_brackets(cell))
            for cell in cells
        )
        return {column.name for column in columns if column is not None}


def _squeezed(header: str) -> str:
    """The letters and digits of a header, so that FirstName equals "first name"."""
    return re.sub(r"[^a-z0-9]+", "", fold(header))


def _without_brackets(header: str) -> str:
    return _squeezed(re.sub(r"\(.*?\)|\[.*?\]", "", header))
