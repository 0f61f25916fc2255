"""What an import changes, in sentences: the same on the page and in the command's output."""

from __future__ import annotations

from collections.abc import Mapping

from dlp import words

_OF_HOSTS = {
    "host_closed": ("closed", "closed"),
    "host_closing": ("is proposed to close", "are proposed to close"),
    "host_renamed": ("changed name", "changed name"),
    "host_joined": ("joined a trust", "joined a trust"),
    "host_left": ("left its trust", "left their trust"),
}
_OF_SCHOOLS = {"new": ("is new", "are new"), "changed": ("changed", "changed")}
_OF_LINKS = {
    "links_new": ("is new", "are new"),
    "links_changed": ("has another day", "have another day"),
}


def sentences(counts: Mapping[str, int]) -> list[str]:
    """Our hosts first, then our other schools, then all schools, then what was left out."""
    said = _of_schools(counts) if any(name in counts for name in _COUNTED) else []
    return said + _of_links(counts)


_COUNTED = ("new", "changed", "unchanged", "left_out", "error")


def _of_schools(counts: Mapping[str, int]) -> list[str]:
    hosts = _parts(counts, _OF_HOSTS, "of our hosts")
    said = [hosts or "None of our hosts closed, changed name or changed trust."]
    if others := counts.get("ours_changed"):
        said.append(f"{words.count(others, 'other school')} of ours changed.")
    said.append(_parts(counts, _OF_SCHOOLS, "school") or "No school is new, and none changed.")
    if same := counts.get("unchanged"):
        said.append(f"{words.count(same, 'school')} {_is_are(same)} as before.")
    if left := counts.get("left_out"):
        said.append(
            f"{words.count(left, 'row')} {_was_were(left)} left out: "
            f"outside England, or a children’s centre."
        )
    if unknown := counts.get("unclassified"):
        said.append(f"{words.count(unknown, 'school')} of a type without a setting yet.")
    return said + _unreadable(counts.get("error", 0), "")


def _of_links(counts: Mapping[str, int]) -> list[str]:
    if not any(name.startswith("links_") for name in counts):
        return []
    said = [_parts(counts, _OF_LINKS, "link") or "No link between schools is new."]
    if elsewhere := counts.get("links_elsewhere"):
        leads = words.count(elsewhere, "link leads", "links lead")
        said.append(f"{leads} to a school that is not here.")
    return said + _unreadable(counts.get("links_error", 0), " of the links file")


def _parts(counts: Mapping[str, int], names: Mapping[str, tuple[str, str]], noun: str) -> str:
    """1 of our hosts closed, 2 changed name: the noun only after the first number."""
    found = [(counts[name], said) for name, said in names.items() if counts.get(name)]
    if not found:
        return ""
    parts = [f"{words.figure(number)} {said[number > 1]}" for number, said in found]
    first = found[0][0]
    if not noun.startswith("of "):
        noun = noun if first == 1 else f"{noun}s"
    parts[0] = parts[0].replace(" ", f" {noun} ", 1)
    return f"{', '.join(parts)}."


def _unreadable(number: int, where: str) -> list[str]:
    return [f"{words.count(number, 'line')}{where} cannot be read."] if number else []


def _is_are(number: int) -> str:
    return "is" if number == 1 else "are"


def _was_were(number: int) -> str:
    return "was" if number == 1 else "were"
