"""The wording of a letter that staff may edit: a subject, and the paragraphs above the facts.

Both are plain text with placeholders in braces. Staff cannot edit the layout: heading, facts,
buttons, calendar entry and footer.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from dlp import words
from dlp.outbox import muting
from dlp.outbox.kinds import CalendarPart, Kind, Letter
from dlp.outbox.models import KindText, Message
from dlp.outbox.writing.rendering import letter

logger = logging.getLogger(__name__)

BETWEEN_BRACES = re.compile(r"\{([^{}]*)\}")
BRACE = re.compile(r"[{}]")
BLANK_LINE = re.compile(r"\n\s*\n")
LINK = re.compile(r"https://[^\s<>\"'{}]*[^\s<>\"'{}.,;:!?)\]]")


@dataclass(frozen=True)
class Placeholder:
    """Text in braces, replaced when a letter is written: its name, its meaning, and an example."""

    name: str
    meaning: str
    example: str

    def __str__(self) -> str:
        return f"{{{self.name}}}"


@dataclass(frozen=True)
class Words:
    """A subject and a body, as typed."""

    subject: str
    body: str


@dataclass(frozen=True)
class Draft:
    """One letter before wording: its template with its context, and the placeholders' values."""

    template: str
    values: Mapping[str, str]
    context: Mapping[str, Any] = field(default_factory=dict)
    calendar: CalendarPart | None = None
    reply_to: str = ""


@dataclass(frozen=True)
class Sample:
    """A real person on whom wording is tried, and the letter to them; None if there is nobody.

    The message is never saved; the caller fills in its kind.
    """

    who: str
    message: Message | None
    note: str = ""


@dataclass(frozen=True)
class Said:
    """Wording with its placeholders filled in, as text and as HTML."""

    subject: str
    text: str
    html: SafeString


@dataclass(frozen=True)
class Wording:
    """How a kind is worded: the `render` of a kind whose wording staff can edit.

    `default` is used unless staff wrote their own, `note` is advice for editors, and `samples`
    finds the people on whom wording is tried.
    """

    default: Words
    placeholders: tuple[Placeholder, ...]
    draft: Callable[[Message], Draft] = field(repr=False)
    samples: Callable[[], Sequence[Sample]] = field(repr=False)
    note: str = ""

    def __call__(self, message: Message) -> Letter:
        return self.write(message, self.in_use(message.kind))

    def write(self, message: Message, said: Words) -> Letter:
        """The letter in these words, whatever is stored."""
        draft = self.draft(message)
        filled = fill(said, draft.values)
        return letter(
            draft.template,
            {**draft.context, "said": filled},
            subject=filled.subject or fill(self.default, draft.values).subject,
            calendar=draft.calendar,
            reply_to=draft.reply_to,
            stop_link=muting.stop_link(message),
        )

    def in_use(self, kind_name: str) -> Words:
        """The wording by staff, else the default; also the default if theirs can no longer be used."""
        kept = KindText.objects.filter(kind=kind_name).values_list("subject", "body").first()
        if kept is None:
            return self.default
        if any(self.problem(text) for text in kept):
            logger.error("The wording of %s names what there is no longer.", kind_name)
            return self.default
        return Words(*kept)

    def problem(self, text: str) -> str:
        """Why this text cannot be sent, in a sentence that names the placeholders; empty where it can."""
        known = [str(one) for one in self.placeholders]
        unknown = [f"{{{name}}}" for name in BETWEEN_BRACES.findall(text)]
        unknown = [name for name in dict.fromkeys(unknown) if name not in known]
        here = f"Here you can use {words.joined(known)}."
        if unknown:
            return f"There is no {words.joined(unknown)}. {here}"
        if BRACE.search(BETWEEN_BRACES.sub("", text)):
            return f"A {{ or a }} stands alone; the two belong together around a name. {here}"
        return ""


def of(kind: Kind) -> Wording | None:
    """The wording of a kind; None if its text is in code only."""
    return kind.render if isinstance(kind.render, Wording) else None


def fill(said: Words, values: Mapping[str, str]) -> Said:
    """Replace the placeholders by values. A paragraph that becomes empty is left out."""

    def filled(text: str) -> str:
        return BETWEEN_BRACES.sub(lambda found: values.get(found[1], ""), text)

    def marked_up(line: str) -> str:
        names = BETWEEN_BRACES.split(line)
        return "".join(
            escape(values.get(part, "")) if number % 2 else _linked(part)
            for number, part in enumerate(names)
        )

    blocks = BLANK_LINE.split(said.body.replace("\r\n", "\n").strip())
    paragraphs = [
        lines for block in blocks if (lines := [x for x in block.split("\n") if filled(x).strip()])
    ]
    subject = " ".join(filled(said.subject).split())
    return Said(
        subject=subject[:1].upper() + subject[1:],
        text="\n\n".join("\n".join(_tidy(filled(x)) for x in lines) for lines in paragraphs),
        html=mark_safe(  # noqa: S308  marked_up has escaped every part
            "\n".join(
                f"<p>{'<br>'.join(_tidy(marked_up(x)) for x in lines)}</p>" for lines in paragraphs
            )
        ),
    )


def _tidy(line: str) -> str:
    """Without the gap that an empty placeholder leaves."""
    return " ".join(line.split())


def _linked(text: str) -> str:
    """Typed text, escaped, with bare https links made into links."""
    parts: list[str] = []
    end = 0
    for found in LINK.finditer(text):
        parts += [escape(text[end : found.start()]), format_html('<a href="{0}">{0}</a>', found[0])]
        end = found.end()
    return "".join([*parts, escape(text[end:])])
